"""What a file is by its content, a text as lines, page numbers as people write them, and the signs that can be printed."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.packets.packet import Exhibit, Paragraph
from holdfire.packets.pictures import CannotDrawError, Drawing, placed
from holdfire.packets.reading import form_of, lines_of, page_list, places_of, text_of
from holdfire.packets.setting import COLUMNS, Sheet, plain, set_pages
from holdfire.packets.signs import RANGES, clean, printable
from packets_drawn import exhibit, locked, pdf_of, photograph
from simulators.archive import faults


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (pdf_of(["x"]), "pdf"),
        (b"\n\n%PDF-1.4", "pdf"),
        (photograph(), "jpeg"),
        (photograph("PNG"), "png"),
        ("Слова".encode(), "text"),
        ("Слова".encode("utf-8-sig"), "text"),
        ("Слова".encode("utf-16"), "text"),
        ("Слова по-русски".encode("cp1251"), "text"),
        (b"PK\x03\x04", "other"),
        (b"abc\x00", "other"),
        (b"", "other"),
        (b"\x80\x81\x82 abc", "other"),
    ],
)
def test_a_form_is_found_by_content(content: bytes, form: str) -> None:
    assert form_of(content) == form


def test_a_sign_cut_at_the_end_of_the_beginning_is_forgiven() -> None:
    assert form_of("Слова".encode()[:-1]) == "text"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    assert text_of(exhibit("t", "text", "Слова по-русски\r\nдве".encode(encoding))) == "Слова по-русски\nдве"


def test_a_text_that_is_too_large_or_turns_into_something_else_is_none() -> None:
    assert text_of(exhibit("t", "text", b"abc" * 30_000 + b"\x00")) is None
    assert text_of(Exhibit("t", "text", 17 * 1024 * 1024, "0" * 64, "", list)) is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_lines_fit_and_lose_nothing(text: str) -> None:
    lines = lines_of(text)
    assert all(len(line) <= COLUMNS for line in lines)
    assert "".join(lines) == text.rstrip("\n")


def test_page_numbers_are_joined_into_runs() -> None:
    assert page_list([1, 2, 3, 5, 8, 9]) == "1-3, 5, 8-9"
    assert page_list([]) == ""


def test_a_pdf_gives_the_text_of_each_page_and_of_none_when_locked() -> None:
    pages = list(places_of("Exhibit 1", exhibit("Scan", "pdf", pdf_of(["One", "", "Three"]))))
    assert [(one.page, one.text) for one in pages] == [(1, "One"), (2, ""), (3, "Three")]
    assert list(places_of("Exhibit 1", exhibit("Scan", "pdf", locked(pdf_of(["x"]))))) == []


def test_every_range_of_signs_can_be_printed_without_a_fault() -> None:
    ends = "".join(chr(code) for first, last in RANGES for code in {first, (first + last) // 2, last})
    words = "\n".join(printable(ends[at : at + 40]) for at in range(0, len(ends), 40))
    assert "[U+" not in words
    made = set_pages(Sheet(plain((Paragraph(words),)), 1, "{number}"))
    assert not [one for one in faults(made) if one.startswith("6.2.11.8")]


def test_other_signs_stand_as_their_numbers_and_invisible_ones_go() -> None:
    assert printable("王 ok 😀") == "[U+738B] ok [U+1F600]"
    assert clean("a\u202eb\x00c\td\r\ne\u0301") == "abc    d\né"


def test_drawing_refuses_what_it_cannot_read_with_its_reason() -> None:
    whole = pdf_of(["x"])
    for content, form, reason in (
        (locked(whole), "pdf", "password"),
        (b"%PDF-", "pdf", "broken"),
        (b"\x89PNG", "png", "broken"),
    ):
        with pytest.raises(CannotDrawError) as caught, Drawing([content], form, len(content)):
            pass
        assert caught.value.reason == reason
    with pytest.raises(CannotDrawError) as caught, Drawing([], "pdf", 1 << 40):
        pass
    assert caught.value.reason == "large"


def test_a_process_that_dies_counts_as_a_broken_file() -> None:
    content = pdf_of(["x"])
    with Drawing([content], "pdf", len(content)) as drawing:
        drawing._process.kill()
        drawing._process.wait()
        with pytest.raises(CannotDrawError):
            drawing.picture(0)


def test_the_drawing_process_can_write_no_file_and_has_bounded_memory() -> None:
    content = pdf_of(["x"])
    with Drawing([content], "pdf", len(content)) as drawing:
        limits = Path(f"/proc/{drawing._process.pid}/limits").read_text()
    assert [line.split()[3:5] for line in limits.split("\n") if line.startswith("Max file size")] == [
        ["0", "0"]
    ]
    assert [line.split()[4] for line in limits.split("\n") if line.startswith("Max core file")] == [["0"][0]]


@given(st.integers(1, 1004), st.integers(1, 1458))
def test_a_picture_stands_inside_its_place_in_its_own_proportions(width: int, height: int) -> None:
    left, bottom, wide, high = placed(width, height)
    assert left >= 56
    assert bottom >= 64
    assert left + wide <= 540
    assert bottom + high <= 766
    assert abs(wide / high - width / height) <= 0.01 * width / height


def _annotated(words: bytes) -> bytes:
    """Return a PDF whose page has a note with these words on it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(["Page"]))) as pdf:
        name = pikepdf.Name
        font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica)
        look = pdf.make_stream(
            b"BT /F1 20 Tf 10 10 Td (" + words + b") Tj ET",
            Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 200, 40],
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        )  # fmt: skip
        note = pikepdf.Dictionary(
            Type=name.Annot, Subtype=name.FreeText, F=4, Rect=[100, 300, 300, 340], AP=pikepdf.Dictionary(N=look)
        )  # fmt: skip
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.save(out)
    return out.getvalue()


def test_a_note_on_a_page_is_searched_because_it_is_drawn() -> None:
    content = _annotated(b"HERON")
    with Drawing([content], "pdf", len(content)) as drawing:
        assert "HERON" in drawing.text(0)


def test_no_library_is_taken_from_the_folder_the_person_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pypdfium2.py").write_text("open('ran', 'w').close()")
    monkeypatch.chdir(tmp_path)
    content = pdf_of(["x"])
    with Drawing([content], "pdf", len(content)) as drawing:
        assert drawing.pages == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pypdfium2.py"]
