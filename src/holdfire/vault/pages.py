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

from holdfire.errors import TamperError
from holdfire.sealing.noise import new_id, noise
from holdfire.sealing.page import OVERHEAD, Bytes, Sealer
from holdfire.sealing.passphrase import derive_key
from holdfire.vault.layout import PAGE_SIZE, STRIDE
from holdfire.vault.refusals import damaged

if TYPE_CHECKING:
    from holdfire.vault.container import Compartment

#: What of a page SQLite fills; the rest is nonce and tag.
USABLE = PAGE_SIZE - OVERHEAD
BLOCK_ON_DISK = PAGE_SIZE + OVERHEAD
#: SQLite reads this much at open, before it looks for a hot journal.
_FILE_HEADER = 100
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_RECORD = 4 + PAGE_SIZE + 4
_KEPT_BLOCKS = 2
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
        self._seal = sealer.seal
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
        self._write(self._start + index * PAGE_SIZE, self._seal(page, b"db" + index.to_bytes(8, "big")))

    def overwrite(self, index: int, piece: Bytes) -> None:
        """Put noise, 16,384 bytes, in the place of a page that nothing needs."""
        self._write(self._start + index * PAGE_SIZE, piece)


class JournalArea:
    """The journal of a compartment: blocks of 16,384 bytes that are written at a sync."""

    def __init__(self, compartment: Compartment) -> None:
        self._disk = compartment.disk
        self._sealer = Sealer(derive_key(compartment.key, "holdfire vault 1 journal"))
        self._start = compartment.region.journal
        self.count = compartment.region.blocks
        self.size = self.count * PAGE_SIZE
        self._held: dict[int, bytearray] = {}
        self._waiting: set[int] = set()
        #: The first bytes of blocks that are not held, where SQLite asked.
        self._begins: dict[int, bytes] = {}
        #: Whether block 0 on the disk is known to be cold.
        self._cold = False

    def open_block(self, number: int) -> bytes:
        """Return a block from the disk.

        Raises:
            TamperError: It does not open.
        """
        sealed = self._disk.read(self._start + number * STRIDE, BLOCK_ON_DISK)
        return self._sealer.open(sealed, _block_name(number))

    def read(self, amount: int, offset: int) -> bytes:
        """Return what stands at `offset`; a block that does not open stands for zeros (rule 3)."""
        if amount == len(_MAGIC) and offset % PAGE_SIZE == 0:
            return self._begin(offset // PAGE_SIZE)
        parts = []
        end = min(offset + amount, self.size)
        while offset < end:
            number, start = divmod(offset, PAGE_SIZE)
            stop = min(PAGE_SIZE, start + end - offset)
            parts.append(bytes(self._block(number)[start:stop]))
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
        number, start = divmod(offset, PAGE_SIZE)
        if offset == 0 and size == PAGE_SIZE:
            # A whole header begins a transaction: nothing of an earlier one is read any more.
            self._held.clear()
            self._waiting.clear()
        done = 0
        view = memoryview(data)
        while done < size:
            stop = min(PAGE_SIZE, start + size - done)
            block = self._held.get(number)
            if block is None:
                # SQLite appends: whoever starts a block at its beginning has no use for what lay there before.
                block = self._held[number] = bytearray(PAGE_SIZE if start == 0 else self._block(number))
                self._waiting.add(number)
                self._begins.pop(number, None)
            elif number not in self._waiting:
                self._waiting.add(number)
            block[start:stop] = view[done : done + stop - start]
            done += stop - start
            number += 1
            start = 0

    def clear(self) -> None:
        """Make the journal cold, durably: seal a block 0 of zeros."""
        self._held.clear()
        self._waiting.clear()
        self._held[0] = bytearray(PAGE_SIZE)
        self._waiting.add(0)
        self.sync()

    def sync(self) -> None:
        """Write the blocks that wait, then sync the disk."""
        writes_head = 0 in self._waiting
        cold = writes_head and not self._held[0].startswith(_MAGIC)
        if cold and self._cold:
            # SQLite begins with a header of zeros; block 0 on the disk already says the same.
            self._waiting.remove(0)
        elif writes_head:
            self._cold = False
        for number in sorted(self._waiting):
            sealed = self._sealer.seal(self._held[number], _block_name(number))
            self._disk.write(self._start + number * STRIDE, sealed)
        self._disk.sync()
        self._cold = self._cold or cold
        self._waiting.clear()
        if len(self._held) > _KEPT_BLOCKS:
            # The header and the block being filled will be written again; the others would only take memory.
            last = max(self._held)
            self._held = {number: self._held[number] for number in (0, last) if number in self._held}

    def overwrite(self) -> None:
        """Put noise over the whole area, which must be cold, then sync: old pages lay there."""
        self._held.clear()
        self._waiting.clear()
        self._begins.clear()
        self._cold = False
        done = 0
        for piece in noise(self.count * STRIDE):
            self._disk.write(self._start + done, piece)
            done += len(piece)
        self._disk.sync()

    def _begin(self, number: int) -> bytes:
        """Return the first bytes of a block: before each commit SQLite looks there for an old header."""
        if number >= self.count:
            return b""
        if number in self._held:
            return bytes(self._held[number][: len(_MAGIC)])
        if number not in self._begins:
            self._begins[number] = bytes(self._block(number)[: len(_MAGIC)])
        return self._begins[number]

    def _block(self, number: int) -> bytes | bytearray:
        held = self._held.get(number)
        if held is not None:
            return held
        try:
            return self.open_block(number)
        except TamperError:
            return bytes(PAGE_SIZE)


def walk_journal(journal: JournalArea) -> None:
    """Open every block of a hot journal, so that it can be rolled back whole or not at all (rule 4).

    Raises:
        TamperError: The journal is hot and a block it needs does not open; nothing was written.
    """
    try:
        header = journal.open_block(0)
    except TamperError:
        return
    if not header.startswith(_MAGIC):
        return
    records = int.from_bytes(header[8:12], "big")
    blocks = -(-(PAGE_SIZE + records * _RECORD) // PAGE_SIZE)
    if blocks > journal.count:
        raise damaged()
    for number in range(1, blocks):
        journal.open_block(number)


def _block_name(number: int) -> bytes:
    return b"journal" + number.to_bytes(8, "big")


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
        self._journal.clear()

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
            page += self.xRead(start + amount - PAGE_SIZE, offset + PAGE_SIZE - start)
        return page[start : start + amount]

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Seal a page at once; SQLite writes whole pages only."""
        if len(data) != PAGE_SIZE or offset % PAGE_SIZE:
            raise apsw.IOError("only whole pages can be written")
        index = offset // PAGE_SIZE
        if index >= self._pages.count:
            raise apsw.FullError("the database is full")
        self._write(index, memoryview(data)[:USABLE])

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        """Return once every page is on the medium."""
        self._pages.sync()

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
        return self._journal.read(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Hold bytes until the next sync."""
        self._journal.write(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        """Write what is held, then sync."""
        self._journal.sync()

    def xFileSize(self) -> int:  # noqa: N802
        """The whole area (rule 1)."""
        return self._journal.size

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Make the journal cold when it is emptied; otherwise do nothing."""
        if newsize == 0:
            self._journal.clear()
