"""A second reader of the vault file, written from `docs/formats/vault.md` alone; it imports nothing of Holdfire.

If this and the program ever disagree, one of them or the specification is wrong. It only reads: it takes no
lock, moves no date and repairs no slot. Section numbers are those of the specification.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Callable

SLOT, PAGE, STRIDE, RESERVED, REGIONS_START = 4_096, 16_384, 20_480, 28, 36_864
SECTOR, HEAD, RECORD = 16_384, 4_068, 4 + PAGE + 4
LEAST_SIZE = 64 * 1024 * 1024
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
LOCK_BYTE_PAGE = 65_537


class CannotReadError(Exception):
    """What this reader says when it refuses."""


class WrongPassphraseError(CannotReadError):
    """No slot copy opens."""


class DamagedError(CannotReadError):
    """Something that must open does not, or contradicts the rest."""


class NewerError(CannotReadError):
    """A newer program wrote it."""


class Work(NamedTuple):
    """How much work a passphrase costs (§2)."""

    memory_kib: int
    passes: int
    lanes: int


class StoredLog(NamedTuple):
    """A log as it is kept (§7): entries are event, signature, openings; heads that left are when, to whom, head, signature."""

    seed: bytes
    head: bytes
    signature: bytes
    entries: tuple[tuple[bytes, bytes, bytes], ...]
    given: tuple[tuple[int, str, bytes, bytes], ...]


STANDARD = Work(262_144, 3, 4)
TEST = Work(32, 1, 4)


# §2


def master_key(passphrase: str, salt: bytes, work: Work) -> bytes:
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    argon = Argon2id(
        salt=salt, length=32, iterations=work.passes, lanes=work.lanes, memory_cost=work.memory_kib
    )
    return argon.derive(secret)


def derived_key(key: bytes, label: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"holdfire vault 1 {label}".encode()).derive(
        key
    )


# §3


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to)
    except InvalidTag:
        raise DamagedError("a seal does not open") from None


def open_slot(slot_key: bytes, sealed: bytes, slot: int, copy: str) -> bytes:
    return unseal(slot_key, sealed, b"slot" + bytes([slot]) + copy.encode())


def open_page(database_key: bytes, sealed: bytes, index: int) -> bytes:
    return unseal(database_key, sealed, b"db" + index.to_bytes(8, "big")) + bytes(RESERVED)


def open_block(journal_key: bytes, sealed: bytes, number: int) -> bytes:
    size = RECORD if number else HEAD
    return unseal(journal_key, sealed[: 12 + size + 16], b"journal" + number.to_bytes(8, "big"))


def open_chunk(item_key: bytes, sealed: bytes, item: bytes, number: int, *, last: bool) -> bytes:
    nonce = bytes(4) + number.to_bytes(8, "big")
    return unseal(item_key, nonce + sealed, item + number.to_bytes(8, "big") + bytes([last]))


# §4


def read_slot(plaintext: bytes, file_size: int) -> bytes:
    """Return the region key of an opened slot."""
    if int.from_bytes(plaintext[:2], "big") != 1:
        raise NewerError("the slot is of another format")
    if int.from_bytes(plaintext[34:42], "big") != file_size:
        raise DamagedError("the file was cut or lengthened")
    if any(plaintext[42:]):
        raise DamagedError("the rest of the slot is not zero")
    return plaintext[2:34]


# §1


@dataclass(frozen=True)
class Layout:
    """Where things lie in a file of `size` bytes."""

    size: int

    @property
    def region(self) -> int:
        return (self.size - REGIONS_START) // 4 // 4_096 * 4_096

    @property
    def blocks(self) -> int:
        return min(4_096, max(256, self.region // 16 // STRIDE))

    @property
    def pages(self) -> int:
        return (self.region - self.blocks * STRIDE) // PAGE

    def slot_place(self, slot: int, copy: str) -> int:
        return {"A": 4_096, "B": 20_480}[copy] + (slot - 1) * SLOT

    def page_place(self, slot: int, index: int) -> int:
        return REGIONS_START + (slot - 1) * self.region + index * PAGE

    def block_place(self, slot: int, number: int) -> int:
        return REGIONS_START + slot * self.region - (self.blocks - number) * STRIDE


@dataclass
class Compartment:
    """An opened compartment: its pages as they stand after rolling back a hot journal."""

    slot: int
    copies: int
    rolled_back: int
    connection: apsw.Connection
    unread_pages: frozenset[int] = field(default_factory=frozenset)

    def records(self) -> dict[tuple[str, int], tuple[str, int, int, int, str]]:
        """Return kind, shape, saved, latest and value of each record's every version, by id and version."""
        rows: Any = self.connection.execute(
            "SELECT hex(id), version, kind, shape, saved, latest, value FROM records ORDER BY number"
        )
        return {(row[0].lower(), row[1]): row[2:] for row in rows}

    def words(self, query: str) -> set[str]:
        """Return the ids of records whose words match `query`."""
        found: Any = self.connection.execute(
            "SELECT hex(r.id) FROM words w JOIN records r ON r.number = w.rowid WHERE words MATCH ?", (query,)
        )
        return {row[0].lower() for row in found}

    def passages(self) -> dict[str, list[tuple[str, str, str, int | None, str]]]:
        """Return name, key, heading, page and text of each record's passages in their order, by id of the record."""
        found: dict[str, list[tuple[str, str, str, int | None, str]]] = {}
        series: Any = self.connection.execute(
            "SELECT number, hex(record) FROM series WHERE record IS NOT NULL"
        )
        for number, record in series.fetchall():
            rows: Any = self.connection.execute(
                "SELECT place - ?1, name, key, heading, page, text FROM passages WHERE place >= ?1 AND place < ?2"
                " ORDER BY place",
                (number << 32, (number + 1) << 32),
            ).fetchall()
            if [row[0] for row in rows] != list(range(len(rows))):
                raise DamagedError("passages are missing")
            found[record.lower()] = [row[1:] for row in rows]
        return found

    def logs(self) -> dict[str, StoredLog]:
        """Return each log by its id: seed, last head with its signature, every entry with its opening, the heads that left."""
        found: dict[str, StoredLog] = {}
        listed: Any = self.connection.execute("SELECT number, id, seed, head, signature FROM logs").fetchall()
        for number, name, seed, head, signature in listed:
            between = (number << 32, (number + 1) << 32)
            rows: Any = self.connection.execute(
                "SELECT place - ?1, event, entries.signature, text FROM entries LEFT JOIN openings USING (place)"
                " WHERE place >= ?1 AND place < ?2 ORDER BY place",
                between,
            ).fetchall()
            if [row[0] for row in rows] != [*range(len(rows))]:
                raise DamagedError("entries are missing")
            given: Any = self.connection.execute(
                "SELECT saved, whom, head, signature FROM heads WHERE place >= ? AND place < ? ORDER BY place",
                between,
            ).fetchall()
            entries = tuple(row[1:] for row in rows)
            found[name.hex()] = StoredLog(seed, head, signature, entries, tuple(given))
        return found

    def passages_with(self, query: str) -> set[tuple[str, int]]:
        """Return the record and the number of each passage whose words match `query`."""
        rows: Any = self.connection.execute(
            "SELECT lower(hex(s.record)), w.rowid & 4294967295 FROM passage_words w"
            " JOIN series s ON s.number = w.rowid >> 32 WHERE passage_words MATCH ? AND s.record IS NOT NULL",
            (query,),
        )
        return set(rows)

    def items(self) -> dict[str, bytes]:
        """Return every evidence item whole, by id, checked against its size and hash."""
        listed: Any = self.connection.execute("SELECT number, id, size, sha256 FROM items").fetchall()
        return {item.hex(): self._item(number, item, size, digest) for number, item, size, digest in listed}

    def _item(self, number: int, item: bytes, size: int, sha256: bytes) -> bytes:
        key = self.connection.execute("SELECT key FROM keys WHERE number = ?", (number,)).get
        count = max(1, -(-size // 65_536))
        rows: Any = self.connection.execute(
            "SELECT place, sealed FROM chunks WHERE place >= ? AND place < ? ORDER BY place",
            (number << 32, (number + 1) << 32),
        ).fetchall()
        if [place - (number << 32) for place, _ in rows] != list(range(count)):
            raise DamagedError("chunks are missing or too many")
        whole = b"".join(
            open_chunk(key, sealed, item, n, last=n == count - 1) for n, (_, sealed) in enumerate(rows)
        )
        if len(whole) != size or hashlib.sha256(whole).digest() != sha256:
            raise DamagedError("an item is not what was imported")
        return whole


# §5


def read_vault(data: bytes, passphrase: str, work: Work = STANDARD) -> Compartment:
    """Open the compartment that answers to `passphrase` in the file whose bytes are `data`."""
    layout = Layout(len(data))
    if layout.size < LEAST_SIZE:
        raise DamagedError("too small for a vault")
    master = master_key(passphrase, data[:32], work)
    opened: dict[int, list[bytes]] = {}
    for slot in (1, 2, 3, 4):
        key = derived_key(master, f"slot {slot}")
        for copy in ("A", "B"):
            place = layout.slot_place(slot, copy)
            try:
                plaintext = open_slot(key, data[place : place + SLOT], slot, copy)
            except DamagedError:
                continue
            opened.setdefault(slot, []).append(plaintext)
    if not opened:
        raise WrongPassphraseError("nothing opens")
    slot = min(opened)
    region_key = read_slot(opened[slot][0], layout.size)
    return read_region(data, layout, slot, region_key, len(opened[slot]))


# §6


def read_region(data: bytes, layout: Layout, slot: int, region_key: bytes, copies: int) -> Compartment:
    """Open region `slot` with its key: walk the journal, roll back, and give the pages to SQLite."""
    database_key, journal_key = derived_key(region_key, "db"), derived_key(region_key, "journal")
    before = hot_pages(data, layout, slot, journal_key)

    def page(index: int) -> bytes:
        if index + 1 in before:
            return before[index + 1]
        if index >= layout.pages:
            raise DamagedError("a page is asked for that there is no room for")
        place = layout.page_place(slot, index)
        return open_page(database_key, data[place : place + PAGE], index)

    first = page(0)
    if first[20] != RESERVED or first[16:18] != PAGE.to_bytes(2, "big"):
        raise DamagedError("not the header of the database of a vault")
    count = int.from_bytes(first[28:32], "big")
    if not 0 < count <= layout.pages:
        raise DamagedError("more pages than there is room for")
    free = free_leaves(page, first)
    unread = free | ({LOCK_BYTE_PAGE} if count >= LOCK_BYTE_PAGE else frozenset())
    pages = [bytes(PAGE) if n in unread else page(n - 1) for n in range(1, count + 1)]
    connection = apsw.Connection(":memory:")  # any SQLite from 3.42 with FTS5 would do
    connection.deserialize("main", b"".join(pages))
    check_schema(connection)
    return Compartment(slot, copies, len(before), connection, frozenset(unread))


def hot_pages(data: bytes, layout: Layout, slot: int, journal_key: bytes) -> dict[int, bytes]:
    """Return the pages of a hot journal by number; none when it is cold."""

    def block(number: int) -> bytes:
        place = layout.block_place(slot, number)
        return open_block(journal_key, data[place : place + STRIDE], number)

    try:
        header = block(0)
    except DamagedError:
        return {}
    if header[:8] != JOURNAL_MAGIC:
        return {}
    count, checksum, file_pages, sector, page_size = (
        int.from_bytes(header[at : at + 4], "big") for at in (8, 12, 16, 20, 24)
    )
    if (file_pages, sector, page_size) != (layout.pages, SECTOR, PAGE):
        raise DamagedError("the journal's header contradicts the format")
    if count >= layout.blocks:
        raise DamagedError("the journal claims more records than it has room for")
    before: dict[int, bytes] = {}
    for record in [block(n) for n in range(1, count + 1)]:
        number, page = int.from_bytes(record[:4], "big"), record[4:-4]
        expected = (checksum + sum(page[at] for at in range(16_184, 0, -200))) % 2**32
        if int.from_bytes(record[-4:], "big") != expected:
            raise DamagedError("a journal record contradicts its checksum")
        before.setdefault(number, page)
    return before


def free_leaves(page: Callable[[int], bytes], first: bytes) -> frozenset[int]:
    """Return the numbers of the free list's leaves, walking its trunks from SQLite's header."""
    leaves: set[int] = set()
    trunk, trunks = int.from_bytes(first[32:36], "big"), 0
    while trunk:
        content = page(trunk - 1)
        many = int.from_bytes(content[4:8], "big")
        leaves.update(int.from_bytes(content[8 + 4 * n : 12 + 4 * n], "big") for n in range(many))
        trunk, trunks = int.from_bytes(content[:4], "big"), trunks + 1
    if len(leaves) + trunks != int.from_bytes(first[36:40], "big"):
        raise DamagedError("the free list contradicts SQLite's header")
    return frozenset(leaves)


# §7


def check_schema(connection: apsw.Connection) -> None:
    if connection.execute("PRAGMA application_id").get != 0x48465631:
        raise DamagedError("not the database of a vault")
    if connection.execute("PRAGMA user_version").get > 3:
        raise NewerError("the schema is newer")
    if connection.execute("PRAGMA integrity_check").get != "ok":
        raise DamagedError("the database contradicts itself")
