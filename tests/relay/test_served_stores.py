"""A relay on PostgreSQL and a bucket: two of them serve one desk as one, and what they kept outlives both."""

from __future__ import annotations

import socket
from pathlib import Path

from command_line import is_refused, run
from holdfire.reach.relay import RelayWay
from holdfire.relay.grant import new_grant
from holdfire.wire import checkpoint, http
from holdfire.wire.admission import post_entry, put_piece
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.merkle import Tree
from holdfire.wire.pieces import PIECE_SIZE
from simulators.relay_schemas import schema
from simulators.relay_server import relaying

BOARD = BoardSecrets(b"o" * 32)
ENTRIES = [bytes([number]) * INBOX_ENTRY for number in range(6)]
PIECE = b"p" * PIECE_SIZE


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_two_relays_on_one_database_and_bucket_are_one(database: str, bucket: str, tmp_path: Path) -> None:
    chosen = ("--db", schema(database), "--objects", bucket, "--price", "0")
    other = f"http://127.0.0.1:{free_port()}"
    with relaying(tmp_path, *chosen) as one:
        also = (*chosen, "--origin", one.origin, "--listen", other.removeprefix("http://"))
        with relaying(tmp_path, *also) as two, RelayWay(one.origin) as first, RelayWay(other) as second:
            assert two.head_key == one.head_key
            grant = new_grant(tmp_path, 1, chosen[1], bucket)
            assert first.ask(http.make_board(grant, BOARD.writer, INBOX_ENTRY)).status == 201
            for number, entry in enumerate(ENTRIES):
                post_entry((first, second)[number % 2].ask, BOARD.writer, entry)
            put_piece(first.ask, BOARD.writer, b"n" * 32, PIECE)
            assert second.ask(http.read_piece(BOARD.writer, b"n" * 32, BOARD.reader)).body == PIECE
        one.stop()
        one.start()
        with RelayWay(one.origin) as way:
            head = way.ask(http.get_head(BOARD.writer, BOARD.reader))
            assert way.ask(http.get_page(BOARD.writer, BOARD.reader, 0)).body == b"".join(ENTRIES)
            assert way.ask(http.read_piece(BOARD.writer, b"n" * 32, BOARD.reader)).body == PIECE
        line = checkpoint.origin_line(one.origin, BOARD.writer)
        assert checkpoint.read(head.body, line, one.head_key) == checkpoint.Checkpoint(
            6, Tree(ENTRIES).root()
        )
    # The folder keeps the key, and nothing that came.
    assert {path.name for path in tmp_path.iterdir()} == {"relay.key"}


def test_a_wrong_place_is_said(tmp_path: Path) -> None:
    serve = ("relay", "serve", "--folder", tmp_path, "--listen", "127.0.0.1:0")
    is_refused(run(*serve, "--db", "mysql://a/b"), 1, "not the address of a database")
    is_refused(run(*serve, "--objects", "gs://bucket"), 1, "neither a bucket nor a folder")
    is_refused(run(*serve, "--db", f"postgresql://relay@/none?host={tmp_path}"), 1, "cannot be reached")
