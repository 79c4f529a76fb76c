"""An age file as lines of text, for ways that carry nothing else (specification, *ASCII armor*).

Every file has one such text, save for the ends of lines and blank space around it: whoever passes it on can hide nothing in it.
"""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Final

from holdfire.sealing.age import base64
from holdfire.sealing.age.payload import cut
from holdfire.sealing.age.refusals import ArmourError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from holdfire.sealing.page import Bytes

BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
END: Final = b"-----END AGE ENCRYPTED FILE-----"
#: Most blank space before and after, as age has it.
MOST_BLANK: Final = 1_024

_COLUMNS: Final = 64
_LINE: Final = _COLUMNS // 4 * 3
_BLANK: Final = b" \t\r\n"
#: Bytes that are encoded at once.
_BLOCK: Final = 1_024 * _LINE


def armour(pieces: Iterable[Bytes]) -> Iterator[bytes]:
    """Yield everything that `pieces` yields as text between two lines that say what it is."""
    yield BEGIN + b"\n"
    for block, _ in cut(pieces, _BLOCK):
        text = binascii.b2a_base64(block, newline=False)
        yield b"".join(text[start : start + _COLUMNS] + b"\n" for start in range(0, len(text), _COLUMNS))
    yield END + b"\n"


def unarmour(untrusted_pieces: Iterable[Bytes]) -> Iterator[bytes]:
    """Yield the bytes that armour holds; that it was whole, only the end says.

    Raises:
        ArmourError: A line is not as it must be, or something else stands around it.
    """
    reader = _Reader()
    for piece in untrusted_pieces:
        yield from reader.take(bytes(piece))
    yield from reader.finish()


class _Reader:
    """Takes pieces of text; holds the beginning of a line whose end has not come."""

    def __init__(self) -> None:
        self._held = b""
        self._line = 1
        self._blank = 0
        self._begun = False
        self._closed = False
        self._ended = False

    def take(self, piece: bytes) -> Iterator[bytes]:
        if self._ended:
            self._read_after(piece)
            return
        text = self._held + piece
        if not self._begun:
            # Blank space is dropped as it comes, so that it is never searched twice.
            text = self._without_blank(text)
        *lines, self._held = text.split(b"\n")
        yield from self._read(lines)
        if len(self._held) > _COLUMNS + 1:
            raise ArmourError(self._line)

    def finish(self) -> Iterator[bytes]:
        left, self._held = self._held, b""
        if left:
            yield from self._read([left])
        if not self._ended:
            raise ArmourError(self._line)

    def _without_blank(self, text: bytes) -> bytes:
        rest = text.lstrip(_BLANK)
        blank = text[: len(text) - len(rest)]
        self._count_blank(len(blank))
        self._line += blank.count(b"\n")
        return rest

    def _count_blank(self, size: int) -> None:
        self._blank += size
        if self._blank > MOST_BLANK:
            raise ArmourError(self._line)

    def _read(self, lines: list[bytes]) -> Iterator[bytes]:
        """Read whole lines, of which the first may begin the armour and one may end it."""
        if lines and not self._begun:
            if lines[0].removesuffix(b"\r") != BEGIN:
                raise ArmourError(self._line)
            self._begun, lines = True, lines[1:]
            self._line += 1
        lines = [line.removesuffix(b"\r") for line in lines]
        end = lines.index(END) if END in lines else len(lines)
        if end:
            yield self._decode(lines[:end])
        self._line += end
        if end < len(lines):
            self._line += 1
            self._ended, self._blank = True, 0
            after, self._held = [*lines[end + 1 :], self._held], b""
            self._read_after(b"\n".join(after))

    def _read_after(self, text: bytes) -> None:
        if text.strip(_BLANK):
            raise ArmourError(self._line)
        self._count_blank(len(text))

    def _decode(self, lines: list[bytes]) -> bytes:
        """Return what lines of base64 hold: all are full but the last of the armour, after which no other may come."""
        for place, line in enumerate(lines):
            short = len(line) != _COLUMNS
            if self._closed or len(line) > _COLUMNS or not line:
                raise ArmourError(self._line + place)
            self._closed = short or line.endswith(b"=")
        try:
            return base64.decode_padded(b"".join(lines))
        except ValueError:
            raise ArmourError(self._line + self._fault(lines)) from None

    def _fault(self, lines: list[bytes]) -> int:
        """Return the number of the first line that does not decode."""
        for place, line in enumerate(lines):
            try:
                base64.decode_padded(line)
            except ValueError:
                return place
        return 0
