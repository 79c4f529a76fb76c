"""DOCX and ODT: paragraphs and tables are read, and set anew; nothing else of the file is carried over.

Revision numbers, comments, tracked changes, embedded objects, paths of templates and names of printers are too many,
and too many new ones come, to be cleaned away one by one.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache
from importlib.resources import files
from typing import Final

import typst

from holdfire.evidence.copies.bounds import PART_BYTES, PARTS, STILL_BYTES
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.found.words import traces_in_words
from holdfire.evidence.copies.office_names import DOCX, ODT
from holdfire.evidence.copies.office_styles import hidden_styles
from holdfire.evidence.copies.office_text import Block, Table, read_blocks
from holdfire.evidence.copies.refusals import CopyRefusedError, damaged, decoding, too_large
from holdfire.evidence.copies.sayings import DID_SET_ANEW, LEADS_OUTSIDE, LOCKED_FILE, SIGN_LACKING
from holdfire.evidence.copies.working_copy import Step, Trace

_SET: Final = Step(
    "set-anew",
    DID_SET_ANEW,
)
_PARTS: Final = {Form.DOCX: ("word/document.xml", DOCX), Form.ODT: ("content.xml", ODT)}
#: Parts that are looked into for what they tell, and are left out.
_TELLING: Final = re.compile(
    r"docProps/.*\.xml|meta\.xml|settings\.xml|word/(settings|people|comments.*)\.xml"
)
_HIDDEN: Final = re.compile(
    r"word/(embeddings|comments.*|people.*|vbaProject\.bin|attachedToolbars.*)|Object.*|Basic/.*|Scripts/.*"
)
#: Parts with named styles; what they hide is hidden.
_LOOKS: Final = re.compile(r"styles\.xml|word/styles[^/]{0,40}\.xml", re.IGNORECASE)
_LOOKS_PARTS: Final = 8
_PREVIEW: Final = re.compile(r"docProps/thumbnail\..*|Thumbnails/.*")
_CHANGES: Final = re.compile(rb"<(w:(ins|del|moveFrom)|text:tracked-changes)[ >/]|w:rsid|xml:id=")
_CLIMBING: Final = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\0")


def set_anew(data: bytes, found: Form) -> tuple[bytes, tuple[Step, ...], frozenset[Trace]]:
    """Return a PDF of the text and the tables, what was done, and what the rest of the file told.

    Raises:
        CopyRefusedError: It is damaged, locked or too large, or parts of it lead outside.
    """
    if len(data) > STILL_BYTES:
        raise too_large("bytes", STILL_BYTES)
    name, dialect = _PARTS[found]
    with decoding(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > PARTS:
            raise too_large("parts", PARTS)
        if any(_CLIMBING.search(entry.filename) for entry in entries):
            raise CopyRefusedError(LEADS_OUTSIDE)
        if any(entry.flag_bits & 1 for entry in entries) or "META-INF/encryption.xml" in archive.namelist():
            raise CopyRefusedError(LOCKED_FILE)
        if len({entry.filename for entry in entries}) < len(entries):
            raise damaged()  # two parts of one name: which one is read depends on the program
        content = _part(archive, name)
        traces = _traces(archive, content)
        looks = [_part(archive, part) for part in archive.namelist() if _LOOKS.fullmatch(part)][:_LOOKS_PARTS]
        if found is Form.ODT:
            looks.append(content)
        blocks, left_out = read_blocks(content, dialect, hidden_styles(looks))
        return _pdf(blocks), (_SET,), traces | {Trace.HIDDEN} if left_out else traces


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as opened:
        data = opened.read(PART_BYTES + 1)
    if len(data) > PART_BYTES:
        raise too_large("bytes", PART_BYTES)
    return data


def _traces(archive: zipfile.ZipFile, content: bytes) -> frozenset[Trace]:
    traces = {Trace.HISTORY} if _CHANGES.search(content) else set[Trace]()
    for name in archive.namelist():
        if _PREVIEW.fullmatch(name):
            traces.add(Trace.PREVIEW)
        if _HIDDEN.match(name):
            traces.add(Trace.HIDDEN)
        if _TELLING.fullmatch(name):
            traces |= traces_in_words(_part(archive, name))
    return frozenset(traces)


def _pdf(blocks: tuple[Block | Table, ...]) -> bytes:
    """Return the blocks as a PDF with typst's own fonts; a sign they lack is refused, never an empty box."""
    values = [
        {"kind": "table", "columns": block.columns, "cells": block.cells}
        if isinstance(block, Table)
        else {"kind": block.kind, "level": block.level, "text": block.text}
        for block in blocks
    ]
    template = _template()
    try:
        made = typst.compile(template, format="pdf", ignore_system_fonts=True, pdf_standards="ua-1",
                             sys_inputs={"blocks": json.dumps(values)})  # fmt: skip
    except typst.TypstError as fault:
        if "could not be displayed" in str(fault):
            raise CopyRefusedError(SIGN_LACKING) from None
        raise
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


@cache
def _template() -> bytes:
    return files("holdfire.evidence.copies").joinpath("templates", "paper.typ").read_bytes()


def load() -> None:
    """Set one empty paper, so that typst's fonts stand in memory before nothing can be opened any more."""
    _pdf((Block("paragraph", "."),))
