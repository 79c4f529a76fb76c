"""Provisions: what a text of law says in our own words, from when until when, and how well it was read.

A provision is a pointer to a text, never the text. Whether it stood on a day is answered with yes, no or
"not known", because most packs know the day of adoption better than the day of entry into force
(docs/formats/law-pack.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from holdfire.language import mark
from holdfire.law.reading import parse_reading
from holdfire.pack.levels import Level
from holdfire.pack.reader import Fields, Node

Binding = Literal[
    "treaty", "constitution", "code", "law", "statute", "edict", "regulation", "executive-rule", "case-law", "fact",
    "declaration", "standard", "political", "interpretation", "customary", "guidance",
]  # fmt: skip

#: What each kind of instrument is, and whom it binds, in words for a page.
BINDING_WORDS: Final[dict[Binding, str]] = {
    "treaty": mark("Treaty; binds the states that joined it"),
    "constitution": mark("Constitution"),
    "code": mark("Code of law"),
    "law": mark("Law"),
    "statute": mark("Statute"),
    "edict": mark("Edict of the head of state"),
    "regulation": mark("Regulation of an agency"),
    "executive-rule": mark("Rule of the executive"),
    "case-law": mark("Decisions of a court"),
    "fact": mark("A fact of law, not a rule"),
    "declaration": mark("Declaration; not a treaty"),
    "standard": mark("Standard; not binding by itself"),
    "political": mark("Political commitment of states"),
    "interpretation": mark("A treaty body's reading of its treaty"),
    "customary": mark("Restates customary international law"),
    "guidance": mark("Guidance"),
}
_BINDINGS: Final[dict[str, Binding]] = {word: word for word in BINDING_WORDS}
#: Kinds that never enter into force as a treaty or a law does: they stand from the day of adoption.
STANDS_WHEN_ADOPTED: Final[frozenset[Binding]] = frozenset(
    {"declaration", "standard", "political", "interpretation", "customary", "guidance"}
)

_PARTIAL_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?\Z")
_FRBR: Final = re.compile(r"/[a-z]+(/[A-Za-z0-9][A-Za-z0-9._-]*)+(/!main(~[A-Za-z0-9_.-]+)?)?\Z")
#: What nobody may say of how a wording was read, and still call it read.
_UNREAD: Final = re.compile(r"not read|general knowledge|not checked; do not use")


@dataclass(frozen=True)
class Left:
    """A country that an instrument does not reach, or no longer: since when (None: never), and why."""

    country: str
    since: date | None
    why: str


@dataclass(frozen=True)
class Provision:
    """One provision, in our own words.

    Shapes: `adopted` is YYYY, YYYY-MM or YYYY-MM-DD; `in_force_until` and `wording_until` name the last day;
    `stood_on` is a day on which somebody found it in force, as the day of the edition that was read; `caveat`
    is for readers and `note` for authors only, never shown on a page or in a letter.
    """

    id: str
    instrument: str
    article: str
    jurisdiction: str
    frbr: str | None
    adopted: str | None
    in_force_from: date | None
    in_force_until: date | None
    tags: frozenset[str]
    paraphrase: str
    source_url: str
    level: Level
    how: str
    checked: date
    caveat: str | None = None
    binding: Binding | None = None
    comparator: bool = False
    stood_on: date | None = None
    wording_from: date | None = None
    wording_until: date | None = None
    history: str | None = None
    left: tuple[Left, ...] = ()
    note: str | None = None

    @property
    def usable(self) -> bool:
        """Whether a page may offer it: somebody checked something, and it is not another state's rule."""
        return self.level != "not-verified" and not self.comparator

    @property
    def citable(self) -> bool:
        """Whether a letter may cite it: its wording was read, and it is not another state's rule."""
        return self.level == "text" and not self.comparator


def in_force(provision: Provision, on: date, country: str | None = None) -> bool | None:
    """Return whether a provision stood on a day, for a country that may have left it; None when not known."""
    gone = any(
        left.country == country and (left.since is None or left.since <= on) for left in provision.left
    )
    if gone or (provision.in_force_until is not None and on > provision.in_force_until):
        return False
    earliest, surely = _beginning(provision)
    if earliest is not None and on < earliest:
        return False
    return True if surely is not None and on >= surely else None


def _beginning(provision: Provision) -> tuple[date | None, date | None]:
    """Return the first day on which a provision can have stood, and the first on which it surely did."""
    if provision.in_force_from is not None:
        return provision.in_force_from, provision.in_force_from
    first, last = _days_of(provision.adopted) if provision.adopted else (None, None)
    surely = last if provision.binding in STANDS_WHEN_ADOPTED else None
    days = [day for day in (surely, provision.stood_on) if day is not None]
    return first, min(days, default=None)


def wording_in_force(provision: Provision, on: date) -> bool | None:
    """Return whether the wording that was read is the one of that day; None when not known."""
    if provision.level not in {"text", "text-earlier-version"}:
        return None
    stood = in_force(provision, on)
    if not stood:
        return stood
    if provision.wording_until is not None and on > provision.wording_until:
        return False
    changed_since = provision.level == "text-earlier-version" and provision.wording_until is None
    too_early = provision.wording_from is not None and on < provision.wording_from
    return None if changed_since or too_early else True


def select(
    provisions: Iterable[Provision],
    *,
    tags: Iterable[str] = (),
    jurisdictions: Iterable[str],
    on: date | None,
) -> tuple[Provision, ...]:
    """Return the usable provisions of these jurisdictions that may have stood on a day, in their order.

    Args:
        provisions: All there are.
        tags: One of these must be on it; none asks for all.
        jurisdictions: Where the person is, for example {"international", "osce", "by"}.
        on: The day of the order or the act; None leaves dates aside.
    """
    wanted, where = frozenset(tags), frozenset(jurisdictions)
    return tuple(
        one
        for one in provisions
        if one.usable
        and one.jurisdiction in where
        and (not wanted or wanted & one.tags)
        and (on is None or not any(in_force(one, on, country) is False for country in where))
    )


def parse_provisions(node: Node) -> tuple[Provision, ...]:
    """Return the provisions of one file of instruments, or raise ContentError."""
    return tuple(
        one
        for instrument in node.fields("instruments")["instruments"].items(least=1)
        for one in _parse_instrument(instrument)
    )


_SHARED: Final = (
    "adopted in_force_from in_force_until stood_on wording_from wording_until history source checked frbr"
)


def _parse_instrument(node: Node) -> Iterable[Provision]:
    known = node.fields("instrument jurisdiction binding provisions", f"{_SHARED} comparator left")
    for item in known["provisions"].items(least=1):
        own = item.fields("id article tags paraphrase level how", f"{_SHARED} at caveat note")
        merged = Fields(item, {**known.known, **own.known})
        yield _parse_provision(merged, "frbr" in own.known)


def _parse_provision(fields: Fields, own_frbr: bool) -> Provision:  # noqa: FBT001
    for must in ("source", "checked", "adopted"):
        if must not in fields.known:
            raise fields.node.refuse(f"the field {must!r} is missing, here and at the instrument")
    reading = parse_reading(fields)
    if reading["level"] == "text" and _UNREAD.search(reading["how"]):
        raise fields["how"].refuse("at level text, how says where the wording was read")
    provision = Provision(
        id=fields["id"].identifier(),
        instrument=fields["instrument"].text(),
        article=fields["article"].text(),
        jurisdiction=fields["jurisdiction"].identifier(),
        frbr=_parse_frbr(fields, own_frbr=own_frbr),
        adopted=fields["adopted"].text_or_none(),
        in_force_from=fields.get("in_force_from", date_or_none, None),
        in_force_until=fields.get("in_force_until", date_or_none, None),
        tags=frozenset(fields["tags"].identifiers(least=1)),
        paraphrase=fields["paraphrase"].text(),
        binding=fields["binding"].choice(_BINDINGS),
        comparator=fields.get("comparator", Node.flag, default=False),
        stood_on=fields.get("stood_on", date_or_none, None),
        wording_from=fields.get("wording_from", date_or_none, None),
        wording_until=fields.get("wording_until", date_or_none, None),
        history=fields.get("history", Node.text_or_none, None),
        left=fields.get("left", _parse_left, ()),
        **reading,
    )
    _check_dates(provision, fields)
    return provision


def _parse_frbr(fields: Fields, *, own_frbr: bool) -> str | None:
    work = fields.get("frbr", Node.text_or_none, None)
    if "at" in fields.known and (work is None or own_frbr):
        raise fields["at"].refuse("`at` names a place inside the instrument's frbr, which must be there")
    if work is None:
        return None
    whole = f"{work}/!main~{fields['at'].text()}" if "at" in fields.known else work
    if not _FRBR.match(whole):
        raise fields["at" if "at" in fields.known else "frbr"].refuse(
            "a work is written like /akn/by/act/1994-03-15/constitution, a place in it like art_7"
        )
    return whole


def _parse_left(node: Node) -> tuple[Left, ...]:
    found = []
    for item in node.items(least=1):
        known = item.fields("country since why")
        found.append(Left(known["country"].identifier(), date_or_none(known["since"]), known["why"].text()))
    return tuple(found)


_ORDERED: Final = (
    ("adopted", "in_force_from"), ("adopted", "stood_on"), ("adopted", "in_force_until"), ("adopted", "wording_from"),
    ("in_force_from", "in_force_until"), ("in_force_from", "stood_on"), ("stood_on", "in_force_until"),
    ("wording_from", "wording_until"), ("adopted", "wording_until"),
)  # fmt: skip


def _check_dates(provision: Provision, fields: Fields) -> None:
    """Refuse dates that cannot follow each other: adopted, in force, wording read, checked, end."""
    first = None
    if provision.adopted is not None:
        try:
            first, _ = _days_of(provision.adopted)
        except ValueError:
            raise fields["adopted"].refuse("adopted is written YYYY, YYYY-MM or YYYY-MM-DD") from None
    for earlier, later in _ORDERED:
        before, after = getattr(provision, earlier), getattr(provision, later)
        before = first if earlier == "adopted" else before
        if before is not None and after is not None and after < before:
            raise fields[later].refuse(f"{later} lies before {earlier}")
    if provision.stood_on is not None and provision.stood_on > provision.checked:
        raise fields["stood_on"].refuse("stood_on lies after checked: nobody can have found it yet")
    if provision.wording_until is not None and provision.level == "text":
        raise fields["wording_until"].refuse("a wording that has ended is level text-earlier-version")


def _days_of(partial: str) -> tuple[date, date]:
    """Return the first and last day a partial date can mean; ValueError when it is none."""
    found = _PARTIAL_DATE.match(partial)
    if not found:
        raise ValueError(partial)
    year, month, day = (int(group) if group else None for group in found.groups())
    if year is None:
        raise ValueError(partial)
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is not None:
        return date(year, month, day), date(year, month, day)
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), date.fromordinal(after.toordinal() - 1)


def date_or_none(node: Node) -> date | None:
    """Return a date written YYYY-MM-DD, or None where the file says null."""
    return None if node.value is None else node.date()
