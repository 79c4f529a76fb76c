"""A saved page is read without its menus and scripts, with its headings, lists and articles."""

from __future__ import annotations

import html
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_files import read, words
from holdfire.documents.document import Line
from holdfire.documents.html import read_html
from holdfire.errors import UserError

PAGE = """<!DOCTYPE html><html lang="ru"><head><meta charset="windows-1251"><title>Закон &amp; порядок</title>
<style>p { color: red }</style><script>document.write("<p>no</p>")</script></head>
<body><nav><a href="/">Меню</a></nav><h1>Закон</h1>
<h3 id="art5">Статья 5<sup>1</sup>. Приказ</h3><p>Отдаётся <b>письменно</b>,<br>с подписью.</p>
<a name="st6"></a><p>Статья 6. Срок</p><p>Смотри статью 5.</p>
<ol start="3"><li>третье<li><p>четвёртое</p></ol><ul><li>точка</ul>
<table><tr><th>Срок<th>День<tr><td><p>один</p><td>два</table>
<img src="http://example.org/x.png" alt="no"><iframe src="http://example.org/">no</iframe>конец"""


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-16"])
def test_a_page_is_read_as_a_person_reads_it(encoding: str) -> None:
    document, lines = read(PAGE.encode(encoding))
    assert (document.form, document.title, document.language) == ("html", "Закон & порядок", "ru")
    assert [(line.text, line.role) for line in lines] == [
        ("Закон", "heading"), ("Статья 5¹. Приказ", "article"), ("Отдаётся письменно,", "text"), ("с подписью.", "text"),
        ("Статья 6. Срок", "article"), ("Смотри статью 5.", "text"), ("3. третье", "text"), ("4. четвёртое", "text"),
        ("точка", "text"), ("Срок | День", "text"), ("один | два", "text"), ("конец", "text"),
    ]  # fmt: skip
    assert document.notes == []


def test_a_charset_that_cannot_be_true_is_not_believed() -> None:
    content = PAGE.replace("windows-1251", "utf-8").encode("cp1251")
    assert words(content)[0] == "Закон"


@pytest.mark.parametrize(
    "start",
    [
        "<html>",
        "<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>",
        "  <p>",
        "<!-- saved --><div>",
        "<H1>x</H1>",
    ],
)
def test_html_is_known_by_what_is_in_it(start: str) -> None:
    assert read((start + "<p>The text.").encode(), "law.txt")[0].form == "html"


@pytest.mark.parametrize(
    "content", ["<html><body></body></html>", "<html><script>var x;</script>", "<p></p><p> </p>"]
)
def test_a_page_without_text_is_refused(content: str) -> None:
    with pytest.raises(UserError, match="no text"):
        read(content.encode())


def direct(content: str) -> list[Line]:
    """Read a page in this process, many times a second."""
    stream = io.BytesIO(content.encode())
    return list(read_html(stream, len(content), lambda _done, _total: None).lines())


@given(st.lists(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1), min_size=1, max_size=9))
def test_every_word_of_a_page_comes_out_in_its_order(paragraphs: list[str]) -> None:
    page = "<html><meta charset=utf-8>" + "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    assert [line.text for line in direct(page)] == paragraphs


TAGS = st.sampled_from(["<p>", "</p>", "<li>", "<ol start=9>", "</ol>", "<table>", "<tr>", "<td>", "</table>", "<sup>", "</sup>", "<script>", "</script>",
    "<!--", "-->", "<", "&amp", "&#x0;", "<h1>", "</h2>", "<head>", "</head>", "<body>", "<![CDATA[", "<?", "word ", "<title>", "</title>", "<br/>", "'", '"'])  # fmt: skip


@settings(max_examples=300)
@given(st.lists(TAGS, max_size=60).map("".join))
def test_no_disorder_of_tags_is_a_fault(disorder: str) -> None:
    try:
        lines = direct(f"<html>{disorder}")
    except UserError as refused:
        assert "no text" in str(refused)  # noqa: PT017 -- everything may stand inside a comment
        return
    assert all(line.text == line.text.strip() != "" for line in lines)
