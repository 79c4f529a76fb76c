"""The store on one computer: SQLite, and a folder for what is large; a folder is not needed when all is in memory.

What is large is written whole under its name before the row that names it is committed: after a crash a file may stand
without a row, never a row without its file. Opening removes such files, and every group that erases empties the log that SQLite
writes ahead, because what was erased would stand there until it is written over.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from holdfire.relay.store import Board, Kept
from holdfire.wire.boards import TILE_HASHES
from holdfire.wire.merkle import leaf_hash, node_hash

#: From here on bytes go into the folder.
_LARGE: Final = 256 << 10
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS grants (hash BLOB PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS boards (board BLOB PRIMARY KEY, entry INTEGER NOT NULL, size INTEGER NOT NULL, first INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (board BLOB, number INTEGER, day INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (board, number));
CREATE INDEX IF NOT EXISTS entry_days ON entries (day);
CREATE TABLE IF NOT EXISTS hashes (board BLOB, level INTEGER, place INTEGER, hash BLOB NOT NULL, PRIMARY KEY (board, level, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tickets (board BLOB, hash BLOB, day INTEGER NOT NULL, PRIMARY KEY (board, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used (hash BLOB PRIMARY KEY, window INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sheets (sheet BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (sheet BLOB, name TEXT, edition INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, large INTEGER NOT NULL, PRIMARY KEY (sheet, name));
CREATE TABLE IF NOT EXISTS pieces (board BLOB, piece BLOB, day INTEGER NOT NULL, content BLOB NOT NULL, large INTEGER NOT NULL, PRIMARY KEY (board, piece));
"""


class SqliteStore:
    """A store in a folder of its own, or in memory for tests and trials.

    Args:
        folder: Where `relay.db` and `large` are or shall be; None keeps all in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._large = None if folder is None else folder / "large"
        if folder is not None and self._large is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._large.mkdir(mode=0o700, exist_ok=True)
            # SQLite gives its other files the mode of this one.
            (folder / "relay.db").touch(mode=0o600)
        self._db = sqlite3.connect(
            ":memory:" if folder is None else folder / "relay.db",
            isolation_level=None,
            check_same_thread=False,
        )
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)
        self._gone: list[bytes] = []
        self._came: list[bytes] = []
        self._erased = False

    @contextmanager
    def group(self) -> Iterator[None]:
        """Make all that is written inside durable together when it ends, or nothing of it when it is left by an error."""
        self._db.execute("BEGIN IMMEDIATE")
        self._gone.clear()
        self._came.clear()
        self._erased = False
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            for name in self._came:
                self._unlink(name)
            raise
        for name in self._gone:
            self._unlink(name)
        if self._erased:
            self._empty_log()

    def add_grant(self, hashed: bytes, uses: int) -> None:
        """Keep a grant's hash and how often it can be used."""
        self._db.execute("INSERT OR REPLACE INTO grants VALUES (?, ?)", (hashed, uses))

    def use_grant(self, hashed: bytes) -> bool:
        """Use a grant once; False if there is none left."""
        used = self._changed("UPDATE grants SET uses = uses - 1 WHERE hash = ? AND uses > 0", hashed)
        self._db.execute("DELETE FROM grants WHERE uses <= 0")
        return used

    def add_board(self, board: bytes, entry_size: int) -> bool:
        """Make a board; False if there is one."""
        return self._changed("INSERT OR IGNORE INTO boards VALUES (?, ?, 0, 0)", board, entry_size)

    def board(self, board: bytes) -> Board | None:
        """Return a board as it stands."""
        row = self._row("SELECT entry, size, first FROM boards WHERE board = ?", board)
        return Board(*row) if row else None

    def append(self, board: bytes, body: bytes, day: int) -> int:
        """Append an entry with the hash of its leaf and return its number; the board is there."""
        row = self._row("UPDATE boards SET size = size + 1 WHERE board = ? RETURNING size - 1", board)
        assert row is not None  # noqa: S101 — the caller looked
        number = int(row[0])
        self._db.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", (board, number, day, body))
        self._add_hash(board, number, leaf_hash(body))
        return number

    def _add_hash(self, board: bytes, number: int, hashed: bytes) -> None:
        level, place = 0, number
        while True:
            self._db.execute("INSERT INTO hashes VALUES (?, ?, ?, ?)", (board, level, place, hashed))
            if (place + 1) % TILE_HASHES:
                return
            # A tile is full: its root is a hash of the next level.
            row = self.hashes(board, level, place + 1 - TILE_HASHES, TILE_HASHES)
            while len(row) > 1:
                row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
            level, place, hashed = level + 1, place // TILE_HASHES, row[0]

    def bodies(self, board: bytes, start: int, end: int) -> list[tuple[int, bytes]]:
        """Return the numbers and bodies that are left of entries `start` to `end`, in order."""
        asked = (
            "SELECT number, body FROM entries WHERE board = ? AND number >= ? AND number < ? ORDER BY number"
        )
        return self._db.execute(asked, (board, start, end)).fetchall()

    def hashes(self, board: bytes, level: int, start: int, count: int) -> list[bytes]:
        """Return hashes of a level of tiles, fewer if there are fewer."""
        asked = "SELECT hash FROM hashes WHERE board = ? AND level = ? AND place >= ? AND place < ? ORDER BY place"
        return [row[0] for row in self._db.execute(asked, (board, level, start, start + count))]

    def trim(self, board: bytes, first: int) -> None:
        """Remove the bodies of all entries before `first`; never goes back."""
        self._db.execute("UPDATE boards SET first = MAX(first, MIN(size, ?)) WHERE board = ?", (first, board))
        self._db.execute("DELETE FROM entries WHERE board = ? AND number < ?", (board, first))
        self._erased = True

    def close_board(self, board: bytes) -> None:
        """Remove a board with all that belongs to it."""
        self._let_go("SELECT content FROM pieces WHERE large AND board = ?", board)
        for table in ("boards", "entries", "hashes", "tickets", "pieces"):
            self._db.execute(f"DELETE FROM {table} WHERE board = ?", (board,))  # noqa: S608 — the names stand above
        self._erased = True

    def add_tickets(self, board: bytes, hashed: list[bytes], day: int) -> None:
        """Keep hashes of tickets; one that is there stays as it is."""
        rows = [(board, one, day) for one in hashed]
        self._db.executemany("INSERT OR IGNORE INTO tickets VALUES (?, ?, ?)", rows)

    def count_tickets(self, board: bytes) -> int:
        """Return how many tickets are good on a board."""
        row = self._row("SELECT COUNT(*) FROM tickets WHERE board = ?", board)
        return int(row[0]) if row else 0

    def has_ticket(self, board: bytes, hashed: bytes) -> bool:
        """Say whether a ticket is good, and leave it so."""
        return self._row("SELECT 1 FROM tickets WHERE board = ? AND hash = ?", board, hashed) is not None

    def use_ticket(self, board: bytes, hashed: bytes) -> bool:
        """Use a ticket up; False if there is none."""
        return self._changed("DELETE FROM tickets WHERE board = ? AND hash = ?", board, hashed)

    def use_once(self, hashed: bytes, window: int) -> bool:
        """Remember that a solution of the challenge numbered `window` was used; False if it was before."""
        return self._changed("INSERT OR IGNORE INTO used VALUES (?, ?)", hashed, window)

    def forget_used(self, before: int) -> None:
        """Forget the solutions of challenges before `before`."""
        self._db.execute("DELETE FROM used WHERE window < ?", (before,))

    def add_sheet(self, sheet: bytes) -> bool:
        """Make room for a desk's files; False if there is."""
        return self._changed("INSERT OR IGNORE INTO sheets VALUES (?)", sheet)

    def has_sheet(self, sheet: bytes) -> bool:
        """Say whether there is room for this desk's files."""
        return self._row("SELECT 1 FROM sheets WHERE sheet = ?", sheet) is not None

    def read_file(self, sheet: bytes, name: str) -> Kept | None:
        """Return a file of a desk."""
        asked = "SELECT number, content, large FROM files WHERE sheet = ? AND name = ?"
        row = self._row(asked, sheet, name)
        return Kept(row[0], self._taken(row[1], row[2])) if row else None

    def write_file(self, sheet: bytes, name: str, edition: int, kept: Kept) -> None:
        """Write a file of a desk in place of the one that stands there; `edition` is 0 but for buckets."""
        self._let_go("SELECT content FROM files WHERE large AND sheet = ? AND name = ?", sheet, name)
        content, large = self._put(sheet + name.encode("ascii"), kept.content)
        row = (sheet, name, edition, kept.number, content, large)
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", row)

    def editions(self, sheet: bytes) -> list[int]:
        """Return the editions of which buckets are kept, the newest first."""
        asked = (
            "SELECT DISTINCT edition FROM files WHERE sheet = ? AND name LIKE 'bucket%' ORDER BY edition DESC"
        )
        return [row[0] for row in self._db.execute(asked, (sheet,))]

    def drop_edition(self, sheet: bytes, edition: int) -> None:
        """Remove the buckets of an edition."""
        which = "sheet = ? AND edition = ? AND name LIKE 'bucket%'"
        self._let_go(f"SELECT content FROM files WHERE large AND {which}", sheet, edition)  # noqa: S608 — see above
        self._db.execute(f"DELETE FROM files WHERE {which}", (sheet, edition))  # noqa: S608 — see above

    def read_piece(self, board: bytes, piece: bytes) -> bytes | None:
        """Return a piece."""
        row = self._row("SELECT content, large FROM pieces WHERE board = ? AND piece = ?", board, piece)
        return self._taken(*row) if row else None

    def add_piece(self, board: bytes, piece: bytes, content: bytes, day: int) -> None:
        """Keep a piece; there is none of that name."""
        row = (board, piece, day, *self._put(board + piece, content))
        self._db.execute("INSERT INTO pieces VALUES (?, ?, ?, ?, ?)", row)

    def count_pieces(self, board: bytes) -> int:
        """Return how many pieces belong to a board."""
        row = self._row("SELECT COUNT(*) FROM pieces WHERE board = ?", board)
        return int(row[0]) if row else 0

    def drop_piece(self, board: bytes, piece: bytes) -> bool:
        """Remove a piece; False if there is none."""
        self._let_go("SELECT content FROM pieces WHERE large AND board = ? AND piece = ?", board, piece)
        return self._changed("DELETE FROM pieces WHERE board = ? AND piece = ?", board, piece)

    def expire(self, before: int) -> None:
        """Remove bodies, tickets and pieces of days before `before`; hashes of leaves stay."""
        self._let_go("SELECT content FROM pieces WHERE large AND day < ?", before)
        for table in ("entries", "tickets", "pieces"):
            self._db.execute(f"DELETE FROM {table} WHERE day < ?", (before,))  # noqa: S608 — the names stand above
        # A board whose bodies all went has room again, whether or not its owner ever trims.
        left = "COALESCE((SELECT MIN(number) FROM entries WHERE entries.board = boards.board), size)"
        self._db.execute(f"UPDATE boards SET first = MAX(first, {left})")  # noqa: S608 — it stands above
        self._erased = True

    def tidy(self) -> None:
        """Remove the files that no row names: a crash left them between writing or erasing them and their rows."""
        if self._large is None:
            return
        asked = "SELECT content FROM pieces WHERE large UNION ALL SELECT content FROM files WHERE large"
        named = {row[0].hex() for row in self._db.execute(asked)}
        for path in self._large.iterdir():
            if path.name not in named:
                path.unlink()
        self._empty_log()

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def _row(self, asked: str, *values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._db.execute(asked, values).fetchone()
        return found

    def _changed(self, said: str, *values: object) -> bool:
        return self._db.execute(said, values).rowcount > 0

    def _let_go(self, asked: str, *values: object) -> None:
        self._gone.extend(row[0] for row in self._db.execute(asked, values))
        self._erased = True

    def _put(self, owner: bytes, content: bytes) -> tuple[bytes, bool]:
        """Return what the row holds, and whether it is the name of a file."""
        if self._large is None or len(content) < _LARGE:
            return content, False
        # Other bytes have another name: a group that is taken back leaves what stood there before.
        name = sha256(owner + sha256(content).digest()).digest()
        with suppress(ValueError):  # what an earlier act of this group let go is here again
            self._gone.remove(name)
        path = self._large / name.hex()
        if path.exists():
            return name, True
        self._came.append(name)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A file says when it was written, to the second; the relay keeps no more than days.
        os.utime(part, (0, 0))
        part.replace(path)
        folder = os.open(self._large, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name, True

    def _taken(self, content: bytes, large: int) -> bytes:
        return (self._large / content.hex()).read_bytes() if large and self._large is not None else content

    def _unlink(self, name: bytes) -> None:
        if self._large is not None:
            (self._large / name.hex()).unlink(missing_ok=True)

    def _empty_log(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
