"""Which letters the bytes of a text stand for: UTF-8, UTF-16, or one of three older codes, by a stated rule.

The rule (docs/formats/documents.md): a byte order mark decides; then what the file says of itself, if it
can be so; then UTF-8 if nearly all of it is; then, of the words with a byte above 127, those mostly in such
bytes are Cyrillic, in whichever of windows-1251 and koi8-r they have more of the letters а е и н о т; else windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from holdfire.documents.document import Note
from holdfire.errors import UserError
from holdfire.language import mark

#: Bytes that are looked at before the encoding is decided.
SAMPLE: Final = 1 << 20
_CHUNK: Final = 1 << 18
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OLD_CYRILLIC: Final = ("cp1251", "koi8-r")
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_GOOD_UTF8: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
#: Every tenth place may be wrong before a text is no UTF-8 at all.
_GOOD_TO_BAD: Final = 9
_MOST_PLACES: Final = 5


def find_encoding(sample: bytes, said: str | None = None) -> tuple[str, int]:
    """Return the encoding of a text and how many bytes its byte order mark takes.

    Args:
        sample: The beginning of the file, up to `SAMPLE` bytes.
        said: What the file says of itself, such as a `charset`; believed only where it can be so.
    """
    for start, name in _MARKS:
        if sample.startswith(start):
            return name, len(start)
    if said is not None and (believed := _known(said)) is not None:
        return believed, 0
    high = _HIGH.findall(sample)
    good = sum(len(found) for found in _GOOD_UTF8.findall(sample))
    if not high or good >= (len(high) - good) * _GOOD_TO_BAD:
        return "utf-8", 0
    return _old(sample), 0


def _known(said: str) -> str | None:
    """Return Python's name of an encoding whose first 128 signs are ASCII; None for any other."""
    try:
        name = codecs.lookup(said.strip()).name
        plain = bytes(range(32, 127))
        return (
            {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)
            if plain.decode(name) == plain.decode("ascii")
            else None
        )
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def _old(sample: bytes) -> str:
    """Return the older code of a text that is not UTF-8."""
    words = [word for word in _WORD.findall(sample) if _HIGH.search(word)]
    high = sum(len(_HIGH.findall(word)) for word in words)
    if high * 2 < sum(map(len, words)):
        return "cp1252"
    joined = b"".join(words)
    return max(_OLD_CYRILLIC, key=lambda name: sum(map(joined.decode(name, "replace").count, "аеинот")))


class Decoded:
    """The characters of a stream in pieces, with what could not be decoded as U+FFFD and noted.

    Args:
        stream: Read from where it stands.
        encoding: What `find_encoding` said.
        notes: Told where bytes could not be decoded.
    """

    def __init__(self, stream: BinaryIO, encoding: str, notes: list[Note]) -> None:
        self._stream = stream
        self._encoding = encoding
        self._notes = notes
        self.bytes_read = 0

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        line, places, wrong = 1, list[int](), 0
        while True:
            chunk = self._stream.read(_CHUNK)
            self.bytes_read += len(chunk)
            piece = decoder.decode(chunk, final=not chunk)
            if "\ufffd" in piece or "\0" in piece:
                for number, text in enumerate(piece.split("\n"), line):
                    here = text.count("\ufffd") + text.count("\0")
                    if here and len(places) < _MOST_PLACES and number not in places:
                        places.append(number)
                    wrong += here
                piece = piece.replace("\0", "\ufffd")
            line += piece.count("\n")
            if piece:
                yield piece
            if not chunk:
                break
        if wrong:
            self._notes.append(_undecodable(wrong, places))


def _undecodable(wrong: int, places: list[int]) -> Note:
    return Note(
        mark(
            "{count} signs could not be read and are shown as \ufffd; the first are on these lines of the file: {places}."
        ),
        {"count": wrong, "places": ", ".join(map(str, places))},
    )


def refuse_binary(sample: bytes, encoding: str, name: str) -> None:
    """Raise UserError when what would be read as text is something else: it has zero bytes in it."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    if b"\0" in sample:
        raise UserError(
            mark("“{name}” is not a text, nor a form of document that can be read."),
            mark(
                "PDF, DOCX, HTML, Akoma Ntoso and plain text can be read. If it is a text, save it again as UTF-8."
            ),
            name=name,
        )
