"""Boards: append-only logs of entries of one size, with three secrets by hashing (docs/protocols/envelope.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.wire.names import HASH_SIZE, named_hash

SECRET_SIZE: Final = 32
#: Bytes of an entry of an inbox or of a desk's record.
INBOX_ENTRY: Final = 8_192
#: Entries of a circle: multiples of the least up to the most.
LEAST_ENTRY: Final = 4_096
MOST_ENTRY: Final = 131_072
#: Entries of a page, and hashes of a tile.
PAGE_ENTRIES: Final = 64
TILE_HASHES: Final = 256
#: Days after which the body of an entry goes; the hash of its leaf stays.
KEPT_DAYS: Final = 30


@dataclass(frozen=True, repr=False)
class BoardSecrets:
    """The secrets of a board, from the owner's down; each follows from the one before and from no later one.

    Args:
        owner: `o`, 32 random bytes: trims and closes.
    """

    owner: bytes

    @property
    def reader(self) -> bytes:
        """`r`: reads."""
        return reader_of(self.owner)

    @property
    def writer(self) -> bytes:
        """`w`: writes; the board's name on the relay."""
        return writer_of(self.reader)


@dataclass(frozen=True, repr=False)
class BoardReader:
    """What a device holds of a board that it reads and does not own.

    Args:
        reader: `r`.
    """

    reader: bytes

    @property
    def writer(self) -> bytes:
        """`w`: writes; the board's name on the relay."""
        return writer_of(self.reader)


def reader_of(owner: bytes) -> bytes:
    """Return `r`, 32 bytes, of the owner's secret."""
    return named_hash("read", _sized(owner))


def writer_of(reader: bytes) -> bytes:
    """Return `w`, 32 bytes, of the reader's secret."""
    return named_hash("write", _sized(reader))


def reads(writer: bytes, presented: bytes) -> bool:
    """Say whether `presented` is the reader's secret of the board `writer`."""
    return len(presented) == SECRET_SIZE and named_hash("write", presented) == writer


def owns(writer: bytes, presented: bytes) -> bool:
    """Say whether `presented` is the owner's secret of the board `writer`."""
    return len(presented) == SECRET_SIZE and writer_of(named_hash("read", presented)) == writer


def fits(entry_size: int) -> bool:
    """Say whether a board can have entries of this size."""
    return entry_size % LEAST_ENTRY == 0 and LEAST_ENTRY <= entry_size <= MOST_ENTRY


def _sized(secret: bytes) -> bytes:
    if len(secret) != HASH_SIZE:
        raise ValueError("a secret of a board has 32 bytes")
    return secret
