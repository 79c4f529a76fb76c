"""Several workers on one PostgreSQL: nothing is lost or numbered twice, and none takes another's bytes away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from holdfire.errors import StorageError
from holdfire.relay.open_store import open_store
from holdfire.wire.merkle import Tree
from holdfire.wire.tiles import Tile, TiledTree
from simulators.relay_schemas import schema

BOARD, OTHER = b"b" * 32, b"c" * 32
LARGE = b"L" * (1 << 20)

#: A worker that posts to two boards, in its own order, three at a time, and prints what it was told.
WORKER = """
import sys
from pathlib import Path
from holdfire.relay.open_store import open_store
address, folder, name, count = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
store = open_store(address, None, folder)
boards = [b"b" * 32, b"c" * 32] if name == "one" else [b"c" * 32, b"b" * 32]
for turn in range(count):
    bodies = [f"{name} {turn} {part}" for part in range(3)]
    with store.group():
        told = [(board[:1].decode(), store.append(board, body.encode(), 1), body) for board in boards for body in bodies]
        piece = turn.to_bytes(32, "big")
        # Both let go and keep the same bytes again and again.
        if store.drop_piece(boards[0], b"p" * 32):
            pass
        store.add_piece(boards[0], b"p" * 32, b"P" * (256 << 10), 1)
    for line in told:
        print(*line)
store.close()
"""


def test_two_workers_lose_nothing_and_number_nothing_twice(database: str, tmp_path: Path) -> None:
    address, rounds = schema(database), 60
    store = open_store(address, None, tmp_path)
    with store.group():
        store.add_board(BOARD, 4_096)
        store.add_board(OTHER, 4_096)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, address, str(tmp_path), name, str(rounds)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    told = [
        line.split(" ", 2) for worker in workers for line in worker.communicate(timeout=120)[0].splitlines()
    ]
    assert [worker.returncode for worker in workers] == [0, 0]
    for board in (BOARD, OTHER):
        bodies = dict(store.bodies(board, 0, 9_999))
        assert {int(one): body.encode() for letter, one, body in told if letter == chr(board[0])} == bodies
        assert sorted(bodies) == list(range(rounds * 6))

        def fetch(tile: Tile, board: bytes = board) -> bytes:
            return b"".join(store.hashes(board, tile.level, tile.index * 256, tile.width))

        assert TiledTree(rounds * 6, fetch).root() == Tree([bodies[one] for one in sorted(bodies)]).root(
            rounds * 6
        )
        assert store.read_piece(board, b"p" * 32) == b"P" * (256 << 10)
    store.close()


def test_a_store_opened_beside_a_group_leaves_its_bytes_alone(database: str, tmp_path: Path) -> None:
    """The one that opens sweeps; what a group has written and not committed must wait for its row."""
    address = schema(database)
    working = open_store(address, None, tmp_path)
    opens = "import sys; from pathlib import Path; from holdfire.relay.open_store import open_store; open_store(sys.argv[1], None, Path(sys.argv[2])).close()"
    with working.group():
        working.add_board(BOARD, 4_096)
        working.add_piece(BOARD, b"p" * 32, LARGE, 1)
        opening = subprocess.Popen([sys.executable, "-c", opens, address, str(tmp_path)])
        with pytest.raises(subprocess.TimeoutExpired):
            opening.wait(2)
    assert opening.wait(60) == 0
    assert working.read_piece(BOARD, b"p" * 32) == LARGE
    working.close()


def test_a_lost_connection_takes_the_group_back_and_the_next_one_goes_on(
    database: str, tmp_path: Path
) -> None:
    store = open_store(schema(database), None, tmp_path)
    with store.group():
        store.add_board(BOARD, 4_096)

    def cut() -> None:
        with store.group():
            store.append(BOARD, b"lost", 1)
            store.add_piece(BOARD, b"p" * 32, LARGE, 1)
            with psycopg.connect(database, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                )
            store.append(BOARD, b"lost too", 1)

    with pytest.raises(StorageError):
        cut()
    with store.group():
        assert store.append(BOARD, b"kept", 1) == 0
    assert store.bodies(BOARD, 0, 9) == [(0, b"kept")]
    assert [path for path in tmp_path.rglob("*") if len(path.name) >= 64] == []
    store.close()


def test_a_group_that_hid_an_error_of_the_server_is_not_confirmed(database: str, tmp_path: Path) -> None:
    store = open_store(schema(database), None, tmp_path)
    with store.group():
        store.add_board(BOARD, 4_096)
        store.add_piece(BOARD, b"p" * 32, b"x", 1)

    def hide() -> None:
        with store.group():
            store.append(BOARD, b"lost", 1)
            with pytest.raises(psycopg.IntegrityError):
                store.add_piece(BOARD, b"p" * 32, b"y", 1)

    with pytest.raises(StorageError):
        hide()
    assert store.bodies(BOARD, 0, 9) == []
    store.close()
