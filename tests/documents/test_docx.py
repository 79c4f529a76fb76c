"""A Word document is read with the numbers Word counts, without what was deleted or hidden."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.shared import Pt
from hypothesis import given
from hypothesis import strategies as st

from document_files import WORD, archive, bare_word, notes, read, saved, word, words
from holdfire.documents.docx import read_docx
from holdfire.documents.docx_numbers import counted
from holdfire.errors import UserError


def p(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def test_headings_lists_tables_and_raised_numbers() -> None:
    document = docx.Document()
    document.add_heading("Глава 1", 1)
    document.add_paragraph("Приказ отдаётся письменно.")
    for text in ("первое", "второе"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("точка", style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("Срок", "День"), ("один", "два"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    raised = document.add_paragraph("Статья 5")
    raised.add_run("1").font.superscript = True
    document.add_paragraph("первая").add_run().add_break(WD_BREAK.LINE)
    document.paragraphs[-1].add_run("вторая").font.size = Pt(9)
    read_document, lines = read(saved(document))
    assert read_document.form == "docx"
    assert [line.text for line in lines] == [
        "Глава 1", "Приказ отдаётся письменно.", "1. первое", "2. второе", "точка", "Срок | День", "один | два",
        "Статья 5¹", "первая", "вторая",
    ]  # fmt: skip
    assert [line.role for line in lines] == ["heading"] + ["text"] * 9
    assert read_document.notes == []


NUMBERING = f"""<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Статья %1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="russianLower"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>
<w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="20"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_numbers_are_counted_as_word_shows_them() -> None:
    def item(text: str, level: int, number: int = 4) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')

    body = (
        item("a", 0) + item("b", 1) + item("c", 2) + item("d", 2) + item("e", 1) + item("f", 0) + item("g", 1)
        + p("none", '<w:numPr><w:numId w:val="0"/></w:numPr>') + item("h", 0, 5) + item("i", 0, 5)
    )  # fmt: skip
    content = bare_word(body, parts=[("word/numbering.xml", NUMBERING.encode())])
    assert words(content) == [
        "Статья 3. a", "3.1. b", "а) c", "б) d", "3.2. e", "Статья 4. f", "4.1. g", "none", "Статья 20. h", "Статья 21. i",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [(4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"), (27, "lowerLetter", "aa"), (2, "russianUpper", "Б"), (7, "decimalZero", "07"), (3, "bullet", ""), (10**8, "lowerLetter", "100000000"), (9, "chicago", "9")],
)  # fmt: skip
def test_one_number(value: int, form: str, shown: str) -> None:
    assert counted(value, form) == shown


def test_changes_are_read_as_accepted_and_said() -> None:
    body = "<w:p><w:r><w:t>may </w:t></w:r><w:del><w:r><w:delText>not </w:delText></w:r></w:del><w:ins><w:r><w:t>always</w:t></w:r></w:ins></w:p>"
    assert words(bare_word(body)) == ["may always"]
    assert notes(bare_word(body)) == [
        "The document has changes that nobody accepted yet; it was read as if they were accepted."
    ]


def test_hidden_text_fields_and_macros_are_left_out_and_said() -> None:
    body = (
        p("seen")
        + p("unseen", run="<w:vanish/>")
        + "<w:p><w:r><w:instrText>INCLUDEPICTURE http://x/y</w:instrText></w:r></w:p>"
    )
    content = bare_word(body, parts=[("word/vbaProject.bin", b"x")])
    assert words(content) == ["seen"]
    assert notes(content) == [
        "The document has macros; they were not read and not run.",
        "The document has text that is hidden in it; it was left out.",
    ]


def test_footnotes_come_last_with_their_numbers() -> None:
    body = '<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    foot = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:type="separator" w:id="-1">{p("line")}</w:footnote>'
        f'<w:footnote w:id="2">{p("a note")}</w:footnote></w:footnotes>'
    )
    assert words(bare_word(body, parts=[("word/footnotes.xml", foot.encode())])) == ["Text [2]", "[2] a note"]


def test_a_table_of_contents_is_left_out() -> None:
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style></w:styles>'
    )
    content = bare_word(
        p("Article 1 … 3", '<w:pStyle w:val="T1"/>') + p("Article 1"),
        parts=[("word/styles.xml", styles.encode())],
    )
    assert words(content) == ["Article 1"]
    assert notes(content) == ["The table of contents was left out, 1 lines."]


def test_a_broken_text_is_read_up_to_the_break() -> None:
    whole = "".join(p(f"line {number}") for number in range(9_000))
    text = f'<w:document xmlns:w="{WORD}"><w:body>{whole}</w:body>'
    content = archive([("word/document.xml", text.encode())])
    document, lines = read(content)
    assert [line.text for line in lines] == [f"line {number}" for number in range(9_000)]
    assert [note.say() for note in document.notes] == [
        "The file is broken after line 1 of its part word/document.xml; what stands before was read, what comes after is missing."
    ]


@pytest.mark.parametrize(
    "content",
    [
        archive([("word/document.xml", b"<w:document")]),
        archive([("word/document.xml", b"")]),
        word("x")[:700],
    ],
)
def test_a_document_broken_from_its_beginning_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="broken"):
        read(content)


def test_an_empty_document_and_another_archive_are_refused() -> None:
    with pytest.raises(UserError, match="no text"):
        read(bare_word(""))
    with pytest.raises(UserError, match="no DOCX"):
        read(archive([("a.txt", b"x")]))


@given(st.lists(st.text(st.characters(categories=("L", "N", "P")), min_size=1), min_size=1, max_size=9))
def test_every_paragraph_comes_out_in_its_order(paragraphs: list[str]) -> None:
    document = read_docx(io.BytesIO(word(*paragraphs)), lambda _done, _total: None)
    assert [line.text for line in document.lines()] == paragraphs
