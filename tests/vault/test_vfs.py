"""SQLite's disk keeps the seven rules (docs/formats/vault.md §6)."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import apsw
import pytest

from holdfire.errors import FullError, StorageError, TamperError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.device import Device
from holdfire.vault.freelist import page_use
from holdfire.vault.journal import RECORD
from holdfire.vault.layout import PAGE_SIZE
from holdfire.vault.records import no_words
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from holdfire.vault.records import Kind


class Stopping(Device):
    """A real file whose power goes after so many writes."""

    left = 0

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        self._spend()
        super().write(offset, data)

    def sync(self) -> None:
        self._spend()
        super().sync()

    def _spend(self) -> None:
        if Stopping.left == 0:
            raise StorageError("the power is gone")
        Stopping.left -= 1


def test_a_flipped_byte_in_any_used_page_is_noticed(path: Path, unlock: Callable[[str], Vault]) -> None:
    storage = unlock("one").storage
    assert storage
    use = page_use(storage.pages)
    assert use.count > 5
    disk = storage.compartment.disk
    for index in use.holding():
        place = storage.compartment.region.start + index * PAGE_SIZE + index * 37 % PAGE_SIZE
        byte = disk.read(place, 1)
        disk.write(place, bytes((byte[0] ^ 1,)))
        with pytest.raises(TamperError):
            storage.pages.read(index)
        disk.write(place, byte)
        storage.pages.read(index)


def test_a_torn_first_page_is_damage_at_open_and_nothing_is_written(
    path: Path, unlock: Callable[[str], Vault]
) -> None:
    vault = unlock("one")
    assert vault.storage
    place = vault.storage.compartment.region.start + 40
    vault.lock()
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(TamperError):
        unlock("one")
    assert path.read_bytes() == content
    unlock("two").lock()


def test_no_other_file_can_be_opened(unlock: Callable[[], Vault]) -> None:
    vault = unlock()
    assert vault.storage
    vfs = vault.storage.vfs
    for flag in (
        apsw.SQLITE_OPEN_TEMP_DB,
        apsw.SQLITE_OPEN_TEMP_JOURNAL,
        apsw.SQLITE_OPEN_SUBJOURNAL,
        apsw.SQLITE_OPEN_TRANSIENT_DB,
        apsw.SQLITE_OPEN_SUPER_JOURNAL,
        apsw.SQLITE_OPEN_WAL,
    ):
        for name in (None, "/vault", "/vault-journal", "/vault-wal", "/tmp/x"):  # noqa: S108
            with pytest.raises(apsw.CantOpenError):
                vfs.xOpen(name, [flag | apsw.SQLITE_OPEN_READWRITE, 0])
    assert not vfs.xAccess("/vault-wal", 0)
    assert vfs.xAccess("/vault-journal", 0)
    with pytest.raises(apsw.SQLError):
        vault.connection.execute("ATTACH 'other' AS other")
    with pytest.raises(apsw.SQLError):
        vault.connection.execute("VACUUM")


def test_sizes_never_change(unlock: Callable[[], Vault], note: Kind[str], now: datetime) -> None:
    vault = unlock()
    assert vault.storage
    database, journal = (vault.storage.vfs._files[name] for name in ("/vault", "/vault-journal"))
    before = database.xFileSize(), journal.xFileSize()
    vault.records.add(note, "x" * 100_000, now)
    database.xTruncate(0)
    assert (database.xFileSize(), journal.xFileSize()) == before
    assert before == (vault.storage.pages.count * PAGE_SIZE, PAGE_SIZE + 255 * RECORD)
    assert database.xSectorSize() == journal.xSectorSize() == 16_384
    assert database.xDeviceCharacteristics() == journal.xDeviceCharacteristics() == 0


def test_a_transaction_too_large_for_the_journal_is_taken_back(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()
    note = replace(note, words=no_words)
    ids = [vault.records.add(note, "x" * 9000, now).id for _ in range(300)]
    before = vault.records.all(note, limit=1000)

    def change_all() -> None:
        with vault.transaction():
            for id_ in ids:
                vault.records.save(note, id_, "changed", now)

    with pytest.raises(FullError, match="no room"):
        change_all()
    assert vault.records.all(note, limit=1000) == before
    vault.records.save(note, ids[0], "changed", now)
    vault.lock()
    again = unlock()
    assert again.records.get(note, ids[0]).value == "changed"
    assert again.connection.execute("PRAGMA integrity_check").get == "ok"


def test_a_full_compartment_keeps_what_was_saved(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()
    kept = vault.records.add(note, "kept", now)

    def fill() -> None:
        for _ in range(100):
            vault.blobs.add([bytes(1 << 20)], now)

    with pytest.raises(FullError):
        fill()
    used, total = vault.used()
    assert total - used < 2 << 20
    vault.lock()
    again = unlock()
    assert again.records.all(note) == (kept,)
    assert all(again.blobs.read(item.id) == bytes(1 << 20) for item in again.blobs.all())


def test_a_stop_at_every_write_leaves_before_or_after(path: Path, note: Kind[str], now: datetime) -> None:
    Stopping.left = -1
    with Vault.open(path, "one", profile=TEST) as vault:
        record = vault.records.add(note, "0" * 20_000, now)
    for done in count():
        stopped = False
        Stopping.left = -1
        vault = Vault.open(path, "one", profile=TEST, open_device=Stopping.open)
        before = vault.records.get(note, record.id)
        Stopping.left = done
        try:
            vault.records.save(note, record.id, str(done % 10) * (20_000 + done), now)
        except StorageError:
            stopped = True
        if not stopped:
            Stopping.left = -1
        with contextlib.suppress(StorageError):
            vault.lock()
        with Vault.open(path, "one", profile=TEST) as again:
            found = again.records.versions(note, record.id)
            assert again.connection.execute("PRAGMA integrity_check").get == "ok"
        assert found[0].version - before.version in ({0, 1} if stopped else {1})
        assert [len(version.value) for version in found[1:]] == sorted(
            (len(v.value) for v in found[1:]), reverse=True
        )
        if not stopped:
            break
    assert done > 8
