"""DOCX: the text of a Word document, with the numbers Word counts by itself; bounded while it is unpacked."""

from __future__ import annotations

import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Document, Line, Note
from holdfire.documents.docx_numbers import Numbering, Styles
from holdfire.documents.docx_text import Body
from holdfire.documents.markup import Handler, parse
from holdfire.documents.sayings import (
    BROKEN,
    BROKEN_LATER,
    CHANGES,
    CONTENTS,
    HIDDEN,
    LOCKED_ZIP,
    MACROS,
    NO_TEXT,
    OTHER_ZIP,
    PICTURES,
    TOO_MANY_PARTS,
    ZIP_BOMB,
    refuse,
)

MOST_PARTS: Final = 10_000
#: Bytes one part may unpack to, and how many times its packed size beyond the first mebibytes.
MOST_UNPACKED: Final = 256 << 20
MOST_RATIO: Final = 200
_RATIO_FROM: Final = 8 << 20
_TEXT: Final = "word/document.xml"
_MACROS: Final = "word/vbaproject.bin"


def read_docx(stream: BinaryIO, step: Callable[[int, int], None]) -> Document:
    """Return a DOCX as a document.

    Raises:
        UserError: It is no DOCX, behind a password, broken, or would unpack to far more than a document has.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, OverflowError, NotImplementedError, UnicodeError):
        refuse(BROKEN)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        refuse(TOO_MANY_PARTS, count=len(parts), most=MOST_PARTS)
    names = {part.filename for part in parts}
    if _TEXT not in names:
        refuse(OTHER_ZIP)
    notes: list[Note] = []
    if any(name.lower() == _MACROS for name in names):
        notes.append(Note(MACROS))
    styles, numbering = Styles(), Numbering()
    for name, handler in (("word/styles.xml", styles), ("word/numbering.xml", numbering)):
        if name in names:
            # Headings and numbers are of use also where the rest of the part is broken.
            for _ in _parse(archive, name, handler, notes, lambda _done, _total: None, partly=False):
                pass
    body = Body(styles, numbering)
    lines = _lines(archive, names, body, notes, step)
    return Document("docx", lines, notes, title=styles.title, language=styles.language)


def _lines(
    archive: zipfile.ZipFile, names: set[str], body: Body, notes: list[Note], step: Callable[[int, int], None]
) -> Iterator[Line]:
    some = False
    endings = [name for name in ("word/footnotes.xml", "word/endnotes.xml") if name in names]
    texts = (_parse(archive, name, body.part(name), notes, step) for name in (_TEXT, *endings))
    for line in itertools.chain.from_iterable(texts):
        some = True
        yield line
    if not some:
        refuse(NO_TEXT)
    for found, sentence in ((body.changed, CHANGES), (body.hidden, HIDDEN), (body.pictures, PICTURES)):
        if found:
            notes.append(Note(sentence))
    if body.contents:
        notes.append(Note(CONTENTS, {"count": body.contents}))


def _parse(
    archive: zipfile.ZipFile,
    name: str,
    handler: Handler,
    notes: list[Note],
    step: Callable[[int, int], None],
    *,
    partly: bool = True,
) -> Iterator[Line]:
    """Yield the lines of one part, whatever its packing does."""
    packed = archive.getinfo(name)
    if packed.flag_bits & 1:
        refuse(LOCKED_ZIP)
    some = False
    try:
        with archive.open(packed) as opened:
            unpacked = cast("BinaryIO", _Bounded(opened, packed))
            for line in parse(
                unpacked, name, handler, notes, lambda done: step(done, packed.file_size), partly=partly
            ):
                some = True
                yield line
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, UnicodeError):
        if partly and not some:
            refuse(BROKEN)
        notes.append(Note(BROKEN_LATER, {"line": 1, "part": cleaned(name)}))


class _Bounded:
    """The bytes of a part, counted as they are unpacked: what the archive says of its sizes is not believed."""

    def __init__(self, opened: object, packed: zipfile.ZipInfo) -> None:
        self._opened = cast("BinaryIO", opened)
        self._packed = packed
        self._done = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes; UserError beyond the bounds."""
        piece = self._opened.read(size)
        self._done += len(piece)
        ratio = self._done > _RATIO_FROM and self._done > MOST_RATIO * max(self._packed.compress_size, 1)
        if self._done > MOST_UNPACKED or ratio:
            refuse(ZIP_BOMB, part=cleaned(self._packed.filename)[:80])
        return piece
