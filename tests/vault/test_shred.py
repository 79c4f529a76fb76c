"""What is shredded opens no more, what is not stays, and compacting leaves nothing of what was deleted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import NothingOpenedError, TamperError, UserError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.check import check
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import HEAD_SIZE, SLOT_SIZE, SMALLEST, slot_place
from holdfire.vault.shred import compact, shred, shred_all
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from holdfire.vault.records import Kind


def test_a_shredded_compartment_is_gone_and_the_other_stays(
    path: Path, unlock: Callable[[str], Vault]
) -> None:
    vault = unlock("one")
    assert vault.storage
    slot = vault.storage.compartment.slot
    vault.lock()
    before = path.read_bytes()
    shred(path, "one", profile=TEST)
    after = path.read_bytes()
    with pytest.raises(NothingOpenedError):
        unlock("one")
    unlock("two")
    own = {
        place
        for copy in (b"A", b"B")
        for place in range(slot_place(slot, copy), slot_place(slot, copy) + SLOT_SIZE)
    }
    changed = {place for place in range(HEAD_SIZE) if before[place] != after[place]}
    assert changed <= own
    assert len(changed) > 0.98 * len(own)
    assert before[HEAD_SIZE:] == after[HEAD_SIZE:]


def test_a_wrong_passphrase_shreds_nothing(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(NothingOpenedError):
        shred(path, "wrong", profile=TEST)
    assert path.read_bytes() == before


def test_shredding_all_needs_no_passphrase(path: Path, unlock: Callable[[str], Vault]) -> None:
    before = path.read_bytes()
    shred_all(path)
    after = path.read_bytes()
    assert len(after) == SMALLEST
    assert sum(a != b for a, b in zip(before[:HEAD_SIZE], after[:HEAD_SIZE], strict=True)) > 0.98 * HEAD_SIZE
    for word in ("one", "two"):
        with pytest.raises(NothingOpenedError):
            unlock(word)


def test_a_file_that_is_no_vault_is_not_shredded(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"ftypisom" * (SMALLEST // 8))
    with pytest.raises(UserError, match="not a vault"):
        shred_all(film)
    assert film.read_bytes() == b"ftypisom" * (SMALLEST // 8)


def test_compacting_overwrites_all_that_is_unused(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()
    kept = vault.records.add(note, "kept " * 2000, now)
    item = vault.blobs.add([os.urandom(3 << 20)], now)
    vault.blobs.shred(item.id)
    assert vault.storage
    pages, journal = vault.storage.pages, vault.storage.journal
    use = page_use(pages)
    told: list[tuple[int, int]] = []
    done = compact(vault, lambda done, total: told.append((done, total)))
    assert done == len(use.leaves) + pages.count - use.count
    assert told[-1][0] == told[-1][1]
    for index in [*use.leaves, use.count, pages.count - 1]:
        with pytest.raises(TamperError):
            pages.read(index)
    for number in range(journal.count):
        with pytest.raises(TamperError):
            journal.open_block(number)
    check(vault)
    vault.blobs.add([os.urandom(3 << 20)], now)
    vault.lock()
    again = unlock()
    check(again)
    assert again.records.all(note) == (kept,)


def test_compacting_a_vault_in_memory_does_nothing() -> None:
    with Vault.in_memory() as vault:
        assert compact(vault) == 0
