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

import functools
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import apsw

from holdfire.errors import FullError, HoldfireError, TamperError
from holdfire.sealing.noise import new_id
from holdfire.sealing.page import OVERHEAD
from holdfire.vault.layout import PAGE_SIZE
from holdfire.vault.pages import USABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from holdfire.vault.journal import JournalArea
    from holdfire.vault.pages import PageArea

P = ParamSpec("P")
R = TypeVar("R")

#: SQLite reads this much at open, before it looks for a hot journal.
_FILE_HEADER = 100
_PADDING = bytes(OVERHEAD)
_DATABASE_NAME, _JOURNAL_NAME = "/vault", "/vault-journal"
_MAIN = apsw.SQLITE_OPEN_MAIN_DB
_JOURNAL = apsw.SQLITE_OPEN_MAIN_JOURNAL


def _in_sqlites_words(method: Callable[P, R]) -> Callable[P, R]:
    """Raise what the disk says in words that SQLite understands; `spoken` in vault.py turns them back.

    SQLite distrusts its cache and rolls back from the journal only after "full" or "I/O error". Any other exception becomes
    a plain "error": a commit that failed half-way, and whose rollback failed too, then stayed in view half done.
    """

    @functools.wraps(method)
    def told(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return method(*arguments, **named)
        except FullError as error:
            raise apsw.FullError(str(error)) from error
        except HoldfireError as error:
            raise apsw.IOError(str(error)) from error

    return told


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

    @_in_sqlites_words
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

    @_in_sqlites_words
    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Return bytes of one page; the last 28 of a page are zeros."""
        return self._bytes(amount, offset)

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

    @_in_sqlites_words
    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Seal a page at once; SQLite writes whole pages only."""
        if len(data) != PAGE_SIZE or offset % PAGE_SIZE:
            raise apsw.IOError("only whole pages can be written")
        index = offset // PAGE_SIZE
        if index >= self._pages.count:
            raise apsw.FullError("the database is full")
        self._write(index, memoryview(data)[:USABLE])

    @_in_sqlites_words
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

    @_in_sqlites_words
    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Return bytes of the journal."""
        return self._journal.read(amount, offset)

    @_in_sqlites_words
    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Hold bytes until the next sync."""
        self._journal.write(data, offset)

    @_in_sqlites_words
    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        """Write what is held, then sync."""
        self._journal.sync()

    def xFileSize(self) -> int:  # noqa: N802
        """The whole area (rule 1)."""
        return self._journal.size

    @_in_sqlites_words
    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Make the journal cold when it is emptied; otherwise do nothing."""
        if newsize == 0:
            self._journal.clear()
