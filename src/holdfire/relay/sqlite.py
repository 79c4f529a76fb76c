"""The store on one computer: SQLite, and a folder for what is large; a folder is not needed when all is in memory.

Every group that erases empties the log that SQLite writes ahead, because what was erased would stand there until it is
written over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from holdfire.errors import StorageError
from holdfire.language import mark
from holdfire.relay.objects import FolderObjects, Objects
from holdfire.relay.sql import Cursor, SqlStore

_WORDS: Final = {"bytes": "BLOB", "number": "INTEGER", "keyed": " WITHOUT ROWID", "mark": "randomblob(16)"}


class SqliteStore(SqlStore):
    """A store in a folder of its own, or in memory for tests and trials.

    Args:
        folder: Where `relay.db` and `large` are or shall be; None keeps all in memory.
        objects: Where what is large is kept instead of `large`.
    """

    def __init__(self, folder: Path | None, objects: Callable[[bytes], Objects] | None = None) -> None:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives its other files the mode of this one.
            (folder / "relay.db").touch(mode=0o600)
            large = folder / "large"
            objects = objects or (lambda _mark: FolderObjects(large))
        self._db = sqlite3.connect(
            ":memory:" if folder is None else folder / "relay.db",
            isolation_level=None,
            check_same_thread=False,
        )
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        try:
            super().__init__(_WORDS, objects)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def _say(self, said: str, *values: object) -> Cursor:
        try:
            return self._db.execute(said, values)
        except sqlite3.OperationalError as error:
            raise _refused() from error

    def _say_each(self, said: str, rows: Sequence[tuple[object, ...]]) -> None:
        try:
            self._db.executemany(said, rows)
        except sqlite3.OperationalError as error:
            raise _refused() from error

    def _begin(self) -> None:
        self._say("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self._say("COMMIT")

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _empty_log(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _refused() -> StorageError:
    return StorageError(
        mark("The relay's database cannot be read or written."),
        mark("Look whether the disk is full, and who may write to the relay's folder."),
    )
