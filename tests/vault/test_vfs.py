"""SQLite's disk keeps the seven rules (docs/formats/vault.md §6)."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import FullError, StorageError, TamperError
from holdfire.sealing.noise import new_key
from holdfire.sealing.passphrase import TEST
from holdfire.vault import layout
from holdfire.vault.container import Compartment
from holdfire.vault.device import Device
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import PAGE_SIZE, STRIDE
from holdfire.vault.pages import HEAD, RECORD, JournalArea, walk_journal
from holdfire.vault.records import no_words
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from holdfire.vault.records import Kind

MAGIC = bytes.fromhex("d9d505f920a163d7")


class Memory:
    """A disk in memory that counts what is done to it."""

    def __init__(self, size: int) -> None:
        self.bytes = bytearray(size)
        self.writes = self.syncs = 0

    def read(self, offset: int, size: int) -> bytes:
        return bytes(self.bytes[offset : offset + size])

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        self.bytes[offset : offset + len(data)] = data
        self.writes += 1

    def sync(self) -> None:
        self.syncs += 1

    @property
    def size(self) -> int:
        return len(self.bytes)

    def close(self) -> None:
        pass


def new_journal(blocks: int = 8) -> tuple[JournalArea, Memory]:
    disk = Memory(blocks * STRIDE)
    region = layout.Region(start=0, size=disk.size, pages=0, journal=0, blocks=blocks)
    return JournalArea(Compartment(disk, 1, region, KEY, KEY)), disk


KEY = new_key()
SIZE = PAGE_SIZE + 7 * RECORD


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


# The journal against a plain file: what SQLite does is a whole header, small changes of it, and bytes from the end on.
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(PAGE_SIZE, SIZE - 1), st.binary(min_size=1, max_size=40)),
            st.tuples(st.sampled_from([0, 8, 100]), st.binary(min_size=1, max_size=28)),
            st.tuples(st.integers(0, 6), st.just(b"")),
            st.none(),
        ),
        max_size=25,
    )
)
def test_the_journal_reads_as_it_was_written(steps: list[tuple[int, bytes] | None]) -> None:
    journal, _ = new_journal()
    model = bytearray(SIZE)
    for step in steps:
        if step is None:
            journal.sync()
            continue
        offset, data = step
        if not data:
            # A whole record, as SQLite writes it: in three parts, at its own place.
            offset = PAGE_SIZE + offset * RECORD
            for part in (b"\0\0\0\7", b"p" * PAGE_SIZE, b"\1\2\3\4"):
                journal.write(part, offset)
                model[offset : offset + len(part)] = part
                offset += len(part)
            continue
        if offset + len(data) > SIZE:
            continue
        journal.write(data, offset)
        # A block that is begun at its beginning forgets what lay there; only then may the two differ.
        if offset >= PAGE_SIZE and (offset - PAGE_SIZE) % RECORD == 0:
            journal.write(
                bytes(model[offset + len(data) : offset - (offset - PAGE_SIZE) % RECORD + RECORD]),
                offset + len(data),
            )
        model[offset : offset + len(data)] = data
    # A head without the magic is cold, and two cold heads are the same; only a hot one must be on the disk as written.
    journal.write(MAGIC, 0)
    model[: len(MAGIC)] = MAGIC
    assert journal.read(SIZE, 0) == model
    journal.sync()
    again, disk = new_journal()
    disk.bytes[:] = journal._disk.bytes  # type: ignore[attr-defined]
    assert again.read(SIZE, 0) == model
    for offset in (0, 5, PAGE_SIZE - 3, PAGE_SIZE, PAGE_SIZE + RECORD - 5, SIZE - 8):
        assert again.read(8, offset) == model[offset : offset + 8]


def test_a_journal_of_noise_reads_as_zeros() -> None:
    journal, disk = new_journal()
    disk.bytes[:] = b"\xa5" * disk.size
    assert journal.read(SIZE, 0) == bytes(SIZE)
    walk_journal(journal)


def test_journal_blocks_wait_for_a_sync() -> None:
    journal, disk = new_journal()
    journal.write(bytes(PAGE_SIZE), 0)
    journal.write(b"\1" * RECORD, PAGE_SIZE)
    assert disk.writes == 0
    journal.sync()
    assert (disk.writes, disk.syncs) == (2, 1)


def test_a_cold_head_is_not_written_twice_and_a_hot_one_always() -> None:
    journal, disk = new_journal()
    journal.clear()
    assert disk.writes == 1
    journal.write(bytes(PAGE_SIZE), 0)
    journal.sync()
    assert disk.writes == 1
    journal.write(MAGIC + b"\0\0\0\0", 0)
    journal.sync()
    assert disk.writes == 2
    assert journal.open_block(0).startswith(MAGIC)
    journal.clear()
    assert disk.writes == 3
    assert journal.open_block(0) == bytes(HEAD)


def test_a_journal_that_is_full_says_so() -> None:
    journal, _ = new_journal()
    journal.write(b"x", SIZE - 1)
    with pytest.raises(apsw.FullError):
        journal.write(b"xy", SIZE - 1)


@pytest.mark.parametrize("records", [0, 1, 3])
def test_the_walk_wants_every_block_a_hot_journal_names(records: int) -> None:
    journal, disk = new_journal()
    journal.write((MAGIC + records.to_bytes(4, "big")).ljust(PAGE_SIZE, b"\0"), 0)
    for number in range(3):
        journal.write(b"r" * RECORD, PAGE_SIZE + number * RECORD)
    journal.sync()
    walk_journal(journal)
    for block in range(1, 4):
        disk.bytes[block * STRIDE + 100] ^= 1
        if block <= records:
            with pytest.raises(TamperError):
                walk_journal(journal)
        else:
            walk_journal(journal)
        disk.bytes[block * STRIDE + 100] ^= 1


def test_a_hot_journal_that_names_more_than_there_is_is_damage() -> None:
    journal, _ = new_journal()
    journal.write((MAGIC + (8).to_bytes(4, "big")).ljust(PAGE_SIZE, b"\0"), 0)
    journal.sync()
    with pytest.raises(TamperError):
        walk_journal(journal)


def test_overwriting_the_journal_leaves_nothing_of_it() -> None:
    journal, disk = new_journal()
    journal.write(bytes(PAGE_SIZE), 0)
    journal.write(b"\1" * RECORD, PAGE_SIZE)
    journal.sync()
    before = bytes(disk.bytes)
    journal.overwrite()
    assert all(before[place : place + 16] not in disk.bytes for place in range(0, len(before), STRIDE))
    with pytest.raises(TamperError):
        journal.open_block(1)


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
    ids = [vault.records.add(note, str(number) * 9000, now).id for number in range(320)]
    before = vault.records.all(note, limit=1000)

    def delete_all() -> None:
        with vault.transaction():
            for id_ in ids:
                vault.records.delete(note, id_)

    with pytest.raises(FullError, match="no room"):
        delete_all()
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
