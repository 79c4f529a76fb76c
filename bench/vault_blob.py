"""Importing 1 GiB of evidence, the memory it takes, and 64 KiB read at a random place of a 10 GiB vault.

Each import runs in a process of its own, so that its memory can be seen. All three hash what they import and write
rows of 64 KiB, committed every 4 MiB; the vault seals each row under the item's own key besides.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contenders import MIB, PASSPHRASE, Apsw, Cipher, Database, open_plain
from bench.measure import Measure, bench_folder, medians, seconds, small
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROW = 65_536
#: A quarter of a file is one compartment, of which journal and index take a part: an item needs five times its size, and this.
_OVER = 64 * MIB
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHUNKS = "CREATE TABLE chunks (place INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"
INSERT = "INSERT INTO chunks (place, sealed) VALUES (?, ?)"
READ = "SELECT sealed FROM chunks WHERE place = ?"


def pieces(size: int) -> Iterator[bytes]:
    """Yield `size` bytes that cannot be compressed, 1 MiB at a time; making them costs next to nothing."""
    stock = random.Random(1).randbytes(17 * MIB)
    for n in range(size // MIB):
        start = n * 4_097 % (16 * MIB)
        yield stock[start : start + MIB]


def import_plainly(database: Database, size: int) -> None:
    """Hash and save rows as the vault does, without sealing them."""
    digest, place = hashlib.sha256(), 0
    for n, piece in enumerate(pieces(size)):
        if n % 4 == 0:
            database.run("BEGIN IMMEDIATE")
        view = memoryview(piece)
        for start in range(0, MIB, ROW):
            row = view[start : start + ROW]
            digest.update(row)
            database.run(INSERT, (place, row))
            place += 1
        if n % 4 == 3:
            database.run("COMMIT")


def peak() -> int:
    """Return the most memory this process has held since `forget_peak`, in bytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak() -> None:
    """Begin to count anew (Linux, proc(5): 5 in clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def child(contender: str, folder: Path, size: int) -> None:
    """Import once in this process and print seconds and memory."""
    if contender == "vault":
        vault = Vault.open(folder / "ours", PASSPHRASE, profile=TEST)
        stream = pieces(size)
        first = next(stream)

        def work() -> None:
            vault.blobs.add(_with(first, stream), NOW)
    else:
        database = open_plain(folder) if contender == "plain" else Cipher(folder / "sqlcipher")
        database.run(CHUNKS)
        work = partial(import_plainly, database, size)
    forget_peak()
    start = peak()
    spent = time.process_time()
    taken = seconds(work)
    spent = time.process_time() - spent
    print(
        json.dumps({"rate": size / MIB / taken, "cpu": size / MIB / spent, "memory": (peak() - start) / MIB})
    )


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def run_child(contender: str, folder: Path, size: int) -> dict[str, float]:
    """Import in a fresh process, into a fresh file."""
    for name in ("plain", "plain-journal", "sqlcipher", "sqlcipher-journal"):
        (folder / name).unlink(missing_ok=True)
    if contender == "vault":
        with Vault.open(folder / "ours", PASSPHRASE, profile=TEST) as vault:
            for item in vault.blobs.all():
                vault.blobs.shred(item.id)
    command = [sys.executable, "-m", "bench.vault_blob", contender, str(folder), str(size)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return answer


def imports(folder: Path) -> list[Measure]:
    """Measure the import."""
    size = (64 if small() else 1_024) * MIB
    Vault.create(folder / "ours", [PASSPHRASE], 5 * size + _OVER, profile=TEST)
    memory: list[float] = []
    cpu: dict[str, list[float]] = {"vault": [], "plain": [], "sqlcipher": []}

    def once(contender: str) -> float:
        answer = run_child(contender, folder, size)
        cpu[contender].append(answer["cpu"])
        if contender == "vault":
            memory.append(answer["memory"])
        return answer["rate"]

    rates = medians(5, {name: partial(once, name) for name in ("vault", "plain", "sqlcipher")})
    spent = {name: statistics.median(figures) for name, figures in cpu.items()}
    name = f"import {size // MIB:,} MiB, hash and seals"
    for left in folder.iterdir():
        left.unlink()
    return [
        Measure(
            name, rates["vault"], "MiB/s", rates["plain"], "SQLite, hash", more_is_better=True, ratio_goal=0.8
        ),
        Measure(
            name,
            rates["vault"],
            "MiB/s",
            rates["sqlcipher"],
            "SQLCipher, hash",
            more_is_better=True,
            ratio_goal=2,
        ),
        *(
            Measure(
                "the same for each second of processor time",
                spent["vault"],
                "MiB/s",
                spent[peer],
                whose,
                more_is_better=True,
            )
            for peer, whose in (("plain", "SQLite, hash"), ("sqlcipher", "SQLCipher, hash"))
        ),
        Measure("memory above start while importing", max(memory), "MiB", bound=64),
    ]


def reads(folder: Path) -> list[Measure]:
    """Measure 64 KiB at a random place of an item that fills a compartment of a large vault."""
    room = shutil.disk_usage(folder).free
    file_size = 256 * MIB if small() else 10_240 * MIB if room > 24_000 * MIB else 2_048 * MIB
    item_size = (file_size - _OVER) // 5 // MIB * MIB
    path = folder / "ours"
    Vault.create(path, [PASSPHRASE], file_size, profile=TEST)
    places = random.Random(3)
    with Vault.open(path, PASSPHRASE, profile=TEST) as vault:
        item = vault.blobs.add(pieces(item_size), NOW)
        plain, cipher = open_plain(folder), Cipher(folder / "sqlcipher")
        peers: dict[str, Apsw | Cipher] = {"plain": plain, "sqlcipher": cipher}
        for database in peers.values():
            database.run(CHUNKS)
            import_plainly(database, item_size)

        def read_vault() -> float:
            wanted = [places.randrange(item_size - ROW) for _ in range(200)]
            return seconds(lambda: [vault.blobs.read(item.id, place, ROW) for place in wanted]) / 200 * 1_000

        def read_peer(database: Database) -> float:
            # A place within a row, as in the vault: two rows are read.
            wanted = [places.randrange(item_size // ROW - 1) for _ in range(200)]
            return (
                seconds(lambda: [database.run(READ, (n + m,)) for n in wanted for m in (0, 1)]) / 200 * 1_000
            )

        contenders: dict[str, Callable[[], float]] = {"vault": read_vault}
        contenders |= {name: partial(read_peer, one) for name, one in peers.items()}
        medians(2, contenders)  # warms what will be kept in memory
        taken = medians(7, contenders)
        for database in peers.values():
            database.close()
    name = f"64 KiB at a random place of a {file_size // MIB:,} MiB vault, warm"
    return [
        Measure(name, taken["vault"], "ms", taken["plain"], "SQLite", bound=1),
        Measure(name, taken["vault"], "ms", taken["sqlcipher"], "SQLCipher", ratio_goal=1),
    ]


def main() -> list[Measure]:
    """Measure import, its memory, and random reads."""
    with bench_folder() as folder:
        measures = imports(folder)
    with bench_folder() as folder:
        return measures + reads(folder)


if __name__ == "__main__":
    child(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
