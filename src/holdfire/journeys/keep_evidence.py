"""Keep evidence: a file goes into the vault in one pass, with a record that says what it is and a custody log of its own.

The file that was given is never changed or deleted. Whatever is done with the evidence later is written into its log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, cast

from holdfire.errors import UserError
from holdfire.evidence import item as notes
from holdfire.evidence.custody import event
from holdfire.evidence.custody.event import FieldValue
from holdfire.evidence.custody.head import SignedHead
from holdfire.evidence.custody.log import Entry, Log
from holdfire.evidence.kinds import BEGINNING, FORM_WORDS, OTHER, form_of
from holdfire.journeys.kept_log import append_to, give_head, new_log, open_kept
from holdfire.language import mark
from holdfire.vault.blobs import Item
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: How many records are read from the vault at once.
_AT_ONCE: Final = 100
#: Which notes the first event of a log repeats, and under which field.
_FIRST_EVENT: Final = {"place": "where", "source": "custodian_from"}
#: Letters of them that a field of an event takes, however they are spelt.
_MOST_IN_EVENT: Final = 2_000
#: Steps that cover something begin with one of these words.
_COVERING: Final = ("cover", "redact", "silence")
KEEPER: Final = "the person who keeps it"


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence in the vault.

    Attributes:
        number: What a person calls it, from 1; never given twice.
        item: The id of the vault's item, which holds its bytes.
        log: The id of its custody log.
        title: As the person calls it.
        name: The file's name as found, whatever stands in it; "" when unknown. Show it with `evidence.item.escape`.
        form: What it is by its content, a key of `evidence.kinds.FORM_WORDS`.
        size: Its bytes.
        sha256: Of its bytes, 64 hexadecimal digits.
        copy_of: The number of what it was made from, 0 for an original.
        steps: Of a copy: what was done, in stable words.
        made: The file's own date as found, "" when unknown.
        capture: Every field of `evidence.item.FIELDS`; "unknown" where nobody said.
        kind: "file", "copy", or the kind of account that it is.
    """

    number: int
    item: str
    log: str
    title: str
    name: str
    form: str
    size: int
    sha256: str
    copy_of: int = 0
    steps: tuple[str, ...] = ()
    made: str = ""
    capture: Mapping[str, str] = field(default_factory=dict)
    kind: str = "file"


def _encode(kept: Evidence) -> JSON:
    said = {name: text for name, text in kept.capture.items() if text != notes.UNKNOWN}
    return cast("JSON", {**vars(kept), "steps": list(kept.steps), "capture": said})


def _decode(values: JSON) -> Evidence:
    kept = cast("dict[str, Any]", values)
    form = kept["form"] if kept["form"] in FORM_WORDS else OTHER
    return Evidence(
        **{**kept, "form": form, "steps": tuple(kept["steps"]), "capture": notes.complete(kept["capture"])}
    )


def _words(kept: Evidence) -> str:
    said = (text for text in kept.capture.values() if text != notes.UNKNOWN)
    return "\n".join((kept.title, kept.name, *said))


EVIDENCE: Final = Kind("evidence", 1, _encode, _decode, words=_words)
#: The highest number that was ever given, so that none is given twice.
_LAST: Final = Kind[int]("evidence number", 1, lambda number: number, lambda value: cast("int", value))


def add_evidence(  # noqa: PLR0913 - what a piece of evidence is
    vault: Vault,
    pieces: Iterable[bytes],
    now: datetime,
    *,
    title: str = "",
    name: str = "",
    made: str = "",
    capture: Mapping[str, str] | None = None,
    size: int = 0,
    progress: Callable[[int, int], None] | None = None,
    copy_of: int = 0,
    steps: Sequence[str] = (),
    kind: str = "file",
    role: str = KEEPER,
    clock: str = notes.UNKNOWN,
) -> Record[Evidence]:
    """Keep what `pieces` yields as evidence; bytes, record and log with its first event are there together, or nothing is.

    Args:
        vault: The open vault, outside a transaction.
        pieces: The file's content in order, read once.
        now: When it was received, with its time zone: the log commits to the offset.
        title: As the person calls it; "" for its name.
        name: The file's name as found.
        made: The file's own date as found.
        capture: Notes, by the names in `evidence.item.FIELDS`.
        size: What `progress` is told as the total.
        progress: Told bytes done and `size`.
        copy_of: The number of what this was made from: that one's log then says so too, as "redact" when a step
            begins with "cover", "redact" or "silence", otherwise as "copy".
        steps: What was done to make the copy, in stable words.
        kind: "file", "copy", or the kind of account.
        role: Who keeps it, as the log says it.
        clock: Where `now` came from, and how wrong it may be.

    Raises:
        UserError: A title or note is too long or unknown, or there is no `copy_of`.
        FullError: The vault has no room; nothing stays.
    """
    said = dict(capture or {})
    notes.check_notes(said)
    title = _title(title) or notes.clean(name) or mark("A file")
    parent = find_evidence(vault, copy_of) if copy_of else None
    kept: list[Record[Evidence]] = []
    beginning = bytearray()

    def watched() -> Iterator[bytes]:
        for piece in pieces:
            if len(beginning) < BEGINNING:
                beginning.extend(piece[: BEGINNING - len(beginning)])
            yield piece

    def with_it(item: Item) -> None:
        sha256 = item.sha256.hex()
        values: dict[str, FieldValue] = {**event.when(now, clock), "role": role, "hash_after": sha256}
        values |= {into: said[note][:_MOST_IN_EVENT] for note, into in _FIRST_EVENT.items() if said.get(note)}
        if parent:
            values |= _log_copying(vault, parent, sha256, steps, event.when(now, clock) | {"role": role})
        evidence = Evidence(
            _next_number(vault, now), item.id, new_log(vault, "receive", values), title, name,
            form_of(bytes(beginning)), item.size, sha256, copy_of, tuple(steps), made, notes.complete(said), kind,
        )  # fmt: skip
        kept.append(vault.records.add(EVIDENCE, evidence, now))

    vault.blobs.add(watched(), now, size=size, progress=progress, with_it=with_it)
    return kept[0]


def find_evidence(vault: Vault, number: int) -> Record[Evidence]:
    """Return a piece of evidence by its number; UserError when there is none."""
    for record in _all(vault):
        if record.value.number == number:
            return record
    raise UserError(
        mark("There is no evidence {number} here."),
        mark("The list of evidence shows what there is."),
        number=number,
    )


def all_evidence(vault: Vault) -> tuple[Record[Evidence], ...]:
    """Return the latest version of every piece of evidence, by number."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def same_bytes(vault: Vault, sha256: str) -> Record[Evidence] | None:
    """Return the evidence with the lowest number whose bytes have this hash, or None; it may be the one just added."""
    found = [record for record in _all(vault) if record.value.sha256 == sha256]
    return min(found, key=lambda record: record.value.number, default=None)


def change_notes(
    vault: Vault,
    number: int,
    now: datetime,
    *,
    title: str | None = None,
    capture: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> Record[Evidence]:
    """Save a new version with another title and other notes; earlier versions stay, and what is not given stays as it was.

    An empty note is unknown again. The same notes again make no version.

    Raises:
        UserError: There is no such evidence or note, one is too long or, of a record of official conduct, about private
            life, or `expected` is not the latest version.
    """
    before = find_evidence(vault, number)
    said = dict(capture or {})
    notes.check_notes(said)
    if before.value.kind == "accountability":
        _refuse_private({**said, "title": title or ""})
    after = replace(
        before.value,
        title=_title(title or "") or before.value.title,
        capture=notes.complete({**before.value.capture, **said}),
    )
    if after == before.value and expected in {None, before.version}:
        return before
    return vault.records.save(EVIDENCE, before.id, after, now, expected=expected)


def stream_evidence(vault: Vault, number: int) -> Iterator[bytes]:
    """Yield the whole content, made sure at the end to be what was saved; UserError when there is no such evidence."""
    return vault.blobs.stream(find_evidence(vault, number).value.item)


def read_evidence(vault: Vault, number: int, offset: int, size: int) -> bytes:
    """Return `size` bytes from `offset`, fewer at the end; UserError when there is no such evidence."""
    return vault.blobs.read(find_evidence(vault, number).value.item, offset, size)


def custody_log(vault: Vault, number: int) -> Log:
    """Return the custody log, checked against its last head and every head that was exported (checks 1 to 3 and 6 to 8).

    Raises:
        UserError: There is no such evidence.
        CustodyError: Of the kind that says what was done to the log.
    """
    return open_kept(vault, find_evidence(vault, number).value.log)


def log_event(
    vault: Vault,
    number: int,
    action: str,
    values: Mapping[str, FieldValue],
    now: datetime,
    clock: str = notes.UNKNOWN,
) -> Entry:
    """Append an event to the custody log, durably; inside a transaction, with that.

    Raises:
        UserError: There is no such evidence, action or field, or a value is too long.
        CustodyError: The log is not what it was; nothing is appended to it.
    """
    log = find_evidence(vault, number).value.log
    return append_to(vault, log, action, {"role": KEEPER, **event.when(now, clock), **values})


def exported_head(vault: Vault, number: int, exported: SignedHead, now: datetime, to: str) -> None:
    """Keep a head that leaves the vault, and to whom, so that every later state of the log is checked against it."""
    give_head(vault, find_evidence(vault, number).value.log, exported, now, to)


def _refuse_private(said: Mapping[str, str]) -> None:
    """Raise UserError where notes on a record of official conduct tell of private life, which the record itself cannot."""
    from holdfire.evidence.accounts.private import REASONS, find_private  # noqa: PLC0415 - its patterns take long

    for name, text in said.items():
        found = find_private(text, place=name == "place")
        if found:
            raise UserError(REASONS[found.reason], mark("Leave it out. Nothing was changed."))


def _log_copying(
    vault: Vault, parent: Record[Evidence], sha256: str, steps: Sequence[str], who: Mapping[str, FieldValue]
) -> dict[str, FieldValue]:
    """Write into the parent's log that a copy was made; return what the copy's log says of it.

    The salted hash of the parent is the commitment in its own log: who is shown that opening sees what the copy was made from.
    """
    action = "redact" if any(step.startswith(_COVERING) for step in steps) else "copy"
    values: dict[str, FieldValue] = {
        **who, "hash_before": parent.value.sha256, "hash_after": sha256, "steps": list(steps)
    }  # fmt: skip
    entry = append_to(vault, parent.value.log, action, values)
    number = event.read(entry.event, 0).fields["hash_before"]
    return {"parent": number, "steps": list(steps)}


def _next_number(vault: Vault, now: datetime) -> int:
    found = vault.records.all(_LAST, limit=1)
    number = found[0].value + 1 if found else 1
    for record in found:
        vault.records.delete(_LAST, record.id)
    vault.records.add(_LAST, number, now)
    return number


def _title(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > notes.MOST_TITLE:
        raise UserError(
            mark("A title has at most {most} letters."), mark("Say it shorter."), most=notes.MOST_TITLE
        )
    return title


def _all(vault: Vault) -> Iterator[Record[Evidence]]:
    for start in range(0, vault.records.count(EVIDENCE), _AT_ONCE):
        yield from vault.records.all(EVIDENCE, limit=_AT_ONCE, offset=start)
