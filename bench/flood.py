"""A relay in a flood: a thousand hostile posts a second, from a process of its own, while newcomers solve puzzles and members show tickets.

No peer has a gate to be measured beside. What a flood costs whoever pays for it, with puzzles that are right, stands below.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from bench.measure import Measure, bench_folder, seconds, small
from bench.relay import serving
from holdfire.reach.relay import RelayWay
from holdfire.relay.grant import new_grant
from holdfire.sealing.gate import hard_hash
from holdfire.sealing.noise import random_bytes
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.puzzle import MOST_PRICE, PART_SIZE, Solution, binding, solve
from holdfire.wire.tickets import ticket_hash

BOARD = BoardSecrets(b"o" * 32)
#: How often a newcomer tries; as many tickets as an inbox takes at once; posts a second that are hostile.
TRIES, TICKETS_AT_ONCE, RATE = 3, 64, 1_000
#: Posts at a steady rate until its input ends, half of them with a false puzzle; then says how many were refused, and in how many seconds.
FLOOD = """
import asyncio, sys, time
host, port, path, puzzle, rate, connections = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]), 16
plain = f"POST {path} HTTP/1.1\\r\\nHost: {host}:{port}\\r\\nContent-Length: 8192\\r\\n"
asked = [(plain + more + "\\r\\n").encode() + bytes(8192) for more in ("", f"holdfire-puzzle: {puzzle}\\r\\n")]
refused, begun = [0], time.monotonic()
async def one(place, ended):
    reader, writer = await asyncio.open_connection(host, port)
    sent = 0
    while not ended.is_set():
        await asyncio.sleep(max(0, begun + sent * connections / rate - time.monotonic()))
        sent += 1
        writer.write(asked[sent % 2])
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\\r\\n") if line.lower().startswith(b"content-length"))
        await reader.readexactly(length)
        refused[0] += head.startswith(b"HTTP/1.1 403")
    writer.close()
async def main():
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    await asyncio.gather(*(one(place, ended) for place in range(connections)))
asyncio.run(main())
print(refused[0], time.monotonic() - begun)
"""


@contextmanager
def flooding(origin: str, challenge: bytes, said: list[float]) -> Iterator[None]:
    """Flood a relay for as long as the block runs, then say how many posts a second it refused."""
    host, _, port = origin.removeprefix("http://").partition(":")
    false = Solution(challenge, bytes(PART_SIZE), bytes(PART_SIZE)).write()
    client = [sys.executable, "-c", FLOOD, host, port, f"/boards/{BOARD.writer.hex()}", false, str(RATE)]
    process = subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        told = process.communicate("end")[0].split()
    said.append(int(told[0]) / float(told[1]))


def post(way: RelayWay, body: bytes, ticket: bytes = b"", solution: Solution | None = None) -> bool:
    """Say whether the relay took an entry."""
    return way.ask(http.post_entry(BOARD.writer, body, ticket, solution)).status == 201


def comes_in(way: RelayWay, body: bytes) -> bool:
    """Say whether a newcomer is let in within three tries."""
    for _ in range(TRIES):
        challenge = way.ask(http.get_challenge(BOARD.writer)).body[:32]
        if post(way, body, solution=solution_of(challenge, body, 0)):
            return True
    return False


def solution_of(challenge: bytes, body: bytes, price: int) -> Solution:
    """Return a solved puzzle."""
    bound = binding(challenge, BOARD.writer, sha256(body).digest())
    return next(one for one in solve(challenge, bound, price, hard_hash) if one)


def flooded(folder: Path, newcomers: int, tickets: int) -> tuple[float, float, float]:
    """Return hostile posts refused a second, and which shares of newcomers and of tickets were let in, in hundredths."""
    rate: list[float] = []
    command = ("-m", "holdfire.cli.main", "relay", "serve", "--price", "0", "--folder", str(folder), "--listen", "127.0.0.1:0")  # fmt: skip
    with serving(*command) as (origin, _), RelayWay(origin) as way:
        assert way.ask(http.make_board(new_grant(folder, 1), BOARD.writer, INBOX_ENTRY)).status == 201
        held = [random_bytes(32) for _ in range(tickets)]
        for first in range(0, tickets, TICKETS_AT_ONCE):
            hashes = [ticket_hash(one) for one in held[first : first + TICKETS_AT_ONCE]]
            assert way.ask(http.register_tickets(BOARD.writer, BOARD.reader, hashes)).status == 204
        challenge = way.ask(http.get_challenge(BOARD.writer)).body[:32]
        with flooding(origin, challenge, rate):
            came = sum(comes_in(way, random_bytes(INBOX_ENTRY)) for _ in range(newcomers))
            let_in = sum(post(way, random_bytes(INBOX_ENTRY), one) for one in held)
    return rate[0], 100 * came / newcomers, 100 * let_in / tickets


def price(bits: int, rounds: int) -> float:
    """Return the seconds of one core that a valid post costs at a price."""

    def work() -> None:
        for _ in range(rounds):
            solution_of(random_bytes(32), random_bytes(INBOX_ENTRY), bits)

    return seconds(work) / rounds


def main() -> list[Measure]:
    """Measure a flood."""
    newcomers, tickets, rounds = (3, 64, 2) if small() else (200, 4_096, 20)
    with bench_folder() as folder:
        rate, came, let_in = flooded(folder / "relay", newcomers, tickets)
    least = price(0, rounds)
    tried = seconds(lambda: [hard_hash(random_bytes(8), bytes(32)) for _ in range(64)]) / 64
    return [
        Measure("hostile posts of 8 KiB refused meanwhile", rate, "posts/s", more_is_better=True, bound=0.9 * RATE),
        Measure("newcomers let in within three tries", came, "%", more_is_better=True, bound=99),
        Measure("tickets let in", let_in, "%", more_is_better=True, bound=99.9),
        Measure("a valid post at the least price, of one core", least, "s"),
        Measure("a valid post at the highest price, of one core", least + tried * 2**MOST_PRICE, "s"),
    ]  # fmt: skip
