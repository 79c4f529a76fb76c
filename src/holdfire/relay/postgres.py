"""The store for several workers: PostgreSQL. Imported only where a relay is opened with one (`holdfire[relay]`).

One group is written at a time, whoever writes it: a lock of the whole database is held from its beginning to its end, as
SQLite holds one. What a relay looks up before it writes therefore still holds when it writes, and no two workers can
wait for each other; readers outside a group wait for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus

from holdfire.errors import StorageError, UserError
from holdfire.language import mark
from holdfire.relay.objects import Objects
from holdfire.relay.sql import Cursor, SqlStore

_WORDS: Final = {
    "bytes": "BYTEA",
    "number": "BIGINT",
    "keyed": "",
    "mark": "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')",
}
#: "holdfire" in ASCII; the lock belongs to one database of the server.
_LOCK: Final = int.from_bytes(b"holdfire", "big")
#: A worker that hangs gives its lock back, and who waits for it hears of it; a group takes milliseconds.
_SETTINGS: Final = (
    "SET synchronous_commit = on",
    "SET default_transaction_isolation = 'read committed'",
    "SET lock_timeout = '60s'",
    "SET idle_in_transaction_session_timeout = '60s'",
    "SET client_min_messages = warning",
)


class PostgresStore(SqlStore):
    """A store in a database of its own; one connection, which is made anew when it was lost.

    Args:
        address: `postgresql://…` or libpq's words; a password belongs into PGPASSWORD or a password file.
        objects: Where what is large is kept; None keeps all in the database.

    Raises:
        UserError: The database cannot be reached, or was made by a newer Holdfire, or does not wait for its disk.
    """

    # Bodies are ciphertext: trying to compress them takes time and saves nothing.
    _FINISH = tuple(
        f"ALTER TABLE {table} ALTER {column} SET STORAGE EXTERNAL"
        for table, column in (("entries", "body"), ("files", "content"), ("pieces", "content"))
    )

    def __init__(self, address: str, objects: Callable[[bytes], Objects] | None) -> None:
        self._address = address
        try:
            self._db = self._connect()
        except psycopg.Error as error:
            # What the library says can name the address and the user: it is not passed on.
            raise UserError(
                mark("The relay's database cannot be reached."),
                mark(
                    "Look whether PostgreSQL runs, whether the address, user and password are right, and whether the database exists."
                ),
            ) from error
        try:
            self._require_disk()
            super().__init__(_WORDS, objects)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def _require_disk(self) -> None:
        if self._row("SHOW fsync") != ("on",):
            raise UserError(
                mark("This PostgreSQL does not wait for its disk."),
                mark("Set `fsync = on`: what a relay has confirmed must survive a power cut."),
            )

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = psycopg.connect(self._address, autocommit=True, connect_timeout=10)
        for setting in _SETTINGS:
            connection.execute(setting)
        return connection

    def _say(self, said: str, *values: object) -> Cursor:
        try:
            if self._db.closed:
                self._db = self._connect()
            return self._db.execute(_spelled(said), values or None, binary=True)
        except psycopg.OperationalError as error:
            raise _unanswered() from error

    def _say_each(self, said: str, rows: Sequence[tuple[object, ...]]) -> None:
        try:
            self._db.cursor().executemany(_spelled(said), rows)
        except (psycopg.OperationalError, psycopg.errors.InFailedSqlTransaction) as error:
            raise _unanswered() from error

    def _begin(self) -> None:
        try:
            if self._db.closed:
                self._db = self._connect()
            self._db.execute(f"BEGIN; SELECT pg_advisory_xact_lock({_LOCK})")
        except psycopg.OperationalError as error:
            self._undo()
            raise _unanswered() from error

    def _commit(self) -> None:
        # A server takes back what went wrong inside, and answers COMMIT all the same.
        if self._db.info.transaction_status != TransactionStatus.INTRANS:
            raise _unanswered()
        try:
            self._db.execute("COMMIT")
        except psycopg.OperationalError as error:
            raise _unanswered() from error

    def _undo(self) -> None:
        with suppress(psycopg.OperationalError):
            if not self._db.closed:
                self._db.execute("ROLLBACK")

    def _empty_log(self) -> None:
        """Do nothing: the server keeps its log as long as it wants (docs/protocols/relay.md says what follows)."""


@cache
def _spelled(said: str) -> str:
    return said.replace("?", "%s")


def _unanswered() -> StorageError:
    return StorageError(
        mark("The relay's database does not answer, or took back what was written."),
        mark("Look into PostgreSQL's own log, and whether its disk is full."),
    )
