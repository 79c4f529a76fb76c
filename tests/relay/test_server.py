"""The relay as it runs: what is refused early, what outlives a stop, what never reaches its log."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.reach.relay import RelayWay
from holdfire.relay.answer import WORDS
from holdfire.wire import checkpoint, http
from holdfire.wire.admission import post_entry, put_piece
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.http import Request
from holdfire.wire.merkle import Tree
from holdfire.wire.pieces import PIECE_SIZE
from holdfire.wire.sheets import CARD, CARD_SIZE, sheet_of
from holdfire.wire.tickets import ticket_hash
from simulators.relay_server import RelayServer, relaying

BOARD = BoardSecrets(b"o" * 32)
SHEET = b"s" * 32
TICKET = b"t" * 32
SAID = "A desk needs both, and a grant: `holdfire relay grant`. Ctrl-C stops the relay.\n"


def entry(number: int) -> bytes:
    return number.to_bytes(2, "big") * (INBOX_ENTRY // 2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with relaying(tmp_path_factory.mktemp("relay")) as running:
        with RelayWay(running.origin) as way:
            grant = running.grant()
            assert way.ask(http.make_board(grant, BOARD.writer, INBOX_ENTRY)).status == 201
            assert way.ask(http.make_sheet(grant, sheet_of(SHEET))).status == 201
        yield running


def raw(server: RelayServer, sent: bytes) -> bytes:
    """Return all that comes back for these bytes, until the relay closes."""
    host, _, port = server.origin.partition("://")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as one:
        one.sendall(sent)
        found = b""
        while piece := one.recv(65_536):
            found += piece
    return found


def test_an_entry_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with relaying(tmp_path) as server:
        with RelayWay(server.origin) as way:
            way.ask(http.make_board(server.grant(), BOARD.writer, INBOX_ENTRY))
            for number in range(3):
                post_entry(way.ask, BOARD.writer, entry(number))
        # What a desk needs is said, and not one line about requests.
        assert server.stop() == SAID
        server.start()
        with RelayWay(server.origin) as way:
            head = way.ask(http.get_head(BOARD.writer, BOARD.reader))
            page = way.ask(http.get_page(BOARD.writer, BOARD.reader, 0))
        line = checkpoint.origin_line(server.origin, BOARD.writer)
        seen = checkpoint.read(head.body, line, server.head_key)
    assert seen == checkpoint.Checkpoint(3, Tree([entry(number) for number in range(3)]).root())
    assert page.body == b"".join(entry(number) for number in range(3))


def test_an_answer_says_nothing_of_the_server(server: RelayServer) -> None:
    found = raw(server, b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    head = found.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 200")
    assert {line.partition(b":")[0] for line in head.split(b"\r\n")[1:]} == {b"content-length", b"connection"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (Request("GET", "/nothing"), 404),
        (Request("PATCH", "/health"), 404),
        (Request("GET", "/health?x=1"), 404),
        (Request("GET", f"/boards/{BOARD.writer.hex()}/head"), 404),
        (http.get_head(BOARD.writer, b"x" * 32), 404),
        (http.post_entry(b"x" * 32, entry(1)), 404),
        (http.post_entry(BOARD.writer, entry(1)), 403),
        (http.post_entry(BOARD.writer, entry(1), b"x" * 32), 403),
        (http.post_entry(BOARD.writer, b"short"), 413),
        (http.write_piece(BOARD.writer, b"n" * 32, bytes(PIECE_SIZE)), 403),
        (http.write_sheet(sheet_of(SHEET), CARD, b"x" * 32, 0, bytes(CARD_SIZE)), 404),
        (http.make_sheet(b"x" * 32, b"y" * 32), 403),
    ],
    ids=lambda one: f"{one.method} {one.path[:12]}" if isinstance(one, Request) else str(one),
)  # fmt: skip
def test_what_is_refused_is_refused_in_one_shape(server: RelayServer, request_: Request, status: int) -> None:
    with RelayWay(server.origin) as way:
        answer = way.ask(request_)
    assert (answer.status, answer.body) == (status, f"{WORDS[status]}\n".encode())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"", b"411"),
        (b"Transfer-Encoding: chunked\r\n", b"411"),
        (b"Content-Length: 8191\r\n", b"413"),
        (b"Content-Length: 99999999999999\r\n", b"413"),
    ],
    ids=["no length", "chunks", "one short", "giant"],
)
def test_lengths_are_judged_before_a_body_is_read(server: RelayServer, headers: bytes, status: bytes) -> None:
    path = f"/boards/{BOARD.writer.hex()}".encode()
    found = raw(
        server, b"POST " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + b"\r\n"
    )
    assert found.startswith(b"HTTP/1.1 " + status)


def test_a_piece_without_leave_is_refused_before_it_is_sent(server: RelayServer) -> None:
    path = f"/pieces/{BOARD.writer.hex()}/{'ab' * 32}".encode()
    start = b"PUT " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1048576\r\n\r\n"
    assert raw(server, start).startswith(b"HTTP/1.1 403")


def test_giant_headers_and_headers_drop_by_drop_are_cut_off(server: RelayServer) -> None:
    assert raw(server, b"GET /health HTTP/1.1\r\nX: " + b"x" * 20_000).startswith(b"HTTP/1.1 400")
    assert raw(server, b"GET /health HTTP/1.1\r\nX: ") == b""


def test_a_connection_that_was_answered_once_is_cut_off_likewise(server: RelayServer) -> None:
    host, _, port = server.origin.partition("://")[2].partition(":")
    whole, part = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /health HTTP/1.1\r\nX: "
    with socket.create_connection((host, int(port)), timeout=60) as one:
        for _ in range(3):
            one.sendall(whole)
            assert one.recv(1_000).startswith(b"HTTP/1.1 200")
        one.sendall(part)
        assert one.recv(1_000) == b""


def test_pieces_by_ticket_and_by_puzzle(server: RelayServer) -> None:
    with RelayWay(server.origin) as way:
        hashes = [ticket_hash(TICKET)]
        assert way.ask(http.register_tickets(BOARD.writer, BOARD.reader, hashes)).status == 204
        put_piece(way.ask, BOARD.writer, b"1" * 32, b"1" * PIECE_SIZE, ticket=TICKET)
        put_piece(way.ask, BOARD.writer, b"2" * 32, b"2" * PIECE_SIZE)
        assert way.ask(http.write_piece(BOARD.writer, b"3" * 32, b"3" * PIECE_SIZE, TICKET)).status == 403
        for name in (b"1", b"2"):
            assert way.ask(http.read_piece(BOARD.writer, name * 32, BOARD.reader)).body == name * PIECE_SIZE


@pytest.mark.nightly
def test_a_body_that_never_comes_is_given_a_minute(server: RelayServer) -> None:
    path = f"/boards/{BOARD.writer.hex()}".encode()
    start = b"POST " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 8192\r\n\r\n"
    host, _, port = server.origin.partition("://")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=90) as one:
        one.sendall(start)
        assert one.recv(100).startswith(b"HTTP/1.1 408")
