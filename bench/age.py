"""Sealing and opening 1 GiB as an age file, beside the age tool and pyrage.

Each runs as a process of its own, start included, from a file in memory to nowhere; so what is compared is the whole command, not
its inner loop. Also: reading at a place, and what a refused header costs.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from io import FileIO

from bench.age_streams import OURS
from bench.measure import Measure, medians, seconds, small
from holdfire.errors import HoldfireError
from holdfire.sealing.age.file import AgeFile, seal, unseal
from holdfire.sealing.age.scrypt import Passphrase
from holdfire.sealing.age.x25519 import X25519Identity

MIB = 1 << 20
TOOL = "the age tool"
OTHER = "pyrage"


def in_memory(size: int) -> FileIO:
    """Return an open file of `size` bytes that cannot be compressed, in memory alone."""
    stock = random.Random(1).randbytes(17 * MIB)
    file = FileIO(os.memfd_create("bench"), "r+")
    for number in range(size // MIB):
        start = number * 4_097 % (16 * MIB)
        file.write(memoryview(stock)[start : start + MIB])
    return file


def run(command: list[str], source: FileIO) -> tuple[float, float, float]:
    """Run a command; return its seconds by the clock and of the processor, and, where it is ours, its most memory in MiB."""
    source.seek(0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        command, stdin=source.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
    )
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, used, int(done.stderr or b"0") / 1024


def streams(size: int) -> list[Measure]:
    """Measure sealing and opening a stream of `size` bytes."""
    person = X25519Identity.new()
    public, secret = str(person.recipient()), person.secret_text()
    key_file = FileIO(os.memfd_create("key"), "r+")
    key_file.write(secret.encode())
    os.set_inheritable(key_file.fileno(), True)  # noqa: FBT003 — the tool reads its key from this file
    key_path = f"/proc/{os.getpid()}/fd/{key_file.fileno()}"
    tool = shutil.which("age")
    plain = in_memory(size)
    sealed = FileIO(os.memfd_create("sealed"), "r+")
    for piece in seal(_read(plain), [person.recipient()]):
        sealed.write(piece)
    measures = []
    for verb, key, source, options in (
        ("seal", public, plain, ["-r", public]),
        ("open", secret, sealed, ["-d", "-i", key_path]),
    ):
        commands = {
            name: [sys.executable, "-m", "bench.age_streams", verb, name, key] for name in (OURS, OTHER)
        }
        if tool:
            commands[TOOL] = [tool, *options]
        cpu: dict[str, list[float]] = {name: [] for name in commands}
        memory: dict[str, list[float]] = {name: [] for name in commands}

        def once(
            name: str,
            commands: dict[str, list[str]],
            source: FileIO,
            cpu: dict[str, list[float]],
            memory: dict[str, list[float]],
        ) -> float:
            taken, used, most = run(commands[name], source)
            cpu[name].append(size / MIB / used)
            memory[name].append(most)
            return size / MIB / taken

        rates = medians(7, {name: partial(once, name, commands, source, cpu, memory) for name in commands})
        spent = {name: sorted(values)[len(values) // 2] for name, values in cpu.items()}
        for peer in (TOOL, OTHER):
            if peer not in rates:
                continue
            goal = 0.8 if peer == TOOL else None
            what = f"{verb} {size // MIB:,} MiB"
            measures.append(
                Measure(what, rates[OURS], "MiB/s", rates[peer], peer, more_is_better=True, ratio_goal=goal)
            )
            measures.append(
                Measure(
                    "the same for each second of processor time",
                    spent[OURS],
                    "MiB/s",
                    spent[peer],
                    peer,
                    more_is_better=True,
                )
            )
        measures.append(
            Measure(f"most memory to {verb} it, Python's own included", max(memory[OURS]), "MiB", bound=64)
        )
    measures.append(_at_a_place(sealed, person))
    return measures


def _read(file: FileIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(MIB):
        yield piece


def _at_a_place(sealed: FileIO, person: X25519Identity) -> Measure:
    size = sealed.seek(0, os.SEEK_END)
    opened = AgeFile(lambda place, size: os.pread(sealed.fileno(), size, place), size, [person])
    places = random.Random(2)
    wanted = [places.randrange(opened.size - 65_536) for _ in range(500)]
    taken = seconds(lambda: [opened.read(place, 65_536) for place in wanted]) / len(wanted)
    return Measure("read 64 KiB at a random place of it", taken * 1_000, "ms", bound=15)


def refusals() -> list[Measure]:
    """Measure what a header costs that asks for 8 GiB, and one with a million stanzas."""
    zeros = b"A" * 43
    version = b"age-encryption.org/v1\n"
    headers = {
        "refuse scrypt of 8 GiB": version + b"-> scrypt %s 23\n%s\n--- %s\n" % (b"A" * 22, zeros, zeros),
        "refuse a million stanzas": version + b"-> x\n\n" * 1_000_000 + b"--- %s\n" % zeros,
        "refuse a line of 64 MiB": version + b"-> x " + b"x" * (64 * MIB),
    }

    def refused(file: bytes) -> None:
        try:
            unseal(
                (file[start : start + 65_536] for start in range(0, len(file), 65_536)), [Passphrase("word")]
            )
        except HoldfireError:
            return
        raise AssertionError("it was not refused")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measures = [
        Measure(name, seconds(partial(refused, file)) * 1_000, "ms", bound=50)
        for name, file in headers.items()
    ]
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [*measures, Measure("memory for all three above what was held", more, "MiB", bound=64)]


def main() -> list[Measure]:
    """Measure refusals first, while little memory is held, then streams."""
    return refusals() + streams((64 if small() else 1_024) * MIB)
