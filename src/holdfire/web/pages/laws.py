"""The law as it is here: instruments, provisions, forums, oaths and deadlines. All of it is read without a vault.

Where a vault is open, the official wording from the person's own copy stands beside our sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.web.countries import country_choices
from holdfire.web.opened import opened_by
from holdfire.web.page import Page, program_of, render
from holdfire.web.pages.guide import day
from holdfire.web.pages.wordings import Beside, beside_of

if TYPE_CHECKING:
    from holdfire.law.law import Law
    from holdfire.law.provisions import Provision

#: Kinds of entries that have a page of their own.
_WHATS: Final = {"forums": mark("Who can be asked"), "deadlines": mark("Deadlines"), "oaths": mark("Oaths")}
_STANDS: Final = {
    True: mark("in force"),
    False: mark("not in force"),
    None: mark("not known to be in force"),
}
_WRONG_DAY: Final = mark("Write a day as 2026-11-22. Today was taken.")


@dataclass(frozen=True)
class LawLine:
    """An instrument, or a provision, in a list."""

    id: str
    title: str
    status: str
    on: str


@dataclass(frozen=True)
class Entry:
    """A forum, an oath or a deadline.

    Attributes:
        title: What it is.
        lines: Names and texts: who, within what time, how it stands.
        caveat: What to mind.
        level: How well it was read.
        checked: When.
        place: Where to read it again.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    caveat: str
    level: str
    checked: str
    place: str


@dataclass(frozen=True, kw_only=True)
class LawShown(Page):
    """The instruments that reach a country.

    Attributes:
        country: The country that is shown; "" for international standards alone.
        countries: Codes and names to choose from.
        whats: Other kinds of entries: ids and words.
        shelves: Jurisdictions with their instruments.
        searchable: Whether a vault is open to search imported texts in.
    """

    template = "law.html"
    country: str
    countries: tuple[tuple[str, str], ...]
    whats: tuple[tuple[str, str], ...]
    shelves: tuple[tuple[str, tuple[LawLine, ...]], ...]
    searchable: bool


@dataclass(frozen=True, kw_only=True)
class InstrumentShown(Page):
    """The provisions of one instrument.

    Attributes:
        title: Its name.
        lines: Its provisions.
    """

    template = "law_instrument.html"
    title: str
    lines: tuple[LawLine, ...]


@dataclass(frozen=True, kw_only=True)
class ProvisionShown(Page):
    """One provision: our words, how well they were read, dates, and the person's own copy beside them.

    Attributes:
        id: Its id.
        title: Instrument and article.
        says: Our own words.
        facts: Names and marked sentences or texts: kind, level, what was read.
        dates: Names and days.
        caveats: What to mind.
        place: Where to read it again.
        beside: What the person's own copies hold.
        has_vault: Whether a vault is open.
    """

    template = "law_provision.html"
    id: str
    title: str
    says: str
    facts: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]
    place: str
    beside: tuple[Beside, ...]
    has_vault: bool


@dataclass(frozen=True, kw_only=True)
class EntriesShown(Page):
    """The forums, the oaths or the deadlines of a country.

    Attributes:
        what: forums, oaths or deadlines.
        title: That in words.
        country: The country that is shown; "" for what is international.
        countries: Codes and names to choose from.
        on: The day it is for; forums alone have one.
        facts: The day of what happened; "" when it was not asked.
        wrong: What could not be read of the days; "" for nothing.
        entries: What there is.
        closed: Forums that were open on the day of what happened and have closed since.
    """

    template = "law_entries.html"
    what: str
    title: str
    country: str
    countries: tuple[tuple[str, str], ...]
    on: str
    facts: str
    wrong: str
    entries: tuple[Entry, ...]
    closed: tuple[Entry, ...]


async def show(request: Request) -> Response:
    """Show the instruments that reach a country."""
    from holdfire.journeys.law_here import load_instruments, load_law  # noqa: PLC0415 - the law loads when it is needed

    law = load_law()
    country = _country(request)
    reaching = law.reaching(country or None)
    shelves: dict[str, list[LawLine]] = {country: []} if country else {}
    for one in load_instruments().values():
        if one.jurisdiction in reaching:
            line = LawLine(one.id, one.name, "", str(len(one.provisions)))
            shelves.setdefault(one.jurisdiction, []).append(line)
    page = LawShown(
        country=country,
        countries=country_choices(),
        whats=tuple(_WHATS.items()),
        shelves=tuple(
            (_JURISDICTIONS.get(where, where.upper()), tuple(lines)) for where, lines in shelves.items()
        ),
        searchable=opened_by(request) is not None,
        back="/guide",
    )
    return render(request, page)


_JURISDICTIONS: Final = {
    "by": mark("Belarus"),
    "us": mark("United States"),
    "international": mark("International"),
    "osce": mark("OSCE"),
    "oas": mark("Organization of American States"),
    "coe": mark("Council of Europe"),
    "au": mark("African Union"),
}


async def show_instrument(request: Request) -> Response:
    """Show the provisions of one instrument."""
    from holdfire.journeys.law_here import load_instruments, load_law  # noqa: PLC0415

    one = load_instruments().get(request.path_params["instrument"])
    if one is None:
        raise HTTPException(404)
    provisions = load_law().provisions
    lines = tuple(
        LawLine(name, f"{each.article}. {each.paraphrase}", LEVEL_WORDS[each.level], day(each.checked))
        for name in one.provisions
        for each in (provisions[name],)
    )
    return render(request, InstrumentShown(title=one.name, lines=lines, back=_back_to_list(one.jurisdiction)))


async def show_provision(request: Request) -> Response:
    """Show one provision, with the official wording beside it where the person has a copy."""
    from holdfire.journeys.law_here import load_instruments, load_law  # noqa: PLC0415
    from holdfire.law.instruments import instrument_of  # noqa: PLC0415

    one = load_law().provisions.get(request.path_params["provision"])
    if one is None:
        raise HTTPException(404)
    opened = opened_by(request)
    instrument = instrument_of(one, load_instruments().values())
    page = ProvisionShown(
        id=one.id,
        title=f"{one.instrument}, {one.article}",
        says=one.paraphrase,
        facts=_facts(one),
        dates=_dates(one, program_of(request).today),
        caveats=_caveats(one),
        place=one.source_url,
        beside=await beside_of(opened, one) if opened else (),
        has_vault=opened is not None,
        back=f"/law/in/{instrument.id}" if instrument else "/law",
    )
    return render(request, page)


async def show_entries(request: Request) -> Response:
    """Show the forums, the oaths or the deadlines of a country; forums as they stand on a day."""
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415
    from holdfire.law.forums import closed_since, open_forums  # noqa: PLC0415

    what = request.path_params["what"]
    if what not in _WHATS:
        raise HTTPException(404)
    law = load_law()
    country = _country(request)
    reaching = law.reaching(country or None)
    today = program_of(request).today
    asked, facts = (request.query_params.get(name, "").strip() for name in ("on", "facts"))
    on, happened = _day(asked), _day(facts)
    closed: tuple[Entry, ...] = ()
    if what == "forums":
        entries = _forums(open_forums(law.forums.values(), reaching, on or today))
        if happened:
            closed = _forums(closed_since(law.forums.values(), reaching, facts=happened, on=on or today))
    else:
        entries = _oaths(law, reaching) if what == "oaths" else _deadlines(law, reaching)
    page = EntriesShown(
        what=what,
        title=_WHATS[what],
        country=country,
        countries=country_choices(),
        on=day(on or today),
        facts=day(happened) if happened else "",
        wrong=_WRONG_DAY if (asked and not on) or (facts and not happened) else "",
        entries=entries,
        closed=closed,
        back=f"/law?country={country}",
    )
    return render(request, page)


def _country(request: Request) -> str:
    asked = request.query_params.get("country", "")
    return asked if asked in dict(country_choices()) else ""


def _day(untrusted: str) -> date | None:
    try:
        return date.fromisoformat(untrusted)
    except ValueError:
        return None


def _back_to_list(jurisdiction: str) -> str:
    return f"/law?country={jurisdiction}" if jurisdiction in dict(country_choices()) else "/law"


def _facts(one: Provision) -> tuple[tuple[str, str], ...]:
    from holdfire.law.provisions import BINDING_WORDS  # noqa: PLC0415

    found = [(mark("What kind of text"), BINDING_WORDS[one.binding])] if one.binding else []
    return (
        *found,
        (mark("How well it was checked"), LEVEL_WORDS[one.level]),
        (mark("When it was checked"), day(one.checked)),
        (mark("What was read"), one.how),
    )


def _dates(one: Provision, today: date) -> tuple[tuple[str, str], ...]:
    from holdfire.law.provisions import in_force  # noqa: PLC0415

    named = (
        (mark("Adopted"), one.adopted),
        (mark("In force from"), one.in_force_from),
        (mark("In force until"), one.in_force_until),
        (mark("Found in force on"), one.stood_on),
        (mark("The wording we read surely stood from"), one.wording_from),
        (mark("The wording we read surely stood until"), one.wording_until),
    )
    known = tuple((name, value if isinstance(value, str) else day(value)) for name, value in named if value)
    return (*known, (mark("Today"), _STANDS[in_force(one, today)]))


def _caveats(one: Provision) -> tuple[str, ...]:
    found = [one.caveat, one.history]
    if one.comparator:
        found.insert(
            0,
            mark(
                "This is another state's rule, only to compare. It gives you no right and stands in no letter."
            ),
        )
    elif not one.usable:
        found.insert(0, mark("Nobody could confirm this. Do not use it."))
    found += [
        f"{left.country.upper()}{f', {day(left.since)}' if left.since else ''}: {left.why}"
        for left in one.left
    ]
    return tuple(text for text in found if text)


def _forums(forums: Iterable[object]) -> tuple[Entry, ...]:
    from holdfire.law.forums import KIND_WORDS, STANDING_WORDS, Forum  # noqa: PLC0415

    def entry(one: Forum) -> Entry:
        standing = f"{one.status}{f' ({day(one.status_as_of)})' if one.status_as_of else ''}"
        lines = [
            (mark("What kind"), KIND_WORDS[one.kind]),
            (mark("Who may file"), one.who_may_file),
            (mark("Within what time"), one.deadline),
            (STANDING_WORDS[one.standing], standing),
        ]
        if one.closed:
            lines.append((mark("What that means"), one.closed))
        return _entry(one, one.what, lines)

    return tuple(entry(one) for one in forums if isinstance(one, Forum))


def _oaths(law: Law, reaching: frozenset[str]) -> tuple[Entry, ...]:
    return tuple(
        _entry(
            one,
            one.who,
            [(mark("In substance"), one.gist or one.exists or ""), (mark("Stands in"), one.citation)],
        )
        for one in law.oaths.values()
        if one.jurisdiction in reaching
    )


def _deadlines(law: Law, reaching: frozenset[str]) -> tuple[Entry, ...]:
    return tuple(
        _entry(one, one.who_must_act, [(mark("Within what time"), one.time), (mark("Stands in"), one.law)])
        for one in law.deadlines.values()
        if one.jurisdiction in reaching
    )


def _entry(one: object, title: str, lines: Iterable[tuple[str, str]]) -> Entry:
    known = {field.name: getattr(one, field.name) for field in fields(one)}  # type: ignore[arg-type]  # a dataclass of the law
    return Entry(
        title,
        tuple(lines),
        known["caveat"] or "",
        LEVEL_WORDS[known["level"]],
        day(known["checked"]),
        known["source_url"],
    )


ROUTES = (
    Route("/law", show),
    Route("/law/in/{instrument}", show_instrument),
    Route("/law/provision/{provision}", show_provision),
    Route("/law/{what}", show_entries),
)
