"""What is in the database, by number of the schema, and how an older one becomes the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from holdfire.sealing.page import OVERHEAD
from holdfire.vault.layout import PAGE_SIZE
from holdfire.vault.refusals import NewerError

if TYPE_CHECKING:
    from collections.abc import Sequence

APPLICATION_ID = 0x48465631  # "HFV1"

#: Step n makes schema n out of n − 1; a step that was once released never changes. Meanings: docs/formats/vault.md §7.
STEPS = (
    """
    CREATE TABLE records (
        number  INTEGER PRIMARY KEY,
        id      BLOB NOT NULL,
        version INTEGER NOT NULL,
        kind    TEXT NOT NULL,
        shape   INTEGER NOT NULL,
        saved   INTEGER NOT NULL,
        latest  INTEGER NOT NULL,
        value   TEXT NOT NULL,
        UNIQUE (id, version)
    ) STRICT;
    CREATE INDEX latest_records ON records (kind, number) WHERE latest = 1;
    CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
    INSERT INTO words (words, rank) VALUES ('secure-delete', 1);

    CREATE TABLE items (
        number INTEGER PRIMARY KEY,
        id     BLOB NOT NULL UNIQUE,
        saved  INTEGER NOT NULL,
        size   INTEGER NOT NULL,
        sha256 BLOB NOT NULL
    ) STRICT;
    CREATE TABLE keys (
        number INTEGER PRIMARY KEY,
        key    BLOB NOT NULL
    ) STRICT;
    CREATE TABLE chunks (
        place  INTEGER PRIMARY KEY,
        sealed BLOB NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE series (
        number INTEGER PRIMARY KEY,
        record BLOB UNIQUE
    ) STRICT;
    CREATE TABLE passages (
        place   INTEGER PRIMARY KEY,
        name    TEXT NOT NULL,
        key     TEXT NOT NULL,
        heading TEXT NOT NULL,
        page    INTEGER,
        text    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX keyed_passages ON passages (key) WHERE key <> '';
    CREATE VIRTUAL TABLE passage_words USING fts5 (
        heading, text, content = '', prefix = '2 3', tokenize = "unicode61 remove_diacritics 2"
    );
    INSERT INTO passage_words (passage_words, rank) VALUES ('automerge', 0);
    INSERT INTO passage_words (passage_words, rank) VALUES ('hashsize', 16777216);
    """,
    """
    CREATE TABLE logs (
        number    INTEGER PRIMARY KEY,
        id        BLOB NOT NULL UNIQUE,
        seed      BLOB NOT NULL,
        head      BLOB NOT NULL,
        signature BLOB NOT NULL
    ) STRICT;
    CREATE TABLE entries (
        place     INTEGER PRIMARY KEY,
        event     BLOB NOT NULL,
        signature BLOB NOT NULL
    ) STRICT;
    CREATE TABLE openings (
        place INTEGER PRIMARY KEY,
        text  BLOB NOT NULL
    ) STRICT;
    CREATE TABLE heads (
        place     INTEGER PRIMARY KEY,
        saved     INTEGER NOT NULL,
        whom      TEXT NOT NULL,
        head      BLOB NOT NULL,
        signature BLOB NOT NULL
    ) STRICT;
    """,
)


def new_connection() -> apsw.Connection:
    """Return a database in memory with the newest schema and the page size and reserve of a vault."""
    connection = apsw.Connection(":memory:")
    connection.reserve_bytes("main", OVERHEAD)
    connection.execute(f"PRAGMA page_size={PAGE_SIZE}; PRAGMA application_id={APPLICATION_ID}")
    migrate(connection)
    return connection


def new_image() -> bytes:
    """Return the pages of an empty compartment's database, each of 16,384 bytes with the last 28 free."""
    connection = new_connection()
    try:
        return connection.serialize("main")
    finally:
        connection.close()


def migrate(connection: apsw.Connection, steps: Sequence[str] = STEPS) -> int:
    """Bring the database to the newest schema in one transaction; return how many steps that took.

    Raises:
        NewerError: Its schema is newer than this program knows; nothing was changed.
    """
    found: int = connection.execute("PRAGMA user_version").get
    if found > len(steps):
        raise NewerError
    if found < len(steps):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for step in steps[found:]:
                connection.execute(step)
            connection.execute(f"PRAGMA user_version={len(steps)}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    return len(steps) - found
