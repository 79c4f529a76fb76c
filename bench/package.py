"""A package of 1 GiB: written sealed and as a folder, and verified, beside sha256sum and bagit.py in the same run.

Also: how many of 10,000 packages with one changed byte are found. What the public script finds of as many is counted by
`make nightly` (tests/evidence/package/test_script.py), since each takes a process.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.measure import Measure, bench_folder, medians, seconds, small
from holdfire.cli.package_files import write_folder, write_sealed
from holdfire.evidence.package.layout import Piece, piece
from holdfire.evidence.package.opened import Opened
from holdfire.evidence.package.refusals import NotWholeError
from holdfire.evidence.package.verify import verify
from holdfire.journeys.check_package import received
from holdfire.journeys.export_evidence import Wish, make_package
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.sealing.age.x25519 import X25519Identity
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault

MIB = 1 << 20
PHRASE = "seven slow herons over the reed"


def stock(size: int) -> Iterator[bytes]:
    """Yield bytes that cannot be compressed."""
    held = random.Random(1).randbytes(17 * MIB)
    for number in range(size // MIB):
        start = number * 4_097 % (16 * MIB)
        yield held[start : start + MIB]


def most_memory() -> float:
    """Return the most memory this process ever took, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def nothing(_done: int, _total: int) -> None: ...


def changed(count: int) -> int:
    """Return in how many of `count` packages with one changed byte `verify` finds it."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from packages_drawn import contents  # noqa: PLC0415
    from packages_drawn import small as drawn  # noqa: PLC0415

    pieces = drawn()
    held, files = contents(pieces), {one.name: one for one in pieces}
    names = [name for name in held for _ in held[name]]
    chance, found = random.Random(7), 0
    for _ in range(count):
        name = chance.choice(names)
        content = bytearray(held[name])
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        other: dict[str, Piece] = {**files, name: piece(name, bytes(content))}
        try:
            verify(Opened(other))
        except NotWholeError:
            found += 1
    return found


def main() -> list[Measure]:
    """Measure export and verification by the clock, and how many changed bytes are found."""
    size = (64 if small() else 1024) * MIB
    person = X25519Identity.new()
    told: dict[str, float] = {}
    memory: list[float] = []
    with bench_folder() as folder:
        Vault.create(folder / "vault", [PHRASE], 6 * size + 256 * MIB, profile=TEST)
        with Vault.open(folder / "vault", PHRASE, profile=TEST) as vault:
            add_evidence(vault, stock(size), datetime.now(UTC), size=size)
            wish = Wish(numbers=(1,), recipients=(str(person.recipient()),))
            kept = make_package(vault, wish, datetime.now(UTC)).value
            before = most_memory()
            told["sealed"] = seconds(lambda: write_sealed(vault, kept, folder / "package.age", nothing))
            told["folder"] = seconds(lambda: write_folder(vault, kept, folder / "package", nothing))
            memory.append(most_memory() - before)

        def check(path: Path) -> None:
            with received(path, [person]) as found:
                verify(found)

        before = most_memory()
        check(folder / "package")
        contenders: dict[str, list[str]] = {
            "sha256sum -c": ["sha256sum", "-c", "manifest-sha256.txt"],
            "bagit.py --validate": [str(Path(sys.executable).parent / "bagit.py"), "--validate", "."],
            "verify.sh": ["sh", "verify.sh"],
        }

        def peer(command: list[str]) -> float:
            quiet = subprocess.DEVNULL
            return seconds(
                lambda: subprocess.run(
                    command, cwd=folder / "package", stdout=quiet, stderr=quiet, check=True
                )
            )

        told |= medians(
            3,
            {
                "verify": lambda: seconds(lambda: check(folder / "package")),
                "verify sealed": lambda: seconds(lambda: check(folder / "package.age")),
                **{name: partial(peer, command) for name, command in contenders.items()},
            },
        )
        memory.append(most_memory() - before)
    count = 500 if small() else 10_000
    rate = {name: size / MIB / taken for name, taken in told.items()}
    what = f"a package of {size // MIB:,} MiB"
    return [
        Measure(f"write {what}, sealed", rate["sealed"], "MiB/s", more_is_better=True),
        Measure(f"write {what} as a folder", rate["folder"], "MiB/s", more_is_better=True),
        Measure("memory that writing took beyond the start", memory[0], "MiB", bound=64),
        *(
            Measure(f"verify {what}", rate["verify"], "MiB/s", rate[name], name, more_is_better=True)
            for name in contenders
        ),
        Measure("verify it sealed", rate["verify sealed"], "MiB/s", rate["verify"], "the folder", more_is_better=True),
        Measure("memory that verifying took beyond the start", memory[1], "MiB", bound=64),
        Measure(f"of {count:,} packages with one changed byte, found", changed(count), "", more_is_better=True, bound=count),
    ]  # fmt: skip
