"""A file is called what its content is, whatever its name says."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from holdfire.documents.encoding import sure_encoding
from holdfire.evidence.kinds import FORM_WORDS, OTHER, PICTURES, SOUNDS, VIDEOS, form_of


def drawn(form: str, **how: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, form, **how)
    return stream.getvalue()


def zipped(*names: str, first: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x" * 100, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def branded(major: bytes, *others: bytes) -> bytes:
    brands = major + bytes(4) + b"".join(others)
    return (8 + len(brands)).to_bytes(4) + b"ftyp" + brands + b"\0\0\0\x08free"


OFFICE = "[Content_Types].xml", "_rels/.rels"
KNOWN: dict[str, list[bytes]] = {
    "jpeg": [drawn("JPEG")],
    "png": [drawn("PNG")],
    "gif": [drawn("GIF")],
    "webp": [drawn("WEBP")],
    "tiff": [drawn("TIFF"), drawn("TIFF", big_tiff=True), b"MM\0*" + bytes(20)],
    "avif": [drawn("AVIF"), branded(b"avis"), branded(b"mif1", b"avif", b"miaf")],
    "bmp": [drawn("BMP")],
    "heic": [branded(b"heic", b"mif1"), branded(b"mif1", b"heic"), branded(b"mif1", b"miaf"), branded(b"hevx")],
    "jxl": [b"\xff\x0a\xfa\x7f", b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl "],
    "mp4": [branded(b"isom", b"iso2", b"avc1", b"mp41"), branded(b"mp42"), branded(b"XAVC", b"mp42"), branded(b"iso5")],
    "mov": [branded(b"qt  "), b"\0\0\0\x08wide\0\0\0\x10mdat", b"\0\0\x10\0moov\0\0\0\x6cmvhd"],
    "3gp": [branded(b"3gp4", b"isom"), branded(b"3g2a")],
    "m4a": [branded(b"M4A ", b"isom")],
    "webm": [b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"],
    "mkv": [b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroska"],
    "avi": [b"RIFF\x10\0\0\0AVI LIST"],
    "ogg": [b"OggS\0\x02" + bytes(20) + b"\x01\x1e\x01vorbis"],
    "opus": [b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead"],
    "mp3": [b"ID3\x04\0\0\0\0\0\0", b"\xff\xfb\x90\x64" + bytes(100), b"\xff\xf3\x44\xc4"],
    "aac": [b"\xff\xf1\x50\x80\x02\x1f\xfc"],
    "amr": [b"#!AMR\n\x3c\x48", b"#!AMR-WB\n"],
    "wav": [b"RIFF\x24\0\0\0WAVEfmt "],
    "flac": [b"fLaC\0\0\0\x22"],
    "pdf": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"\xef\xbb\xbf\n%PDF-1.4\n"],
    "docx": [zipped(*OFFICE, "word/document.xml")],
    "xlsx": [zipped(*OFFICE, "xl/workbook.xml")],
    "pptx": [zipped(*OFFICE, "ppt/presentation.xml")],
    "odt": [zipped("content.xml", first=b"application/vnd.oasis.opendocument.text")],
    "ods": [zipped("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet")],
    "odp": [zipped("content.xml", first=b"application/vnd.oasis.opendocument.presentation")],
    "doc": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)],
    "rtf": [b"{\\rtf1\\ansi hello}"],
    "zip": [zipped("notes about word/ and xl/.txt"), zipped("content.xml", first=b"application/epub+zip")],
    "7z": [b"7z\xbc\xaf\x27\x1c\0\x04"],
    "rar": [b"Rar!\x1a\x07\x01\0"],
    "gzip": [b"\x1f\x8b\x08\0\0\0\0\0"],
    "tar": [b"package/GUIDE.pdf" + bytes(240) + b"ustar\00000", b"x" + bytes(256) + b"ustar\0" + bytes(249) + b"%PDF-1.7"],
    "age": [b"age-encryption.org/v1\n-> X25519 x\n", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n"],
    "eml": [b"Received: from there\r\nFrom: a@example\r\nSubject: order\r\n\r\nWords\r\n", b"From: a\nTo: b\nDate: c\n\nx"],
    "html": [b"<!DOCTYPE html>\n<title>x</title>", b"\xef\xbb\xbf  <HTML>"],
    "text": [b"plain words", "Слова".encode(), "Слова".encode("cp1251"), "words".encode("utf-16"),
             b"From: nobody\nTo: be read as a letter\n", b"\xef\xbb\xbfwith a mark"],
    OTHER: [b"", b"\0\x01\x02", bytes(100), b"\xff\xff\xff\0", b"RIFF\0\0\0\0NONE", b"\x80\x81 high but not Cyrillic \x82\x83"],
}  # fmt: skip


@pytest.mark.parametrize("form", KNOWN)
def test_each_form_is_known_by_its_content(form: str) -> None:
    assert [form_of(one) for one in KNOWN[form]] == [form] * len(KNOWN[form])


def test_every_form_has_words_and_a_file_here() -> None:
    assert set(FORM_WORDS) == set(KNOWN)
    assert not (PICTURES & VIDEOS | PICTURES & SOUNDS | VIDEOS & SOUNDS)
    assert set(FORM_WORDS) > PICTURES | VIDEOS | SOUNDS


@given(
    st.binary(max_size=200) | st.sampled_from([one for all_ in KNOWN.values() for one in all_]),
    st.integers(0, 200),
)
def test_whatever_comes_has_a_form(untrusted: bytes, cut: int) -> None:
    assert form_of(untrusted[:cut]) in FORM_WORDS


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1), st.integers(1, 3))
def test_a_text_cut_within_a_sign_is_still_one(words: str, cut: int) -> None:
    whole = ("é" + words + "€").encode()
    assert sure_encoding(whole, cut=False) == "utf-8-sig"
    assert sure_encoding(whole[:-cut], cut=True) == "utf-8-sig"
