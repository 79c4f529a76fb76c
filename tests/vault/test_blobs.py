"""An item is there whole or not at all, comes back as it was, and is gone for good once shredded."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import TamperError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.blobs import CHUNK
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import PAGE_SIZE, STRIDE
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

lengths = st.one_of(
    st.integers(0, 50),
    st.integers(CHUNK - 2, CHUNK + 2),
    st.integers(2 * CHUNK - 1, 2 * CHUNK + 1),
    st.just(5 * CHUNK),
)


def raw(vault: Vault) -> bytes:
    """Return everything in the open compartment that its keys open: pages and journal blocks."""
    assert vault.storage
    parts = []
    for index in range(vault.storage.pages.count):
        try:
            parts.append(vault.storage.pages.read(index))
        except TamperError:
            continue
    for number in range(vault.storage.journal.count):
        try:
            parts.append(vault.storage.journal.open_block(number))
        except TamperError:
            continue
    return b"".join(parts)


@settings(deadline=None, max_examples=30)
@given(st.lists(lengths, max_size=5), st.data())
def test_any_pieces_come_back_whole_and_in_parts(sizes: list[int], data: st.DataObject) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    pieces = [os.urandom(size) for size in sizes]
    whole = b"".join(pieces)
    with Vault.in_memory() as vault:
        item = vault.blobs.add(iter(pieces), datetime(2026, 1, 1, tzinfo=UTC))
        assert (item.size, item.sha256) == (len(whole), hashlib.sha256(whole).digest())
        assert vault.blobs.get(item.id) == item
        assert vault.blobs.read(item.id) == b"".join(vault.blobs.stream(item.id)) == whole
        start = data.draw(st.integers(0, len(whole) + 10))
        size = data.draw(st.integers(0, len(whole) + 10))
        assert vault.blobs.read(item.id, start, size) == whole[start : start + size]
        stored = vault.connection.execute("SELECT count(*) FROM chunks").get
        assert stored == item.chunks == max(1, -(-len(whole) // CHUNK))


def test_a_large_item_is_told_as_it_goes(unlock: Callable[[], Vault], now: datetime) -> None:
    vault = unlock()
    told: list[tuple[int, int]] = []
    size = 9 << 20
    content = os.urandom(size)
    item = vault.blobs.add([content], now, size=size, progress=lambda done, total: told.append((done, total)))
    assert told == [(4 << 20, size), (8 << 20, size), (size, size)]
    vault.lock()
    again = unlock()
    assert again.blobs.all() == (item,)
    assert again.blobs.read(item.id) == content


def test_an_import_that_breaks_off_leaves_nothing(unlock: Callable[[], Vault], now: datetime) -> None:
    vault = unlock()
    before = vault.used()

    def broken() -> Iterator[bytes]:
        yield os.urandom(9 << 20)
        raise KeyError

    with pytest.raises(KeyError):
        vault.blobs.add(broken(), now)
    assert vault.used() == before
    assert vault.blobs.all() == ()
    assert vault.connection.execute("SELECT count(*) FROM chunks").get == 0


def test_an_import_inside_another_does_not_disturb_it(unlock: Callable[[], Vault], now: datetime) -> None:
    vault = unlock()
    outer = os.urandom(9 << 20)

    def pieces() -> Iterator[bytes]:
        yield outer[: 5 << 20]
        assert vault.blobs.add([b"inner"], now).size == 5
        with pytest.raises(ZeroDivisionError):
            vault.blobs.add((bytes(1 // divisor) for divisor in (1, 0)), now)
        yield outer[5 << 20 :]

    item = vault.blobs.add(pieces(), now)
    assert vault.blobs.read(item.id) == outer
    assert [found.size for found in vault.blobs.all()] == [5, 9 << 20]


def test_leftovers_of_a_killed_import_are_cleared_at_unlock(
    path: Path, tmp_path: Path, unlock: Callable[[], Vault], now: datetime
) -> None:
    vault = unlock()
    kept = vault.blobs.add([b"kept"], now)
    before = vault.used()
    image = tmp_path / "image.vault"

    def killed() -> Iterator[bytes]:
        yield os.urandom(9 << 20)
        image.write_bytes(path.read_bytes())
        yield b""

    vault.blobs.add(killed(), now)
    with Vault.open(image, "one", profile=TEST) as again:
        assert again.blobs.all() == (kept,)
        assert again.used() == before
        assert again.storage
        assert len(page_use(again.storage.pages).leaves) > 200
        assert again.connection.execute("SELECT count(*) FROM chunks").get == 1
    image.unlink()


def test_a_shredded_items_key_is_nowhere(unlock: Callable[[], Vault], now: datetime) -> None:
    vault = unlock()
    items = [vault.blobs.add([os.urandom(200_000)], now) for _ in range(30)]
    rows = vault.connection.execute(
        "SELECT lower(hex(id)), key FROM items JOIN keys USING (number)"
    ).fetchall()
    keys: dict[Any, Any] = {row[0]: row[1] for row in rows}
    doomed = items[3::4]
    contents = {item.id: vault.blobs.read(item.id) for item in items}
    assert all(keys[item.id] in raw(vault) for item in items)
    told: list[tuple[int, int]] = []
    for item in doomed:
        vault.blobs.shred(item.id, lambda done, total: told.append((done, total)))
        with pytest.raises(MissingError):
            vault.blobs.read(item.id)
    everything = raw(vault)
    for item in items:
        if item in doomed:
            assert keys[item.id] not in everything
        else:
            assert vault.blobs.read(item.id) == contents[item.id]
    assert told == [(4, 4)] * len(doomed)
    assert vault.connection.execute("PRAGMA integrity_check").get == "ok"
    assert vault.connection.execute("PRAGMA secure_delete").get == 1


def test_shredding_overwrites_the_journal_before_it_deletes(
    unlock: Callable[[], Vault], now: datetime
) -> None:
    vault = unlock()
    item = vault.blobs.add([os.urandom(100)], now)
    assert vault.storage
    region, disk = vault.storage.compartment.region, vault.storage.compartment.disk
    before = disk.read(region.journal, region.blocks * STRIDE)
    vault.blobs.shred(item.id)
    after = disk.read(region.journal, region.blocks * STRIDE)
    places = range(0, len(before), 4096)
    assert all(before[place : place + 4096] != after[place : place + 4096] for place in places)


def test_the_room_of_a_shredded_item_is_used_again(unlock: Callable[[], Vault], now: datetime) -> None:
    vault = unlock()
    for _ in range(5):
        item = vault.blobs.add([bytes(8 << 20)], now)
        vault.blobs.shred(item.id)
    assert vault.storage
    assert page_use(vault.storage.pages).count * PAGE_SIZE < 10 << 20


@pytest.mark.parametrize(
    "fault",
    [
        "DELETE FROM chunks WHERE place & 0xFFFFFFFF = 1",
        "UPDATE chunks SET sealed = (SELECT sealed FROM chunks WHERE place & 0xFFFFFFFF = 0) WHERE place & 0xFFFFFFFF = 1",
        "UPDATE chunks SET sealed = zeroblob(length(sealed)) WHERE place & 0xFFFFFFFF = 2",
        "UPDATE items SET size = size - 65536",
        "UPDATE items SET sha256 = zeroblob(32)",
        "DELETE FROM keys",
        "UPDATE keys SET key = zeroblob(32)",
    ],
)
def test_what_does_not_fit_is_damage(unlock: Callable[[], Vault], now: datetime, fault: str) -> None:
    vault = unlock()
    item = vault.blobs.add([os.urandom(3 * CHUNK)], now)
    vault.connection.execute(fault)
    with pytest.raises(TamperError):
        list(vault.blobs.stream(item.id))


@pytest.mark.parametrize("id_", ["", "zz", "00", "00" * 16])
def test_an_item_that_is_not_there_is_said(id_: str) -> None:
    with Vault.in_memory() as vault:
        for use in (
            lambda: vault.blobs.get(id_),
            lambda: vault.blobs.read(id_),
            lambda: list(vault.blobs.stream(id_)),
            lambda: vault.blobs.shred(id_),
        ):
            with pytest.raises(MissingError):
                use()
