"""Checking reads everything that holds something, and finds what was damaged."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import TamperError
from holdfire.vault.check import check
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import PAGE_SIZE, SLOT_SIZE, slot_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from holdfire.vault.records import Kind
    from holdfire.vault.vault import Storage, Vault


@pytest.fixture
def storage(unlock: Callable[[], Vault], note: Kind[str], now: datetime) -> tuple[Vault, Storage]:
    vault = unlock()
    for number in range(30):
        vault.records.add(note, f"note {number} " * 200, now)
    item = vault.blobs.add([os.urandom(2 << 20)], now)
    vault.blobs.add([os.urandom(300_000)], now)
    vault.blobs.shred(item.id)
    assert vault.storage
    return vault, vault.storage


def test_a_whole_vault_is_reported(storage: tuple[Vault, Storage]) -> None:
    vault, parts = storage
    told: list[tuple[int, int]] = []
    report = check(vault, lambda done, total: told.append((done, total)))
    use = page_use(parts.pages)
    assert report.pages + report.free == use.count
    assert report.free == len(use.leaves) > 100
    assert report.items == 1
    assert report.slots_ok
    assert told[-1] == (use.count * PAGE_SIZE, use.count * PAGE_SIZE)


def test_free_pages_may_hold_anything(storage: tuple[Vault, Storage]) -> None:
    vault, parts = storage
    for index in page_use(parts.pages).leaves:
        parts.pages.overwrite(index, os.urandom(PAGE_SIZE))
    check(vault)
    assert vault.connection.execute("SELECT count(*) FROM records").get == 30


def test_every_other_page_must_open(storage: tuple[Vault, Storage]) -> None:
    vault, parts = storage
    use = page_use(parts.pages)
    disk, start = parts.compartment.disk, parts.compartment.region.start
    for index in list(use.holding())[::5]:
        before = disk.read(start + index * PAGE_SIZE, PAGE_SIZE)
        parts.pages.overwrite(index, os.urandom(PAGE_SIZE))
        with pytest.raises(TamperError):
            check(vault)
        disk.write(start + index * PAGE_SIZE, before)
    check(vault)


def test_an_old_page_put_back_shows_when_it_contradicts_the_rest(
    storage: tuple[Vault, Storage], note: Kind[str], now: datetime
) -> None:
    vault, parts = storage
    disk, start = parts.compartment.disk, parts.compartment.region.start
    root = vault.connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'records'").get - 1
    before = disk.read(start + root * PAGE_SIZE, PAGE_SIZE)
    for number in range(200):
        vault.records.add(note, f"later {number} " * 300, now)
    disk.write(start + root * PAGE_SIZE, before)
    vault.connection.execute("PRAGMA shrink_memory").fetchall()
    with pytest.raises(TamperError):
        check(vault)


@pytest.mark.parametrize("copy", [b"A", b"B"])
def test_both_copies_of_the_slot_are_opened(storage: tuple[Vault, Storage], copy: bytes) -> None:
    vault, parts = storage
    parts.compartment.disk.write(slot_place(parts.compartment.slot, copy), os.urandom(SLOT_SIZE))
    with pytest.raises(TamperError):
        check(vault)
    vault.lock()


def test_a_repaired_slot_is_told(storage: tuple[Vault, Storage], unlock: Callable[[], Vault]) -> None:
    vault, parts = storage
    parts.compartment.disk.write(slot_place(parts.compartment.slot, b"A"), os.urandom(SLOT_SIZE))
    vault.lock()
    assert not check(unlock()).slots_ok


@pytest.mark.parametrize(
    "fault",
    [
        "DELETE FROM keys",
        "DELETE FROM chunks WHERE place & 0xFFFFFFFF = 2",
        "UPDATE items SET size = size + 65536",
    ],
)
def test_items_must_be_whole(storage: tuple[Vault, Storage], fault: str) -> None:
    vault, _ = storage
    vault.connection.execute(fault)
    with pytest.raises(TamperError):
        check(vault)
