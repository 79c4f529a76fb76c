"""An open compartment: its database, with the settings that keep SQLite's promises true (docs/formats/vault.md §6)."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Self

import apsw

from holdfire.errors import FullError, HoldfireError, StorageError
from holdfire.language import mark
from holdfire.sealing.page import damaged
from holdfire.sealing.passphrase import STANDARD, Profile
from holdfire.vault import container, schema
from holdfire.vault.blobs import Blobs
from holdfire.vault.device import Device, Disk
from holdfire.vault.journal import JournalArea, walk_journal
from holdfire.vault.layout import PAGE_SIZE
from holdfire.vault.logs import Logs
from holdfire.vault.pages import USABLE, PageArea
from holdfire.vault.passages import Passages
from holdfire.vault.records import Records
from holdfire.vault.refusals import LockedError
from holdfire.vault.vfs import SealedVFS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from holdfire.vault.container import Compartment

#: In this order: the lock and the temporary store come before anything could open a file, the journal's mode before a write.
#: `cache_spill=OFF` keeps the journal to one header, on which `walk_journal` relies.
_SETTINGS = """
    PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=2; PRAGMA mmap_size=0; PRAGMA cache_size=-32768; PRAGMA cache_spill=OFF;
    PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_mode=PERSIST; PRAGMA max_page_count={pages};
    PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;
"""
#: A vault for looking around takes at most 256 MiB of memory.
_PAGES_IN_MEMORY = 16_384


class Storage:
    """Where one compartment lies, while it is open: shared by check, shred, compact and backup."""

    def __init__(self, compartment: Compartment) -> None:
        self.compartment = compartment
        self.pages = PageArea(compartment)
        self.journal = JournalArea(compartment)
        walk_journal(self.journal)
        self.vfs = SealedVFS(self.pages, self.journal)

    def close(self) -> None:
        """Let go of the file; keys go with the objects that held them, as far as Python lets go of memory."""
        self.vfs.unregister()
        self.compartment.disk.close()


class Vault:
    """An open compartment: records, passages of long texts, evidence, and how full it is. One connection, for one thread at a time.

    Made by `open` or `in_memory`. A context manager that locks at the end.
    """

    def __init__(self, connection: apsw.Connection, storage: Storage | None, path: Path | None) -> None:
        self.path = path
        self._connection: apsw.Connection | None = connection
        self._storage = storage
        self._spoiled = False
        self.records = Records(self)
        self.blobs = Blobs(self)
        self.passages = Passages(self)
        self.logs = Logs(self)

    @staticmethod
    def create(
        path: Path,
        passphrases: Sequence[str],
        size: int,
        *,
        profile: Profile = STANDARD,
        progress: Callable[[int, int], None] | None = None,
        make_device: Callable[[Path], Disk] = Device.create,
    ) -> None:
        """Make a vault of `size` bytes at `path` with an empty compartment for each of one to four passphrases.

        Raises:
            UserError: A file is already there, the size is below 64 MiB, or the passphrases do not do.
            FullError: The disk has no room; nothing is left behind.
            StorageError: The disk failed, or there is too little free memory; nothing is left behind.
        """
        image = schema.new_image()
        with container.making(path, passphrases, size, profile, progress, make_device) as compartments:
            for compartment in compartments:
                pages = PageArea(compartment)
                for index in range(len(image) // PAGE_SIZE):
                    pages.write(index, image[index * PAGE_SIZE : index * PAGE_SIZE + USABLE])

    @staticmethod
    def open(
        path: Path,
        passphrase: str,
        *,
        profile: Profile = STANDARD,
        open_device: Callable[[Path], Disk] = Device.open,
    ) -> Vault:
        """Open the compartment of `passphrase`; take back what a crash left unfinished.

        Raises:
            NothingOpenedError: No compartment answers.
            InUseError: Another program has the vault open.
            TamperError: What is needed was damaged or altered; nothing was written.
            StorageError: The disk failed, is write-protected, or there is too little free memory.
            UserError: There is no vault at `path`, or a newer Holdfire wrote it.
        """
        disk = open_device(path)
        storage = connection = None
        try:
            storage = Storage(container.unlock(disk, passphrase, profile))
            with spoken():
                connection = storage.vfs.connect()
                _settle(connection, storage.pages.count)
                schema.migrate(connection)
            vault = Vault(connection, storage, path)
            vault.blobs.clear_leftovers()
            vault.passages.clear()
            vault.logs.clear()
        except BaseException:
            try:
                if connection:
                    connection.close()
            finally:
                if storage:
                    storage.close()
                disk.close()
            raise
        return vault

    @staticmethod
    def in_memory() -> Vault:
        """Return an empty vault that leaves nothing behind, for looking around."""
        connection = schema.new_connection()
        _settle(connection, _PAGES_IN_MEMORY)
        return Vault(connection, None, None)

    @property
    def connection(self) -> apsw.Connection:
        """The database, for the modules of this package alone.

        Raises:
            LockedError: The vault was locked.
        """
        if self._connection is None:
            raise LockedError
        return self._connection

    @property
    def storage(self) -> Storage | None:
        """Where the compartment lies; None for one in memory. For the modules of this package alone.

        Raises:
            LockedError: The vault was locked.
        """
        if self.connection.in_transaction:
            # Whoever asks reads pages past SQLite's cache or overwrites the journal, which would then be hot.
            raise RuntimeError("the pages and the journal are SQLite's until the transaction ends")
        return self._storage

    @contextlib.contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """Save all that is done inside durably at its end, or nothing if it raises; inside another one, with that.

        Raises:
            FullError: The compartment is full, or too much changes at once; what was saved before is kept.
            TamperError: A page that is needed does not open.
        """
        connection = self.connection
        with spoken():
            outermost = not connection.in_transaction
            if outermost:
                connection.execute("BEGIN IMMEDIATE")
                self._spoiled = False
            try:
                yield connection
                if outermost:
                    self._commit(connection)
            except BaseException:
                self._spoiled = True
                self.records.forget()
                # SQLite may have taken it back by itself, when it was full.
                if outermost and connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _commit(self, connection: apsw.Connection) -> None:
        """Commit, unless an error inside was swallowed and half of the work is missing."""
        if self._spoiled or not connection.in_transaction:
            raise RuntimeError("an error inside a transaction was swallowed")
        connection.execute("COMMIT")

    @contextlib.contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """Offer the database for questions.

        Raises:
            TamperError: A page that is needed does not open.
        """
        with spoken():
            yield self.connection

    def used(self) -> tuple[int, int]:
        """Return how many bytes are used and how many there are in this compartment."""
        with spoken():
            pages, free, most = (
                self.connection.execute(f"PRAGMA {name}").get
                for name in ("page_count", "freelist_count", "max_page_count")
            )
        return (pages - free) * PAGE_SIZE, most * PAGE_SIZE

    def lock(self) -> None:
        """Close the compartment and let go of its keys; idempotent. Everything else raises LockedError from then on."""
        connection, storage = self._connection, self._storage
        self._connection = self._storage = None
        self.records.forget()
        try:
            # The stick may be gone. What was acknowledged is on it, the rest is rolled back at the next unlock; the keys go now.
            with contextlib.suppress(apsw.Error, HoldfireError):
                if connection:
                    connection.close()
        finally:
            if storage:
                storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()


@contextlib.contextmanager
def spoken() -> Iterator[None]:
    """Turn what SQLite raises into the tree of errors; errors of that tree pass unchanged."""
    try:
        yield
    except HoldfireError:
        raise
    except apsw.FullError as error:
        _raise_cause(error)
        raise FullError(
            mark("The vault is full; nothing was lost."),
            mark("Make a larger one: a backup with another size is one."),
        ) from None
    except (apsw.CorruptError, apsw.NotADBError, apsw.IOError, apsw.CantOpenError) as error:
        _raise_cause(error)
        raise damaged() from None
    except (apsw.NoMemError, MemoryError):
        raise StorageError(
            mark("The computer ran out of memory."), mark("Close other programs, then try again.")
        ) from None


def _raise_cause(error: apsw.Error) -> None:
    """Raise what the disk said, where the VFS had to put it in SQLite's words."""
    if isinstance(error.__cause__, HoldfireError):
        raise error.__cause__ from None


def _settle(connection: apsw.Connection, pages: int) -> None:
    # A statement after one that answers runs only when the answers are fetched.
    connection.execute(_SETTINGS.format(pages=pages)).fetchall()
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.enable_load_extension(enable=False)
    connection.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)
