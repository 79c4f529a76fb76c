"""What the stores over a database share: their tables, what is said to them, and the order in which rows and large bytes come and go.

What is large is written whole under its name before the row that names it is committed, and removed after the row went:
after a crash bytes may stand without a row, never a row without its bytes. Bytes are removed only where no row names them,
looked up while nobody else can write one: two workers on one database cannot take each other's bytes away.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Final, Protocol

from holdfire.errors import StorageError, UserError
from holdfire.language import mark
from holdfire.relay.objects import MissingObjectError, Objects
from holdfire.relay.store import Board, Kept
from holdfire.sealing.noise import random_bytes
from holdfire.wire.boards import TILE_HASHES
from holdfire.wire.merkle import leaf_hash, node_hash

#: From here on bytes stand outside the database.
LARGE: Final = 256 << 10
_NAME_SIZE: Final = 32
#: The tables' version; a store that was written by a newer Holdfire is left alone.
VERSION: Final = 1
#: `{bytes}`, `{number}` and `{keyed}` are the database's own words.
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS grants (hash {bytes} PRIMARY KEY, uses {number} NOT NULL){keyed}",
    "CREATE TABLE IF NOT EXISTS boards (board {bytes} PRIMARY KEY, entry {number} NOT NULL, size {number} NOT NULL, first {number} NOT NULL){keyed}",
    "CREATE TABLE IF NOT EXISTS entries (board {bytes}, number {number}, day {number} NOT NULL, body {bytes} NOT NULL, PRIMARY KEY (board, number))",
    "CREATE INDEX IF NOT EXISTS entry_days ON entries (day)",
    "CREATE TABLE IF NOT EXISTS hashes (board {bytes}, level {number}, place {number}, hash {bytes} NOT NULL, PRIMARY KEY (board, level, place)){keyed}",
    "CREATE TABLE IF NOT EXISTS tickets (board {bytes}, hash {bytes}, day {number} NOT NULL, PRIMARY KEY (board, hash)){keyed}",
    "CREATE TABLE IF NOT EXISTS used (hash {bytes} PRIMARY KEY, challenge {number} NOT NULL){keyed}",
    "CREATE TABLE IF NOT EXISTS sheets (sheet {bytes} PRIMARY KEY){keyed}",
    "CREATE TABLE IF NOT EXISTS files (sheet {bytes}, name TEXT, edition {number} NOT NULL, number {number} NOT NULL, content {bytes} NOT NULL, large {number} NOT NULL, PRIMARY KEY (sheet, name))",
    "CREATE TABLE IF NOT EXISTS pieces (board {bytes}, piece {bytes}, day {number} NOT NULL, content {bytes} NOT NULL, large {number} NOT NULL, PRIMARY KEY (board, piece))",
    "CREATE INDEX IF NOT EXISTS file_objects ON files (content) WHERE large = 1",
    "CREATE INDEX IF NOT EXISTS piece_objects ON pieces (content) WHERE large = 1",
)
#: A statement about what grows with an append.
_GROWING: Final = re.compile(r"\b(boards|entries|hashes)\b")
_BUCKETS: Final = "SUBSTR(name, 1, 6) = 'bucket'"


class Cursor(Protocol):
    """What a statement found or changed."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""


class SqlStore(ABC):
    """A store over a database that knows SQL.

    Args:
        words: The database's own words for `{bytes}`, `{number}`, `{keyed}`, and `{mark}`: an expression of 16 bytes drawn by chance.
        objects: Where what is large is kept, told the 16 bytes that mark this database, so that two relays never
            share a place; None keeps all in the database.
    """

    #: What is said once, after the tables were made.
    _FINISH: tuple[str, ...] = ()

    def __init__(self, words: dict[str, str], objects: Callable[[bytes], Objects] | None) -> None:
        self._came: set[str] = set()
        self._gone: set[str] = set()
        self._doubtful: set[str] = set()
        self._erased = False
        self._grouped = False
        # Boards as they stand inside a group, where nobody else can change them, and what they grew by: written
        # together, because each statement for itself is a way to the database and back.
        self._known: dict[bytes, Board] = {}
        self._entries: list[tuple[object, ...]] = []
        self._leaves: list[tuple[object, ...]] = []
        self._objects: Objects | None = None
        marked = self._make_tables(words)
        if objects is not None:
            self._objects = objects(marked)
            self._sweep()

    @abstractmethod
    def _say(self, said: str, *values: object) -> Cursor:
        """Say one statement, with `?` for each value."""

    @abstractmethod
    def _say_each(self, said: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Say one statement for each row of values."""

    @abstractmethod
    def _begin(self) -> None:
        """Begin what is committed together; until then no other store writes."""

    @abstractmethod
    def _commit(self) -> None:
        """Make it durable."""

    @abstractmethod
    def _undo(self) -> None:
        """Take it back, or do nothing where it was never begun."""

    @abstractmethod
    def _empty_log(self) -> None:
        """Remove what was erased from the database's own log, where that can be done."""

    def _make_tables(self, words: dict[str, str]) -> bytes:
        with self._alone():
            self._run(f"CREATE TABLE IF NOT EXISTS relay (version {words['number']}, mark {words['bytes']})")
            found = self._row("SELECT version, mark FROM relay")
            if found is None:
                for said in (*_SCHEMA, *self._FINISH):
                    self._run(said.format(**words))
                self._run(f"INSERT INTO relay VALUES ({VERSION}, {words['mark']})")  # noqa: S608 — fixed words
                found = self._row("SELECT version, mark FROM relay")
            elif found[0] > VERSION:
                raise UserError(
                    mark("This relay's database was made by a newer Holdfire."),
                    mark("Install the newer version again; nothing was changed."),
                )
        assert found is not None  # noqa: S101 — it was written above
        return bytes(found[1])

    def _run(self, said: str, *values: object) -> Cursor:
        """Say one statement that finds all that was appended before it."""
        if _GROWING.search(said):
            self._write_appended()
            if not said.startswith("SELECT"):
                self._known.clear()
        return self._say(said, *values)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._begin()
        try:
            yield
            self._commit()
        except BaseException:
            self._undo()
            raise

    @contextmanager
    def group(self) -> Iterator[None]:
        """Make all that is written inside durable together when it ends, or nothing of it when it is left by an error."""
        self._came.clear()
        self._gone.clear()
        self._erased, self._grouped = False, True
        try:
            with self._alone():
                yield
                self._write_appended()
        except BaseException:
            # Whether a commit that broke off holds is known by the rows alone.
            self._doubtful |= self._came | self._gone
            self._forget_appended()
            self._settle()
            raise
        self._forget_appended()
        self._doubtful |= self._gone
        self._settle()
        if self._erased:
            self._empty_log()

    def add_grant(self, hashed: bytes, uses: int) -> None:
        """Keep a grant's hash and how often it can be used."""
        self._run(
            "INSERT INTO grants VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET uses = excluded.uses",
            hashed,
            uses,
        )

    def use_grant(self, hashed: bytes) -> bool:
        """Use a grant once; False if there is none left."""
        used = self._changed("UPDATE grants SET uses = uses - 1 WHERE hash = ? AND uses > 0", hashed)
        self._run("DELETE FROM grants WHERE hash = ? AND uses <= 0", hashed)
        return used

    def add_board(self, board: bytes, entry_size: int) -> bool:
        """Make a board; False if there is one."""
        return self._changed(
            "INSERT INTO boards VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING", board, entry_size
        )

    def board(self, board: bytes) -> Board | None:
        """Return a board as it stands."""
        if board in self._known:
            return self._known[board]
        row = self._row("SELECT entry, size, first FROM boards WHERE board = ?", board)
        if row is None:
            return None
        if self._grouped:
            self._known[board] = Board(*row)
        return Board(*row)

    def append(self, board: bytes, body: bytes, day: int) -> int:
        """Append an entry with the hash of its leaf and return its number; the board is there, and a group was begun."""
        kept = self.board(board)
        assert kept is not None  # noqa: S101 — the caller looked
        number = kept.size
        self._known[board] = replace(kept, size=number + 1)
        self._entries.append((board, number, day, body))
        self._leaves.append((board, number, leaf_hash(body)))
        level, place = 0, number
        while (place + 1) % TILE_HASHES == 0:
            # A tile is full: its root is a hash of the next level.
            row = self.hashes(board, level, place + 1 - TILE_HASHES, TILE_HASHES)
            while len(row) > 1:
                row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
            level, place = level + 1, place // TILE_HASHES
            self._run("INSERT INTO hashes VALUES (?, ?, ?, ?)", board, level, place, row[0])
        return number

    def _write_appended(self) -> None:
        entries, leaves, self._entries, self._leaves = self._entries, self._leaves, [], []
        if entries:
            sizes = {board: self._known[board].size for board, *_ in leaves if isinstance(board, bytes)}
            self._say_each("INSERT INTO entries VALUES (?, ?, ?, ?)", entries)
            self._say_each("INSERT INTO hashes VALUES (?, 0, ?, ?)", leaves)
            self._say_each("UPDATE boards SET size = ? WHERE board = ?", [(size, board) for board, size in sizes.items()])  # fmt: skip

    def _forget_appended(self) -> None:
        self._grouped = False
        self._known.clear()
        self._entries.clear()
        self._leaves.clear()

    def bodies(self, board: bytes, start: int, end: int) -> list[tuple[int, bytes]]:
        """Return the numbers and bodies that are left of entries `start` to `end`, in order."""
        asked = (
            "SELECT number, body FROM entries WHERE board = ? AND number >= ? AND number < ? ORDER BY number"
        )
        return self._run(asked, board, start, end).fetchall()

    def hashes(self, board: bytes, level: int, start: int, count: int) -> list[bytes]:
        """Return hashes of a level of tiles, fewer if there are fewer."""
        asked = "SELECT hash FROM hashes WHERE board = ? AND level = ? AND place >= ? AND place < ? ORDER BY place"
        return [row[0] for row in self._run(asked, board, level, start, start + count).fetchall()]

    def trim(self, board: bytes, first: int) -> None:
        """Remove the bodies of all entries before `first`; never goes back."""
        self._run(
            "UPDATE boards SET first = CASE WHEN size < ? THEN size ELSE ? END WHERE board = ? AND first < ?",
            first,
            first,
            board,
            first,
        )
        self._run("DELETE FROM entries WHERE board = ? AND number < ?", board, first)
        self._erased = True

    def close_board(self, board: bytes) -> None:
        """Remove a board with all that belongs to it."""
        self._let_go("SELECT content FROM pieces WHERE large = 1 AND board = ?", board)
        for table in ("boards", "entries", "hashes", "tickets", "pieces"):
            self._run(f"DELETE FROM {table} WHERE board = ?", board)  # noqa: S608 — the names stand above

    def add_tickets(self, board: bytes, hashed: list[bytes], day: int) -> None:
        """Keep hashes of tickets; one that is there stays as it is."""
        rows = [(board, one, day) for one in hashed]
        self._say_each("INSERT INTO tickets VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)

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
        return self._changed("INSERT INTO used VALUES (?, ?) ON CONFLICT DO NOTHING", hashed, window)

    def forget_used(self, before: int) -> None:
        """Forget the solutions of challenges before `before`."""
        self._run("DELETE FROM used WHERE challenge < ?", before)

    def add_sheet(self, sheet: bytes) -> bool:
        """Make room for a desk's files; False if there is."""
        return self._changed("INSERT INTO sheets VALUES (?) ON CONFLICT DO NOTHING", sheet)

    def has_sheet(self, sheet: bytes) -> bool:
        """Say whether there is room for this desk's files."""
        return self._row("SELECT 1 FROM sheets WHERE sheet = ?", sheet) is not None

    def read_file(self, sheet: bytes, name: str) -> Kept | None:
        """Return a file of a desk."""
        asked = "SELECT content, large, number FROM files WHERE sheet = ? AND name = ?"
        found = self._taken(asked, sheet, name)
        return Kept(found[1][2], found[0]) if found else None

    def write_file(self, sheet: bytes, name: str, edition: int, kept: Kept) -> None:
        """Write a file of a desk in place of the one that stands there; `edition` is 0 but for buckets."""
        self._let_go("SELECT content FROM files WHERE large = 1 AND sheet = ? AND name = ?", sheet, name)
        content, large = self._put(kept.content)
        replaced = ", ".join(
            f"{column} = excluded.{column}" for column in ("edition", "number", "content", "large")
        )
        said = (
            f"INSERT INTO files VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sheet, name) DO UPDATE SET {replaced}"  # noqa: S608
        )
        self._run(said, sheet, name, edition, kept.number, content, large)

    def editions(self, sheet: bytes) -> list[int]:
        """Return the editions of which buckets are kept, the newest first."""
        asked = f"SELECT DISTINCT edition FROM files WHERE sheet = ? AND {_BUCKETS} ORDER BY edition DESC"  # noqa: S608
        return [row[0] for row in self._run(asked, sheet).fetchall()]

    def drop_edition(self, sheet: bytes, edition: int) -> None:
        """Remove the buckets of an edition."""
        which = f"sheet = ? AND edition = ? AND {_BUCKETS}"
        self._let_go(f"SELECT content FROM files WHERE large = 1 AND {which}", sheet, edition)  # noqa: S608 — see above
        self._run(f"DELETE FROM files WHERE {which}", sheet, edition)  # noqa: S608 — see above

    def read_piece(self, board: bytes, piece: bytes) -> bytes | None:
        """Return a piece."""
        found = self._taken("SELECT content, large FROM pieces WHERE board = ? AND piece = ?", board, piece)
        return found[0] if found else None

    def add_piece(self, board: bytes, piece: bytes, content: bytes, day: int) -> None:
        """Keep a piece; there is none of that name."""
        kept, large = self._put(content)
        self._run("INSERT INTO pieces VALUES (?, ?, ?, ?, ?)", board, piece, day, kept, large)

    def count_pieces(self, board: bytes) -> int:
        """Return how many pieces belong to a board."""
        row = self._row("SELECT COUNT(*) FROM pieces WHERE board = ?", board)
        return int(row[0]) if row else 0

    def drop_piece(self, board: bytes, piece: bytes) -> bool:
        """Remove a piece; False if there is none."""
        self._let_go("SELECT content FROM pieces WHERE large = 1 AND board = ? AND piece = ?", board, piece)
        return self._changed("DELETE FROM pieces WHERE board = ? AND piece = ?", board, piece)

    def expire(self, before: int) -> None:
        """Remove bodies, tickets and pieces of days before `before`; hashes of leaves stay."""
        self._let_go("SELECT content FROM pieces WHERE large = 1 AND day < ?", before)
        for table in ("entries", "tickets", "pieces"):
            self._run(f"DELETE FROM {table} WHERE day < ?", before)  # noqa: S608 — the names stand above
        # A board whose bodies all went has room again, whether or not its owner ever trims.
        left = "COALESCE((SELECT MIN(number) FROM entries WHERE entries.board = boards.board), size)"
        self._run(f"UPDATE boards SET first = {left} WHERE first < {left}")  # noqa: S608 — it stands above

    @abstractmethod
    def close(self) -> None:
        """Close the store."""

    def _row(self, asked: str, *values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._run(asked, *values).fetchone()
        return found

    def _changed(self, said: str, *values: object) -> bool:
        return self._run(said, *values).rowcount > 0

    def _let_go(self, asked: str, *values: object) -> None:
        self._gone |= {row[0].hex() for row in self._run(asked, *values).fetchall()}
        self._erased = True

    def _put(self, content: bytes) -> tuple[bytes, int]:
        """Return what the row holds, and 1 if that is the name of an object."""
        if self._objects is None or len(content) < LARGE:
            return content, 0
        # A name of its own each time: a group that is taken back leaves what stood there before.
        name = random_bytes(_NAME_SIZE)
        self._came.add(name.hex())
        self._objects.put(name.hex(), content)
        return name, 1

    def _taken(self, asked: str, *values: object) -> tuple[bytes, tuple[Any, ...]] | None:
        """Return the content that a row holds or names, and the row; it begins with `content, large`."""
        for _ in range(2):
            row = self._row(asked, *values)
            if row is None:
                return None
            if not row[1] or self._objects is None:
                return bytes(row[0]), row
            # Another worker may have let it go since: then the row is gone or names another.
            with suppress(MissingObjectError):
                return self._objects.get(row[0].hex()), row
        raise StorageError(
            mark("Bytes that this relay keeps are missing from its folder or bucket."),
            mark("Bring back the folder or bucket that belongs to this database."),
        )

    def _settle(self) -> None:
        """Remove what no row names of the objects that came or went; what cannot be removed now is tried again."""
        if not self._doubtful or self._objects is None:
            return
        with suppress(StorageError), self._alone():
            for name in sorted(self._doubtful):
                if not self._named(name):
                    self._objects.remove(name)
                self._doubtful.discard(name)

    def _named(self, name: str) -> bool:
        value = bytes.fromhex(name)
        asked = "SELECT 1 FROM pieces WHERE large = 1 AND content = ? UNION ALL SELECT 1 FROM files WHERE large = 1 AND content = ?"
        return self._row(asked, value, value) is not None

    def _sweep(self) -> None:
        """Remove the objects that no row names: a crash left them between writing or erasing them and their rows."""
        if self._objects is not None:
            self._doubtful |= {name for name in self._objects.names() if not self._named(name)}
            self._settle()
        self._empty_log()
