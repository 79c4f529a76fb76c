"""The rollback journal of a compartment, sealed block by block (docs/formats/vault.md §6).

Rules 3 to 5 of `vfs` are kept here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from holdfire.errors import TamperError
from holdfire.sealing.noise import noise
from holdfire.sealing.page import OVERHEAD, Sealer
from holdfire.sealing.passphrase import derive_key
from holdfire.vault.layout import PAGE_SIZE, SECTOR, STRIDE
from holdfire.vault.refusals import damaged

if TYPE_CHECKING:
    from holdfire.vault.container import Compartment

#: What a journal block holds: one record of SQLite's (page number, page, checksum).
RECORD = 4 + PAGE_SIZE + 4
#: What the head of the journal holds, one sector of the disk when sealed; SQLite's header is 28 bytes.
HEAD = SECTOR - OVERHEAD
_MAGIC = bytes.fromhex("d9d505f920a163d7")


class JournalArea:
    """The journal of a compartment, written at a sync: a head for SQLite's header, then a block for each record.

    As long as blocks begin where records begin, a commit seals no more than it has to.
    """

    def __init__(self, compartment: Compartment) -> None:
        self._disk = compartment.disk
        self._sealer = Sealer(derive_key(compartment.key, "holdfire vault 1 journal"))
        self._start = compartment.region.journal
        self.count = compartment.region.blocks
        self.size = PAGE_SIZE + (self.count - 1) * RECORD
        self._head: bytearray | None = None
        self._head_waits = False
        #: Whether the head on the medium is known to be cold.
        self._cold = False
        self._held: dict[int, bytearray] = {}
        self._waiting: list[int] = []
        #: What SQLite last asked of blocks that are not held: before each commit it looks for an old header there.
        self._seen: dict[int, tuple[int, bytes]] = {}

    def open_block(self, number: int) -> bytes:
        """Return block `number` from the disk; 0 is the head.

        Raises:
            TamperError: It does not open.
        """
        size = (RECORD if number else HEAD) + OVERHEAD
        return self._sealer.open(self._disk.read(self._start + number * STRIDE, size), _block_name(number))

    def read(self, amount: int, offset: int) -> bytes:
        """Return what stands at `offset`; a block that does not open stands for zeros (rule 3)."""
        parts = []
        end = min(offset + amount, self.size)
        if offset < PAGE_SIZE:
            head = bytes(self._head or self._block(0)).ljust(PAGE_SIZE, b"\0")
            parts.append(head[offset:end])
            offset = PAGE_SIZE
        while offset < end:
            number, start = _place(offset)
            stop = min(RECORD, start + end - offset)
            parts.append(self._part(number, start, stop))
            offset += stop - start
        return b"".join(parts)

    def write(self, data: bytes, offset: int) -> None:
        """Hold `data` until the next sync.

        Raises:
            apsw.FullError: It reaches past the end (rule 5); SQLite takes the transaction back.
        """
        size = len(data)
        if offset + size > self.size:
            raise apsw.FullError("the journal is full")
        if offset < PAGE_SIZE:
            self._write_head(data, offset)
            return
        number, start = _place(offset)
        done = 0
        while done < size:
            stop = min(RECORD, start + size - done)
            block = self._held.get(number)
            if block is None:
                # SQLite appends: whoever starts a block at its beginning has no use for what lay there before.
                block = self._held[number] = bytearray(RECORD if start == 0 else self._block(number))
                self._seen.pop(number, None)
            if number not in self._waiting[-1:]:
                self._waiting.append(number)
            block[start:stop] = data if stop - start == size else data[done : done + stop - start]
            done += stop - start
            number += 1
            start = 0

    def clear(self) -> None:
        """Make the journal cold, durably: seal a head of zeros."""
        self._write_head(bytes(PAGE_SIZE), 0)
        self.sync()

    def sync(self) -> None:
        """Write what waits, then sync the disk."""
        # SQLite begins with a header of zeros: a cold head on the medium says the same already.
        cold = self._head_waits and self._head is not None and not self._head.startswith(_MAGIC)
        if self._head and self._head_waits and not (cold and self._cold):
            self._cold = False
            self._disk.write(self._start, self._sealer.seal(self._head, _block_name(0)))
        for number in dict.fromkeys(self._waiting):
            sealed = self._sealer.seal(self._held[number], _block_name(number))
            self._disk.write(self._start + number * STRIDE, sealed)
        self._disk.sync()
        self._head_waits = False
        self._cold = self._cold or cold
        if self._waiting:
            # Only a block that is not full is written again; the others would only take memory.
            last = self._waiting[-1]
            self._held = {last: self._held[last]}
            self._waiting.clear()

    def overwrite(self) -> None:
        """Put noise over the whole area, which must be cold, then sync: old pages lay there."""
        self._head = None
        self._head_waits = self._cold = False
        self._held.clear()
        self._waiting.clear()
        self._seen.clear()
        done = 0
        for piece in noise(self.count * STRIDE):
            self._disk.write(self._start + done, piece)
            done += len(piece)
        self._disk.sync()

    def _write_head(self, data: bytes, offset: int) -> None:
        """Take in SQLite's header: 28 bytes, then zeros to the end of the sector, of which the head keeps the first."""
        if offset == 0 and len(data) == PAGE_SIZE:
            # A whole header begins a transaction: nothing of an earlier one is read any more.
            self._head = bytearray(data[:HEAD])
            self._held.clear()
            self._waiting.clear()
        else:
            if offset + len(data) > HEAD:
                raise apsw.IOError("the header of a journal is shorter")
            self._head = self._head or bytearray(self._block(0))
            self._head[offset : offset + len(data)] = data
        self._head_waits = True

    def _part(self, number: int, start: int, stop: int) -> bytes:
        held = self._held.get(number)
        if held is not None:
            return bytes(held[start:stop])
        if stop - start > len(_MAGIC):
            return self._block(number)[start:stop]
        seen = self._seen.get(number)
        if seen is None or seen[0] != start or len(seen[1]) != stop - start:
            seen = self._seen[number] = start, self._block(number)[start:stop]
        return seen[1]

    def _block(self, number: int) -> bytes:
        try:
            return self.open_block(number)
        except TamperError:
            return bytes(RECORD if number else HEAD)


def walk_journal(journal: JournalArea) -> None:
    """Open every block of a hot journal, so that it can be rolled back whole or not at all (rule 4).

    Raises:
        TamperError: The journal is hot and a block it needs does not open; nothing was written.
    """
    try:
        head = journal.open_block(0)
    except TamperError:
        return
    if not head.startswith(_MAGIC):
        return
    records = int.from_bytes(head[8:12], "big")
    if records >= journal.count:
        raise damaged()
    for number in range(1, records + 1):
        journal.open_block(number)


def _place(offset: int) -> tuple[int, int]:
    """Return the block that holds journal byte `offset`, which is past the head, and where in it."""
    block, start = divmod(offset - PAGE_SIZE, RECORD)
    return block + 1, start


def _block_name(number: int) -> bytes:
    return b"journal" + number.to_bytes(8, "big")
