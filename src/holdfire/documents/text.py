"""Plain text, line by line; lines that were broken at a fixed width are put together again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from holdfire.documents.bounds import Progress, check_length, cleaned
from holdfire.documents.document import Document, Line, Note
from holdfire.documents.encoding import SAMPLE, Decoded, find_encoding, refuse_binary
from holdfire.documents.paragraphs import begins_part, joined, runs_on

#: A text is taken as broken at a fixed width when nearly all its lines are narrower than this and many are nearly as wide.
_WIDEST: Final = 100
_NARROWEST: Final = 50
_BREAK: Final = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")


def read_text(stream: BinaryIO, name: str, size: int, progress: Progress) -> Document:
    """Return a plain text as a document, one line a paragraph; UserError when it is no text."""
    stream.seek(0)
    sample = stream.read(SAMPLE)
    encoding, mark_length = find_encoding(sample)
    refuse_binary(sample, encoding)
    stream.seek(mark_length)
    notes: list[Note] = []
    width = fixed_width(sample.decode(encoding, "replace"))
    broken = broken_lines(Decoded(stream, encoding, notes), name, size, progress)
    return Document("text", _unbroken(broken, width) if width else _plain(broken), notes)


def fixed_width(sample: str) -> int | None:
    """Return the width at which the lines of a text were broken; None when they were not.

    They were when two thirds of the lines followed by another are nearly as wide as the widest of all.
    """
    lines = [len(line.rstrip()) for line in _BREAK.split(sample)[:20_000]]
    followed = [here for here, after in itertools.pairwise(lines) if here and after]
    if not followed:
        return None
    widest = sorted(followed)[int(len(followed) * 0.99)]
    wide = sum(length >= widest * 0.8 for length in followed)
    return widest if _NARROWEST <= widest <= _WIDEST and wide * 3 >= len(followed) * 2 else None


def broken_lines(pieces: Decoded, name: str, size: int, progress: Progress) -> Iterator[str]:
    """Yield each line of the file; UserError for one without end."""
    number, rest = 0, ""
    for piece in pieces:
        # A line end of two signs may be cut in two by the pieces.
        whole, cut = (piece[:-1], "\r") if piece.endswith("\r") else (piece, "")
        *lines, rest = _BREAK.split(rest + whole)
        rest += cut
        for text in lines:
            number += 1
            check_length(len(text), number, name)
            yield text
        check_length(len(rest), number + 1, name)
        progress(pieces.bytes_read, size)
    yield from _BREAK.split(rest)


def _plain(broken: Iterator[str]) -> Iterator[Line]:
    for text in broken:
        if words := cleaned(text):
            yield Line(words)


def _unbroken(broken: Iterator[str], width: int) -> Iterator[Line]:
    """Join a line to the one before where that one had no room for its first word."""
    before, last, edge = "", "", 0
    for text in broken:
        words = cleaned(text)
        left = len(text) - len(text.lstrip())
        full = last and len(last.rstrip()) + 1 + len(words.partition(" ")[0]) > width
        goes_on = (
            words and before and left <= edge and not begins_part(words, before) and len(before) < 1 << 16
        )
        if goes_on and (full or runs_on(before, words)):
            before = joined(before, words)
        else:
            if before:
                yield Line(before)
            before = words
        # What hangs below a number may stand further right than the first line does.
        last, edge = text, max(left, 4) if words else 0
    if before:
        yield Line(before)
