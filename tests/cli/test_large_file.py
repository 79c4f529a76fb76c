"""A file larger than memory should be goes from a member's vault to a desk's: whole, and in bounded memory on all three sides."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from command_line import COMMAND, environment, run
from simulators.relay_server import RelayServer, relaying

MIB = 1 << 20
#: What sending or fetching may take above a command that opens the vault and the desk's libraries, however large the file is.
MORE = 48 * MIB
OUT = ("--proxy", "none", "--yes")


def peak(*arguments: object) -> int:
    """Run a command to its end, which must be good, and return the most memory that it held, in bytes."""
    with TemporaryFile() as said:
        made = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            stdout=said,
            stderr=said,
            env=environment(),
            start_new_session=True,
        )
        _, status, used = os.wait4(made.pid, 0)
        made.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        assert made.returncode == 0, said.read().decode()
    return used.ru_maxrss * 1_024


def say(*arguments: object) -> str:
    ran = run(*arguments)
    assert ran.code == 0, ran
    return ran.out


def made(folder: Path, phrase: Path, name: str, size: int) -> tuple[object, ...]:
    """Make a vault with room for a file of this size, and return the options that open it."""
    file = folder / name
    room = f"{64 + size * 5 // MIB}M"  # a quarter is one compartment's
    peak("vault", "create", "--vault", file, "--size", room, "--passphrase-file", phrase)
    return ("--vault", file, "--passphrase-file", phrase)


def highest(server: RelayServer) -> int:
    """Return the most memory that the relay's process held, in bytes."""
    status = Path(f"/proc/{server.pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1_024


def film(path: Path, size: int) -> str:
    """Write a file of this many bytes and return its SHA-256."""
    whole = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size // MIB):
            piece = os.urandom(MIB)
            whole.update(piece)
            file.write(piece)
    return whole.hexdigest()


def goes_to_a_desk(folder: Path, phrase: Path, size: int) -> None:
    desk, member = made(folder, phrase, "desk", size), made(folder, phrase, "member", size)
    sha256 = film(folder / "film", size)
    with relaying(folder / "relay") as server:
        host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
        words = say("desk", "init", "Lawyers", *host, "--root", folder / "root", *OUT, *desk)
        words = words.partition("Its eight words: ")[2].splitlines()[0]
        say("desk", "card", "--out", folder / "card", *desk)
        say("desk", "publish", *OUT, *desk)
        say("drop", "add-desk", folder / "card", *member)
        say("drop", "confirm", 1, *words.split(), *member)
        peak("evidence", "add", folder / "film", *member)
        (folder / "film").unlink()

        start = peak("drop", "check", 1, *OUT, *member)
        relay = highest(server)
        message = ("--kind", "evidence", "--answer", "shows=a street", "--attach", 1)
        sent = peak("drop", "send", 1, *message, *OUT, *member)
        pulled = peak("desk", "pull", *OUT, *desk)
        fetched = peak("desk", "accept", 1, *OUT, *desk)
        above = {"sent": sent - start, "fetched": fetched - pulled, "relay": highest(server) - relay}
    assert sha256 in say("evidence", "show", 1, *desk)
    assert max(above.values()) < MORE, above


def test_a_file_is_never_whole_in_memory(tmp_path: Path, phrase: Path) -> None:
    goes_to_a_desk(tmp_path, phrase, 96 * MIB)


@pytest.mark.nightly
def test_two_gibibytes_arrive_whole_in_the_same_memory(tmp_path: Path, phrase: Path) -> None:
    goes_to_a_desk(tmp_path, phrase, 2_048 * MIB)
