"""The files: the same bytes, no trace, markup that stays letters, Cyrillic and right-to-left names as they are written."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.journeys.packs_here import load_packs
from holdfire.letters.answers import judge_answers
from holdfire.letters.compose import compose
from holdfire.letters.docx import directions
from holdfire.letters.kinds import KINDS
from holdfire.letters.letter import Letter
from holdfire.letters.shelf import Shelf
from holdfire.letters.write import FORMATS, write

SHELF = Shelf(load_packs())
#: Signs that mean something to typst, XML, YAML, Word or a terminal.
MARKUP = "#set page(width: 1pt) $x^2$ *b* _i_ @a <b> `r` [c] \\ // ~ = - + / \"q\" 'p' & &amp; %s {to} {{x}} ]]> https://a.b"
ANSWERS = {
    "to": {"en": "The commander", "ru": "Командиру войсковой части 0000"},
    "from": "Сяржант Уладзімір Ўласаў, ґ є ї",
    "order_giver": "דוד כהן 12",
    "order_heard": "محمد علي",
    "order_place": MARKUP,
    "order_words": f"Никого не пропускать.\n{MARKUP}",
    "facts": [MARKUP, "Second"],
    "questions": [MARKUP],
    "own_words": MARKUP,
}
TRACES = re.compile(
    rb"typst|krilla|xmp-writer|python|docx-|lxml|hold.?fire|macintosh|libreoffice|/(?:work|home|root|tmp|usr)/|rsid|"
    rb"lastModifiedBy|dcterms|CreationDate|ModDate|/Author|Producer|20[0-9]{2}-[01][0-9]-[0-3][0-9]",
    re.IGNORECASE,
)


def letter(*languages: str, kind: str = "written-order", **more: object) -> Letter:
    texts = [(SHELF.text(kind, code), SHELF.words(code)) for code in languages or ("en",)]
    return compose(texts, judge_answers({**ANSWERS, **more}))


def pdf_text(made: bytes, tmp_path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "letter.pdf"
    file.write_bytes(made)
    done = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def docx_text(made: bytes) -> str:
    document = docx.Document(io.BytesIO(made))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(line.text for place in (document, *cells) for line in place.paragraphs)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("languages", [("en",), ("en", "ru"), ("be", "en")])
def test_markup_stays_letters_in_every_file(languages: tuple[str, ...], tmp_path: Path) -> None:
    one = letter(*languages)
    for text in (
        write(one, "txt").decode(),
        docx_text(write(one, "docx")),
        pdf_text(write(one, "pdf"), tmp_path),
    ):
        # Twice at least: as the place, in the order's words, and as the paragraph of one's own.
        assert squeezed(text).count(squeezed(MARKUP)) >= 3


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", [kind.id for kind in KINDS])
def test_every_kind_can_be_written_in_two_languages(kind: str, form: str) -> None:
    assert len(write(letter("en", "be", kind=kind), form)) > 500


def test_names_are_set_in_their_own_letters(tmp_path: Path) -> None:
    one = letter()
    for text in (
        write(one, "txt").decode(),
        docx_text(write(one, "docx")),
        pdf_text(write(one, "pdf"), tmp_path),
    ):
        assert "Сяржант Уладзімір Ўласаў, ґ є ї" in text
        assert "محمد" in text
        assert "דוד" in text


def test_docx_tells_word_which_runs_go_from_right_to_left() -> None:
    assert directions("דוד כהן 12, Minsk") == [("דוד כהן 12, ", True), ("Minsk", False)]
    body = docx.Document(io.BytesIO(write(letter(), "docx"))).element.xml
    runs = re.findall(r"<w:r>.*?</w:r>", body, re.DOTALL)
    hebrew = [run for run in runs if "דוד" in run]
    assert hebrew
    assert all("<w:rtl/>" in run for run in hebrew)
    assert not any("<w:rtl/>" in run for run in runs if "Сяржант" in run)


def test_a_sign_that_no_font_of_the_pdf_has_is_refused_and_the_other_files_hold_it() -> None:
    one = letter(order_giver="王小明")
    with pytest.raises(UserError, match="fonts lack a sign"):
        write(one, "pdf")
    assert "王小明" in write(one, "txt").decode()
    assert "王小明" in docx_text(write(one, "docx"))


@pytest.mark.parametrize("form", FORMATS)
def test_no_file_names_a_program_a_person_a_place_or_a_time(form: str) -> None:
    made = write(letter("en", "ru"), form)
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(made)) as read:
            assert {entry.date_time for entry in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.create_system for entry in read.infolist()} == {0}
            assert not any(name.startswith(("docProps", "customXml")) for name in read.namelist())
            for name in read.namelist():
                assert not any(entry.extra or entry.comment for entry in read.infolist())
                ET.fromstring(read.read(name))  # noqa: S314 -- we made it; it must be well formed
    assert TRACES.findall(made) == []


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_exiftool_finds_nothing_that_tells_of_the_maker(form: str, tmp_path: Path) -> None:
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    file = tmp_path / f"letter.{form}"
    file.write_bytes(write(letter("en", "ru"), form))
    done = subprocess.run(["exiftool", "-json", "-a", "-u", "-G1", file], capture_output=True, check=True)
    told = {
        name: value
        for name, value in json.loads(done.stdout)[0].items()
        if name.split(":")[0] not in {"System", "ExifTool"}
    }
    allowed = {
        "pdf": {"SourceFile", "File:FileType", "File:FileTypeExtension", "File:MIMEType", "PDF:Title", "PDF:PDFVersion",
                "PDF:Linearized", "PDF:PageCount", "PDF:Language", "PDF:TaggedPDF", "PDF:Creator", "XMP-x:XMPToolkit",
                "XMP-dc:Title", "XMP-dc:Language", "XMP-dc:Format", "XMP-xmp:CreatorTool", "XMP-xmpTPg:NPages", "XMP-pdf:PDFVersion",
                "XMP-xmpMM:InstanceID", "XMP-xmpMM:DocumentID", "XMP-xmpMM:RenditionClass", "XMP-pdfuaid:Part"},
        "docx": {"SourceFile", "File:FileType", "File:FileTypeExtension", "File:MIMEType", "ZIP:ZipRequiredVersion", "ZIP:ZipBitFlag",
                 "ZIP:ZipCompression", "ZIP:ZipModifyDate", "ZIP:ZipCRC", "ZIP:ZipCompressedSize", "ZIP:ZipUncompressedSize", "ZIP:ZipFileName"},
    }[form]  # fmt: skip
    assert set(told) <= allowed
    for empty in ("PDF:Creator", "XMP-xmp:CreatorTool", "XMP-x:XMPToolkit"):
        assert not str(told.get(empty, "")).strip()
    if form == "docx":
        assert told["ZIP:ZipModifyDate"] == "1980:01:01 00:00:00"


ELSEWHERE = """
import hashlib, json, sys
from holdfire.journeys.packs_here import load_packs
from holdfire.letters.answers import judge_answers
from holdfire.letters.compose import compose
from holdfire.letters.shelf import Shelf
from holdfire.letters.write import FORMATS, write
shelf = Shelf(load_packs())
texts = [(shelf.text("written-order", code), shelf.words(code)) for code in ("en", "ru")]
one = compose(texts, judge_answers(json.load(sys.stdin)))
print(json.dumps([hashlib.sha256(write(one, form)).hexdigest() for form in FORMATS]))
"""


def test_the_same_answers_give_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    here = [hashlib.sha256(write(letter("en", "ru"), form)).hexdigest() for form in FORMATS]
    assert here == [hashlib.sha256(write(letter("en", "ru"), form)).hexdigest() for form in FORMATS]
    other = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "Asia/Tokyo", "LANG": "ru_RU.UTF-8", "USER": "x",
             "PYTHONHASHSEED": "7", "TMPDIR": "/nonexistent", "SOURCE_DATE_EPOCH": "1000000000", "PYTHONUTF8": "1"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", ELSEWHERE], input=json.dumps(ANSWERS).encode(), capture_output=True,
                          env=other, cwd=tmp_path, check=True)  # fmt: skip
    assert json.loads(done.stdout) == here


def test_the_pdf_still_reads_where_the_traces_were(tmp_path: Path) -> None:
    text = pdf_text(write(letter(), "pdf"), tmp_path)
    assert "Request for a written and signed order" in text
    assert "No lawyer has checked this." in text


@settings(max_examples=15)
@given(answer=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], max_codepoint=0x52F,
                                    exclude_characters="\u00ad\u034f"), min_size=1, max_size=80).filter(str.strip))  # fmt: skip
def test_whatever_a_person_writes_no_file_breaks(answer: str) -> None:
    one = letter("en", "ru", order_words=answer, own_words=answer, questions=[answer], kind="clarification")
    assert answer.strip() in docx_text(write(one, "docx"))
    write(one, "txt")
    with contextlib.suppress(UserError):  # a sign without a font; any other error fails
        assert write(one, "pdf").startswith(b"%PDF-")


def test_another_ending_is_refused() -> None:
    with pytest.raises(UserError, match="no kind of file"):
        write(letter(), "odt")


@pytest.mark.parametrize("languages", [("en",), ("en", "ru")])
def test_the_pdf_keeps_the_persons_line_breaks(languages: tuple[str, ...], tmp_path: Path) -> None:
    text = pdf_text(write(letter(*languages, own_words="First line\nSecond line"), "pdf"), tmp_path)
    assert re.search(r"First line\s*\nSecond line", text)
