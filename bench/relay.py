"""A relay as it runs, over loopback: durable posts beside the same server stack without our code, appends with their tree, memory, check-ins, pieces.

The tests' own client posts from a process of its own, over connections that stay open; all processes share this computer's cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.measure import Measure, bench_folder, medians, seconds, small
from holdfire.conversation.attachment import Attachment, Pieces
from holdfire.reach.relay import RelayWay
from holdfire.relay.grant import new_grant
from holdfire.relay.sqlite import SqliteStore
from holdfire.sealing.noise import random_bytes
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.pieces import CONTENT_SIZE
from holdfire.wire.sheets import BUCKET_SIZE, NOTICE, NOTICE_SIZE, SheetName, sheet_of
from holdfire.wire.tickets import ticket_hash

ROUNDS, CONNECTIONS = 5, 32
BOARD, SHEET = BoardSecrets(b"o" * 32), b"s" * 32
#: Posts `count` bodies over `connections` connections and says when all were answered 201.
CLIENT = """
import asyncio, os, sys
host, port, path, count, connections = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
body = os.urandom(8192)
asked = f"POST {path} HTTP/1.1\\r\\nHost: {host}:{port}\\r\\nContent-Length: 8192\\r\\n\\r\\n".encode()
async def one(times):
    reader, writer = await asyncio.open_connection(host, port)
    for _ in range(times):
        writer.write(asked + body)
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        assert head.startswith(b"HTTP/1.1 201"), head
    writer.close()
async def main():
    await asyncio.gather(*(one(count // connections) for _ in range(connections)))
asyncio.run(main())
"""


@contextmanager
def serving(*command: str) -> Iterator[tuple[str, int]]:
    """Run a server; yield where it listens and its process."""
    server = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert server.stdout
    try:
        yield server.stdout.readline().split()[1], server.pid
    finally:
        server.terminate()
        server.wait(60)


@contextmanager
def relaying(folder: Path) -> Iterator[tuple[str, int]]:
    """Run a relay that asks for no puzzle, which is measured for itself."""
    with serving("-m", "holdfire.cli.main", "relay", "serve", "--open", "--folder", str(folder), "--listen", "127.0.0.1:0") as ran:  # fmt: skip
        yield ran


def posts_a_second(origin: str, path: str, count: int) -> float:
    """Return how many posts of 8 KiB are confirmed in a second, with the client's own start of about 0.1 s in it."""
    host, _, port = origin.removeprefix("http://").partition(":")
    client = [sys.executable, "-c", CLIENT, host, port, path, str(count), str(CONNECTIONS)]
    return count / seconds(lambda: subprocess.run(client, check=True))


def appends_a_second(folder: Path, group: int, count: int) -> float:
    """Return how many entries of 8 KiB a store on disk appends with their tree, `group` at a commit."""
    store = SqliteStore(folder / random_bytes(8).hex())
    with store.group():
        store.add_board(BOARD.writer, INBOX_ENTRY)
    bodies = [random_bytes(INBOX_ENTRY) for _ in range(group)]

    def work() -> None:
        for _ in range(count // group):
            with store.group():
                for body in bodies:
                    store.append(BOARD.writer, body, 1)

    taken = seconds(work)
    store.close()
    return count / taken


def processor_seconds(process: int) -> float:
    """Return the seconds of the processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """Return the memory of a process, MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1_024


def fill(folder: Path, entries: int) -> None:
    """Put a board of so many entries into a relay's folder, of which the last thousand still have bodies, and a sheet."""
    store = SqliteStore(folder)
    body = random_bytes(INBOX_ENTRY)
    with store.group():
        store.add_board(BOARD.writer, INBOX_ENTRY)
        store.add_sheet(sheet_of(SHEET))
    for start in range(0, entries, 10_000):
        with store.group():
            for _ in range(min(10_000, entries - start)):
                store.append(BOARD.writer, body, 1)
            store.trim(BOARD.writer, start + 9_000)
    store.close()


def pieces_a_second(way: RelayWay, origin: str, count: int) -> float:
    """Return how many MiB of a file are sealed, sent and confirmed in a second."""
    content = random_bytes(CONTENT_SIZE)
    pieces = Pieces(Attachment(random_bytes(32), CONTENT_SIZE * count, random_bytes(32)), bytes(32), origin)

    def work() -> None:
        for place in range(count):
            sent = http.write_piece(BOARD.writer, pieces.name(place), pieces.seal(place, content))
            assert way.ask(sent).status == 201

    taken = seconds(work)
    for place in range(count):
        way.ask(http.delete_piece(BOARD.writer, pieces.name(place), BOARD.reader))
    return count * CONTENT_SIZE / (1 << 20) / taken


def at_rest(folder: Path, entries: int, check_ins: int, pieces: int) -> tuple[float, float, list[float]]:
    """Return a relay's memory (MiB), the processor time of a check-in (ms), and MiB/s of pieces."""
    fill(folder, entries)
    with relaying(folder) as (origin, process), RelayWay(origin) as way:
        board = (BOARD.writer, BOARD.reader)
        assert way.ask(http.get_head(*board)).status == 200
        assert way.ask(http.get_page(*board, (entries - 1) // 64)).status == 200
        used = memory(process)
        bucket = SheetName("bucket", 1, 0)
        for name, size in ((NOTICE, NOTICE_SIZE), (bucket, BUCKET_SIZE)):
            assert way.ask(http.write_sheet(sheet_of(SHEET), name, SHEET, 0, bytes(size))).status == 204
        before = processor_seconds(process)
        for _ in range(check_ins):
            for name in (NOTICE, bucket):
                assert way.ask(http.read_sheet(sheet_of(SHEET), name)).status == 200
        spent = (processor_seconds(process) - before) / check_ins * 1_000
        way.ask(http.register_tickets(*board, [ticket_hash(b"t" * 32)]))
        return used, spent, [pieces_a_second(way, origin, pieces) for _ in range(3)]


def main() -> list[Measure]:
    """Measure a relay."""
    posts, entries = (320, 10_000) if small() else (6_400, 1_000_000)
    with bench_folder() as folder:
        ours, filled = folder / "ours", folder / "filled"
        peer = (str(Path(__file__).parent / "relay_peer.py"), str(folder / "peer.db"))
        with relaying(ours) as (origin, _), serving(*peer) as (other, _):
            with RelayWay(origin) as way:
                made = http.make_board(new_grant(ours, 1), BOARD.writer, INBOX_ENTRY)
                assert way.ask(made).status == 201
            path = f"/boards/{BOARD.writer.hex()}"
            rates = medians(
                ROUNDS,
                {
                    "ours": partial(posts_a_second, origin, path, posts),
                    "peer": partial(posts_a_second, other, "/", posts),
                },
            )
        appends = medians(
            3, {f"{group}": partial(appends_a_second, folder, group, posts) for group in (8, 64)}
        )
        used, check_in, pieces = at_rest(filled, entries, 20 if small() else 200, 8 if small() else 64)
    return [
        Measure("durable posts of 8 KiB over loopback", rates["ours"], "posts/s", rates["peer"],
                "uvicorn, h11, SQLite alone", more_is_better=True, ratio_goal=0.7),
        Measure("appends with tree, 8 a commit", appends["8"], "entries/s", more_is_better=True, bound=5_000),
        Measure("appends with tree, 64 a commit", appends["64"], "entries/s", more_is_better=True, bound=5_000),
        Measure(f"a relay at rest with {entries:,} entries", used, "MiB", bound=100),
        Measure("a check-in, the relay's processor time", check_in, "ms", bound=5),
        Measure("pieces sealed, sent, on disk", sorted(pieces)[1], "MiB/s", more_is_better=True, bound=150),
    ]  # fmt: skip
