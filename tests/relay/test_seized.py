"""What a seized disk tells: nothing that was erased, nothing a crash left behind, no time of the day in a file's date."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.relay.sqlite import SqliteStore

BOARD, PIECE = b"b" * 32, b"p" * 32
ONE, TWO = b"1" * (1 << 20), b"2" * (1 << 20)
PLANTED = b"Planted-In-A-Body-" * 400

#: A relay that dies at a chosen place; `store` and `os` are there.
DYING = """
import os, sys
from pathlib import Path
from holdfire.relay.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
board, piece = b"b" * 32, b"p" * 32
with store.group():
    store.add_board(board, 8192)
    store.add_piece(board, piece, b"1" * (1 << 20), 5)
    {inside}
{after}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "relay")
    with opened.group():
        opened.add_board(BOARD, 8_192)
    yield opened
    opened.close()


def files_with(folder: Path, planted: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and planted in path.read_bytes()]


@pytest.mark.parametrize("way", ["trimmed", "old", "closed"])
def test_an_erased_body_stands_in_no_file(store: SqliteStore, tmp_path: Path, way: str) -> None:
    with store.group():
        store.append(BOARD, PLANTED, 5)
    assert files_with(tmp_path, b"Planted-In-A-Body-")
    with store.group():
        if way == "trimmed":
            store.trim(BOARD, 1)
        elif way == "old":
            store.expire(6)
        else:
            store.close_board(BOARD)
    assert files_with(tmp_path, b"Planted-In-A-Body-") == []


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("os._exit(9)", ""),
        (
            "pass",
            "store._objects.remove = lambda name: os._exit(9)\nwith store.group():\n    store.drop_piece(board, piece)",
        ),
    ],
    ids=["before the row", "before the file goes"],
)
def test_a_crash_leaves_no_file_without_a_row(tmp_path: Path, inside: str, after: str) -> None:
    code = DYING.format(inside=inside, after=after)
    died = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=60)
    assert died.returncode == 9
    assert len([*(tmp_path / "large").iterdir()]) == 1
    store = SqliteStore(tmp_path)
    assert store.read_piece(BOARD, PIECE) is None
    assert [*(tmp_path / "large").iterdir()] == []
    store.close()


def test_opening_again_keeps_what_was_acknowledged(store: SqliteStore, tmp_path: Path) -> None:
    with store.group():
        store.add_piece(BOARD, PIECE, ONE, 5)
    store.close()
    again = SqliteStore(tmp_path / "relay")
    assert again.read_piece(BOARD, PIECE) == ONE
    again.close()


def test_a_group_taken_back_leaves_the_piece_that_stood_there(store: SqliteStore, tmp_path: Path) -> None:
    with store.group():
        store.add_piece(BOARD, PIECE, ONE, 5)

    def fail() -> None:
        with store.group():
            store.drop_piece(BOARD, PIECE)
            store.add_piece(BOARD, PIECE, TWO, 5)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.read_piece(BOARD, PIECE) == ONE
    assert len([*(tmp_path / "relay" / "large").iterdir()]) == 1


def test_files_are_the_hosts_alone_and_pieces_tell_no_hour(store: SqliteStore, tmp_path: Path) -> None:
    with store.group():
        store.add_piece(BOARD, PIECE, ONE, 5)
    for path in (tmp_path / "relay").glob("relay.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path.stat().st_mtime for path in (tmp_path / "relay" / "large").iterdir()] == [0]
