from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.wire.encoding import FormatError
from holdfire.wire.merkle import Tree, verify_consistency, verify_inclusion
from holdfire.wire.tiles import Tile, TiledTree, read_tile, tiles_of

LEAVES = [str(place).encode() for place in range(1_400)]
TREE = Tree(LEAVES)


def kept(size: int) -> dict[tuple[int, int, int], bytes]:
    """Return a relay's tiles: hash i of level l is the root over 256ˡ leaves."""
    found = {}
    for tile in tiles_of(size):
        span = 256**tile.level
        places = range(tile.index * 256, tile.index * 256 + tile.width)
        hashes = (Tree(LEAVES[place * span : (place + 1) * span]).root() for place in places)
        found[tile.level, tile.index, tile.width] = b"".join(hashes)
    return found


@given(st.integers(1, 1_400), st.data())
@settings(max_examples=25, deadline=None)
def test_from_tiles_come_the_same_roots_and_proofs(size: int, data: st.DataObject) -> None:
    tiles = kept(size)
    tree = TiledTree(size, lambda tile: tiles[tile.level, tile.index, tile.width])
    number, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = TREE.root(size)
    assert tree.root() == root
    assert tree.root(old) == TREE.root(old)
    assert tree.inclusion(number) == TREE.inclusion(number, size)
    verify_inclusion(Tree([LEAVES[number]]).root(), number, size, tree.inclusion(number), root)
    verify_consistency(old, size, TREE.root(old), root, tree.consistency(old))


def test_each_tile_is_fetched_once() -> None:
    tiles, asked = kept(1_400), []

    def fetch(tile: Tile) -> bytes:
        asked.append(tile)
        return tiles[tile.level, tile.index, tile.width]

    tree = TiledTree(1_400, fetch)
    tree.root()
    tree.inclusion(7)
    tree.inclusion(8)
    assert len(asked) == len(set(asked))


def test_a_tile_of_another_size_is_refused() -> None:
    with pytest.raises(FormatError):
        read_tile(bytes(31), Tile(0, 0, 1))
