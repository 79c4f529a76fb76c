"""Which letters the bytes of a text stand for: UTF-8, UTF-16, or an older code, by a stated rule.

The rule (docs/formats/documents.md): a byte order mark decides; then what the file says of itself, if it
is a code listed here; then UTF-8 if nearly all of it is; then, of the words with a byte above 127, those
mostly in such bytes are Cyrillic, in whichever of windows-1251 and koi8-r has more of the letters а е и н о т
in them; else the text is windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from holdfire.documents.document import Note
from holdfire.documents.sayings import NOT_READABLE, UNDECODABLE, refuse

#: Bytes that are looked at before the encoding is decided.
SAMPLE: Final = 1 << 20
CHUNK: Final = 1 << 18
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What a file may call its code, without marks between, and Python's name for it. As browsers do, what calls
#: itself Latin-1 is read as windows-1252, which has it inside.
_NAMED: Final = {
    "utf8": "utf-8", "ascii": "cp1252", "usascii": "cp1252", "iso88591": "cp1252", "latin1": "cp1252",
    **{f"windows{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"cp{number}": f"cp{number}" for number in (*range(1250, 1259), 866)},
    **{f"iso8859{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    "ibm866": "cp866", "koi8r": "koi8-r", "koi8u": "koi8-u", "xmaccyrillic": "mac-cyrillic", "gbk": "gb18030",
    "gb2312": "gb18030", "gb18030": "gb18030", "big5": "big5", "shiftjis": "cp932", "eucjp": "euc-jp", "euckr": "cp949",
}  # fmt: skip
_OLD_CYRILLIC: Final = ("cp1251", "koi8-r")
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_GOOD_UTF8: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
#: Of the letters above ASCII in windows-1251, so many are Cyrillic, or it is surely no text in that.
_MOSTLY: Final = 0.8
_CYRILLIC_FROM: Final = 0xC0
#: One byte in ten may be wrong before a text is no UTF-8 at all.
_GOOD_TO_BAD: Final = 9
_MOST_PLACES: Final = 5


def load_encodings() -> None:
    """Load every encoding there may be: a process that may open no file cannot do so later."""
    # cp437 is what the names inside an archive are in.
    for name in {*_NAMED.values(), *(name for _, name in _MARKS), "cp437"}:
        codecs.lookup(name)


def find_encoding(sample: bytes, said: str = "") -> tuple[str, int]:
    """Return the encoding of a text and how many bytes its byte order mark takes.

    Args:
        sample: The beginning of the file, up to `SAMPLE` bytes.
        said: What the file says of itself, such as a `charset`.
    """
    for start, name in _MARKS:
        if sample.startswith(start):
            return name, len(start)
    named = _NAMED.get(re.sub(r"[^a-z0-9]", "", said.lower()[:40]))
    if named is not None and (named != "utf-8" or _is_utf8(sample)):
        return named, 0
    return "utf-8" if _is_utf8(sample) else _old(sample), 0


def sure_encoding(content: bytes, *, cut: bool) -> str | None:
    """Return the encoding of what is surely a text, each byte of it, or None; `cut` forgives half a sign at the end.

    UTF-16 where it begins with its mark, else UTF-8, else windows-1251 where most of it is then Cyrillic.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _judged(content, "utf-16", cut=cut)
    found = _judged(content, "utf-8-sig", cut=cut)
    if found:
        return found
    high = [sign for sign in content if sign > 127]  # noqa: PLR2004 - above ASCII
    if high and sum(sign >= _CYRILLIC_FROM for sign in high) >= _MOSTLY * len(high):
        return _judged(content, "cp1251", cut=cut)
    return None


def _judged(content: bytes, encoding: str, *, cut: bool) -> str | None:
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(content, not cut)
    except UnicodeDecodeError:
        return None
    return None if any(sign < " " and sign not in "\t\n\r\f" for sign in set(text)) else encoding


def _is_utf8(sample: bytes) -> bool:
    """Say whether nearly all bytes above 127 are good UTF-8, a text in plain ASCII included."""
    high = len(_HIGH.findall(sample))
    good = sum(map(len, _GOOD_UTF8.findall(sample)))
    return good >= (high - good) * _GOOD_TO_BAD


def _old(sample: bytes) -> str:
    """Return the older code of a text that is not UTF-8."""
    words = [word for word in _WORD.findall(sample) if _HIGH.search(word)]
    if sum(len(_HIGH.findall(word)) for word in words) * 2 < sum(map(len, words)):
        return "cp1252"
    joined = b" ".join(words)
    return max(_OLD_CYRILLIC, key=lambda name: sum(map(joined.decode(name, "replace").count, "аеинот")))


class Decoded:
    """The characters of a stream in pieces, with what could not be decoded as U+FFFD and noted.

    Args:
        stream: Read from where it stands.
        encoding: What `find_encoding` said.
        notes: Told where bytes could not be decoded.

    Attributes:
        bytes_read: How far the stream was read.
    """

    def __init__(self, stream: BinaryIO, encoding: str, notes: list[Note]) -> None:
        self._stream = stream
        self._encoding = encoding
        self._notes = notes
        self.bytes_read = 0

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        line, wrong = 1, 0
        places: list[int] = []
        while True:
            chunk = self._stream.read(CHUNK)
            self.bytes_read += len(chunk)
            piece = decoder.decode(chunk, final=not chunk).replace("\0", "\ufffd")
            if "\ufffd" in piece:
                wrong += piece.count("\ufffd")
                if len(places) < _MOST_PLACES:
                    marked = (
                        number for number, text in enumerate(piece.split("\n"), line) if "\ufffd" in text
                    )
                    places += [number for number in marked if number not in places]
            line += piece.count("\n")
            if piece:
                yield piece
            if not chunk:
                break
        if wrong:
            shown = ", ".join(map(str, places[:_MOST_PLACES]))
            self._notes.append(Note(UNDECODABLE, {"count": wrong, "places": shown}))


def refuse_binary(sample: bytes, encoding: str) -> None:
    """Raise UserError when what would be read as text is something else: it has zero bytes, or too many controls, in it."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    controls = len(re.findall(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]", sample))
    if b"\0" in sample or controls * 100 > len(sample):
        refuse(NOT_READABLE)
