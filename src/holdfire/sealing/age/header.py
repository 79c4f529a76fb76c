"""The header of an age file: who can open it, in stanzas, under a MAC (docs/formats/age.md §1, §3).

Rules, in the order in which they are held:

1. No line is longer than `LONGEST_LINE`, no header than `LONGEST_HEADER`, no list than `MOST_STANZAS`. Nothing here is
   authenticated yet, so these bound what a stranger can make us do.
2. The version line is `age-encryption.org/v1`.
3. A stanza is `-> ` and arguments of visible ASCII, parted by one space; then lines of 64 columns of base64; then one
   shorter line, which may be empty.
4. The last line is `--- ` and 43 characters of base64, the MAC over everything up to `---`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfire.language import mark
from holdfire.sealing.age import base64
from holdfire.sealing.age.refusals import ForgedHeaderError, HeaderError, bad_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from holdfire.sealing.page import Bytes

FILE_KEY_SIZE: Final = 16
LONGEST_HEADER: Final = 2 << 20
LONGEST_LINE: Final = 8_192
MOST_STANZAS: Final = 1_024

_NAME: Final = b"age-encryption.org/"
_VERSION: Final = b"age-encryption.org/v1"
_COLUMNS: Final = 64
_MAC_COLUMNS: Final = 43


@dataclass(frozen=True)
class Stanza:
    """The file key wrapped for one recipient: `arguments`, the first of which names the kind, and `body`."""

    arguments: tuple[str, ...]
    body: bytes

    @property
    def kind(self) -> str:
        """The kind of recipient."""
        return self.arguments[0]

    def text(self) -> bytes:
        """Return the stanza as it stands in a header."""
        body = base64.encode(self.body)
        # A body that fills its last line is followed by an empty one, so that the end can be seen.
        lines = [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
        return b"\n".join([f"-> {' '.join(self.arguments)}".encode("ascii"), *lines, b""])


@dataclass(frozen=True)
class Header:
    """A header that obeys the grammar; nothing in it is authentic before `check`.

    Args:
        stanzas: One for each recipient.
        covered: The bytes the MAC speaks for.
        mac: 32 bytes.
    """

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes

    @property
    def size(self) -> int:
        """How many bytes it takes at the beginning of the file."""
        return len(self.covered) + 1 + _MAC_COLUMNS + 1

    def check(self, file_key: bytes) -> None:
        """Return if the header is the one written with `file_key`.

        Raises:
            ForgedHeaderError: It is another.
        """
        try:
            _mac(file_key, self.covered).verify(self.mac)
        except InvalidSignature:
            raise ForgedHeaderError from None


def write(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """Return the header that holds `stanzas`, authenticated under `file_key`."""
    covered = b"".join([_VERSION, b"\n", *(stanza.text() for stanza in stanzas), b"---"])
    return b"%s %s\n" % (covered, base64.encode(_mac(file_key, covered).finalize()))


def read(untrusted_pieces: Iterable[Bytes]) -> tuple[Header, Iterator[Bytes]]:
    """Return the header at the beginning of a stream, and an iterator over everything after it.

    Raises:
        HeaderError: It breaks one of the rules above; at most 2 MiB and one piece are read before that is said.
    """
    lines = _Lines(untrusted_pieces)
    version = lines.take()
    if version != _VERSION:
        if version.startswith(_NAME):
            raise HeaderError(mark("A newer age wrote this file; Holdfire reads version 1."))
        raise HeaderError(mark("This is not an age file."))
    stanzas: list[Stanza] = []
    while not (line := lines.take()).startswith(b"---"):
        if len(stanzas) == MOST_STANZAS:
            raise HeaderError(
                mark("This age file names more recipients than Holdfire reads: over {most}."),
                most=MOST_STANZAS,
            )
        stanzas.append(Stanza(_arguments(line, lines.number), _body(lines)))
    if not stanzas or line[3:4] != b" " or len(line) != len(b"--- ") + _MAC_COLUMNS:
        raise bad_line(lines.number)
    return Header(tuple(stanzas), lines.taken()[: -_MAC_COLUMNS - 2], _decoded(line[4:], lines)), lines.rest()


def _arguments(line: bytes, number: int) -> tuple[str, ...]:
    arguments = line.split(b" ")
    visible = all(argument and all(0x21 <= byte <= 0x7E for byte in argument) for argument in arguments)  # noqa: PLR2004 — VCHAR of RFC 5234
    if arguments[0] != b"->" or len(arguments) == 1 or not visible:
        raise bad_line(number)
    return tuple(argument.decode("ascii") for argument in arguments[1:])


def _body(lines: _Lines) -> bytes:
    body = bytearray()
    while True:
        line = lines.take()
        if len(line) > _COLUMNS:
            raise bad_line(lines.number)
        body += _decoded(line, lines)
        if len(line) < _COLUMNS:
            return bytes(body)


def _decoded(text: bytes, lines: _Lines) -> bytes:
    try:
        return base64.decode(text)
    except ValueError:
        raise bad_line(lines.number) from None


def _mac(file_key: bytes, covered: bytes) -> HMAC:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"header").derive(file_key)
    mac = HMAC(key, SHA256())
    mac.update(covered)
    return mac


class _Lines:
    """The first lines of a stream, within bounds, and then its rest."""

    def __init__(self, pieces: Iterable[Bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()
        self._place = 0
        self.number = 0

    def take(self) -> bytes:
        """Return the next line without its LF."""
        self.number += 1
        searched = self._place
        while (end := self._held.find(b"\n", searched, self._place + LONGEST_LINE)) < 0:
            searched = len(self._held)
            if searched - self._place >= LONGEST_LINE:
                raise bad_line(self.number)
            piece = next(self._pieces, None)
            if piece is None:
                raise bad_line(self.number)
            self._held += piece
        line = bytes(self._held[self._place : end])
        self._place = end + 1
        if self._place > LONGEST_HEADER:
            raise HeaderError(
                mark("The header of this age file is longer than Holdfire reads: over {most} bytes."),
                most=LONGEST_HEADER,
            )
        return line

    def taken(self) -> bytes:
        """Return all lines so far as they stood."""
        return bytes(self._held[: self._place])

    def rest(self) -> Iterator[Bytes]:
        """Yield what comes after the lines."""
        if left := bytes(self._held[self._place :]):
            yield left
        yield from self._pieces
