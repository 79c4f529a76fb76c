"""Plain text, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from holdfire.documents.bounds import Progress, check_length, cleaned
from holdfire.documents.document import Document, Line, Note
from holdfire.documents.encoding import SAMPLE, Decoded, find_encoding, refuse_binary


def read_text(stream: BinaryIO, name: str, size: int, progress: Progress) -> Document:
    """Return a plain text as a document: each line that is not empty."""
    sample = stream.read(SAMPLE)
    encoding, mark_length = find_encoding(sample)
    refuse_binary(sample, encoding, name)
    stream.seek(mark_length)
    notes: list[Note] = []
    return Document("text", _lines(Decoded(stream, encoding, notes), size, progress), notes)


def _lines(pieces: Decoded, size: int, progress: Progress) -> Iterator[Line]:
    for _, text in broken_lines(pieces, size, progress):
        if words := cleaned(text):
            yield Line(words)


def broken_lines(pieces: Decoded, size: int, progress: Progress) -> Iterator[tuple[int, str]]:
    """Yield each line of the file with its number, from 1; UserError for one without end."""
    number, rest = 0, ""
    for piece in pieces:
        *whole, rest = (rest + piece).replace("\r\n", "\n").replace("\f", "\n").split("\n")
        for text in whole:
            number += 1
            check_length(text, number)
            yield number, text
        check_length(rest, number + 1)
        progress(pieces.bytes_read, size)
    yield number + 1, rest
