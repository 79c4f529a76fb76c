"""Posts of 8 KiB to a relay: two workers on PostgreSQL, beside one on SQLite, each confirming 32 posts at a time."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from bench.measure import Measure, bench_folder, medians, seconds, small

ROOT = Path(__file__).parents[1]
GROUP, WORKERS, ROUNDS = 32, 2, 5
#: Answers posts as a relay does; a price of none asks for no puzzle, whose hard hash is measured for itself.
WORKER = """
import os, sys
from pathlib import Path
from holdfire.relay.answer import Relay
from holdfire.relay.open_store import open_store
from holdfire.sealing.signature import SigningKey
from holdfire.wire.http import Request
db, folder, name, groups, size = sys.argv[1] or None, Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
store = open_store(db, None, folder)
relay = Relay(store, "bench", SigningKey(bytes(32)))
board = name.encode().ljust(32, b"-")
with store.group():
    store.add_board(board, 8192)
bodies = [os.urandom(8192) for _ in range(size)]
print("ready", flush=True)
sys.stdin.readline()
for _ in range(groups):
    with store.group():
        for body in bodies:
            answer = relay.answer(Request("POST", f"/boards/{board.hex()}", {}, body), 1_800_000_000)
            assert answer.status == 201
print("done", flush=True)
store.close()
"""


def posts_a_second(address: str, folder: Path, workers: int, boards: int, groups: int) -> float:
    """Return how many posts of `workers` are confirmed in a second, over the time of all; to one board or one each."""
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                WORKER,
                address,
                str(folder),
                f"board {one % boards}",
                str(groups),
                str(GROUP),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for one in range(workers)
    ]

    def say_all(word: str) -> None:
        for worker in started:
            assert worker.stdout is not None
            assert worker.stdout.readline() == word

    def work() -> None:
        for worker in started:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        say_all("done\n")

    say_all("ready\n")
    taken = seconds(work)
    for worker in started:
        worker.communicate(timeout=60)
        assert worker.returncode == 0
    return workers * groups * GROUP / taken


def main() -> list[Measure]:
    """Measure posts that are on disk, a second."""
    sys.path.insert(0, str(ROOT / "tests"))
    from simulators.servers import postgres, postgres_programs  # noqa: PLC0415

    programs = postgres_programs()
    if programs is None:
        print("PostgreSQL is missing: nothing is measured.")
        return []
    groups = 5 if small() else 60
    with bench_folder() as folder, postgres(programs) as address:
        rate = partial(posts_a_second, groups=groups)
        taken = medians(
            ROUNDS,
            {
                "two boards": lambda: rate(address, folder, WORKERS, WORKERS),
                "one board": lambda: rate(address, folder, WORKERS, 1),
                "one worker": lambda: rate(address, folder, 1, 1),
                "sqlite": lambda: rate("", folder, 1, 1),
            },
        )
    sqlite = ("posts/s", taken["sqlite"], "SQLite, one worker")
    return [
        Measure(
            "posts of 8 KiB, PostgreSQL, two workers, a board each",
            taken["two boards"],
            *sqlite,
            more_is_better=True,
            bound=2_000,
        ),
        Measure(
            "posts of 8 KiB, PostgreSQL, two workers, one board",
            taken["one board"],
            *sqlite,
            more_is_better=True,
            bound=2_000,
        ),
        Measure("posts of 8 KiB, PostgreSQL, one worker", taken["one worker"], *sqlite, more_is_better=True),
    ]
