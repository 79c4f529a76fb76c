"""SQLite's disk: a VFS that seals every page and journal block (docs/formats/vault.md §6).

Rules, each found by losing power at every write:

1. No size is stored: the database is always D pages long, the journal J blocks. A size read from a torn page 1 would be 0,
   and SQLite deletes a hot journal beside an empty database. Truncating the database does nothing.
2. A database page that does not open is damage, never zeros. Only the 100 bytes SQLite reads before it rolls back may be
   missing: then the read is short.
3. A journal block that does not open is zeros: a torn header means the journal is not hot.
4. Before SQLite opens the database, `walk_journal` opens every block that a hot journal names. Rule 3 alone would let one
   bad block leave a mixture of old and new.
5. The journal always exists; making it empty is sealing a zero block 0. Its blocks wait in memory for a sync; past its end
   the transaction is full and SQLite rolls it back.
6. Sectors of 16 KiB, no promises about the device, a real sync at each sync, no waiting for database pages.
7. Only the main database and its journal can be opened: no temporary file ever reaches a disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from holdfire.errors import FullError, HoldfireError, TamperError
from holdfire.sealing.noise import new_id, noise
from holdfire.sealing.page import OVERHEAD, Bytes, Sealer
from holdfire.sealing.passphrase import derive_key
from holdfire.vault.layout import PAGE_SIZE, SECTOR, STRIDE
from holdfire.vault.refusals import damaged

if TYPE_CHECKING:
    from holdfire.vault.container import Compartment

#: What of a page SQLite fills; the rest is nonce and tag.
USABLE = PAGE_SIZE - OVERHEAD
#: What a journal block holds: one record of SQLite's (page number, page, checksum).
RECORD = 4 + PAGE_SIZE + 4
#: What the head of the journal holds, one sector of the disk when sealed; SQLite's header is 28 bytes.
HEAD = SECTOR - OVERHEAD
#: SQLite reads this much at open, before it looks for a hot journal.
_FILE_HEADER = 100
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_PADDING = bytes(OVERHEAD)
_DATABASE_NAME, _JOURNAL_NAME = "/vault", "/vault-journal"
_MAIN = apsw.SQLITE_OPEN_MAIN_DB
_JOURNAL = apsw.SQLITE_OPEN_MAIN_JOURNAL


class PageArea:
    """The database pages of a compartment by index from 0, each 16,356 bytes."""

    def __init__(self, compartment: Compartment) -> None:
        self._read = compartment.disk.read
        self._write = compartment.disk.write
        self.sync = compartment.disk.sync
        sealer = Sealer(derive_key(compartment.key, "holdfire vault 1 db"))
        self._open = sealer.open
        self._seal_into = sealer.seal_into
        self._sealed = bytearray(PAGE_SIZE)
        self._start = compartment.region.start
        self.count = compartment.region.pages

    def read(self, index: int) -> bytes:
        """Return a page as it was written.

        Raises:
            TamperError: It was altered, or never written.
        """
        return self._open(
            self._read(self._start + index * PAGE_SIZE, PAGE_SIZE), b"db" + index.to_bytes(8, "big")
        )

    def write(self, index: int, page: Bytes) -> None:
        """Seal `page` (16,356 bytes) into its place."""
        self._seal_into(self._sealed, page, b"db" + index.to_bytes(8, "big"))
        self._write(self._start + index * PAGE_SIZE, self._sealed)

    def overwrite(self, index: int, piece: Bytes) -> None:
        """Put noise, 16,384 bytes, in the place of a page that nothing needs."""
        self._write(self._start + index * PAGE_SIZE, piece)


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


def _failed(error: HoldfireError) -> apsw.Error:
    """Return `error` in words that SQLite understands; `spoken` turns it back.

    SQLite distrusts its cache and rolls back from the journal only after "full" or "I/O error". Any other exception becomes
    a plain "error": a commit that failed half-way, and whose rollback failed too, then stayed in view half done.
    """
    return apsw.FullError(str(error)) if isinstance(error, FullError) else apsw.IOError(str(error))


class SealedVFS(apsw.VFS):
    """One compartment as SQLite sees a file system: two files and nothing else (rule 7)."""

    def __init__(self, pages: PageArea, journal: JournalArea) -> None:
        self.vfs_name = f"holdfire-{new_id().hex()}"
        self._files: dict[str | None, DatabaseFile | JournalFile] = {
            _DATABASE_NAME: DatabaseFile(pages),
            _JOURNAL_NAME: JournalFile(journal),
        }
        self._journal = journal
        super().__init__(self.vfs_name, base="")

    def connect(self) -> apsw.Connection:
        """Return a connection to the database; SQLite rolls a hot journal back at its first read."""
        return apsw.Connection(_DATABASE_NAME, vfs=self.vfs_name, flags=apsw.SQLITE_OPEN_READWRITE)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> DatabaseFile | JournalFile:  # type: ignore[override]  # noqa: N802
        """Open one of the two files."""
        given = name.filename() if isinstance(name, apsw.URIFilename) else name
        if given == _DATABASE_NAME and flags[0] & _MAIN:
            flags[1] = apsw.SQLITE_OPEN_READWRITE | _MAIN
            return self._files[given]
        if given == _JOURNAL_NAME and flags[0] & _JOURNAL:
            flags[1] = apsw.SQLITE_OPEN_READWRITE | _JOURNAL
            return self._files[given]
        raise apsw.CantOpenError("only the database and its journal exist here")

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
        """Say that the two files exist and nothing else does."""
        return pathname in self._files

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: ARG002, FBT001, N802
        """Make the journal cold; nothing is ever deleted."""
        if filename != _JOURNAL_NAME:
            raise apsw.IOError("only the journal can be emptied")
        try:
            self._journal.clear()
        except HoldfireError as error:
            raise _failed(error) from error

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        """Return the name: there are no folders."""
        return name


class _File:
    """What the two files have in common."""

    def xClose(self) -> None:  # noqa: N802
        """Do nothing: the device is closed by the vault."""

    def xLock(self, level: int) -> None:  # noqa: N802
        """Do nothing: the device is locked as a whole."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """Do nothing."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        """Nobody else can hold a lock."""
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802
        """Leave every question to SQLite."""
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        """A page: torn pages are then whole sectors (rule 6)."""
        return PAGE_SIZE

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        """Promise nothing (rule 6)."""
        return 0


class DatabaseFile(_File):
    """The main database."""

    def __init__(self, pages: PageArea) -> None:
        self._read = pages.read
        self._write = pages.write
        self._pages = pages

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Return bytes of one page; the last 28 of a page are zeros."""
        try:
            return self._bytes(amount, offset)
        except HoldfireError as error:
            raise _failed(error) from error

    def _bytes(self, amount: int, offset: int) -> bytes:
        index, start = divmod(offset, PAGE_SIZE)
        if start == 0:
            if amount == PAGE_SIZE:
                return self._read(index) + _PADDING
            if amount == USABLE:
                return self._read(index)
        try:
            page = self._read(index) + _PADDING
        except TamperError:
            if offset == 0 and amount == _FILE_HEADER:
                return b""
            raise
        if start + amount > PAGE_SIZE:
            page += self._bytes(start + amount - PAGE_SIZE, offset + PAGE_SIZE - start)
        return page[start : start + amount]

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Seal a page at once; SQLite writes whole pages only."""
        if len(data) != PAGE_SIZE or offset % PAGE_SIZE:
            raise apsw.IOError("only whole pages can be written")
        index = offset // PAGE_SIZE
        if index >= self._pages.count:
            raise apsw.FullError("the database is full")
        try:
            self._write(index, memoryview(data)[:USABLE])
        except HoldfireError as error:
            raise _failed(error) from error

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        """Return once every page is on the medium."""
        try:
            self._pages.sync()
        except HoldfireError as error:
            raise _failed(error) from error

    def xFileSize(self) -> int:  # noqa: N802
        """The whole area, however little is used (rule 1)."""
        return self._pages.count * PAGE_SIZE

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Do nothing (rule 1)."""


class JournalFile(_File):
    """The rollback journal."""

    def __init__(self, journal: JournalArea) -> None:
        self._journal = journal

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Return bytes of the journal."""
        try:
            return self._journal.read(amount, offset)
        except HoldfireError as error:
            raise _failed(error) from error

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Hold bytes until the next sync."""
        try:
            self._journal.write(data, offset)
        except HoldfireError as error:
            raise _failed(error) from error

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        """Write what is held, then sync."""
        try:
            self._journal.sync()
        except HoldfireError as error:
            raise _failed(error) from error

    def xFileSize(self) -> int:  # noqa: N802
        """The whole area (rule 1)."""
        return self._journal.size

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Make the journal cold when it is emptied; otherwise do nothing."""
        if newsize == 0:
            try:
                self._journal.clear()
            except HoldfireError as error:
                raise _failed(error) from error
