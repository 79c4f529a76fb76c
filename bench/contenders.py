"""The three databases that every vault bench compares: the vault, plain SQLite, and SQLCipher.

All three get the same pages, pragmas and durability as `docs/formats/vault.md` asks for, and the same
statements; they differ in what lies under SQLite.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

import apsw
import sqlcipher3.dbapi2 as sqlcipher

from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

PASSPHRASE = "seven quiet herons cross the river"
MIB = 1024 * 1024

#: As the vault sets them, without what needs its VFS.
PRAGMAS = (
    "locking_mode=EXCLUSIVE",
    "temp_store=2",
    "mmap_size=0",
    "cache_size=-32768",
    "cache_spill=OFF",
    "synchronous=FULL",
    "secure_delete=ON",
    "journal_mode=PERSIST",
    "cell_size_check=ON",
    "trusted_schema=OFF",
    "foreign_keys=ON",
)


class Table(NamedTuple):
    """One table of notes, its full-text index, and the statements a bench runs on them."""

    create: str
    create_words: str
    insert: str
    insert_words: str
    read: str
    search: str


def table(name: str = "note") -> Table:
    """Return the table called `name`; a bench that inserts in rounds takes a new one each round."""
    return Table(*(statement.replace("note", name) for statement in STATEMENTS))


STATEMENTS = (
    "CREATE TABLE note (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, saved INTEGER, body TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE note_words USING fts5(body, content='', tokenize='unicode61', prefix='2 3')",
    "INSERT INTO note (number, id, saved, body) VALUES (?, ?, ?, ?)",
    "INSERT INTO note_words (rowid, body) VALUES (?, ?)",
    "SELECT body FROM note WHERE id = ?",
    """SELECT number, body FROM note WHERE number IN
       (SELECT rowid FROM note_words WHERE note_words MATCH ? ORDER BY rank LIMIT 50)""",
)

WORDS = tuple(
    f"{first}{last}"
    for first in (
        "river",
        "stone",
        "letter",
        "morning",
        "road",
        "winter",
        "window",
        "bread",
        "square",
        "name",
    )
    for last in ("", "s", "side", "less", "ful", "ward", "work", "land", "light", "song")
)


class Database(Protocol):
    """What a bench needs of a database."""

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]: ...
    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None: ...
    def close(self) -> None: ...


class Apsw:
    """Plain SQLite, or the vault's own connection, through apsw."""

    def __init__(self, connection: apsw.Connection, vault: Vault | None = None) -> None:
        self.connection = connection
        self._vault = vault

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        return self.connection.execute(statement, tuple(values)).fetchall()

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self.connection.executemany(statement, rows)

    def close(self) -> None:
        if self._vault is not None:
            self._vault.lock()
        else:
            self.connection.close()


class Cipher:
    """SQLCipher, keyed without a passphrase so that its key derivation is not measured."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlcipher.connect(str(path), isolation_level=None)
        self.run(f"PRAGMA key = \"x'{'5a' * 32}'\"")
        self.run("PRAGMA cipher_page_size = 16384")
        for pragma in PRAGMAS:
            self.run(f"PRAGMA {pragma}")

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = self._connection.execute(statement, tuple(values)).fetchall()
        return rows

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(statement, rows)

    def close(self) -> None:
        self._connection.close()


def open_vault(folder: Path, size: int) -> Apsw:
    """Create a vault of `size` bytes in `folder` and open it."""
    path = folder / "ours"
    Vault.create(path, [PASSPHRASE], size, profile=TEST)
    vault = Vault.open(path, PASSPHRASE, profile=TEST)
    return Apsw(vault.connection, vault)


def open_plain(folder: Path) -> Apsw:
    """Open a new plain SQLite database in `folder`."""
    connection = apsw.Connection(str(folder / "plain"))
    connection.execute("PRAGMA page_size = 16384")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return Apsw(connection)


@contextmanager
def three_databases(folder: Path, vault_size: int) -> Iterator[dict[str, Database]]:
    """Yield the vault, plain SQLite and SQLCipher by name, each empty."""
    databases: dict[str, Database] = {
        "vault": open_vault(folder, vault_size),
        "plain": open_plain(folder),
        "sqlcipher": Cipher(folder / "sqlcipher"),
    }
    try:
        yield databases
    finally:
        for database in databases.values():
            database.close()


def create(database: Database, notes: Table) -> None:
    """Create the table `notes` and its index."""
    database.run(notes.create)
    database.run(notes.create_words)


def fill(database: Database, notes: Table, many: int) -> None:
    """Put `many` notes and their words in, in transactions that fit a journal."""
    create(database, notes)
    for start in range(0, many, 5_000):
        rows = [note(number) for number in range(start, min(start + 5_000, many))]
        database.run("BEGIN IMMEDIATE")
        database.run_many(notes.insert, rows)
        database.run_many(notes.insert_words, [(row[0], row[3]) for row in rows])
        database.run("COMMIT")


def note(number: int) -> tuple[int, bytes, int, str]:
    """Return note `number`: the same for every contender; about 300 bytes of text."""
    chance = random.Random(number)
    return number, chance.randbytes(16), 1_700_000_000 + number, " ".join(chance.choices(WORDS, k=40))
