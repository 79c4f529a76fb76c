"""T35: who floods a relay with posts that nobody let in keeps out neither newcomers with a puzzle nor who holds a ticket."""

from __future__ import annotations

import threading
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from holdfire.errors import NetworkError
from holdfire.reach.relay import RelayWay
from holdfire.sealing.gate import hard_hash
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.puzzle import Solution, binding, solve
from holdfire.wire.tickets import ticket_hash
from simulators.relay_server import RelayServer, relaying

BOARD = BoardSecrets(b"o" * 32)
#: How often a newcomer tries.
TRIES = 3
#: As an inbox takes them, in one request.
TICKETS_AT_ONCE = 64
#: Seconds for the flood to have come so far.
PATIENCE = 300


def entry(label: str) -> bytes:
    return label.encode().ljust(INBOX_ENTRY, b".")


def solved(challenge: bytes, body: bytes) -> Solution:
    bound = binding(challenge, BOARD.writer, sha256(body).digest())
    return next(one for one in solve(challenge, bound, 0, hard_hash) if one)


def flood(server: RelayServer, number: int, ended: threading.Event, statuses: Counter[int]) -> None:
    """Post without gate and with false puzzles in turn, as fast as one connection goes."""
    with RelayWay(server.origin) as way:
        challenge = way.ask(http.get_challenge(BOARD.writer)).body[:32]
        place = 0
        while not ended.is_set():
            place += 1
            body = entry(f"hostile {number} {place}")
            false = Solution(challenge, bytes(8), place.to_bytes(8, "big")) if place % 2 else None
            try:
                statuses[way.ask(http.post_entry(BOARD.writer, body, solution=false)).status] += 1
            except NetworkError:
                statuses[0] += 1


def flooded(tmp_path: Path, hostile: int, newcomers: int, tickets: int) -> None:
    ended, counts = threading.Event(), [Counter[int]() for _ in range(hostile)]

    def amid_it(honest: int) -> None:
        """Wait until as many hostile posts were refused: the flood goes on while honest ones come, however fast they are."""
        until = time.monotonic() + PATIENCE
        while sum(one[403] for one in counts) < honest and time.monotonic() < until:
            time.sleep(0.001)

    def ticket_holder(place: int, ticket: bytes) -> bool:
        amid_it(place)
        return way.ask(http.post_entry(BOARD.writer, entry(f"ticket {place}"), ticket)).status == 201

    def newcomer(place: int) -> bool:
        amid_it(tickets + place)
        return comes_in(way, place)

    with relaying(tmp_path, "--price", "0") as server, RelayWay(server.origin) as way:
        assert way.ask(http.make_board(server.grant(), BOARD.writer, INBOX_ENTRY)).status == 201
        held = [place.to_bytes(32, "big") for place in range(tickets)]
        for first in range(0, tickets, TICKETS_AT_ONCE):
            hashes = [ticket_hash(one) for one in held[first : first + TICKETS_AT_ONCE]]
            assert way.ask(http.register_tickets(BOARD.writer, BOARD.reader, hashes)).status == 204
        threads = [
            threading.Thread(target=flood, args=(server, number, ended, counts[number]))
            for number in range(hostile)
        ]
        for one in threads:
            one.start()
        try:
            let_in = sum(ticket_holder(place, one) for place, one in enumerate(held))
            came = sum(newcomer(place) for place in range(newcomers))
        finally:
            ended.set()
            for one in threads:
                one.join()
        size = int(way.ask(http.get_head(BOARD.writer, BOARD.reader)).body.splitlines()[1])
    assert let_in * 1_000 >= tickets * 999
    assert came * 100 >= newcomers * 99
    assert size == let_in + came
    refused = sum(counts, Counter[int]())
    assert refused[403] >= newcomers + tickets - 1
    assert refused[201] == 0


def comes_in(way: RelayWay, place: int) -> bool:
    body = entry(f"newcomer {place}")
    for _ in range(TRIES):
        challenge = way.ask(http.get_challenge(BOARD.writer)).body[:32]
        if way.ask(http.post_entry(BOARD.writer, body, solution=solved(challenge, body))).status == 201:
            return True
    return False


def test_a_small_flood(tmp_path: Path) -> None:
    flooded(tmp_path, 2, 5, 100)


@pytest.mark.nightly
def test_a_large_flood(tmp_path: Path) -> None:
    flooded(tmp_path, 8, 200, 5_000)
