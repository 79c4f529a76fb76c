"""Keep evidence: a file streamed and sealed in one pass, what is noted of it, and a custody log of its own.

Bytes, record, log and first event come with one commit: the item is there whole, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

from holdfire.errors import UserError
from holdfire.evidence.canonical import canonical
from holdfire.evidence.custody import check, head
from holdfire.evidence.custody.event import SALT_SIZE, FieldValue, when
from holdfire.evidence.custody.head import SignedHead
from holdfire.evidence.custody.log import Entry, Log
from holdfire.evidence.item import MOST_NAME, MOST_TITLE, NAMES, check_notes
from holdfire.evidence.kinds import BEGINNING, END, KINDS, kind_of
from holdfire.language import mark
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.signature import SigningKey
from holdfire.vault.blobs import Item
from holdfire.vault.logs import StoredLog
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: How many records are read from the vault at once.
_AT_ONCE: Final = 100
#: What a person is called in a log unless they say otherwise: it tells nothing.
KEEPER: Final = "the person who keeps it"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What is known of an item when it comes in, beside its bytes.

    Attributes:
        title: As the person calls it; "" for the file's name.
        name: The file's name as it was found; "" unknown.
        made: The file's own date as it was found; "" unknown.
        kind: "file", "copy", or what form it was written with.
        copy_of: The number of the item it was made from; 0 for an original.
        steps: What was done to make it, a stable word each.
        notes: What is noted of it, by name (evidence/item.py).
    """

    title: str = ""
    name: str = ""
    made: str = ""
    kind: str = "file"
    copy_of: int = 0
    steps: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Bound what a file system may have given: a name is kept as it is, up to what a record holds."""
        object.__setattr__(self, "name", self.name[:MOST_NAME])


@dataclass(frozen=True, kw_only=True)
class Evidence(Arrival):
    """An item of evidence.

    Attributes:
        number: What a person calls it, from 1; never given twice.
        item: The id of its bytes.
        log: The id of its custody log.
        form: What it is by its content, one of `evidence.kinds.KINDS`.
        size: Its bytes.
        sha256: Of the bytes, 64 hexadecimal digits.
        parent: What opens the salted hash of the item it was made from, as an opening of docs/formats/custody.md §1; "" for an original.
    """

    number: int
    item: str
    log: str
    form: str
    size: int
    sha256: str
    parent: str = ""


@dataclass(frozen=True)
class GivenHead:
    """A head of an item's log that left the vault: to whom, and what was given."""

    log: str
    head: bytes
    signature: bytes
    to: str

    @property
    def signed(self) -> SignedHead:
        """The head, its signature checked."""
        return head.read(self.head, self.signature)


def _encode(kept: Evidence) -> JSON:
    return cast("JSON", {**vars(kept), "steps": [*kept.steps], "notes": {**kept.notes}})


def _decode(values: JSON) -> Evidence:
    kept = cast("dict[str, Any]", values)
    form = kept["form"] if kept["form"] in KINDS else "other"
    notes = {name: words for name, words in kept["notes"].items() if name in NAMES}
    return Evidence(**{**kept, "form": form, "steps": tuple(kept["steps"]), "notes": notes})


def _words(kept: Evidence) -> str:
    return "\n".join((kept.title, kept.name, *kept.notes.values()))


def _encode_given(given: GivenHead) -> JSON:
    return {
        "log": given.log,
        "head": given.head.decode("ascii"),
        "signature": given.signature.hex(),
        "to": given.to,
    }


def _decode_given(values: JSON) -> GivenHead:
    given = cast("dict[str, str]", values)
    return GivenHead(
        given["log"], given["head"].encode("ascii"), bytes.fromhex(given["signature"]), given["to"]
    )


EVIDENCE: Final = Kind("evidence", 1, _encode, _decode, words=_words)
GIVEN_HEAD: Final = Kind("given head", 1, _encode_given, _decode_given)
#: One record: the highest number that was ever given, so that none is given twice.
_HIGHEST: Final = Kind(
    "evidence number", 1, cast("Callable[[int], JSON]", int), cast("Callable[[JSON], int]", int)
)


def add_evidence(
    vault: Vault,
    arrival: Arrival,
    pieces: Iterable[bytes],
    now: datetime,
    *,
    size: int = 0,
    progress: Callable[[int, int], None] | None = None,
    role: str = KEEPER,
    clock: str = "unknown",
) -> Record[Evidence]:
    """Keep a file; it is there whole with its log once this returns, or not at all.

    Args:
        vault: The open vault.
        arrival: What is known of it beside its bytes.
        pieces: The file's content in order.
        now: When it came in, with a time zone.
        size: What `progress` is told as the total.
        progress: Told bytes done and `size`.
        role: Who keeps it, as the log says.
        clock: Where `now` comes from.

    Raises:
        UserError: A title or a note is too long, or there is no item `arrival.copy_of`.
        FullError: The vault has no room.
    """
    notes = {note: words.strip() for note, words in arrival.notes.items() if words.strip()}
    title = " ".join(arrival.title.split())
    check_notes(title, notes)
    parent = find_evidence(vault, arrival.copy_of) if arrival.copy_of else None
    ends = _Ends(pieces)
    made_record: list[Record[Evidence]] = []

    def with_it(item: Item) -> None:
        values: dict[str, FieldValue] = {**when(now, clock), "role": role, "hash_after": item.sha256.hex()}
        given = {
            "where": notes.get("place", ""),
            "custodian_from": notes.get("source", ""),
            "why": notes.get("why", ""),
        }
        values |= {one: words for one, words in given.items() if words}
        opening = ""
        if parent:
            opening = _opening(parent.value.sha256)
            values |= {"parent": sha256(opening.encode("utf-8")).hexdigest(), "steps": [*arrival.steps]}
        log = Log.new()
        entry = log.append("receive", values)
        kept = Evidence(
            number=_next_number(vault, now), item=item.id, log=_keep_log(vault, log, entry), size=item.size,
            sha256=item.sha256.hex(), form=kind_of(*ends.seen), parent=opening,
            **{**vars(arrival), "title": title or _plain(arrival.name) or mark("A file"), "notes": notes},
        )  # fmt: skip
        made_record.append(vault.records.add(EVIDENCE, kept, now))
        if parent:
            action = "redact" if any(one.startswith("cover") for one in arrival.steps) else "copy"
            told = {
                **when(now, clock),
                "role": role,
                "hash_before": parent.value.sha256,
                "steps": [*arrival.steps],
            }
            _append(vault, parent.value, action, told)

    vault.blobs.add(ends, now, size=size, progress=progress, with_it=with_it)
    return made_record[0]


def find_evidence(vault: Vault, number: int) -> Record[Evidence]:
    """Return an item in its latest version; UserError when there is none of this number."""
    for record in _all(vault):
        if record.value.number == number:
            return record
    raise UserError(
        mark("There is no item {number} here."),
        mark("The list of what you keep shows those there are."),
        number=number,
    )


def all_evidence(vault: Vault) -> tuple[Record[Evidence], ...]:
    """Return every item in its latest version, by number."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def same_bytes(vault: Vault, digest: str, *, but: int = 0) -> Record[Evidence] | None:
    """Return the first item with these bytes (SHA-256, 64 hexadecimal digits) besides number `but`, or None."""
    found = (one for one in all_evidence(vault) if one.value.sha256 == digest and one.value.number != but)
    return next(found, None)


def change_notes(
    vault: Vault,
    number: int,
    now: datetime,
    *,
    title: str | None = None,
    notes: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> Record[Evidence]:
    """Keep another title or other notes as a new version; what is not named stays, what is empty becomes unknown.

    Raises:
        UserError: There is no such item, a note is too long, or `expected` is not the latest version.
    """
    before = find_evidence(vault, number)
    changed = {**before.value.notes, **{name: words.strip() for name, words in (notes or {}).items()}}
    kept = {name: words for name, words in changed.items() if words}
    called = before.value.title if title is None else " ".join(title.split()) or before.value.title
    check_notes(called, kept)
    after = replace(before.value, title=called, notes=kept)
    if after == before.value and expected in {None, before.version}:
        return before
    return vault.records.save(EVIDENCE, before.id, after, now, expected=expected)


def stream_evidence(vault: Vault, number: int) -> Iterator[bytes]:
    """Yield an item's bytes in order; TamperError at the end when they are not what was kept."""
    return vault.blobs.stream(find_evidence(vault, number).value.item)


def read_evidence(vault: Vault, number: int, offset: int, size: int) -> bytes:
    """Return `size` of an item's bytes from `offset`, fewer at its end."""
    return vault.blobs.read(find_evidence(vault, number).value.item, offset, size)


def custody_log(vault: Vault, number: int) -> Log:
    """Return an item's log, checked as docs/formats/custody.md §4 says, also against every head that left the vault.

    Raises:
        UserError: There is no such item.
        CustodyError: Of the kind that says what was done to the log.
    """
    return _open(vault, find_evidence(vault, number).value, given=True)


def log_event(
    vault: Vault,
    number: int,
    action: str,
    values: Mapping[str, FieldValue],
    now: datetime,
    clock: str = "unknown",
) -> Entry:
    """Append an event to an item's log, durably.

    Raises:
        UserError: There is no such item, action or field, or a value is too long.
        CustodyError: The log is not what it was; nothing was appended.
    """
    return _append(vault, find_evidence(vault, number).value, action, {**when(now, clock), **values})


def give_head(vault: Vault, number: int, given: SignedHead, now: datetime, to: str) -> None:
    """Remember a head that leaves the vault, so that every later state of the log is checked against it."""
    kept = find_evidence(vault, number).value
    vault.records.add(GIVEN_HEAD, GivenHead(kept.log, given.head.text(), given.signature, to), now)


def given_heads(vault: Vault, number: int) -> tuple[Record[GivenHead], ...]:
    """Return the heads of an item's log that left the vault, the first given first."""
    return _given(vault, find_evidence(vault, number).value.log)


def delete_evidence(vault: Vault, number: int) -> None:
    """Destroy an item's bytes, its record in every version, and its log; UserError when there is none.

    Copies made from it stay, each with its own log, and so does what left the vault.
    """
    record = find_evidence(vault, number)
    with vault.transaction():
        vault.records.delete(EVIDENCE, record.id)
        vault.logs.delete(record.value.log)
        for one in _given(vault, record.value.log):
            vault.records.delete(GIVEN_HEAD, one.id)
    vault.logs.clear()
    vault.blobs.shred(record.value.item)


def _plain(untrusted_name: str) -> str:
    """Return a file's name as a title: on one line, without what cannot be seen or turns the reading around."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in untrusted_name).split())[
        :MOST_TITLE
    ]


class _Ends:
    """Passes pieces on, and keeps the first and the last bytes that went by."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._beginning = bytearray()
        self._end = b""
        self._passed = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if len(self._beginning) < BEGINNING:
                self._beginning.extend(piece[: BEGINNING - len(self._beginning)])
            self._end = bytes(piece[-END:]) if len(piece) >= END else (self._end + piece)[-END:]
            self._passed += len(piece)
            yield piece

    @property
    def seen(self) -> tuple[bytes, bytes]:
        """The first bytes, and those of the last that are not among them."""
        beyond = max(0, self._passed - len(self._beginning))
        return bytes(self._beginning), self._end[-beyond:] if beyond else b""


class _Openings(Mapping[str, bytes]):
    """The openings of one kept event, read from the vault when they are first asked for."""

    def __init__(self, vault: Vault, log: str, number: int) -> None:
        self._vault, self._log, self._number = vault, log, number
        self._read: dict[str, bytes] | None = None

    def _values(self) -> dict[str, bytes]:
        if self._read is None:
            kept = json.loads(self._vault.logs.openings(self._log, self._number))
            self._read = {name: text.encode("utf-8") for name, text in kept.items()}
        return self._read

    def __getitem__(self, name: str) -> bytes:
        return self._values()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())


def _opening(digest: str) -> str:
    """Return what opens the salted hash of an item, as docs/formats/custody.md §1 opens a field."""
    return canonical([random_bytes(SALT_SIZE).hex(), "parent", digest]).decode("utf-8")


def _keep_log(vault: Vault, log: Log, first: Entry) -> str:
    signed = log.head
    kept = vault.logs.add(StoredLog(log.key.seed, signed.head.text(), signed.signature))
    vault.logs.append(kept, first.event, _packed(first), signed.head.text(), signed.signature)
    return kept


def _append(vault: Vault, kept: Evidence, action: str, values: Mapping[str, FieldValue]) -> Entry:
    with vault.transaction():
        log = _open(vault, kept, given=False)
        entry = log.append(action, values)
        signed = log.head
        vault.logs.append(kept.log, entry.event, _packed(entry), signed.head.text(), signed.signature)
    return entry


def _packed(entry: Entry) -> bytes:
    texts = {name: text.decode("utf-8") for name, text in entry.openings.items()}
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _open(vault: Vault, kept: Evidence, *, given: bool) -> Log:
    stored = vault.logs.get(kept.log)
    entries = [
        Entry(event, _Openings(vault, kept.log, number), signature)
        for number, (event, signature) in enumerate(vault.logs.entries(kept.log))
    ]
    log = check.open_log(SigningKey(stored.seed), entries, head.read(stored.head, stored.signature))
    if given:
        for one in _given(vault, kept.log):
            check.check_earlier(log, one.value.signed)
    return log


def _given(vault: Vault, log: str) -> tuple[Record[GivenHead], ...]:
    found = (
        record
        for start in range(0, vault.records.count(GIVEN_HEAD), _AT_ONCE)
        for record in vault.records.all(GIVEN_HEAD, limit=_AT_ONCE, offset=start)
    )
    return tuple(reversed([record for record in found if record.value.log == log]))


def _next_number(vault: Vault, now: datetime) -> int:
    before = vault.records.all(_HIGHEST, limit=1)
    number = 1 + (before[0].value if before else 0)
    for one in before:
        vault.records.delete(_HIGHEST, one.id)
    vault.records.add(_HIGHEST, number, now)
    return number


def _all(vault: Vault) -> Iterator[Record[Evidence]]:
    for start in range(0, vault.records.count(EVIDENCE), _AT_ONCE):
        yield from vault.records.all(EVIDENCE, limit=_AT_ONCE, offset=start)
