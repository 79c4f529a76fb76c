"""Records: what the capabilities keep, typed, versioned, found by words.

A capability says how its value becomes JSON and back, and, when its shape changes, how an older shape becomes the next.
Every saved version stays until the record is deleted.
"""

# ruff: noqa: A002 — an id is called id wherever a person meets one

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.noise import ID_SIZE, new_id
from holdfire.vault.refusals import MissingError, NewerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from holdfire.vault.vault import Vault

T = TypeVar("T")
JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

_SELECT = "SELECT records.id, version, saved, shape, value FROM records "
_Row: TypeAlias = tuple[bytes, int, int, int, str]
_Key: TypeAlias = tuple[bytes, int]


def fold(text: str) -> str:
    """Return `text` without accents and the like, so that people find «ўсё» who type «усе»; a NUL becomes a space."""
    text = text.replace("\0", " ")
    if text.isascii():
        return text
    text = text.encode("utf-8", "replace").decode()
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def no_words(_: object) -> str:
    """Return nothing for search to find."""
    return ""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A sort of record.

    Args:
        name: How the database calls it; never changes.
        version: Of the shape that `encode` writes, from 1.
        encode: Value to JSON.
        decode: JSON of the newest shape to value.
        upgrades: From shape n, the JSON of shape n + 1; one for every n below `version`.
        words: The text by which search finds a value.
    """

    name: str
    version: int
    encode: Callable[[T], JSON]
    decode: Callable[[JSON], T]
    upgrades: Mapping[int, Callable[[JSON], JSON]] = field(default_factory=dict)
    words: Callable[[T], str] = no_words

    def __post_init__(self) -> None:
        if set(self.upgrades) != set(range(1, self.version)):
            raise ValueError(f"{self.name} needs an upgrade from each shape below {self.version}")


@dataclass(frozen=True)
class Record(Generic[T]):
    """One version of a saved value: `id` is 32 hexadecimal digits, `version` counts from 1, `saved` is UTC to the second."""

    id: str
    version: int
    saved: datetime
    value: T


class Records:
    """The records of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        #: What `known` read, by the function that decodes the kind, then by id and version.
        self._known: dict[object, dict[_Key, Record[Any]]] = {}

    def add(self, kind: Kind[T], value: T, now: datetime) -> Record[T]:
        """Save a new record under a random id."""
        return self._insert(kind, new_id(), 1, value, now)

    def save(
        self, kind: Kind[T], id: str, value: T, now: datetime, *, expected: int | None = None
    ) -> Record[T]:
        """Save a new version of a record and keep the earlier ones.

        Raises:
            MissingError: There is no such record of this kind.
            UserError: `expected` is given and is not the latest version: somebody saved in between.
        """
        key = key_of(id)
        with self._vault.transaction() as connection:
            latest = connection.execute(
                "SELECT number, version FROM records WHERE id = ? AND kind = ? ORDER BY version DESC LIMIT 1",
                (key, kind.name),
            ).get
            if latest is None:
                raise MissingError
            number, version = latest
            if expected is not None and expected != version:
                raise UserError(
                    mark("This was changed elsewhere since you opened it; nothing was overwritten."),
                    mark("Open it again, then make your change."),
                )
            connection.execute("UPDATE records SET latest = 0 WHERE number = ?", (number,))
            connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
            return self._insert(kind, key, version + 1, value, now)

    def get(self, kind: Kind[T], id: str, version: int | None = None) -> Record[T]:
        """Return the latest version of a record, or the one asked for.

        Raises:
            MissingError: There is no such record of this kind, or no such version.
            NewerError: A newer Holdfire wrote it.
        """
        rows = self._rows(
            _SELECT + "WHERE id = ?1 AND kind = ?2 AND (?3 IS NULL OR version = ?3)"
            " ORDER BY version DESC LIMIT 1",
            (key_of(id), kind.name, version),
        )
        if not rows:
            raise MissingError
        return _record(kind, rows[0])

    def versions(self, kind: Kind[T], id: str) -> tuple[Record[T], ...]:
        """Return every version of a record, newest first.

        Raises:
            MissingError: There is no such record of this kind.
        """
        rows = self._rows(
            _SELECT + "WHERE id = ? AND kind = ? ORDER BY version DESC",
            (key_of(id), kind.name),
        )
        if not rows:
            raise MissingError
        return tuple(_record(kind, row) for row in rows)

    def all(self, kind: Kind[T], *, limit: int = 100, offset: int = 0) -> tuple[Record[T], ...]:
        """Return the latest version of every record of a kind, the last saved first."""
        rows = self._rows(
            _SELECT + "WHERE kind = ? AND latest = 1 ORDER BY number DESC LIMIT ? OFFSET ?",
            (kind.name, limit, offset),
        )
        return tuple(_record(kind, row) for row in rows)

    def known(self, kind: Kind[T]) -> tuple[Record[T], ...]:
        """Return what `all` would, without a limit; only what was saved since the last call is read and decoded.

        What was decoded stays in memory until the vault is locked: for long lists that are shown again and again, and hold no key.
        """
        with self._vault.reading() as connection:
            found = connection.execute(
                "SELECT id, version, number FROM records WHERE kind = ? AND latest = 1 ORDER BY number DESC", (kind.name,)
            ).fetchall()  # fmt: skip
        keys = {
            (key, version): number for key, version, number in cast("list[tuple[bytes, int, int]]", found)
        }
        before = self._known.get(kind.decode, {})
        new = json.dumps([number for key, number in keys.items() if key not in before])
        rows = self._rows(_SELECT + "WHERE number IN (SELECT value FROM json_each(?))", (new,))  # noqa: S608 — constants alone
        read = {(row[0], row[1]): _record(kind, row) for row in rows}
        after = {key: before.get(key) or read[key] for key in keys}
        self._known[kind.decode] = after
        return tuple(after.values())

    def forget(self) -> None:
        """Let go of what `known` read: the vault is locked, or what was read inside a transaction was never saved."""
        self._known.clear()

    def count(self, kind: Kind[T]) -> int:
        """Return how many records of a kind there are."""
        with self._vault.reading() as connection:
            found: int = connection.execute(
                "SELECT count(*) FROM records WHERE kind = ? AND latest = 1", (kind.name,)
            ).get
        return found

    def search(self, words: str, kind: Kind[T], limit: int = 50) -> tuple[Record[T], ...]:
        """Return the records of a kind whose latest version has every one of `words`, or words beginning so; best first."""
        # Each word in quotes: nothing a person types is then part of FTS5's own language.
        quoted = [
            '"' + word.replace('"', '""') + '"*'
            for word in fold(words).split()
            if any(map(str.isalnum, word))
        ]
        if not quoted:
            return ()
        rows = self._rows(
            _SELECT + "JOIN words ON records.number = words.rowid"
            " WHERE words MATCH ? AND kind = ? AND latest = 1 ORDER BY rank, number DESC LIMIT ?",
            (" ".join(quoted), kind.name, limit),
        )
        return tuple(_record(kind, row) for row in rows)

    def delete(self, kind: Kind[T], id: str) -> None:
        """Delete every version of a record; what it held is overwritten.

        Raises:
            MissingError: There is no such record of this kind.
        """
        with self._vault.transaction() as connection:
            numbers = connection.execute(
                "SELECT number FROM records WHERE id = ? AND kind = ?", (key_of(id), kind.name)
            ).fetchall()
            if not numbers:
                raise MissingError
            connection.executemany("DELETE FROM words WHERE rowid = ?", numbers)
            connection.executemany("DELETE FROM records WHERE number = ?", numbers)

    def _insert(self, kind: Kind[T], key: bytes, version: int, value: T, now: datetime) -> Record[T]:
        saved = _seconds(now)
        text = _json(kind.encode(value))
        found_by = fold(kind.words(value))
        with self._vault.transaction() as connection:
            connection.execute(
                "INSERT INTO records (id, version, kind, shape, saved, latest, value) VALUES (?, ?, ?, ?, ?, 1, ?)",
                (key, version, kind.name, kind.version, saved, text),
            )
            if found_by:
                connection.execute(
                    "INSERT INTO words (rowid, text) VALUES (?, ?)",
                    (connection.last_insert_rowid(), found_by),
                )
        return Record(key.hex(), version, datetime.fromtimestamp(saved, UTC), value)

    def _rows(self, query: str, values: tuple[bytes | str | int | None, ...]) -> list[_Row]:
        with self._vault.reading() as connection:
            return cast("list[_Row]", connection.execute(query, values).fetchall())


def _record(kind: Kind[T], row: _Row) -> Record[T]:
    key, version, saved, shape, text = row
    if shape > kind.version:
        raise NewerError
    value: JSON = json.loads(text)
    for older in range(shape, kind.version):
        value = kind.upgrades[older](value)
    return Record(key.hex(), version, datetime.fromtimestamp(saved, UTC), kind.decode(value))


def _json(value: JSON) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, as a badly set terminal gives: JSON can write it, UTF-8 cannot.
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text


def key_of(id: str) -> bytes:
    """Return the 16 bytes of an id; MissingError for what is no id, since it names no record."""
    try:
        key = bytes.fromhex(id)
    except ValueError:
        raise MissingError from None
    if len(key) != ID_SIZE:
        raise MissingError
    return key


def _seconds(now: datetime) -> int:
    if now.tzinfo is None:
        raise ValueError("now must say its time zone")
    return int(now.timestamp())
