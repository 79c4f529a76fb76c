"""Threat 7. An adversary who gets the file after something was shredded, and later also the passphrase, could look for
what is left of it in every page and block the compartment's own key opens: free pages, pages above the count, the
journal. The key of a shredded item must be nowhere, a shredded compartment must open for nobody, and what was
deleted must be gone after compacting. (What an SSD or a copying file system keeps is outside the file: see the limits.)
"""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.shred import compact, shred, shred_all
from simulators import examiner
from simulators.disk import Disk, PowerCut, Synced
from simulators.workload import NOTE, NOWHERE, PASSPHRASE, START, found, import_item, unlock
from vault import independent_reader as reader
from vault.independent_reader import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 64 << 20
LAYOUT = Layout(SIZE)
OTHER = "another compartment"
SECRET = "the name that must not be found "


def region_key(disk: Disk) -> tuple[int, bytes]:
    """Return slot and region key of the compartment, as an adversary with its passphrase has them."""
    data = disk.read(0, 36_864)
    master = reader.master_key(PASSPHRASE, data[:32], reader.TEST)
    for slot in (1, 2, 3, 4):
        place = LAYOUT.slot_place(slot, "A")
        try:
            plaintext = reader.open_slot(
                reader.derived_key(master, f"slot {slot}"), data[place : place + 4_096], slot, "A"
            )
        except reader.DamagedError:
            continue
        return slot, reader.read_slot(plaintext, SIZE)
    raise AssertionError("the passphrase opens nothing")


def everything_that_opens(disk: Disk, slot: int, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every page and journal block that opens under the compartment's key, in use or not."""
    database, journal = reader.derived_key(key, "db"), reader.derived_key(key, "journal")
    for index in range(LAYOUT.pages):
        try:
            yield (
                f"page {index}",
                reader.open_page(database, disk.read(LAYOUT.page_place(slot, index), 16_384), index),
            )
        except reader.DamagedError:
            continue
    for block in range(LAYOUT.blocks):
        try:
            yield (
                f"block {block}",
                reader.open_block(journal, disk.read(LAYOUT.block_place(slot, block), 20_480), block),
            )
        except reader.DamagedError:
            continue


def places_of(disk: Disk, secret: bytes) -> list[str]:
    disk = disk.copy()
    slot, key = region_key(disk)
    return [place for place, plaintext in everything_that_opens(disk, slot, key) if secret in plaintext]


def shredding(disk: Disk, *, others: int) -> tuple[bytes, range]:
    """Import items, shred one in the middle; return its key and the events after which its key row was gone."""
    vault = unlock(disk.open, PASSPHRASE)
    for n in range(others):
        import_item(vault, bytes([n % 100]) * 1_000, START)
    chosen = import_item(vault, SECRET.encode() * 20_000, START)
    for n in range(others):
        import_item(vault, bytes([n % 100 + 100]) * 1_000, START)
    vault.records.add(NOTE, {"label": "x", "text": "so that the journal is used again"}, START)
    key = vault.connection.execute(
        "SELECT key FROM keys JOIN items USING (number) WHERE id = ?", (bytes.fromhex(chosen),)
    ).get
    assert isinstance(key, bytes)
    started = len(disk.log)
    vault.blobs.shred(chosen)
    vault.lock()
    return key, range(started + 1, len(disk.log) + 1)


@pytest.mark.parametrize("others", [0, 3, 300])
def test_the_key_of_a_shredded_item_is_nowhere(new_disk: Disk, others: int) -> None:
    key, _ = shredding(new_disk, others=others)
    assert places_of(new_disk, key) == []
    assert places_of(new_disk, SECRET.encode()) == []


def test_the_search_finds_a_key_that_is_there(new_disk: Disk) -> None:
    vault = unlock(new_disk.open, PASSPHRASE)
    import_item(vault, b"kept", START)
    key = vault.connection.execute("SELECT key FROM keys").get
    vault.lock()
    assert isinstance(key, bytes)
    assert places_of(new_disk, key)


def test_a_power_cut_while_shredding_leaves_no_key_after_the_next_unlock(new_disk: Disk) -> None:
    """From the moment the item cannot be seen any more, its key may lie in the journal only until the next unlock."""
    key, points = shredding(new_disk, others=3)
    item = hashlib.sha256(SECRET.encode() * 20_000).hexdigest()
    gone = 0
    for point in [n for n in points if isinstance(new_disk.log[n - 1], Synced)]:
        for cut in (PowerCut.LOSES_ALL, PowerCut.LOSES_NONE):
            left = new_disk.after_power_cut(point, cut, random.Random(40))
            vault = unlock(left.open, PASSPHRASE)
            state = found(vault, PASSPHRASE)
            vault.lock()
            if item not in state.items:
                gone += 1
                assert places_of(left, key) == []
    assert gone > 2


def test_a_deleted_note_is_gone_after_compacting(new_disk: Disk) -> None:
    vault = unlock(new_disk.open, PASSPHRASE)
    for n in range(30):
        vault.records.add(NOTE, {"label": f"n{n}", "text": f"kept {n} " * 100}, START)
    gone = [
        vault.records.add(NOTE, {"label": f"g{n}", "text": SECRET * size}, START)
        for n, size in enumerate((1, 40, 4_000))
    ]
    vault.records.save(NOTE, gone[0].id, {"label": "g0", "text": SECRET * 500}, START)
    for record in gone:
        vault.records.delete(NOTE, record.id)
    compact(vault)
    vault.lock()
    assert places_of(new_disk, SECRET.encode()) == []
    assert places_of(new_disk, b"kept 3 kept 3")


def test_a_shredded_compartment_opens_for_nobody_and_the_other_stays(new_disk: Disk) -> None:
    before = new_disk.copy()
    slot, _ = region_key(before)
    shred(NOWHERE, PASSPHRASE, profile=TEST, open_device=lambda _: new_disk)
    new_disk.open()
    with pytest.raises(NothingOpenedError):
        unlock(new_disk.copy().open, PASSPHRASE)
    unlock(new_disk.copy().open, OTHER).lock()
    for copy in ("A", "B"):
        place = LAYOUT.slot_place(slot, copy)
        assert new_disk.read(place, 4_096) != before.read(place, 4_096)
        assert abs(examiner.chi_squared(new_disk.read(place, 4_096)) - 255) < 10 * 22.6
    assert isinstance(new_disk.log[-1], Synced)


def test_shredding_a_compartment_touches_its_two_slot_copies_alone(new_disk: Disk) -> None:
    before, (slot, _) = new_disk.contents(), region_key(new_disk)
    shred(NOWHERE, PASSPHRASE, profile=TEST, open_device=lambda _: new_disk)
    after = new_disk.open().contents()
    changed = {n for n in range(0, SIZE, 4_096) if before[n : n + 4_096] != after[n : n + 4_096]}
    assert changed == {LAYOUT.slot_place(slot, "A"), LAYOUT.slot_place(slot, "B")}


def test_a_wrong_passphrase_shreds_nothing(new_disk: Disk) -> None:
    with pytest.raises(NothingOpenedError):
        shred(NOWHERE, "wrong", profile=TEST, open_device=lambda _: new_disk)
    assert new_disk.log == []


def test_shredding_all_opens_nothing_and_still_looks_like_noise(new_disk: Disk) -> None:
    before = new_disk.read(0, 36_864)
    shred_all(NOWHERE, open_device=lambda _: new_disk)
    after = new_disk.open().read(0, 36_864)
    assert all(before[n : n + 32] != after[n : n + 32] for n in range(0, 36_864, 32))
    assert abs(examiner.chi_squared(after) - 255) < 10 * 22.6
    assert isinstance(new_disk.log[-1], Synced)
    for passphrase in (PASSPHRASE, OTHER):
        with pytest.raises(NothingOpenedError):
            unlock(new_disk.copy().open, passphrase)
