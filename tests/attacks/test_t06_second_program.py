"""Threat 6. A second program — a second window, a careless script, an adversary's tool running as the same user —
could open a vault that is open already, and both would write: the file would be ruined. The second must be
refused before it reads or changes anything, in a sentence that says what would free the vault.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import InUseError, NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.backup import backup
from holdfire.vault.passwd import change_passphrase
from holdfire.vault.shred import shred, shred_all
from holdfire.vault.vault import Vault
from simulators.workload import NOTE, PASSPHRASE, START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECOND = """
import sys
from pathlib import Path
from holdfire.errors import InUseError, NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
try:
    Vault.open(Path(sys.argv[1]), sys.argv[2], profile=TEST)
except InUseError as error:
    print(error, error.hint, sep="\\n")
    sys.exit(7)
if len(sys.argv) > 3:
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(new_file: Path) -> Iterator[Vault]:
    vault = Vault.open(new_file, PASSPHRASE, profile=TEST)
    yield vault
    vault.lock()


def contents(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


def test_another_process_is_refused_in_words(held: Vault, new_file: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-c", SECOND, str(new_file), PASSPHRASE],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 7, second.stderr
    sentence, hint = second.stdout.splitlines()
    assert sentence
    assert hint
    assert PASSPHRASE not in second.stdout


@pytest.mark.parametrize("passphrase", [PASSPHRASE, "another compartment", "wrong"])
def test_the_same_process_is_refused_whatever_it_types(held: Vault, new_file: Path, passphrase: str) -> None:
    with pytest.raises(InUseError):
        Vault.open(new_file, passphrase, profile=TEST)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda path: change_passphrase(path, PASSPHRASE, "a new one", profile=TEST),
        lambda path: shred(path, PASSPHRASE, profile=TEST),
        shred_all,
        lambda path: backup(path, [PASSPHRASE], path.with_name("backup"), profile=TEST),
    ],
    ids=["passwd", "shred", "shred --all", "backup"],
)
def test_nothing_else_gets_past_the_lock(
    held: Vault, new_file: Path, attempt: Callable[[Path], object]
) -> None:
    before = contents(new_file)
    with pytest.raises(InUseError):
        attempt(new_file)
    assert contents(new_file) == before
    assert [entry.name for entry in new_file.parent.iterdir()] == [new_file.name]


def test_the_first_goes_on_as_if_nothing_had_been(held: Vault, new_file: Path) -> None:
    for _ in range(3):
        with pytest.raises(InUseError):
            Vault.open(new_file, PASSPHRASE, profile=TEST)
        held.records.add(NOTE, {"label": "n", "text": "still here"}, START)
    assert held.records.count(NOTE) == 3


def test_locking_frees_the_vault(held: Vault, new_file: Path) -> None:
    held.lock()
    Vault.open(new_file, PASSPHRASE, profile=TEST).lock()


def test_a_wrong_passphrase_frees_the_vault(new_file: Path) -> None:
    with pytest.raises(NothingOpenedError):
        Vault.open(new_file, "wrong", profile=TEST)
    Vault.open(new_file, PASSPHRASE, profile=TEST).lock()


def test_a_killed_program_leaves_no_lock_behind(new_file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SECOND, str(new_file), PASSPHRASE, "stay"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as first:  # fmt: skip
        assert first.stdout is not None
        assert first.stdout.readline() == b"open\n"
        with pytest.raises(InUseError):
            Vault.open(new_file, PASSPHRASE, profile=TEST)
        first.kill()
        first.wait(timeout=60)
    Vault.open(new_file, PASSPHRASE, profile=TEST).lock()
