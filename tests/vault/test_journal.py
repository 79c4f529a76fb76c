"""The journal waits for syncs, forgets what is old, and is walked before it is trusted (docs/formats/vault.md §6)."""

from __future__ import annotations

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import TamperError
from holdfire.sealing.noise import new_key
from holdfire.vault import layout
from holdfire.vault.container import Compartment
from holdfire.vault.journal import HEAD, RECORD, JournalArea, walk_journal
from holdfire.vault.layout import PAGE_SIZE, STRIDE

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
