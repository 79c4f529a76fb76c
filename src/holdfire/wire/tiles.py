"""Tiles: a board's tree in fixed runs of 256 hashes, from which a reader builds every proof alone (C2SP tlog-tiles).

Hash i of level l is the root over 256ˡ leaves from i·256ˡ on. A tile is full, or the last one of its level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from holdfire.wire.boards import TILE_HASHES
from holdfire.wire.encoding import FormatError
from holdfire.wire.merkle import HASH_SIZE, consistency_proof, inclusion_proof, node_hash, split

_BITS: Final = TILE_HASHES.bit_length() - 1


@dataclass(frozen=True)
class Tile:
    """Which tile: its level from 0, its number in the level, how many hashes it holds in the tree that is meant."""

    level: int
    index: int
    width: int


#: Fetches a tile's bytes.
Fetch = Callable[[Tile], bytes]


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield the tiles of a tree of `size` leaves, level by level."""
    level, count = 0, size
    while count:
        for index in range(-(-count // TILE_HASHES)):
            yield Tile(level, index, min(TILE_HASHES, count - index * TILE_HASHES))
        level, count = level + 1, count // TILE_HASHES


def read_tile(untrusted: bytes, tile: Tile) -> tuple[bytes, ...]:
    """Return the hashes of a tile.

    Raises:
        FormatError: It has another size.
    """
    if len(untrusted) != tile.width * HASH_SIZE:
        raise FormatError("tile", "wrong length")
    return tuple(untrusted[start : start + HASH_SIZE] for start in range(0, len(untrusted), HASH_SIZE))


class TiledTree:
    """A tree of which only tiles are at hand; what it proves is believed only once it has been verified against a signed head.

    Args:
        size: Leaves of the tree, from a signed head.
        fetch: Asked for each tile once.
    """

    def __init__(self, size: int, fetch: Fetch) -> None:
        self.size = size
        self._fetch = fetch
        self._kept: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves, at least one, as the tiles give it."""
        return self._hash(0, self._bounded(size))

    def inclusion(self, number: int) -> tuple[bytes, ...]:
        """Return the proof that leaf `number` stands in the tree (RFC 9162 §2.1.3.1)."""
        return inclusion_proof(number, self.size, self._hash)

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """Return the proof that the first `old` leaves are what they were (RFC 9162 §2.1.4.1)."""
        return consistency_proof(old, self.size, self._hash)

    def _bounded(self, size: int | None) -> int:
        wanted = self.size if size is None else size
        if not 0 < wanted <= self.size:
            raise ValueError("there is no such size")
        return wanted

    def _hash(self, start: int, end: int) -> bytes:
        count = end - start
        if not count & (count - 1):
            height = count.bit_length() - 1
            return self._node(height // _BITS, height % _BITS, start >> height)
        middle = start + split(count)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _node(self, level: int, above: int, place: int) -> bytes:
        """Return the hash `above` steps over the hashes of `level`: a tile holds every eighth height, the others follow."""
        if not above:
            hashes = self._tile(level, place // TILE_HASHES)
            return hashes[place % TILE_HASHES]
        return node_hash(self._node(level, above - 1, 2 * place), self._node(level, above - 1, 2 * place + 1))

    def _tile(self, level: int, index: int) -> tuple[bytes, ...]:
        if (level, index) not in self._kept:
            count = self.size >> _BITS * level
            tile = Tile(level, index, min(TILE_HASHES, count - index * TILE_HASHES))
            self._kept[level, index] = read_tile(self._fetch(tile), tile)
        return self._kept[level, index]
