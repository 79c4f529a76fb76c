"""Reading a file the person has: its form is found by what is in it, never by its name alone."""

from __future__ import annotations

import os
import re
from typing import BinaryIO, Final

from holdfire.documents.bounds import MOST_BYTES, Progress
from holdfire.documents.document import Document, Form
from holdfire.documents.encoding import find_encoding
from holdfire.documents.process import read_apart
from holdfire.documents.sayings import (
    EMPTY,
    NOT_READABLE,
    OLD_WORD,
    OTHER_XML,
    PICTURE,
    RTF,
    TOO_LARGE,
    refuse,
)
from holdfire.documents.text import read_text
from holdfire.errors import UserError

_HEAD: Final = 8192
#: Where the mark of a PDF may stand, as its readers allow.
_PDF_WITHIN: Final = 1024
_PICTURES: Final = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"AT&TFORM",
    b"\0\0\0\x0cjP  ",
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|h[1-6]|p|div|table|article|section|main|span|font|center)\b",
    re.IGNORECASE,
)
_AKN: Final = re.compile(r"<(?:[\w.-]+:)?akomaNtoso\b")
_ELEMENT: Final = re.compile(r"<[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s/>]")


def read_document(stream: BinaryIO, name: str, *, progress: Progress | None = None) -> Document:
    """Return a file as a document whose lines can be read; nothing is fetched and nothing written.

    Args:
        stream: The file, seekable; stays open and is read until the lines have ended.
        name: What the person calls it; it stands in errors only.
        progress: Told how much is done and how much there is: bytes, or pages of a PDF.

    Raises:
        UserError: What it is cannot be read (encrypted, a picture, broken, hostile, too large); says where and
            why. What shows itself late is raised between two lines.
    """
    told: Progress = progress or (lambda _done, _total: None)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    try:
        if size > MOST_BYTES:
            refuse(TOO_LARGE)
        if size == 0:
            refuse(EMPTY)
        form = find_form(stream.read(_HEAD))
        if form == "text":
            return read_text(stream, name, size, told)
    except UserError as fault:
        raise UserError(fault.sentence, fault.hint, **{**fault.values, "name": name}) from None
    return read_apart(stream, form, name, size, told)


def find_form(head: bytes) -> Form:
    """Return what a file is by its first bytes; UserError for a form that cannot be read."""
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if head.startswith(_OLE):
        refuse(OLD_WORD)
    if head.startswith(b"{\\rtf"):
        refuse(RTF)
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:8] == b"ftyp":
        refuse(PICTURE)
    encoding, mark_length = find_encoding(head)
    text = head[mark_length:].decode(encoding, "replace").lstrip()
    return _marked_up(text) if text.startswith("<") else "text"


def _marked_up(text: str) -> Form:
    """Return what a text that begins with `<` is."""
    if _AKN.search(text):
        return "akn"
    first = _ELEMENT.search(text)
    if _HTML.search(text) and not (text.startswith("<?xml") and first and not _HTML.match(first[0])):
        return "html"
    if text.startswith("<?xml"):
        refuse(OTHER_XML)
    if first and first.start() == 0 and "xmlns" in text:
        refuse(OTHER_XML)
    if "\0" in text:
        refuse(NOT_READABLE)
    return "text"
