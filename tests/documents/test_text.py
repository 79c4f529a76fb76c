"""A plain text is read as its letters were meant, whatever code they are in, and its paragraphs are whole."""

from __future__ import annotations

import io
import textwrap
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document_files import notes, read, words
from holdfire.documents.document import Line
from holdfire.documents.read import read_document
from holdfire.errors import UserError

RUSSIAN = "Статья 5. Приказ отдаётся в письменном виде.\r\n\r\nПорядок исполнения установлен законом.\n"
BELARUSIAN = (
    "Артыкул 24. Кожны мае права на жыццё. Дзяржава абараняе жыццё чалавека ад любых супрацьпраўных замахаў."
)
SPANISH = "Artículo 3. Nadie será obligado a cumplir una orden que constituya delito; así lo señala la Constitución."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1251", "koi8-r"])
def test_russian_is_read_in_every_code(encoding: str) -> None:
    document, lines = read(RUSSIAN.encode(encoding))
    assert document.form == "text"
    assert [line.text for line in lines] == [line for line in RUSSIAN.splitlines() if line]
    assert document.notes == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_letter(encoding: str) -> None:
    assert words(("\ufeff" + BELARUSIAN).encode(encoding)) == [BELARUSIAN]


def test_older_codes_of_belarusian_and_spanish_are_told_apart() -> None:
    assert words(BELARUSIAN.encode("cp1251")) == [BELARUSIAN]
    assert words(SPANISH.encode("cp1252")) == [SPANISH]


def test_what_cannot_be_decoded_is_shown_and_its_line_told() -> None:
    content = "Первая строка текста.\nВторая ".encode() + b"\xff" + " строка.\nТретья.\n".encode()
    assert words(content)[1] == "Вторая \ufffd строка."
    assert notes(content) == [
        "1 signs could not be read and are shown as \ufffd; the first are on these lines of the file: 2."
    ]


def test_two_codes_in_one_file_are_read_as_the_first_and_the_rest_is_shown() -> None:
    content = (RUSSIAN * 40).encode() + "Приказ.\n".encode("cp1251")
    assert words(content)[-1] == "\ufffd" * 6 + "."
    assert "lines of the file: 121." in notes(content)[0]


@pytest.mark.parametrize("width", [60, 72, 90])
def test_lines_broken_at_a_width_are_put_together(width: int) -> None:
    said = [f"{number}. {BELARUSIAN} {BELARUSIAN}" for number in range(1, 9)]
    text = "\n\n".join(textwrap.fill(each, width) for each in said)
    assert words(text.encode()) == said


def test_clauses_on_lines_of_their_own_stay_apart() -> None:
    said = [
        f"{number}. The guard stands at post number {number} until he is relieved by his commander."
        for number in range(1, 30)
    ]
    assert words("\n".join(said).encode()) == said


def test_hyphens_at_the_end_of_a_line_are_taken_out() -> None:
    filler = "Every order is given in a way that the person who hears it can repeat it and\n" * 9
    text = (
        filler
        + "understand what is asked, by whom, on which ground, and until when it must be car-\nried out.\n"
    )
    assert words(text.encode())[-1].endswith("until when it must be carried out.")


@given(
    st.lists(
        st.text(
            st.characters(
                blacklist_categories=("Cc", "Cs", "Cf", "Cn", "Co"), blacklist_characters="\u2028\u2029\ufffd"
            ),
            min_size=1,
            max_size=40,
        ),
        min_size=1,
        max_size=20,
    )
)
def test_every_word_of_a_text_comes_out_in_its_order(lines: list[str]) -> None:
    text = "# text\n" + "\n".join(lines)
    given_words = text.split()
    assert " ".join(words(text.encode())).split() == [word for word in given_words if word]


@given(st.binary(min_size=1, max_size=3_000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        _, lines = read(b"text " + content)
    except UserError as refused:
        assert "is not a text" in str(refused)  # noqa: PT017 -- zero bytes and controls are no text
        return
    for line in lines:
        assert line.text.strip() == line.text != ""
        assert not any(
            unicodedata.category(sign) in {"Cc", "Cs"} or sign in "\u202e\u2066" for sign in line.text
        )


def test_lines_are_given_once() -> None:
    document = read_document(io.BytesIO(b"one\n\ntwo\n"), "x")
    assert list(document.lines()) == [Line("one"), Line("two")]
    with pytest.raises(RuntimeError):
        document.lines()


def test_progress_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    content = b"a line of text\n\n" * 50_000
    document = read_document(
        io.BytesIO(content), "x", progress=lambda done, total: told.append((done, total))
    )
    assert sum(1 for _ in document.lines()) == 50_000
    assert told[-1] == (len(content), len(content))
    assert len(told) > 2
