"""A PDF is read in the order a person reads it, without what is printed on every page."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from document_files import LOCKED, bare_pdf, notes, pdf, read, shown, words
from holdfire.documents.document import Document
from holdfire.documents.read import read_document
from holdfire.errors import UserError

DUTY = (
    "Военнослужащий обязан исполнить приказание начальника точно, безоговорочно и в установленный "
    "законодательством срок, предварительно удостоверившись в компетентности."
)
LAW = """
#set document(title: "Устав службы")
#set text(lang: "ru", hyphenate: true, size: 11pt)
#set page(header: [Закон о службе в органах #h(1fr) #context counter(page).display()],
          footer: align(center)[#context counter(page).display("— 1 —")])
#set par(justify: true)
= Глава 1. Общие положения
#for i in range(1, 30) [
== Статья #i. Применение специальных средств
#i. Военнослужащий обязан исполнить приказание начальника точно, безоговорочно и в установленный законодательством срок, предварительно удостоверившись в компетентности.

а) при скоплении людей;

б) в иных случаях.
]
"""

LAW_PDF = pdf(LAW)


def test_paragraphs_are_whole_words_unbroken_heads_and_feet_left_out() -> None:
    document, lines = read(LAW_PDF)
    assert (document.form, document.title, document.language) == ("pdf", "Устав службы", "ru")
    expected = ["Глава 1. Общие положения"]
    for number in range(1, 30):
        expected += [
            f"Статья {number}. Применение специальных средств",
            f"{number}. " + DUTY,
            "а) при скоплении людей;",
            "б) в иных случаях.",
        ]
    # Cut by the pages, the same clauses stand at the top of several of them, at the same height: they are text.
    assert [line.text for line in lines] == expected
    assert {line.text for line in lines if line.role == "heading"} == set(expected[:1] + expected[1::4])
    pages = [line.page for line in lines]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert (pages[0], pages[-1]) == (1, 5)
    assert [note.say() for note in document.notes] == [
        "Lines that stand on many pages at the same place, and page numbers, were left out, 10 in all; such as “Закон о службе в органах 1”."
    ]


def test_columns_are_read_one_after_the_other() -> None:
    said = [
        f"{number} " + "the words of a column go down to its end before the next begins " * 9
        for number in range(1, 7)
    ]
    source = '#set page(columns: 2)\n#set text(lang: "en", hyphenate: false)\n' + "\n\n".join(
        f"#[{each}]" for each in said
    )
    assert " ".join(words(pdf(source))).split() == " ".join(said).split()


def test_columns_are_read_in_order_also_when_the_file_has_the_right_one_first() -> None:
    left = b"".join(
        b"BT /F 10 Tf 50 %d Td (left %d) Tj ET\n" % (700 - 12 * number, number) for number in range(9)
    )
    right = b"".join(
        b"BT /F 10 Tf 320 %d Td (right %d) Tj ET\n" % (700 - 12 * number, number) for number in range(9)
    )
    head = b"BT /F 10 Tf 50 760 Td (A line over both columns of this page, from its left to its right end, as a title) Tj ET\n"
    text = " ".join(words(bare_pdf(right + left + head)))
    assert text.split() == (
        [
            "A",
            "line",
            "over",
            "both",
            "columns",
            "of",
            "this",
            "page,",
            "from",
            "its",
            "left",
            "to",
            "its",
            "right",
            "end,",
            "as",
            "a",
            "title",
            *" ".join(f"left {number}" for number in range(9)).split(),
            *" ".join(f"right {number}" for number in range(9)).split(),
        ]
    )


def test_an_article_at_the_top_of_every_page_is_no_running_head() -> None:
    pages = [
        shown(f"Article {number}", f"The text of article {number} is its own: {'abcdefgh'[number]}.", step=40)
        for number in range(8)
    ]
    assert [line for line in words(bare_pdf(*pages)) if line.startswith("Article")] == [
        f"Article {number}" for number in range(8)
    ]


def test_page_numbers_are_left_out_and_numbers_of_the_text_stay() -> None:
    foot = [b"BT /F 9 Tf 290 30 Td (Page %d of 8) Tj ET\n" % number for number in range(1, 9)]
    pages = [
        shown(f"The sum of day {number} was", f"{number * 7}", step=100) + foot[number - 1]
        for number in range(1, 9)
    ]
    read_words = words(bare_pdf(*pages))
    assert not any("Page" in line for line in read_words)
    assert {str(number * 7) for number in range(1, 9)} <= set(" ".join(read_words).split())


def test_a_page_that_is_a_picture_is_named_and_the_rest_is_read() -> None:
    picture = b"q 500 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q"
    content = bare_pdf(shown("First page."), picture, shown("Third page."))
    document, lines = read(content)
    assert [(line.text, line.page) for line in lines] == [("First page.", 1), ("Third page.", 3)]
    assert [note.say() for note in document.notes] == ["Page 2 is a picture; its text could not be read."]


def test_a_sentence_goes_on_over_the_page() -> None:
    pages = [shown("One sentence that was cut by the end of the page goes"), shown("on here.")]
    assert words(bare_pdf(*pages)) == ["One sentence that was cut by the end of the page goes on here."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bare_pdf(shown("x"), trailer=LOCKED), "behind a password"),
        (bare_pdf(b"q 500 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q"), "are pictures"),
        (bare_pdf(b""), "no text"),
        (b"%PDF-1.7\nnothing of it", "broken"),
        (b"%PDF-1.7", "broken"),
    ],
)
def test_a_pdf_without_text_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        read(content, "law.pdf")
    assert "law.pdf" in str(caught.value)
    assert caught.value.hint


def test_a_pdf_cut_off_is_read_or_refused() -> None:
    content = LAW_PDF
    for end in range(len(content) // 7, len(content), len(content) // 7):
        try:
            assert all(line.text for line in read(content[:end])[1])
        except UserError as refused:
            assert "broken" in str(refused)  # noqa: PT017 -- either is right; pdfium mends some


def test_a_file_on_disk_and_one_in_memory_read_the_same(tmp_path: Path) -> None:
    content = LAW_PDF
    path = tmp_path / "law.bin"
    path.write_bytes(content)
    with path.open("rb") as stream:
        document = read_document(stream, "law.bin")
        assert list(document.lines()) == read(content)[1]
        stream.seek(0)
        assert stream.read() == content
    assert notes(content) == [note.say() for note in document.notes]


def test_stopping_in_the_middle_ends_the_process() -> None:
    with read_document(io.BytesIO(LAW_PDF), "x") as document:
        lines = document.lines()
        next(lines)
    assert isinstance(document, Document)
    # What was said already may still come, and then it ends.
    assert len(list(lines)) < 117


def test_progress_counts_pages() -> None:
    told: list[tuple[int, int]] = []
    list(
        read_document(
            io.BytesIO(LAW_PDF), "x", progress=lambda done, total: told.append((done, total))
        ).lines()
    )
    assert told == [(page, 5) for page in range(1, 6)]
