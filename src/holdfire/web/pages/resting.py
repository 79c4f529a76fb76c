"""Leave days: what the packs know of leave, what to look up where they know nothing, then the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.web.countries import country_choices, country_of
from holdfire.web.forms import Form
from holdfire.web.opened import opened_by
from holdfire.web.page import Page, program_of, render
from holdfire.web.pages.guide import day

if TYPE_CHECKING:
    from holdfire.law.provisions import Provision

#: What says something of leave itself; what says what absence without it can cost.
_OF_LEAVE: Final = ("leave",)
_OF_ABSENCE: Final = ("desertion-risk",)

#: What a person looks up in the rules of their own service, where no pack knows it.
LOOK_UP: Final = (
    mark("How many days you have this year, and when those that are left lapse."),
    mark("Extra days: for years of service, hard duty, rest days you worked, study, family."),
    mark("Who approves, and how long before you must ask."),
    mark("When leave can be refused, moved or broken off, and who may call you back."),
    mark("By when an answer must come, and to whom you complain when none does."),
    mark(
        "For illness: who writes the certificate, by when it must be handed in, and what the doctor reports."
    ),
)
#: Where such rules stand.
WHERE: Final = (
    mark("Your contract, or the papers you signed when you joined."),
    mark("The regulations on service and on leave of your service: the personnel office has them."),
    mark("The law on the status of members of your service, and the labour law where it applies."),
)


@dataclass(frozen=True)
class RuleLine:
    """A provision: what it says in our words, where it stands, how well it was read."""

    id: str
    title: str
    says: str
    level: str
    checked: str


@dataclass(frozen=True, kw_only=True)
class LeaveShown(Page):
    """What is known of leave.

    Attributes:
        country: Whose law; "" where none was chosen.
        countries: Codes and names to choose from.
        rules: What the packs know of leave itself.
        absence: What absence without leave can cost, as far as the packs know.
        terms: Times of answer that one of these rules names.
        look_up: What to look up.
        where: Where it stands.
    """

    template = "leave_days.html"
    country: str
    countries: tuple[tuple[str, str], ...]
    rules: tuple[RuleLine, ...]
    absence: tuple[RuleLine, ...]
    terms: tuple[str, ...]
    look_up: tuple[str, ...]
    where: tuple[str, ...]


async def show(request: Request) -> Response:
    """Show what is known of leave in the country that was chosen."""
    from holdfire.journeys.keep_letter import deadlines_here  # noqa: PLC0415 - the law loads when it is needed

    opened = opened_by(request)
    choices = country_choices()
    country = Form(list(request.query_params.multi_items())).one("country", "-")
    if country not in dict(choices):
        country = await country_of(opened) if opened else ""
    today = program_of(request).today
    rules = _rules(country, _OF_LEAVE, today)
    page = LeaveShown(
        country=country,
        countries=choices,
        rules=rules,
        absence=_rules(country, _OF_ABSENCE, today),
        terms=tuple(
            f"{one.who_must_act}: {one.time} ({one.law})"
            for one in deadlines_here(country or None)
            if one.jurisdiction == country and one.provision in {rule.id for rule in rules}
        ),
        look_up=LOOK_UP,
        where=WHERE,
        back="/guide/take-leave",
    )
    return render(request, page)


def _rules(country: str, tags: tuple[str, ...], today: date) -> tuple[RuleLine, ...]:
    """Return the country's own usable provisions of these tags that may stand today."""
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415
    from holdfire.law.provisions import select  # noqa: PLC0415

    found = select(load_law().provisions.values(), tags=tags, jurisdictions={country}, on=today)
    return tuple(_line(one) for one in found)


def _line(one: Provision) -> RuleLine:
    title = f"{one.instrument}, {one.article}"
    return RuleLine(one.id, title, one.paraphrase, LEVEL_WORDS[one.level], day(one.checked))


ROUTES = (Route("/leave-days", show),)
