"""Every store keeps what docs/protocols/relay.md promises; the same claims are put to each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.relay.open_store import open_store
from holdfire.relay.sqlite import SqliteStore
from holdfire.relay.store import Board, Kept, Store
from holdfire.wire.merkle import Tree
from holdfire.wire.tiles import Tile, TiledTree
from simulators.relay_schemas import schema
from simulators.relay_store import SimulatedStore

BOARD, OTHER = b"b" * 32, b"c" * 32
LARGE = b"L" * (1 << 20)


STORES = ["simulated", "memory", "folder", "folder and bucket", "postgres", "postgres and bucket"]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    which = str(request.param)
    db = schema(request.getfixturevalue("database")) if "postgres" in which else None
    objects = request.getfixturevalue("bucket") if "bucket" in which else None
    opened: Store
    if which == "simulated":
        opened = SimulatedStore()
    elif which == "memory":
        opened = SqliteStore(None)
    else:
        opened = open_store(db, objects, tmp_path)
    yield opened
    opened.close()


def test_a_grant_is_used_as_often_as_it_says(store: Store) -> None:
    store.add_grant(b"g" * 32, 2)
    assert [store.use_grant(b"g" * 32) for _ in range(3)] == [True, True, False]


def test_the_hashes_of_600_entries_give_the_root_of_their_tree(store: Store) -> None:
    bodies = [number.to_bytes(4, "big") for number in range(600)]
    with store.group():
        assert store.add_board(BOARD, 4_096)
        assert not store.add_board(BOARD, 4_096)
        assert [store.append(BOARD, body, 7) for body in bodies] == list(range(600))

    def fetch(tile: Tile) -> bytes:
        return b"".join(store.hashes(BOARD, tile.level, tile.index * 256, tile.width))

    for size in (1, 255, 256, 257, 600):
        assert TiledTree(size, fetch).root() == Tree(bodies).root(size)
    assert store.bodies(BOARD, 64, 66) == [(64, bodies[64]), (65, bodies[65])]


def test_what_is_trimmed_or_old_goes_and_its_hash_stays(store: Store) -> None:
    with store.group():
        store.add_board(BOARD, 4_096)
        for day in range(6):
            store.append(BOARD, bytes([day]), day)
        store.trim(BOARD, 2)
        store.trim(BOARD, 1)
    assert store.board(BOARD) == Board(4_096, 6, 2)
    store.expire(4)
    assert [number for number, _ in store.bodies(BOARD, 0, 9)] == [4, 5]
    assert store.board(BOARD) == Board(4_096, 6, 4)
    store.expire(9)
    assert store.board(BOARD) == Board(4_096, 6, 6)
    assert len(store.hashes(BOARD, 0, 0, 256)) == 6


def test_a_group_left_by_an_error_wrote_nothing(store: Store) -> None:
    store.add_board(BOARD, 4_096)

    def fail() -> None:
        with store.group():
            store.append(BOARD, b"x", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.board(BOARD) == Board(4_096, 0, 0)
    assert store.hashes(BOARD, 0, 0, 256) == []


def test_a_ticket_and_a_solution_are_good_once(store: Store) -> None:
    store.add_tickets(BOARD, [b"t" * 32], 1)
    assert not store.use_ticket(OTHER, b"t" * 32)
    assert not store.has_ticket(OTHER, b"t" * 32)
    assert store.has_ticket(BOARD, b"t" * 32)
    assert (store.count_tickets(BOARD), store.count_tickets(OTHER)) == (1, 0)
    assert [store.use_ticket(BOARD, b"t" * 32) for _ in range(2)] == [True, False]
    assert not store.has_ticket(BOARD, b"t" * 32)
    assert store.count_tickets(BOARD) == 0
    assert [store.use_once(b"s" * 32, 5) for _ in range(2)] == [True, False]
    store.forget_used(6)
    assert store.use_once(b"s" * 32, 6)


def test_files_of_a_desk_are_replaced_and_old_editions_dropped(store: Store) -> None:
    assert store.add_sheet(BOARD)
    assert store.has_sheet(BOARD)
    with store.group():
        store.write_file(BOARD, "card", 0, Kept(1, b"one"))
        store.write_file(BOARD, "card", 0, Kept(2, b"two"))
        for edition in (1, 2, 3):
            store.write_file(BOARD, f"bucket/{edition}/0", edition, Kept(1, LARGE))
    assert store.read_file(BOARD, "card") == Kept(2, b"two")
    assert store.editions(BOARD) == [3, 2, 1]
    with store.group():
        store.drop_edition(BOARD, 1)
    assert store.read_file(BOARD, "bucket/1/0") is None
    assert store.read_file(BOARD, "bucket/2/0") == Kept(1, LARGE)


def test_pieces_go_when_dropped_or_old_or_when_their_board_is_closed(store: Store, tmp_path: Path) -> None:
    with store.group():
        store.add_board(BOARD, 4_096)
        for day, name in enumerate((b"1" * 32, b"2" * 32, b"3" * 32)):
            store.add_piece(BOARD, name, LARGE, day)
    assert store.count_pieces(BOARD) == 3
    assert store.read_piece(BOARD, b"1" * 32) == LARGE
    with store.group():
        store.expire(1)
    with store.group():
        assert store.drop_piece(BOARD, b"2" * 32)
        assert not store.drop_piece(BOARD, b"2" * 32)
    assert store.count_pieces(BOARD) == 1
    with store.group():
        store.close_board(BOARD)
    assert store.board(BOARD) is None
    assert store.read_piece(BOARD, b"3" * 32) is None
    assert not [path for path in tmp_path.rglob("*") if len(path.name) >= 64]
