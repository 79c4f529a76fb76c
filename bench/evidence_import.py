"""Importing 1 GiB of evidence beside `age` and `sha256sum` over the same file, and beside `restic backup` and `borg create`.

Counted in processor time of the process and its children, since nothing here is to depend on who else uses the disk. The import
reads the file, hashes, seals and saves it with record and custody log; `age` seals to one recipient and writes beside `sha256sum`;
restic and borg back the file up into an empty store, with their own defaults. Opening a log of 10,000 events in a vault stands last.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from bench.measure import Measure, bench_folder, medians, small
from bench.vault_blob import forget_peak, peak
from holdfire.evidence.custody import event
from holdfire.evidence.custody.log import Log
from holdfire.journeys.keep_evidence import add_evidence, custody_log, find_evidence
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault

MIB: Final = 1 << 20
PASSPHRASE: Final = "seven slow herons over the reed"
NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
RUNS: Final = 3
EVENTS: Final = 10_000


def write_file(path: Path, size: int) -> None:
    """Write `size` bytes that cannot be compressed and do not repeat."""
    chance = random.Random(7)
    with path.open("wb") as stream:
        for _ in range(size // MIB):
            stream.write(chance.randbytes(MIB))


def child(vault_path: Path, file: Path) -> None:
    """Import once in this process and print processor seconds and memory above what an open vault takes."""
    with Vault.open(vault_path, PASSPHRASE, profile=TEST) as vault, file.open("rb") as stream:
        add_evidence(vault, [b"once, so that all is loaded"], NOW)
        forget_peak()
        start, spent, began = peak(), time.process_time(), time.perf_counter()
        add_evidence(vault, iter(lambda: stream.read(MIB), b""), NOW, name=file.name)
        spent, took = time.process_time() - spent, time.perf_counter() - began
        print(json.dumps({"cpu": spent, "took": took, "memory": (peak() - start) / MIB}))


def run_child(folder: Path, file: Path, size: int) -> dict[str, float]:
    """Import in a fresh process into a fresh vault."""
    path = folder / "vault"
    path.unlink(missing_ok=True)
    Vault.create(path, [PASSPHRASE], 5 * size + 128 * MIB, profile=TEST)
    command = [sys.executable, "-m", "bench.evidence_import", str(path), str(file)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return answer


def spent(commands: list[list[str]], more: dict[str, str]) -> float:
    """Return how many processor seconds some commands take, one after the other."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **more})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def age(folder: Path, file: Path) -> float:
    """Seal the file with age to one recipient, and hash it."""
    key = folder / "key"
    if not key.exists():
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    told = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True)
    sealed = folder / "sealed"
    sealed.unlink(missing_ok=True)
    seal = ["age", "-r", told.stdout.strip(), "-o", str(sealed), str(file)]
    return spent([seal, ["sha256sum", str(file)]], {})


def store(name: str, folder: Path, file: Path) -> float:
    """Back the file up into an empty store of restic or borg."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    more = {"RESTIC_PASSWORD": PASSPHRASE, "BORG_PASSPHRASE": PASSPHRASE, "HOME": str(folder)}
    if name == "restic":
        first, work = (
            ["restic", "-q", "-r", str(place), "init"],
            ["restic", "-q", "-r", str(place), "backup", str(file)],
        )
    else:
        first, work = (
            ["borg", "init", "-e", "repokey-blake2", str(place)],
            ["borg", "create", f"{place}::one", str(file)],
        )
    spent([first], more)
    return spent([work], more)


def imports(folder: Path) -> list[Measure]:
    """Measure the import beside its peers."""
    size = (64 if small() else 1_024) * MIB
    file = folder / "film"
    write_file(file, size)
    memory: list[float] = []
    took: list[float] = []

    def ours() -> float:
        answer = run_child(folder, file, size)
        memory.append(answer["memory"])
        took.append(answer["took"])
        return answer["cpu"]

    contenders: dict[str, Callable[[], float]] = {"ours": ours}
    if shutil.which("age"):
        contenders["age"] = partial(age, folder, file)
    contenders |= {
        name: partial(store, name, folder, file) for name in ("restic", "borg") if shutil.which(name)
    }
    cpu = medians(RUNS, contenders)
    name = f"import {size // MIB:,} MiB as evidence, processor time"
    peers = (("age", "age + sha256sum", 1 / 1.3), ("restic", "restic backup", 3), ("borg", "borg create", 3))
    return [
        *(
            Measure(name, cpu["ours"], "s", cpu[peer], words, ratio_goal=goal)
            for peer, words, goal in peers
            if peer in cpu
        ),
        Measure("the same by the clock", statistics.median(took), "s"),
        Measure("memory above an open vault", max(memory), "MiB", bound=64),
    ]  # fmt: skip


def openings(folder: Path) -> list[Measure]:
    """Measure opening the log of an item with 10,000 events, in a vault on the disk."""
    path = folder / "vault"
    path.unlink(missing_ok=True)
    Vault.create(path, [PASSPHRASE], 512 * MIB, profile=TEST)
    with Vault.open(path, PASSPHRASE, profile=TEST) as vault:
        id_ = find_evidence(vault, add_evidence(vault, [b"seen"], NOW).value.number).value.log
        log: Log = custody_log(vault, 1)
        for start in range(1, EVENTS, 500):
            with vault.transaction():
                for _ in range(start, min(start + 500, EVENTS)):
                    entry = log.append("transfer", {**event.when(NOW), "role": "witness"})
                    lines = b"\n".join(entry.openings.values())
                    head = log.head
                    vault.logs.append(id_, entry.event, lines, head.head.text(), head.signature)

        def once() -> float:
            start = time.process_time()
            custody_log(vault, 1)
            return (time.process_time() - start) * 1_000

        taken = medians(7, {"open": once})
    return [
        Measure(
            f"open the log of an item with {EVENTS:,} events, processor time", taken["open"], "ms", bound=50
        )
    ]


def main() -> list[Measure]:
    """Measure the import of a large file, and the opening of a long log."""
    with bench_folder() as folder:
        return [*imports(folder), *openings(folder)]


if __name__ == "__main__":
    child(Path(sys.argv[1]), Path(sys.argv[2]))
