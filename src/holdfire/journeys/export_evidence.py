"""Hand evidence over: choose what leaves, see it name by name, make the package in the vault, write it out, forget it.

All that is made for a package is frozen in the vault with one commit, so that writing it again gives the same bytes
(docs/formats/package.md §4). The custody logs are told before anything leaves: a log may then speak of a package that
never arrived, but no package can leave that a log does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

from holdfire.errors import UserError
from holdfire.evidence.custody import event
from holdfire.evidence.custody.event import UNKNOWN
from holdfire.evidence.custody.extract import extract
from holdfire.evidence.custody.extract import read as read_extract
from holdfire.evidence.custody.head import read as read_head
from holdfire.evidence.custody.log import Log
from holdfire.evidence.package.archive import Archive
from holdfire.evidence.package.bag import Item, item_name, make
from holdfire.evidence.package.layout import Piece, fingerprint
from holdfire.evidence.package.report import Part, report, text
from holdfire.evidence.package.stamped import stamp_files
from holdfire.evidence.package.words import guide_pdf, verify_script, verify_text
from holdfire.evidence.stamps.stamp import Stamp
from holdfire.journeys.keep_evidence import (
    custody_log,
    exported_head,
    find_evidence,
    log_event,
)
from holdfire.journeys.kept_log import given_heads
from holdfire.journeys.package_papers import CHOOSABLE, record_of, report_pdf, told_of
from holdfire.journeys.stamp_evidence import stamps_of
from holdfire.language import ENGLISH, Language, mark
from holdfire.sealing.age.broken_off import Sealing
from holdfire.sealing.age.file import check_recipients
from holdfire.sealing.age.keys import recipient
from holdfire.sealing.signature import SigningKey
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

Time = Literal["none", "day", "hour", "exact"]
Events = Literal["all", "chosen"]
TIMES: Final[tuple[Time, ...]] = ("none", "day", "hour", "exact")
#: Notes that go along unless the person says otherwise: they say how to judge an item, and name nobody.
USUAL_NOTES: Final = (
    "clock",
    "method",
    "conversions",
    "limits",
    "page_source",
    "page_capture",
    "second_hash",
)
#: What is shown of every event that is shown; the rest is asked for.
#: What a log says of a copy that was made of its item.
_COPYING: Final = frozenset({"copy", "redact"})
_ALWAYS: Final = (
    "role",
    "hash_before",
    "hash_after",
    "parent",
    "steps",
    "why",
    "authority",
    "change",
    "clock",
)
_MOST_TO: Final = 200
#: A page is narrower than paper.
_PREVIEW_WIDTH: Final = 64
_MOST: Final = 1_000
_STEP: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to leave.

    Attributes:
        numbers: Of the items, in the order in which they stand in the package.
        to: Who it is for, as the person calls them; it stands in the logs, and in the report.
        recipients: Texts of age keys; none for a package that is not sealed.
        time: How exactly the events say when.
        names: Whether files' own names and dates, and aliases, go along.
        notes: Which notes go along.
        events: All, or only that it was received and that it is handed over now.
        stamps: Whether time stamps go along: they say to the second when each was made.
    """

    numbers: tuple[int, ...]
    to: str = ""
    recipients: tuple[str, ...] = ()
    time: Time = "day"
    names: bool = False
    notes: tuple[str, ...] = USUAL_NOTES
    events: Events = "all"
    stamps: bool = False


@dataclass(frozen=True)
class KeptPackage:
    """A package that was made and is not yet forgotten.

    Attributes:
        number: What a person calls it, from 1.
        to: Who it is for.
        fingerprint: Of its key.
        front: The id of the blob with the files outside `data`, one after the other.
        files: Name, size, SHA-256 of each of these.
        items: Name, size, SHA-256 and the blob's id of each item.
        sealing: File key, nonce and header, as hexadecimal digits; empty when it is not sealed.
    """

    number: int
    to: str
    fingerprint: str
    front: str
    files: tuple[tuple[str, int, str], ...]
    items: tuple[tuple[str, int, str, str], ...]
    sealing: tuple[str, ...] = field(default=(), repr=False)


def _encode(kept: KeptPackage) -> JSON:
    return cast("JSON", {**vars(kept), "files": [*map(list, kept.files)], "items": [*map(list, kept.items)],
                         "sealing": [*kept.sealing]})  # fmt: skip


def _decode(values: JSON) -> KeptPackage:
    kept = cast("dict[str, Any]", values)
    return KeptPackage(**{
        **kept, "files": tuple(map(tuple, kept["files"])), "items": tuple(map(tuple, kept["items"])),
        "sealing": tuple(kept["sealing"]),
    })  # fmt: skip


PACKAGE: Final = Kind("package", 1, _encode, _decode)


@dataclass(frozen=True)
class Preview:
    """What would leave: the report as it would stand there, the names of all files, and how large it all is."""

    report: str
    files: tuple[str, ...]
    size: int
    originals: tuple[int, ...]


def preview(vault: Vault, wish: Wish, language: Language = ENGLISH) -> Preview:
    """Return what `wish` would let leave; nothing is logged or made.

    Raises:
        UserError: An item is not there, a key is none, or nothing was chosen.
        CustodyError: A log is not what it was.
    """
    _check(wish)
    kept = [find_evidence(vault, number).value for number in wish.numbers]
    together = {one.sha256 for one in kept}
    told = []
    for place, one in enumerate(kept, 1):
        log = custody_log(vault, one.number)
        shown = read_extract(extract(log, _chosen(log, wish, together, given=False)))
        told.append(
            told_of(
                one,
                item_name(place, one.form),
                shown.shown,
                len(log.entries),
                wish.notes,
                names=wish.names,
                stamps=_stamps(vault, one.number, wish),
            )
        )
    parts = report(told, "", wish.to, language)
    names = tuple(item_name(place, one.form) for place, one in enumerate(kept, 1))
    return Preview(
        text(parts, _PREVIEW_WIDTH),
        names,
        sum(one.size for one in kept),
        tuple(one.number for one in kept if not one.copy_of),
    )


def make_package(
    vault: Vault, wish: Wish, now: datetime, *, clock: str = UNKNOWN, language: Language = ENGLISH
) -> Record[KeptPackage]:
    """Make a package in the vault: the logs are told, and all but the items' bytes is frozen.

    Raises:
        UserError: An item is not there, a key is none, or nothing was chosen.
        CustodyError: A log is not what it was; then nothing was told or made.
        FullError: The vault has no room.
    """
    _check(wish)
    sealing = Sealing.new([recipient(one) for one in wish.recipients]) if wish.recipients else None
    kept = [find_evidence(vault, number).value for number in wish.numbers]
    earlier = {one.number: given_heads(vault, one.log) for one in kept}
    with vault.transaction():
        for one in kept:
            custody_log(vault, one.number)
            values = {"role": mark("the person who keeps it"), "custodian_to": wish.to or UNKNOWN,
                      "hash_before": one.sha256, "hash_after": one.sha256}  # fmt: skip
            log_event(vault, one.number, "transfer", values, now, clock)
            exported_head(vault, one.number, custody_log(vault, one.number).head, now, wish.to)
    together = {one.sha256 for one in kept}
    key = SigningKey.new()
    items, told = [], []
    for place, one in enumerate(kept, 1):
        log = custody_log(vault, one.number)
        stamps = _stamps(vault, one.number, wish)
        stamped = [read_head(each.head, each.signature) for each in stamps]
        before = sorted({*earlier[one.number], *stamped}, key=lambda each: each.head.size)
        lines = list(extract(log, _chosen(log, wish, together, given=True), before))
        items.append(Item(one.form, one.size, one.sha256, _reader(vault, one.item),
                          record_of(one, place, wish.notes, names=wish.names), b"".join(lines), log.head,
                          stamp_files(stamps)))  # fmt: skip
        told.append(told_of(one, item_name(place, one.form), read_extract(lines).shown, len(log.entries),
                            wish.notes, names=wish.names, stamps=stamps))  # fmt: skip
    parts = report(told, fingerprint(key.public), wish.to, language)
    day = "" if wish.time == "none" else f"{now.astimezone(UTC):%Y-%m-%d}"
    tags, data = make(items, _papers(parts, language), key, day)
    return _freeze(vault, wish, now, tags, data, [one.item for one in kept], fingerprint(key.public), sealing)


def packages(vault: Vault) -> tuple[Record[KeptPackage], ...]:
    """Return the packages that were made and not yet forgotten, the latest first."""
    return tuple(vault.records.all(PACKAGE, limit=_MOST))


def find_package(vault: Vault, number: int) -> Record[KeptPackage]:
    """Return a package that was not yet forgotten; UserError when there is none of this number."""
    for one in packages(vault):
        if one.value.number == number:
            return one
    raise UserError(
        mark("There is no package {number} that waits to be written."),
        mark("It was written, or forgotten. Export again."),
        number=number,
    )


def pieces_of(vault: Vault, kept: KeptPackage) -> tuple[Piece, ...]:
    """Return every file of a package, each read from the vault when it is asked for."""
    found, start = [], 0
    for name, size, digest in kept.files:
        found.append(Piece(name, size, digest, _part(vault, kept.front, start, size)))
        start += size
    found += [Piece(name, size, digest, _reader(vault, item)) for name, size, digest, item in kept.items]
    return tuple(found)


def archive_of(vault: Vault, kept: KeptPackage) -> Archive:
    """Return a package as one tar file."""
    return Archive(pieces_of(vault, kept))


def sealing_of(kept: KeptPackage) -> Sealing | None:
    """Return how a package is sealed, or None when it is not."""
    return Sealing(*map(bytes.fromhex, kept.sealing)) if kept.sealing else None


def written(vault: Vault, kept: KeptPackage) -> tuple[int, Iterator[bytes]]:
    """Return how long the file is that leaves, and its bytes from front to back."""
    archive, sealing = archive_of(vault, kept), sealing_of(kept)
    if sealing is None:
        return archive.size, archive.pieces()

    def sealed() -> Iterator[bytes]:
        yield sealing.beginning
        yield from sealing.chunks(archive.pieces)

    return sealing.size(archive.size), sealed()


def forget_package(vault: Vault, number: int) -> None:
    """Destroy what the vault keeps of a package beside its items; what was written stays where it is, and so do the logs."""
    record = find_package(vault, number)
    vault.blobs.shred(record.value.front, with_it=lambda: vault.records.delete(PACKAGE, record.id))


def check_keys(keys: Sequence[str]) -> None:
    """Return if one file can be sealed to all these age keys, or if there is none; UserError says why not."""
    if keys:
        check_recipients([recipient(one) for one in keys])


def _check(wish: Wish) -> None:
    if not wish.numbers:
        raise UserError(mark("Nothing was chosen."), mark("Choose what goes into the package."))
    if len(set(wish.numbers)) < len(wish.numbers):
        raise UserError(mark("An item was chosen twice."), mark("Name each once."))
    if len(wish.to) > _MOST_TO:
        raise UserError(mark("A name has at most {most} letters."), mark("Say it shorter."), most=_MOST_TO)
    for note in wish.notes:
        if note not in CHOOSABLE:
            raise UserError(
                mark("There is nothing called {note} that could go along."),
                mark("There is: {notes}."),
                note=note,
                notes=", ".join(CHOOSABLE),
            )
    check_keys(wish.recipients)


def _stamps(vault: Vault, number: int, wish: Wish) -> tuple[Stamp, ...]:
    """Return the answered stamps of an item that go along."""
    found = (one.value.stamp for one in stamps_of(vault, number)) if wish.stamps else ()
    return tuple(one for one in found if one.answer)


def _chosen(log: Log, wish: Wish, together: Collection[str], *, given: bool) -> dict[int, set[str]]:
    """Return which events of a log are shown with which fields; `given` when the last is this very handing over.

    To whom it was handed over before is never shown: one recipient is not told of another. Nor is the hash of a copy shown that
    is not handed over together with it: by it the copy would be known wherever it is met (T25).
    """
    count = len(log.entries)
    fields = {*_ALWAYS}
    fields |= {"where"} if "place" in wish.notes else set()
    fields |= {"custodian_from"} if "source" in wish.notes else set()
    fields |= {"alias", "answerable"} if wish.names else set()
    fields |= {"name"} if "collector_name" in wish.notes else set()
    fields |= {"offset"} if wish.time == "exact" else set()
    fields |= {wish.time} if wish.time != "none" else set()
    numbers = range(count) if wish.events == "all" else {0, *([count - 1] if given else [])}
    chosen = {number: set(fields) for number in numbers}
    for number in numbers:
        entry = log.entries[number]
        about = event.read(entry.event, number)
        if about.action in _COPYING:
            after = event.opened(about, number, [entry.openings["hash_after"]])["hash_after"]
            chosen[number] -= set() if after in together else {"hash_after"}
    if given:
        chosen[count - 1].add("custodian_to")
    return chosen


def _papers(parts: tuple[Part, ...], language: Language) -> dict[str, bytes]:
    return {
        "report.txt": text(parts).encode(),
        "report.pdf": report_pdf(parts, language),
        "GUIDE.pdf": guide_pdf(language),
        "VERIFY.txt": verify_text(language).encode(),
        "verify.sh": verify_script(),
    }


def _freeze(
    vault: Vault, wish: Wish, now: datetime, tags: Iterable[Piece], data: Iterable[Piece], blobs: list[str],
    shown: str, sealing: Sealing | None,
) -> Record[KeptPackage]:  # fmt: skip
    tags = tuple(tags)
    made: list[Record[KeptPackage]] = []
    number = 1 + max((one.value.number for one in packages(vault)), default=0)

    def with_it(front: Any) -> None:
        kept = KeptPackage(
            number, wish.to, shown, front.id, tuple((one.name, one.size, one.sha256) for one in tags),
            tuple((one.name, one.size, one.sha256, blob) for one, blob in zip(data, blobs, strict=True)),
            tuple(one.hex() for one in (sealing.file_key, sealing.nonce, sealing.header)) if sealing else (),
        )  # fmt: skip
        made.append(vault.records.add(PACKAGE, kept, now))

    vault.blobs.add((one.read(0, one.size) for one in tags), now, with_it=with_it)
    return made[0]


def _reader(vault: Vault, item: str) -> Any:
    return lambda place, size: vault.blobs.read(item, place, size)


def _part(vault: Vault, item: str, start: int, length: int) -> Any:
    return lambda place, size: vault.blobs.read(item, start + place, max(0, min(size, length - place)))
