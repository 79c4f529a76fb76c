"""T33: clients that stall, lie about lengths, never read or talk without end keep nobody else out, and are cut off in bounded memory."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.reach.relay import RelayWay
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.sheets import BUCKET_SIZE, SheetName, sheet_of
from simulators.relay_server import RelayServer, relaying

BOARD = BoardSecrets(b"o" * 32)
SHEET = b"s" * 32
BUCKET = SheetName("bucket", 1, 0)
POST = f"POST /boards/{BOARD.writer.hex()} HTTP/1.1\r\nHost: a\r\n".encode()
GET_BUCKET = f"GET /sheets/{sheet_of(SHEET).hex()}/buckets/1/0 HTTP/1.1\r\nHost: a\r\n\r\n".encode()
HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
#: More than all of them together may cost the relay.
MOST_MEMORY = 96 << 20
#: Seconds after which a test gives up; nothing is measured.
PATIENCE = 100


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with relaying(tmp_path_factory.mktemp("relay"), "--open") as running:
        with RelayWay(running.origin) as way:
            grant = running.grant()
            assert way.ask(http.make_board(grant, BOARD.writer, INBOX_ENTRY)).status == 201
            assert way.ask(http.make_sheet(grant, sheet_of(SHEET))).status == 201
            bucket = http.write_sheet(sheet_of(SHEET), BUCKET, SHEET, 0, bytes(BUCKET_SIZE))
            assert way.ask(bucket).status == 204
        yield running


@contextlib.contextmanager
def clients(server: RelayServer, count: int, *sent: bytes) -> Iterator[list[socket.socket]]:
    """Open connections that send one of `sent` each, and then no more; they read nothing of their own accord."""
    host, _, port = server.origin.partition("://")[2].partition(":")
    with contextlib.ExitStack() as stack:
        opened = []
        for place in range(count):
            one = stack.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            one.settimeout(PATIENCE)
            one.connect((host, int(port)))
            one.sendall(sent[place % len(sent)])
            opened.append(one)
        yield opened


def others_are_served(server: RelayServer) -> None:
    with RelayWay(server.origin) as way:
        for number in range(5):
            entry = number.to_bytes(2, "big") * (INBOX_ENTRY // 2)
            assert way.ask(http.post_entry(BOARD.writer, entry)).status == 201
        assert len(way.ask(http.read_sheet(sheet_of(SHEET), BUCKET)).body) == BUCKET_SIZE


def all_of(one: socket.socket) -> bytes:
    """Return what comes until the relay closes; a connection that is cut off says nothing more."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := one.recv(1 << 16):
            found += piece
    return found


def memory_of(server: RelayServer) -> int:
    lines = Path(f"/proc/{server.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


STALLED = (
    b"",
    b"GET /hea",
    b"GET /health HTTP/1.1\r\nHost: a\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 7_000,
    HEALTH + b"GET /health HT",
)


def test_three_hundred_stalled_clients_keep_nobody_out_and_are_closed(server: RelayServer) -> None:
    before = memory_of(server) if sys.platform == "linux" else 0
    with clients(server, 300, *STALLED) as opened:
        others_are_served(server)
        for one in opened:
            all_of(one)  # ends only when the relay closes
    if sys.platform == "linux":
        assert memory_of(server) - before < MOST_MEMORY


def test_half_a_body_keeps_nobody_out(server: RelayServer) -> None:
    half = POST + b"Content-Length: 8192\r\n\r\n" + b"x" * 4_096
    with clients(server, 200, half):
        others_are_served(server)
    others_are_served(server)


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 8192\r\nContent-Length: 8193\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 0x10\r\n\r\n",
        POST + b"Content-Length: 8192\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"GET " + b"/" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\0\xff\x16\x03\x01" * 100 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=["two lengths", "negative", "not decimal", "length and chunks", "many headers", "long path", "noise", "h2"],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_closed(server: RelayServer, sent: bytes) -> None:
    with clients(server, 1, sent) as (one,):
        assert all_of(one).startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
    others_are_served(server)


def test_a_body_longer_than_said_is_no_second_entry(server: RelayServer) -> None:
    def size() -> bytes:
        with RelayWay(server.origin) as way:
            return way.ask(http.get_head(BOARD.writer, BOARD.reader)).body.splitlines()[1]

    before = int(size())
    with clients(server, 1, POST + b"Content-Length: 8192\r\n\r\n" + b"x" * 16_384) as (one,):
        said = all_of(one)
    assert said.startswith(b"HTTP/1.1 201")
    assert said.count(b"HTTP/1.1 2") == 1
    assert int(size()) == before + 1


def test_requests_in_a_row_are_answered_in_order_and_take_nobodys_turn(server: RelayServer) -> None:
    with clients(
        server, 1, HEALTH * 400 + b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    ) as (one,):
        others_are_served(server)
        assert all_of(one).count(b"HTTP/1.1 200") == 401


def sockets_of(server: RelayServer) -> int:
    return sum("socket" in str(one.readlink()) for one in Path(f"/proc/{server.pid}/fd").iterdir())


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_who_never_reads_is_cut_off_and_keeps_no_memory_for_ever(server: RelayServer) -> None:
    """A client that asks for a bucket again and again and reads nothing: closing alone would wait for it without end."""
    before, memory = sockets_of(server), memory_of(server)
    with clients(server, 40, GET_BUCKET, GET_BUCKET * 50):
        others_are_served(server)
        assert sockets_of(server) >= before + 40
        for _ in range(PATIENCE):
            time.sleep(1)
            if sockets_of(server) <= before:
                break
        assert sockets_of(server) <= before
    assert memory_of(server) - memory < MOST_MEMORY
