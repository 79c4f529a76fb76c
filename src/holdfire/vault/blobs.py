"""Evidence and other large items, in sealed chunks of 64 KiB under a key of their own (docs/formats/vault.md §7).

Losing its key loses the item: shredding destroys 32 bytes surely, instead of gigabytes perhaps.
"""

# ruff: noqa: A002 — an id is called id wherever a person meets one

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias, cast

from holdfire.sealing.noise import ID_SIZE, new_id, new_key
from holdfire.sealing.page import ChunkSealer, damaged
from holdfire.sealing.passphrase import Key
from holdfire.vault.refusals import MissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from holdfire.vault.vault import Vault

CHUNK = 65_536
#: Chunks a commit holds, 4 MiB: more would need a larger journal, fewer would wait for the disk.
_BATCH = 64
_NUMBER_SHIFT = 32
_ItemRow: TypeAlias = tuple[bytes, int, int, bytes]


@dataclass(frozen=True)
class Item:
    """A saved item: `id` is 32 hexadecimal digits, `size` counts bytes, `sha256` is of the whole, `saved` is UTC."""

    id: str
    saved: datetime
    size: int
    sha256: bytes

    @property
    def chunks(self) -> int:
        """Into how many chunks it is cut; an empty item has one."""
        return max(1, -(-self.size // CHUNK))


class Blobs:
    """The items of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._importing: set[int] = set()

    def add(
        self,
        pieces: Iterable[bytes],
        now: datetime,
        *,
        size: int = 0,
        progress: Callable[[int, int], None] | None = None,
        with_it: Callable[[Item], None] | None = None,
    ) -> Item:
        """Save what `pieces` yields, of any lengths, as one item; it is there whole once this returns, or not at all.

        Args:
            pieces: The content in order.
            now: When it was saved.
            size: What `progress` is told as the total.
            progress: Called with bytes done and `size`, after each 4 MiB.
            with_it: Called once with the whole item, inside the commit that makes it appear; what it saves comes with it.

        Raises:
            FullError: The compartment has no room; nothing of the item stays.
        """
        if now.tzinfo is None:
            raise ValueError("now must say its time zone")
        self._outside_a_transaction()
        number = self._next_number()
        self._importing.add(number)
        try:
            return self._import(number, pieces, int(now.timestamp()), size, progress, with_it)
        except BaseException:
            self._importing.remove(number)
            self.clear_leftovers()
            raise
        finally:
            self._importing.discard(number)

    def get(self, id: str) -> Item:
        """Return what is known of an item.

        Raises:
            MissingError: There is none.
        """
        return self._find(id)[1]

    def all(self, *, limit: int = 100, offset: int = 0) -> tuple[Item, ...]:
        """Return the items, the last saved first."""
        with self._vault.reading() as connection:
            rows = connection.execute(
                "SELECT id, saved, size, sha256 FROM items ORDER BY number DESC LIMIT ? OFFSET ?",
                (limit, offset),
            ).fetchall()
        return tuple(_item(*cast("_ItemRow", row)) for row in rows)

    def read(self, id: str, offset: int = 0, size: int | None = None) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end, or all to the end.

        Raises:
            MissingError: There is no such item.
            TamperError: A chunk was altered, moved or lost.
        """
        number, item, sealer = self._opened(id)
        end = item.size if size is None else min(item.size, offset + size)
        if offset >= end:
            return b""
        first = offset // CHUNK
        parts = [self._chunk(number, item, sealer, chunk) for chunk in range(first, -(-end // CHUNK))]
        parts[0] = parts[0][offset - first * CHUNK :]
        return b"".join(parts)[: end - offset]

    def stream(self, id: str) -> Iterator[bytes]:
        """Yield the whole item in pieces of 64 KiB and make sure at the end that it is what was saved.

        Raises:
            MissingError: There is no such item.
            TamperError: It is not what was saved.
        """
        number, item, sealer = self._opened(id)
        digest = hashlib.sha256()
        for chunk in range(item.chunks):
            piece = self._chunk(number, item, sealer, chunk)
            digest.update(piece)
            yield piece
        if digest.digest() != item.sha256:
            raise damaged()

    def shred(
        self,
        id: str,
        progress: Callable[[int, int], None] | None = None,
        *,
        with_it: Callable[[], None] | None = None,
    ) -> None:
        """Make an item unreadable for good, also with the passphrase, and free its room.

        The order matters: the key goes first, then every old page that held it, then the chunks nothing can open.

        Args:
            id: Of the item.
            progress: Called with chunks done and all chunks.
            with_it: Called once inside the commit that takes the key; what it deletes goes with it, or nothing goes.

        Raises:
            MissingError: There is no such item.
        """
        self._outside_a_transaction()
        number, item = self._find(id)
        with self._vault.transaction() as connection:
            connection.execute("DELETE FROM items WHERE number = ?", (number,))
            kept = connection.execute(
                "SELECT number, key FROM keys WHERE number <> ? ORDER BY number", (number,)
            ).fetchall()
            # All keys anew: SQLite moves rows between pages and leaves copies in the unused part; emptied pages it overwrites.
            connection.execute("DELETE FROM keys")
            connection.executemany("INSERT INTO keys (number, key) VALUES (?, ?)", kept)
            if with_it:
                with_it()
        self._overwrite_journal()
        self._delete_chunks(number, item.chunks, progress)

    def clear_leftovers(self) -> None:
        """Delete the chunks of imports and shreds that were interrupted; run at every unlock."""
        with self._vault.reading() as connection:
            numbers, place = [], 0
            while True:
                # One step per item, not per chunk: a vault of 10 GiB must not be read to be opened.
                found = connection.execute(
                    "SELECT place FROM chunks WHERE place >= ? ORDER BY place LIMIT 1", (place,)
                ).get
                if found is None:
                    break
                number = found >> _NUMBER_SHIFT
                place = (number + 1) << _NUMBER_SHIFT
                known = connection.execute("SELECT 1 FROM items WHERE number = ?", (number,)).get
                if known is None and number not in self._importing:
                    last = connection.execute("SELECT max(place) FROM chunks WHERE place < ?", (place,)).get
                    numbers.append((number, last - (number << _NUMBER_SHIFT) + 1))
        if numbers:
            self._overwrite_journal()
        for number, chunks in numbers:
            self._delete_chunks(number, chunks, None)

    def _import(
        self,
        number: int,
        pieces: Iterable[bytes],
        saved: int,
        size: int,
        progress: Callable[[int, int], None] | None,
        with_it: Callable[[Item], None] | None,
    ) -> Item:
        key, name = new_key(), new_id()
        sealer = ChunkSealer(key, name)
        digest = hashlib.sha256()
        count = saved_chunks = done = 0
        chunks: list[bytes] = []

        def prepare(first: int, batch: list[memoryview], final: int) -> list[bytes]:
            sealed = []
            for chunk_number, chunk in enumerate(batch, first):
                digest.update(chunk)
                sealed.append(sealer.seal(chunk_number, chunk, last=chunk_number == final))
            return sealed

        # The next batch is hashed and sealed beside, while this one is saved and the disk is waited for.
        with ThreadPoolExecutor(max_workers=1) as beside:
            waiting: Future[list[bytes]] | None = None
            for batch, last in _batches(_even(pieces)):
                prepared = beside.submit(prepare, count, batch, count + len(batch) - 1 if last else -1)
                if waiting:
                    saved_chunks += self._save(number, saved_chunks, waiting.result())
                    if progress:
                        progress(saved_chunks * CHUNK, size)
                waiting = prepared
                count += len(batch)
                done += sum(map(len, batch))
            if waiting:
                chunks = waiting.result()
        item = _item(name, saved, done, digest.digest())
        with self._vault.transaction():
            self._save(number, saved_chunks, chunks, (item, key))
            if with_it:
                with_it(item)
        if progress:
            progress(done, size)
        return item

    def _save(
        self, number: int, first: int, chunks: list[bytes], whole: tuple[Item, Key] | None = None
    ) -> int:
        """Commit sealed chunks from number `first`, with the last ones the item and its key; return how many."""
        place = (number << _NUMBER_SHIFT) + first
        with self._vault.transaction() as connection:
            connection.executemany(
                "INSERT INTO chunks (place, sealed) VALUES (?, ?)", enumerate(chunks, place)
            )
            if whole:
                item, key = whole
                connection.execute(
                    "INSERT INTO items (number, id, saved, size, sha256) VALUES (?, ?, ?, ?, ?)",
                    (number, bytes.fromhex(item.id), int(item.saved.timestamp()), item.size, item.sha256),
                )
                connection.execute("INSERT INTO keys (number, key) VALUES (?, ?)", (number, key))
        return len(chunks)

    def _next_number(self) -> int:
        with self._vault.reading() as connection:
            highest: int = connection.execute(
                "SELECT max((SELECT ifnull(max(number), 0) FROM items), (SELECT ifnull(max(place), 0) >> 32 FROM chunks))"
            ).get
        return max(highest, *self._importing, 0) + 1

    def _find(self, id: str) -> tuple[int, Item]:
        try:
            key = bytes.fromhex(id)
        except ValueError:
            raise MissingError from None
        with self._vault.reading() as connection:
            row = connection.execute(
                "SELECT number, id, saved, size, sha256 FROM items WHERE id = ?", (key,)
            ).get
        if row is None or len(key) != ID_SIZE:
            raise MissingError
        return row[0], _item(*row[1:])

    def _opened(self, id: str) -> tuple[int, Item, ChunkSealer]:
        number, item = self._find(id)
        with self._vault.reading() as connection:
            key = connection.execute("SELECT key FROM keys WHERE number = ?", (number,)).get
        if key is None:
            raise damaged()
        return number, item, ChunkSealer(Key(key), bytes.fromhex(item.id))

    def _chunk(self, number: int, item: Item, sealer: ChunkSealer, chunk: int) -> bytes:
        with self._vault.reading() as connection:
            sealed = connection.execute(
                "SELECT sealed FROM chunks WHERE place = ?", ((number << _NUMBER_SHIFT) + chunk,)
            ).get
        if sealed is None:
            raise damaged()
        return sealer.open(chunk, sealed, last=chunk == item.chunks - 1)

    def _outside_a_transaction(self) -> None:
        """Refuse to begin inside a transaction: an import or shred commits on its way."""
        if self._vault.connection.in_transaction:
            raise RuntimeError("items are saved and shredded outside a transaction")

    def _overwrite_journal(self) -> None:
        storage = self._vault.storage
        if storage:
            storage.journal.overwrite()

    def _delete_chunks(self, number: int, chunks: int, progress: Callable[[int, int], None] | None) -> None:
        """Delete chunks whose key is gone; to overwrite them as well would send each through the journal."""
        base = number << _NUMBER_SHIFT
        self._vault.connection.execute("PRAGMA secure_delete=OFF")
        try:
            for start in range(0, chunks, _BATCH):
                with self._vault.transaction() as connection:
                    connection.execute(
                        "DELETE FROM chunks WHERE place >= ? AND place < ?",
                        (base + start, base + min(start + _BATCH, chunks)),
                    )
                if progress:
                    progress(min(start + _BATCH, chunks), chunks)
        finally:
            self._vault.connection.execute("PRAGMA secure_delete=ON")


def _even(pieces: Iterable[bytes]) -> Iterator[memoryview]:
    """Yield the same bytes in chunks of 64 KiB and a shorter last one; nothing at all for no bytes."""
    rest = bytearray()
    for piece in pieces:
        view = memoryview(piece)
        if rest:
            missing = CHUNK - len(rest)
            rest += view[:missing]
            view = view[missing:]
            if len(rest) < CHUNK:
                continue
            yield memoryview(bytes(rest))
            rest.clear()
        whole = len(view) // CHUNK * CHUNK
        for start in range(0, whole, CHUNK):
            yield view[start : start + CHUNK]
        rest += view[whole:]
    if rest:
        yield memoryview(bytes(rest))


def _batches(chunks: Iterator[memoryview]) -> Iterator[tuple[list[memoryview], bool]]:
    """Yield up to 64 chunks at a time and whether they are the last; one empty chunk for none."""
    batch: list[memoryview] = []
    for chunk in chunks:
        if len(batch) == _BATCH:
            yield batch, False
            batch = []
        batch.append(chunk)
    yield batch or [memoryview(b"")], True


def _item(name: bytes, saved: int, size: int, sha256: bytes) -> Item:
    return Item(name.hex(), datetime.fromtimestamp(saved, UTC), size, sha256)
