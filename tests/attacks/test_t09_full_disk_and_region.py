"""Threat 9. An adversary who fills the disk or the compartment, or a stick that becomes read-only, could make a vault lose
what it had, or leave it in a state that does not open. Whatever was saved before must stay, the sentence must say what is
full, and the vault must go on working once there is room.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import FullError, HoldfireError, StorageError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.check import check
from holdfire.vault.vault import Vault
from simulators.disk import Disk
from simulators.workload import (
    NOTE,
    PASSPHRASE,
    START,
    Add,
    Delete,
    Import,
    Save,
    Shred,
    State,
    User,
    found,
    import_item,
    sentence,
    unlock,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulators.workload import Step


class Failing(Disk):
    """A disk whose writes fail with `error` after `good` more of them, until `good` is None again."""

    good: int | None = None
    error: StorageError = FullError("The disk is full.")

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        if self.good is not None:
            if self.good == 0:
                raise self.error
            self.good -= 1
        super().write(offset, data)


def prepared(image: bytes) -> tuple[Failing, State]:
    disk, state, chance = Failing(image), State(), random.Random(50)
    user = User.arrive(disk.open)
    steps: list[Step] = [*(Add(f"n{n}", sentence(chance, 300)) for n in range(5)), Import(51, 200_000)]
    for step in steps:
        step.run(user)
        state = step.after(state)
    user.leave()
    return Failing(image, dict(disk.copy().start)), state


STEPS: dict[str, Step] = {
    "add": Add("new", sentence(random.Random(52), 6_000)),
    "save": Save("n1", sentence(random.Random(53), 6_000)),
    "delete": Delete("n2"),
    "import": Import(54, 5_000_000),
    "shred": Shred(Import(51, 200_000).sha256),
}


@pytest.mark.parametrize("what", STEPS)
@pytest.mark.parametrize(
    "error", [FullError("The disk is full."), StorageError("The disk could not be written.")]
)
def test_writes_that_fail_at_any_moment_lose_nothing(image: bytes, what: str, error: StorageError) -> None:
    disk, before = prepared(image)
    step, start, chance = STEPS[what], dict(disk.start), random.Random(55)
    whole = Failing(image, dict(start))
    user = User.arrive(whole.open)
    step.run(user)
    user.leave()
    writes = sum(1 for event in whole.log if hasattr(event, "data"))
    assert writes > 2
    for good in sorted(chance.sample(range(writes), min(writes, 12))):
        disk = Failing(image, dict(start))
        disk.error = error
        user = User.arrive(disk.open)
        disk.good = good
        with suppress(StorageError):  # a write after the change was saved may fail, and the step succeed
            step.run(user)
        disk.good = None
        allowed = [(one.notes, one.items) for one in (before, step.after(before))]
        # The same open vault must not go on with half of the change in view.
        state = found(user.vault, PASSPHRASE)
        assert (state.notes, state.items) in allowed
        user.vault.lock()
        again = User.arrive(disk.open)
        state = found(again.vault, PASSPHRASE)
        assert (state.notes, state.items) in allowed
        Add("after", "there is room again").run(again)
        assert "after" in found(again.vault, PASSPHRASE).notes
        again.leave()


def test_a_disk_that_only_reads_still_refuses_in_words(image: bytes) -> None:
    disk, before = prepared(image)
    disk.error, disk.good = StorageError("The disk could not be written."), 0
    vault = unlock(disk.open, PASSPHRASE)
    assert found_without_writing(vault) == set(before.notes)
    with pytest.raises(StorageError):
        vault.records.add(NOTE, {"label": "x", "text": "y"}, START)
    vault.lock()


def found_without_writing(vault: Vault) -> set[str]:
    return {record.value["label"] for record in vault.records.all(NOTE)}


@pytest.mark.parametrize("words", [2_000, 20_000])
def test_a_full_compartment_keeps_everything_and_goes_on_after_deleting(new_disk: Disk, words: int) -> None:
    """Small notes fill the journal with what the index of words merges, large ones with their own pages."""
    vault, chance = unlock(new_disk.open, PASSPHRASE), random.Random(56)
    kept: dict[str, str] = {}
    try:
        while True:
            text = sentence(chance, words)
            record = vault.records.add(NOTE, {"label": f"n{len(kept)}", "text": text}, START)
            kept[record.id] = text
    except FullError as full:
        assert full.hint  # noqa: PT017 — there is no other end to the loop
    assert {record.id: record.value["text"] for record in vault.records.all(NOTE, limit=10_000)} == kept
    used, there_is = vault.used()
    assert used > 0.9 * there_is
    deleted = list(kept)[: max(3, len(kept) // 5)]
    for id_ in deleted:
        vault.records.delete(NOTE, id_)
    vault.records.add(NOTE, {"label": "again", "text": "room"}, START)
    vault.lock()
    again = unlock(new_disk.open, PASSPHRASE)
    left = {record.id: record.value["text"] for record in again.records.all(NOTE, limit=10_000)}
    assert sorted(left.values()) == sorted([*(kept[id_] for id_ in kept if id_ not in deleted), "room"])
    check(again)


def test_an_item_larger_than_the_compartment_leaves_no_trace(new_disk: Disk) -> None:
    vault = unlock(new_disk.open, PASSPHRASE)
    kept = import_item(vault, b"kept" * 50_000, START)
    before = vault.used()
    endless = (bytes([n % 256]) * 1_000_000 for n in range(40))
    with pytest.raises(FullError):
        vault.blobs.add(endless, START)
    assert [item.id for item in vault.blobs.all()] == [kept]
    used, _ = vault.used()
    assert used <= before[0] + 200_000
    vault.lock()
    again = unlock(new_disk.open, PASSPHRASE)
    assert found(again, PASSPHRASE).items == {again.blobs.all()[0].sha256.hex()}


def test_a_source_that_breaks_off_leaves_no_trace(new_disk: Disk) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"x" * 9_000_000
        raise OSError("the camera was pulled out")

    vault = unlock(new_disk.open, PASSPHRASE)
    with pytest.raises(OSError, match="camera"):
        vault.blobs.add(breaking(), START)
    assert found(vault, PASSPHRASE) == State()
    vault.lock()


CREATE = """
import resource, signal, sys
from pathlib import Path
from holdfire.errors import FullError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.backup import backup
from holdfire.vault.check import check
from holdfire.vault.vault import Vault
path, limit, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    if what == "create":
        Vault.create(path, ["a passphrase"], 64 << 20, profile=TEST)
    else:
        backup(Path(what), ["the first passphrase"], path, profile=TEST)
except FullError as error:
    print(error, error.hint, sep="\\n")
    sys.exit(7)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
@pytest.mark.parametrize("what", ["create", "backup"])
@pytest.mark.parametrize("limit", [0, 5_000, 20 << 20, (64 << 20) - 1])
def test_no_room_for_a_new_file_leaves_no_file(tmp_path: Path, image: bytes, what: str, limit: int) -> None:
    source = tmp_path / "source"
    source.write_bytes(image)
    target = tmp_path / "new" / "vault"
    target.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CREATE, str(target), str(limit), "create" if what == "create" else str(source)],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr
    assert all(done.stdout.splitlines())
    assert os.listdir(target.parent) == []  # noqa: PTH208
    assert source.read_bytes() == image


def test_an_existing_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "letters.txt"
    path.write_text("do not lose me", encoding="utf-8")
    with pytest.raises(HoldfireError):
        Vault.create(path, [PASSPHRASE], 64 << 20, profile=TEST)
    assert path.read_text(encoding="utf-8") == "do not lose me"
