"""The reader's own process: it may open nothing, write nothing, and take little time and memory.

Started by holdfire.documents.process as `python -m holdfire.documents.child FORM FIRST FAILED…`. The document is its
standard input, a file or a pipe; what it read goes to standard output as one JSON object a line. Whatever a
hostile file does to the library that reads it, it does here, where no key and no file is.
"""

from __future__ import annotations

import ctypes
import io
import json
import math
import mmap
import os
import stat
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from holdfire.documents.confinement import confine
from holdfire.documents.document import Document, Note
from holdfire.documents.encoding import load_encodings
from holdfire.errors import UserError

if sys.platform != "win32":
    import resource

#: Seconds of computing for one step: a page, or some of the bytes of another form. The bench's slowest page takes 0.1.
SECONDS_A_STEP: Final = 20
_SECONDS_IN_ALL: Final = 3_600
#: Bytes of addresses beside the file itself; reading a thousand pages takes a tenth of it.
_ADDRESSES: Final = 768 << 20
_LINES_AT_ONCE: Final = 64


def main() -> None:
    """Read the document on standard input in the form named, and write what it says to standard output."""
    form, first, *failed = sys.argv[1], *map(int, sys.argv[2:])
    out = os.fdopen(os.dup(1), "wb")
    content = _content()
    reader = _reader(form, content, first, frozenset(failed))
    load_encodings()
    confine(2 * len(content) + _ADDRESSES)
    _more_time()
    try:
        _give(reader, out)
    except UserError as fault:
        values = {key: value for key, value in fault.values.items() if key != "name"}
        _say(out, {"refused": [fault.sentence, fault.hint, values]})
    except (MemoryError, RecursionError):
        _say(out, {"stopped": True})
    out.flush()
    # Ending without the library's own clearing away: a file may have broken that, too.
    os._exit(0)


def _content() -> bytes | mmap.mmap:
    """Return the whole of standard input; a file is mapped, so that it takes no memory of its own."""
    if stat.S_ISREG(os.fstat(0).st_mode):
        return mmap.mmap(0, 0, access=mmap.ACCESS_READ)
    with os.fdopen(0, "rb", closefd=False) as stream:
        return stream.read()


class _Stream(io.RawIOBase):
    """Content as a stream, without a copy."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        self._content = content
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        start = (0, self._place, len(self._content))[whence]
        self._place = max(start + offset, 0)
        return self._place

    def readinto(self, buffer: Any) -> int:
        piece = self._content[self._place : self._place + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


def _reader(
    form: str, content: bytes | mmap.mmap, first: int, failed: frozenset[int]
) -> Callable[[Callable[[int, int], None]], Document]:
    """Return what reads one form. Its libraries are loaded here, before nothing can be opened any more."""
    size = len(content)
    if form == "pdf":
        from holdfire.documents.pdf import read_pdf  # noqa: PLC0415 -- only what this form needs

        if isinstance(content, mmap.mmap):
            # ACCESS_READ has no address for ctypes; a copy of the mapping that is never written has.
            content = mmap.mmap(0, 0, access=mmap.ACCESS_COPY)
            mapped: Any = (ctypes.c_char * size).from_buffer(content)
        else:
            mapped = content
        return lambda step: read_pdf(mapped, size, step, first, failed)
    stream: BinaryIO = io.BufferedReader(_Stream(content), 1 << 16)
    if form == "docx":
        from holdfire.documents.docx import read_docx  # noqa: PLC0415

        return lambda step: read_docx(stream, step)
    if form == "akn":
        from holdfire.documents.akn import read_akn  # noqa: PLC0415

        return lambda step: read_akn(stream, lambda done: step(done, size))
    from holdfire.documents.html import read_html  # noqa: PLC0415

    return lambda step: read_html(stream, size, step)


def _more_time() -> None:
    """Allow one more step its seconds; a process beyond them is ended by the system."""
    if sys.platform != "win32":
        soft = min(math.ceil(time.process_time()) + SECONDS_A_STEP, _SECONDS_IN_ALL)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, _SECONDS_IN_ALL))


def _give(reader: Callable[[Callable[[int, int], None]], Document], out: BinaryIO) -> None:
    waiting: list[list[object]] = []
    told = 0
    notes: list[Note] = []

    def flush() -> None:
        nonlocal told
        if waiting:
            _say(out, {"lines": waiting})
            waiting.clear()
        for note in notes[told:]:
            _say(out, {"note": [note.sentence, dict(note.values)]})
        told = len(notes)

    last = 0.0

    def step(done: int, total: int) -> None:
        nonlocal last
        if time.process_time() - last > 1 or done < 2:  # noqa: PLR2004 -- a second, or the beginning
            last = time.process_time()
            _more_time()
        flush()
        _say(out, {"step": [done, total]})
        out.flush()

    document = reader(step)
    notes = document.notes
    dated = document.dated.isoformat() if document.dated else None
    _say(out, {"document": [document.title, document.language, dated]})
    for line in document.lines():
        waiting.append([line.text, line.page, line.role])
        if len(waiting) >= _LINES_AT_ONCE:
            flush()
    flush()
    _say(out, {"end": True})


def _say(out: BinaryIO, message: dict[str, object]) -> None:
    out.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    main()
