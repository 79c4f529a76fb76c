"""Threat 4. An adversary who watches attempts to unlock — the time they take, the heat, the number of reads —
could learn whether a passphrase was the real one, that of another compartment, or wrong, and which slot it has. So the
same work is done for each: one Argon2id, four slot keys, eight copies read and tried.

Time itself is compared by `python -m bench vault_unlock`: a test that asserted it would fail by chance.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from holdfire.errors import NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.disk import Disk
from simulators.workload import PASSPHRASE, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

OTHER = "another compartment"
SLOTS_END = 36_864


class Reads(Disk):
    """A disk that also remembers what was read."""

    def __init__(self, image: bytes) -> None:
        super().__init__(image)
        self.reads: list[tuple[int, int]] = []

    def read(self, offset: int, size: int) -> bytes:
        self.reads.append((offset, size))
        return super().read(offset, size)


@contextmanager
def counting(calls: Counter[str]) -> Iterator[None]:
    """Count calls of the ciphers and derivations themselves, without replacing any."""

    def see(_: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and (owner := getattr(called, "__self__", None)) is not None:
            calls[f"{type(owner).__name__}.{called.__name__}"] += 1

    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(None)


def work(image: bytes, passphrase: str) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """Return the costly calls of one attempt, and what it read of the head of the file."""
    disk, calls = Reads(image), Counter[str]()
    vault = None
    with counting(calls), suppress(NothingOpenedError):
        vault = unlock(disk.open, passphrase)
    if vault is not None:
        vault.lock()
    head = [read for read in disk.reads if read[0] < SLOTS_END]
    return {name: number for name, number in calls.items() if "derive" in name or "crypt" in name}, head


@pytest.fixture(scope="module")
def attempts(image: bytes) -> dict[str, tuple[dict[str, int], list[tuple[int, int]]]]:
    passphrases = [PASSPHRASE, OTHER, *(f"a wrong passphrase, number {n}" for n in range(50))]
    return {passphrase: work(image, passphrase) for passphrase in passphrases}


def test_argon2id_runs_once_whatever_was_typed(attempts: dict[str, Any]) -> None:
    assert {calls["Argon2id.derive"] for calls, _ in attempts.values()} == {1}


def test_the_same_places_are_read_in_the_same_order(attempts: dict[str, Any]) -> None:
    heads = [head for _, head in attempts.values()]
    assert len([read for read in heads[0] if read[1] == 4_096]) >= 8
    assert all(head == heads[0] for head in heads)


def test_every_wrong_attempt_does_the_same_work(attempts: dict[str, Any]) -> None:
    wrong = [calls for passphrase, (calls, _) in attempts.items() if passphrase not in (PASSPHRASE, OTHER)]
    assert len(wrong) == 50
    assert all(calls == wrong[0] for calls in wrong)
    assert wrong[0]["AESGCM.decrypt"] == 8


def test_real_and_other_do_the_same_work(attempts: dict[str, Any]) -> None:
    """Both compartments are new here; what opening costs later depends on what is in them."""
    assert attempts[PASSPHRASE][0] == attempts[OTHER][0]


def test_a_right_passphrase_does_all_the_work_of_a_wrong_one(attempts: dict[str, Any]) -> None:
    wrong = attempts["a wrong passphrase, number 0"][0]
    for passphrase in (PASSPHRASE, OTHER):
        right = attempts[passphrase][0]
        assert all(right[name] >= number for name, number in wrong.items())


@pytest.mark.parametrize("compartments", [1, 2, 3, 4])
def test_work_does_not_depend_on_how_many_compartments_there_are(
    tmp_path: Path, compartments: int, attempts: dict[str, Any]
) -> None:
    Vault.create(tmp_path / "vault", [f"passphrase {n}" for n in range(compartments)], 64 << 20, profile=TEST)
    assert work((tmp_path / "vault").read_bytes(), "wrong") == attempts["a wrong passphrase, number 0"]
