"""A package as one tar file: the same files give the same bytes, at any place (docs/formats/package.md §2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from holdfire.evidence.package.layout import MOST_FILES, STEP, Piece, known
from holdfire.evidence.package.refusals import ArchiveError, CrowdedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BLOCK: Final = 512
TOP: Final = "package/"
#: From here on the size does not fit into the eleven octal digits of a header.
MOST_OCTAL: Final = 1 << 33
#: Least step of the padding.
LEAST_STEP: Final = 1 << 16
#: A size is padded to a step of at most this part of it, as a power of two.
_SIXTEENTH: Final = 4

_PAX_NAME: Final = TOP + "size"
_PAX: Final = re.compile(rb"([0-9]{1,3}) size=([1-9][0-9]{0,15})\n\0*")
_PLAIN: Final = b"0"
_EXTENDED: Final = b"x"
_NAME_SIZE: Final = 100


class Archive:
    """The tar file that holds `pieces`; nothing of it is made before it is asked for.

    Attributes:
        size: How many bytes it has, padded.
        filled: How many of these are files and their headers.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = tuple(pieces)
        lengths = [len(header(one.name, one.size)) + _blocks(one.size) for one in self._pieces]
        self._starts = [0, *accumulate(lengths)]
        self.filled = self._starts[-1]
        self.size = padded(self.filled + 2 * BLOCK)

    def pieces(self, start: int = 0) -> Iterator[bytes]:
        """Yield the archive from byte `start` on."""
        first = max(0, bisect_right(self._starts, start) - 1)
        for number in range(first, len(self._pieces)):
            yield from _from(self._entry(self._pieces[number]), max(0, start - self._starts[number]))
        yield from zeros(self.size - max(start, self.filled))

    def _entry(self, one: Piece) -> Iterator[tuple[int, Callable[[int, int], bytes]]]:
        """Yield the parts of an entry: how long each is, and how it is read."""
        head = header(one.name, one.size)
        yield len(head), lambda place, size: head[place : place + size]
        yield one.size, one.read
        yield _blocks(one.size) - one.size, lambda _, size: bytes(size)


def _from(parts: Iterator[tuple[int, Callable[[int, int], bytes]]], start: int) -> Iterator[bytes]:
    for length, read in parts:
        place = min(start, length)
        start -= place
        while place < length:
            found = read(place, min(STEP, length - place))
            if not found:
                raise ArchiveError
            yield found
            place += len(found)


def zeros(size: int) -> Iterator[bytes]:
    """Yield `size` zeros."""
    step = bytes(STEP)
    for start in range(0, size, STEP):
        yield step[: min(STEP, size - start)]


def padded(size: int) -> int:
    """Return the size that an archive with `size` bytes is given, at most a sixteenth or 64 KiB more."""
    step = max(LEAST_STEP, 1 << max(0, size.bit_length() - 1 - _SIXTEENTH))
    return -(-size // step) * step


def header(name: str, size: int) -> bytes:
    """Return what stands in front of a file: one block, or three where the size needs more digits."""
    if size < MOST_OCTAL:
        return _block(TOP + name, size, _PLAIN)
    record = b" size=%d\n" % size
    length = len(record) + 2
    record = b"%d%s" % (length, record)
    return (
        _block(_PAX_NAME, len(record), _EXTENDED)
        + record.ljust(BLOCK, b"\0")
        # The size that is read is the one above; readers that know only ustar see the file as empty, not cut.
        + _block(TOP + name, 0, _PLAIN)
    )


def index(read_at: Callable[[int, int], bytes], size: int) -> tuple[Piece, ...]:
    """Return the files of an archive, without their SHA-256; only what `Archive` writes is read.

    Args:
        read_at: Returns so many bytes from a place.
        size: Of the archive.

    Raises:
        ArchiveError: It is no package, or one that was packed anew.
        CrowdedError: It holds more files than a package has.
    """
    found: list[Piece] = []
    place = 0
    while (untrusted := read_at(place, BLOCK)) and untrusted != bytes(BLOCK):
        if len(found) == MOST_FILES:
            raise CrowdedError
        untrusted += read_at(place + BLOCK, 2 * BLOCK) if untrusted[156:157] == _EXTENDED else b""
        name, length = _fields(untrusted)
        if not known(name) or header(name, length) != untrusted:
            raise ArchiveError
        place += len(untrusted)
        if place + _blocks(length) + 2 * BLOCK > size:
            raise ArchiveError
        found.append(Piece(name, length, "", _part(read_at, place, length)))
        rest = _blocks(length) - length
        if read_at(place + length, rest) != bytes(rest):
            raise ArchiveError
        place += _blocks(length)
    if size != padded(place + 2 * BLOCK):
        raise ArchiveError
    for start in range(place, size, STEP):
        wanted = min(STEP, size - start)
        if read_at(start, wanted) != bytes(wanted):
            raise ArchiveError
    return tuple(found)


def _fields(untrusted: bytes) -> tuple[str, int]:
    """Return the name and the size that a header names; whether it is spelt so is judged by writing it again."""
    try:
        if untrusted[156:157] == _EXTENDED:
            record = _PAX.fullmatch(untrusted[BLOCK : 2 * BLOCK])
            length = int(record[2]) if record else -1
            last = untrusted[2 * BLOCK :]
        else:
            length, last = int(untrusted[124:135], 8), untrusted
        name = last[:_NAME_SIZE].rstrip(b"\0").decode("ascii")
    except ValueError:
        raise ArchiveError from None
    if not name.startswith(TOP) or length < 0:
        raise ArchiveError
    return name.removeprefix(TOP), length


def _part(read_at: Callable[[int, int], bytes], start: int, length: int) -> Callable[[int, int], bytes]:
    return lambda place, size: read_at(start + place, max(0, min(size, length - place)))


def _block(name: str, size: int, kind: bytes) -> bytes:
    """Return one header block (POSIX.1-1988): fixed mode, owner and time."""
    identity = b"0000644\0" + b"0000000\0" * 2
    fields = b"".join(
        (
            name.encode("ascii").ljust(_NAME_SIZE, b"\0"),
            identity,
            b"%011o\0" % size,
            b"%011o\0" % 0,
            b" " * 8,
            kind,
            bytes(_NAME_SIZE),
            b"ustar\x0000",
            bytes(64),
            b"0000000\0" * 2,
        )
    ).ljust(BLOCK, b"\0")
    return fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]


def _blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
