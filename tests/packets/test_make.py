"""A packet's file: in order, numbered, the same bytes each time, without traces and without the names taken out."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from holdfire.packets.make import Making
from holdfire.packets.people import Remover
from packets_drawn import MARKUP, WITNESS, exhibit, locked, made, pdf_of, photograph, small

TRACES = re.compile(
    rb"typst|krilla|xmp-writer|python|pikepdf|qpdf|pdfium|pillow|hold.?fire|/(?:work|home|root|tmp|usr)/|CreationDate|ModDate|"
    rb"/Author|/Creator|Producer|CreateDate|Sergeant|Exif|xmp:",
    re.IGNORECASE,
)


def texts(content: bytes) -> list[str]:
    """Return the text of each page, read by pdfium."""
    pdf = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def unpacked(content: bytes) -> bytes:
    """Return the raw bytes of a file and, after them, each of its streams unpacked."""
    parts = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                raw = one.read_raw_bytes()
                parts.append(zlib.decompress(raw) if one.get("/Filter") == pikepdf.Name.FlateDecode else raw)
    return b"\n".join(parts)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def content() -> bytes:
    return made(small(), WITNESS)


def test_every_page_has_its_number_and_the_contents_tell_the_right_ones(content: bytes) -> None:
    pages = texts(content)
    for number, page in enumerate(pages, 1):
        assert f"Page {number}" in page.split("\n")[-1], (number, page)
    listed = re.findall(r"^(.+?) [. ]*(\d+)$", pages[1].replace("\r", ""), re.MULTILINE)
    told = {title: int(number) for title, number in listed if title != "Page"}
    assert list(told) == ["Record of the order", "Exhibit 1: Scan", "Exhibit 2: Photograph", "Exhibit 3: Picture",
                          "Exhibit 4: Note on [name taken out]", "Exhibit 5: Archive"]  # fmt: skip
    for title, number in told.items():
        assert title.split(":")[0] in pages[number - 1].split("\n")[0] + pages[number - 1], title


def test_the_bookmarks_lead_to_the_pages_they_name(content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        marks = [(str(one.title), pages[one.destination[0].objgen]) for one in outline.root]  # type: ignore[index]
    found = texts(content)
    assert [title for title, _ in marks][:2] == ["Contents", "Record of the order"]
    for title, page in marks:
        assert squeezed(title.split(":")[0]) in squeezed(found[page])


def test_an_exhibit_says_its_hash_of_the_original_and_what_was_done_to_it(content: bytes) -> None:
    whole = squeezed("".join(texts(content)))
    for one in small().exhibits:
        assert one.sha256 in whole
    for said in (
        "150 dots to an inch",
        "The original is handed over separately",
        "SHA-256 is that of the original",
    ):
        assert squeezed(said) in whole
    assert squeezed("Pages left out because they name somebody who is not to be named: 2.") in whole
    assert squeezed("No lawyer has checked this.") in whole


def test_no_name_that_was_taken_out_stands_in_the_text_or_the_raw_file(content: bytes) -> None:
    forms = ("Пётр", "Ўласаў", "Ўласаву", "Ўласава", "Уласаў", "ўласаву")
    raw = unpacked(content)
    text = "".join(texts(content))
    for form in forms:
        assert form.casefold() not in text.casefold()
        for encoding in ("utf-8", "utf-16-be", "utf-16-le", "cp1251"):
            written = form.encode(encoding, "ignore")
            if len(written) >= len(form):
                assert written not in raw
                assert written.hex().upper().encode() not in raw
    with_name = made(small())
    assert "Ўласаў" in "".join(texts(with_name))
    assert "Note on Пётр Ўласаў".encode("utf-16-be").hex().upper().encode() in with_name


def test_pages_that_name_somebody_taken_out_stay_when_the_person_says_so() -> None:
    one = exhibit("Scan", "pdf", pdf_of(["One", f"Two {WITNESS}", "Three"]))
    assert len(texts(made(small(one), WITNESS))) + 1 == len(
        texts(made(small(one), WITNESS, leave_pages=False))
    )


def test_markup_stays_letters_and_names_stand_in_their_own_signs(content: bytes) -> None:
    whole = squeezed("".join(texts(content)))
    assert whole.count(squeezed(MARKUP)) >= 3
    for name in ("Сяржант Уладзімір", "ґ є ї"):
        assert squeezed(name) in whole
    # A reader gives right-to-left letters in the order in which they are seen or said.
    assert "דוד" in whole or "דוד"[::-1] in whole
    assert "محمد" in whole or "محمد"[::-1] in whole
    assert "[U+738B]" in whole
    assert "[U+1F600]" in whole


def test_the_same_packet_gives_the_same_bytes_here_and_elsewhere(content: bytes, tmp_path: Path) -> None:
    assert made(small(), WITNESS) == content
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from packets_drawn import *;"
        "print(hashlib.sha256(made(small(), WITNESS)).hexdigest())"
    )
    other = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "Asia/Tokyo", "LANG": "ru_RU.UTF-8", "USER": "x",
             "PYTHONHASHSEED": "7", "TMPDIR": "/nonexistent", "SOURCE_DATE_EPOCH": "1000000000", "PYTHONUTF8": "1"}  # fmt: skip
    tests = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code, tests], capture_output=True, env=other, cwd=tmp_path, check=True
    )
    assert done.stdout.decode().strip() == hashlib.sha256(content).hexdigest()


def test_neither_the_raw_file_nor_exiftool_tells_of_a_maker(content: bytes, tmp_path: Path) -> None:
    assert TRACES.findall(unpacked(content)) == []
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    file = tmp_path / "packet.pdf"
    file.write_bytes(content)
    done = subprocess.run(["exiftool", "-json", "-a", "-u", "-G1", file], capture_output=True, check=True)
    told = {name for name in json.loads(done.stdout)[0] if name.split(":")[0] not in {"System", "ExifTool"}}
    assert told <= {"SourceFile", "File:FileType", "File:FileTypeExtension", "File:MIMEType", "PDF:PDFVersion", "PDF:Linearized",
                    "PDF:PageCount", "PDF:Language", "PDF:PageMode", "XMP-pdfaid:Part", "XMP-pdfaid:Conformance",
                    "XMP-dc:Title"}  # fmt: skip


def test_a_locked_or_broken_file_costs_its_own_pages_and_no_others() -> None:
    whole = pdf_of(["Whole"])
    packet = small(
        exhibit("Locked", "pdf", locked(whole)),
        exhibit("Broken", "pdf", b"%PDF-1.7\n" + bytes(range(256)) * 9),
        exhibit("No picture", "jpeg", b"\xff\xd8\xff\xe0" + bytes(100)),
        exhibit("No text", "text", b"abc\x00\xff"),
        exhibit("Whole", "pdf", whole),
    )
    making = Making(packet, Remover(()))
    pages = texts(b"".join(making.pieces()))
    whole_text = squeezed(" ".join(pages))
    assert squeezed("locked with a password") in whole_text
    assert whole_text.count(squeezed("This file is damaged")) == 2
    assert squeezed("cannot be read to its end") in whole_text
    assert squeezed("page 1 of 1 of the original") in whole_text
    assert making.pages == len(pages)
    assert [note.split(":")[0] for note in making.notes] == ["Exhibit 1", "Exhibit 2", "Exhibit 3"]


def test_a_photograph_brings_its_pixels_upright_and_nothing_else() -> None:
    content = made(small(exhibit("Photograph", "jpeg", photograph())))
    assert b"Sergeant Secret" not in unpacked(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (image,) = [
            one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]
        # It was 320 by 200 and marked as turned by a quarter.
        assert (int(image.Width), int(image.Height)) == (200, 320)


def test_a_long_text_fills_pages_without_a_gap_and_loses_no_line() -> None:
    lines = [f"Line {number}: {'слово ' * (number % 40)}" for number in range(900)]
    pages = texts(made(small(exhibit("Log", "text", "\n".join(lines).encode("utf-8")))))
    whole = squeezed(
        "".join(re.sub(r"Page \d+|^Exhibit 1\r?$", "", page, flags=re.MULTILINE) for page in pages)
    )
    assert squeezed("".join(lines)) in whole
    assert all(len(page) > 100 for page in pages[4:-1])


def test_progress_never_goes_back_and_ends_whole_and_can_stop_the_work() -> None:
    told: list[tuple[int, int]] = []
    packet = small()
    list(Making(packet, Remover(()), progress=lambda done, total: told.append((done, total))).pieces())
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == sum(one.size for one in packet.exhibits)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Making(packet, Remover(()), progress=stop).pieces())


def test_nothing_in_clear_goes_to_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    tempfile.tempdir = None
    made(small(), WITNESS)
    assert list(tmp_path.iterdir()) == []


def test_a_packet_without_exhibits_is_one_too() -> None:
    packet = small()
    pages = texts(made(type(packet)(packet.title, packet.cover, packet.sections, ())))
    assert len(pages) == 3


def test_many_exhibits_make_contents_of_several_pages_with_right_numbers() -> None:
    many = [exhibit(f"Number {number}", "other", b"PK") for number in range(1, 90)]
    pages = texts(made(small(*many)))
    told = re.findall(r"Exhibit (\d+): Number \d+ [.\s]*(\d+)", "\n".join(pages[1:5]))
    assert len(told) == 89
    for number, page in told:
        assert f"Number {number}\r" in pages[int(page) - 1] + "\r"
