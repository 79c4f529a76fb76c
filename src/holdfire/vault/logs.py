"""Logs: entries in order, each with what was signed after it, beside the records and items they speak of (docs/formats/vault.md §7).

The vault keeps the bytes and believes nothing: whether a log is what it was, its reader checks.
"""

# ruff: noqa: A002, S608 — an id is called id wherever a person meets one; names of tables are our own

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from holdfire.errors import FullError
from holdfire.sealing.noise import new_id
from holdfire.vault.records import key_of
from holdfire.vault.refusals import MissingError

if TYPE_CHECKING:
    import apsw

    from holdfire.vault.vault import Vault

#: An entry's place is the number of its log times 2^32, plus its own number.
_SHIFT: Final = 32
#: Entries deleted in one commit at first; fewer when the journal is too short for the pages that change.
_AT_ONCE: Final = 256
#: What stands at places of a log, beside the log's own row.
_TABLES: Final = ("entries", "openings", "heads")
_Stored: TypeAlias = tuple[bytes, bytes, bytes]
_HeadRow: TypeAlias = tuple[int, str, bytes, bytes]


@dataclass(frozen=True)
class StoredLog:
    """What is kept of a log beside its entries: the seed of its key, its last head, and that head's signature."""

    seed: bytes
    head: bytes
    signature: bytes


@dataclass(frozen=True)
class GivenHead:
    """A head that left the vault: when, in UTC to the second, and to whom."""

    saved: datetime
    whom: str
    head: bytes
    signature: bytes


class Logs:
    """The logs of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, log: StoredLog) -> str:
        """Save a new log without entries and return its id, 32 hexadecimal digits."""
        key = new_id()
        with self._vault.transaction() as connection:
            # Numbers of entries left by an interrupted deletion are not given again before they are gone.
            number: int = connection.execute(
                "SELECT max((SELECT ifnull(max(number), 0) FROM logs), (SELECT ifnull(max(place), 0) >> 32 FROM entries),"
                " (SELECT ifnull(max(place), 0) >> 32 FROM openings)) + 1"
            ).get
            connection.execute(
                "INSERT INTO logs (number, id, seed, head, signature) VALUES (?, ?, ?, ?, ?)",
                (number, key, log.seed, log.head, log.signature),
            )
        return key.hex()

    def append(self, id: str, event: bytes, openings: bytes, head: bytes, signature: bytes) -> int:
        """Save an entry and the head after it, and return the entry's number, from 0.

        Raises:
            MissingError: There is no such log.
        """
        with self._vault.transaction() as connection:
            first = self._first(connection, id)
            place = self._next(connection, "entries", first)
            connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (place, event, signature))
            connection.execute("INSERT INTO openings VALUES (?, ?)", (place, openings))
            connection.execute(
                "UPDATE logs SET head = ?, signature = ? WHERE number = ?",
                (head, signature, first >> _SHIFT),
            )
        return place - first

    def get(self, id: str) -> StoredLog:
        """Return what is kept of a log beside its entries; MissingError when there is none."""
        with self._vault.reading() as connection:
            row = connection.execute("SELECT seed, head, signature FROM logs WHERE id = ?", (key_of(id),)).get
        if row is None:
            raise MissingError
        return StoredLog(*cast("_Stored", row))

    def entries(self, id: str) -> list[tuple[bytes, bytes]]:
        """Return event and signature of every entry in order; MissingError when there is no such log."""
        with self._vault.reading() as connection:
            first = self._first(connection, id)
            return cast(
                "list[tuple[bytes, bytes]]",
                connection.execute(
                    "SELECT event, signature FROM entries WHERE place >= ? AND place < ? ORDER BY place",
                    (first, first + (1 << _SHIFT)),
                ).fetchall(),
            )

    def openings(self, id: str, number: int) -> bytes:
        """Return what was kept beside one entry; MissingError when there is no such log or entry."""
        with self._vault.reading() as connection:
            place = self._first(connection, id) + number
            found = connection.execute("SELECT text FROM openings WHERE place = ?", (place,)).get
        if found is None:
            raise MissingError
        return cast("bytes", found)

    def give(self, id: str, given: GivenHead) -> None:
        """Keep a head that leaves the vault, so that later states can be held against it; MissingError as above."""
        with self._vault.transaction() as connection:
            place = self._next(connection, "heads", self._first(connection, id))
            connection.execute(
                "INSERT INTO heads (place, saved, whom, head, signature) VALUES (?, ?, ?, ?, ?)",
                (place, int(given.saved.timestamp()), given.whom, given.head, given.signature),
            )

    def given(self, id: str) -> tuple[GivenHead, ...]:
        """Return the heads that left the vault, in order; MissingError when there is no such log."""
        with self._vault.reading() as connection:
            first = self._first(connection, id)
            rows = cast(
                "list[_HeadRow]",
                connection.execute(
                    "SELECT saved, whom, head, signature FROM heads WHERE place >= ? AND place < ? ORDER BY place",
                    (first, first + (1 << _SHIFT)),
                ).fetchall(),
            )
        return tuple(
            GivenHead(datetime.fromtimestamp(saved, UTC), whom, head, signature)
            for saved, whom, head, signature in rows
        )

    def delete(self, id: str) -> None:
        """Delete a log: its key at once, what stands in it with the next `clear`. MissingError when there is none."""
        with self._vault.transaction() as connection:
            number = self._first(connection, id) >> _SHIFT
            connection.execute("DELETE FROM logs WHERE number = ?", (number,))

    def clear(self) -> None:
        """Overwrite what stood in logs that are gone; run after a deletion and at every unlock, outside a transaction."""
        found_any = False
        for table in _TABLES:
            place = 0
            while True:
                with self._vault.reading() as connection:
                    # One step a log: a vault with many is opened as fast as one with few.
                    found = connection.execute(
                        f"SELECT place FROM {table} WHERE place >= ? ORDER BY place LIMIT 1", (place,)
                    ).get
                    if found is None:
                        break
                    number = found >> _SHIFT
                    place = (number + 1) << _SHIFT
                    known = connection.execute("SELECT 1 FROM logs WHERE number = ?", (number,)).get
                if known is None:
                    self._delete_from(table, number << _SHIFT, place)
                    found_any = True
        storage = self._vault.storage if found_any else None
        if storage:
            # Old pages, with what they held, went through it.
            storage.journal.overwrite()

    def _delete_from(self, table: str, first: int, end: int) -> None:
        at_once = _AT_ONCE
        deleted = 1
        while deleted:
            try:
                with self._vault.transaction() as connection:
                    connection.execute(
                        f"DELETE FROM {table} WHERE place IN"
                        f" (SELECT place FROM {table} WHERE place >= ? AND place < ? ORDER BY place LIMIT ?)",
                        (first, end, at_once),
                    )
                    deleted = connection.changes()
            except FullError:
                if at_once == 1:
                    raise
                at_once //= 4

    def _next(self, connection: apsw.Connection, table: str, first: int) -> int:
        last: int | None = connection.execute(
            f"SELECT max(place) FROM {table} WHERE place >= ? AND place < ?",
            (first, first + (1 << _SHIFT)),
        ).get
        return first if last is None else last + 1

    def _first(self, connection: apsw.Connection, id: str) -> int:
        number: int | None = connection.execute("SELECT number FROM logs WHERE id = ?", (key_of(id),)).get
        if number is None:
            raise MissingError
        return number << _SHIFT
