"""The types of files that can be cleaned, told by their content and never by their name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """A type of file; the value is the ending a file of it gets."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tif"
    AVIF = "avif"
    HEIC = "heic"
    JXL = "jxl"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    MP3 = "mp3"
    MP4 = "mp4"
    MOV = "mov"


PICTURES: Final = frozenset(
    (Form.JPEG, Form.PNG, Form.WEBP, Form.GIF, Form.TIFF, Form.AVIF, Form.HEIC, Form.JXL)
)
OFFICE: Final = frozenset((Form.DOCX, Form.ODT))
FILMS: Final = frozenset((Form.MP4, Form.MOV))

_STARTS: Final = (
    (b"\xff\xd8\xff", Form.JPEG),
    (b"\x89PNG\r\n\x1a\n", Form.PNG),
    (b"GIF87a", Form.GIF),
    (b"GIF89a", Form.GIF),
    (b"II*\0", Form.TIFF),
    (b"MM\0*", Form.TIFF),
    (b"\xff\x0a", Form.JXL),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Form.JXL),
    (b"%PDF-", Form.PDF),
    (b"ID3", Form.MP3),
)
_STILL: Final = frozenset((b"avif", b"avis"))
_HEIC: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_OLD_QUICKTIME: Final = frozenset((b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
_ODT: Final = b"mimetypeapplication/vnd.oasis.opendocument.text"
_SYNC: Final = 0x7FF  # eleven set bits begin each frame of MPEG sound
_LEAST: Final = 12  # bytes; nothing shorter is a file of any of these types


def find_form(data: bytes) -> Form | None:
    """Return the type that the bytes show, or None where it is none of ours."""
    if len(data) < _LEAST:
        return None
    if form := next((form for start, form in _STARTS if data.startswith(start)), None):
        return form
    if data[:4] == b"RIFF":
        return Form.WEBP if data[8:12] == b"WEBP" else None
    if data[4:8] == b"ftyp":
        return _by_brands(data)
    if data[:4] == b"PK\x03\x04":
        return _by_parts(data)
    return Form.MOV if data[4:8] in _OLD_QUICKTIME else Form.MP3 if _is_frame(data) else None


def _is_frame(data: bytes) -> bool:
    """Return whether a frame of MPEG sound begins without a tag: layer III, and a rate and a sampling that exist."""
    head = int.from_bytes(data[:4], "big")
    rate, sampling = head >> 12 & 15, head >> 10 & 3
    return head >> 21 == _SYNC and head >> 17 & 3 == 1 and rate not in {0, 15} and sampling != 3  # noqa: PLR2004 - fields of the header


def _by_brands(data: bytes) -> Form | None:
    size = int.from_bytes(data[:4], "big")
    if not 16 <= size <= 4096:  # noqa: PLR2004 - a `ftyp` box with one brand; none has a thousand
        return None
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, min(size, len(data)), 4))]
    if data[8:12] == b"qt  ":
        return Form.MOV
    if _STILL & set(brands):
        return Form.AVIF
    if _HEIC & set(brands):
        return Form.HEIC
    return Form.MP4


def _by_parts(data: bytes) -> Form | None:
    if data[30 : 30 + len(_ODT)] == _ODT:
        return Form.ODT
    # The central directory lies at the end; whether the parts are good is judged by whoever reads them.
    return (
        Form.DOCX if re.search(rb"PK\x01\x02.{42}word/document\.xml", data[-(1 << 20) :], re.DOTALL) else None
    )
