"""Akoma Ntoso is read with the articles it names, the version's date, and the numbers of its clauses."""

from __future__ import annotations

from datetime import date

import pytest

from document_files import akn, notes, read, words
from holdfire.errors import UserError

META = """<identification source="#x"><FRBRWork><FRBRdate date="1994-03-15" name="adopted"/><FRBRalias value="Constitution"/></FRBRWork>
<FRBRExpression><FRBRdate date="2022-02-27" name="version"/><FRBRlanguage language="bel"/></FRBRExpression></identification>"""
BODY = """<chapter><num>Chapter 1</num><heading>General</heading><section><num>Section I</num><article eId="art_5"><num>Article 5</num>
<heading>Orders</heading><paragraph><num>1.</num><content><p>An order is <b>written</b><authorialNote><p>since 2004</p></authorialNote>.</p></content></paragraph>
<paragraph><num>2.</num><list><intro><p>It has:</p></intro><point><num>(a)</num><content><p>a date;</p></content></point>
<point><num>(b)</num><content><p>a name.</p></content></point></list></paragraph></article></section></chapter>
<section><num>§ 2</num><heading>Measures</heading><content><p>As follows:</p><table><tr><td><p>1</p></td><td><p>one</p></td></tr></table></content></section>
<article><num>Article 6</num><content><p>Article 7 reads:<mod><quotedStructure><article><num>Article 7</num><content><p>New.</p></content></article></quotedStructure></mod></p></content></article>"""


def test_articles_headings_clauses_and_what_the_file_says_of_itself() -> None:
    document, lines = read(akn(BODY, META))
    assert (document.form, document.title, document.language, document.dated) == (
        "akn",
        "Constitution",
        "be",
        date(2022, 2, 27),
    )
    assert [(line.text, line.role) for line in lines] == [
        ("Chapter 1 General", "heading"), ("Section I", "heading"), ("Article 5 Orders", "article"),
        ("1. An order is written [since 2004].", "text"), ("2. It has:", "text"), ("(a) a date;", "text"), ("(b) a name.", "text"),
        ("§ 2 Measures", "article"), ("As follows:", "text"), ("1 | one", "text"), ("Article 6", "article"),
        ("Article 7 reads:", "text"), ("Article 7", "text"), ("New.", "text"),
    ]  # fmt: skip


def test_a_work_without_a_version_has_the_date_of_the_work() -> None:
    meta = '<identification><FRBRWork><FRBRdate date="1994-03-15"/></FRBRWork></identification>'
    assert read(akn(BODY, meta))[0].dated == date(1994, 3, 15)
    assert read(akn(BODY, meta.replace("1994-03-15", "9999-99-99")))[0].dated is None
    assert read(akn(BODY))[0].dated is None


def test_a_text_that_breaks_off_is_read_up_to_there() -> None:
    many = "".join(
        f"<article><num>Article {number}</num><content><p>Text.</p></content></article>"
        for number in range(3_000)
    )
    content = akn(many)[:-300]
    assert words(content)[-1].startswith(("Article", "Text"))
    assert len(words(content)) > 5_900
    assert notes(content)[0].startswith("The file is broken after line 1 of its part XML")


def test_broken_and_other_xml_are_refused() -> None:
    with pytest.raises(UserError, match="broken at line 1"):
        read(b'<?xml version="1.0"?><akomaNtoso><a')
    with pytest.raises(UserError, match="not Akoma Ntoso"):
        read(b'<?xml version="1.0"?><root>text</root>')
