"""The guide: its index, its headings, its actions, its pages. All of it works without a vault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.guide.actions import FEIGNING, RISK_WORDS, ActionPage, Risk
from holdfire.guide.guide import Guide
from holdfire.guide.pages import GuidePage, Table
from holdfire.guide.sources import Claim
from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.web.page import Page, program_of, render
from holdfire.web.places import Place, Start, place_here, starts_of, starts_under

ROUTE_WORDS: Final = {
    "every": mark("Always first"),
    "stay": mark("Stay and help from within"),
    "resign": mark("Resign and help from outside"),
    "join": mark("Join the movement"),
}
STEPS: Final = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class ActionLine:
    """One action in a list."""

    id: str
    title: str
    in_short: str
    step: int


@dataclass(frozen=True)
class Note:
    """What a claim stands on: a source's title, how well it was checked, and when."""

    id: str
    title: str
    level: str
    checked: str


@dataclass(frozen=True)
class Said:
    """A sentence with what it stands on; `word` opens a risk and is empty for a claim."""

    word: str
    text: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Shelf:
    """A heading with the actions that the filter lets through."""

    id: str
    title: str
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, kw_only=True)
class Index(Page):
    """The index of the guide.

    Attributes:
        shelves: Headings with their actions.
        route: The route that is shown alone, or nothing.
        step: The step that is shown alone, or nothing.
        routes: Routes to filter by: id and words.
        steps: Steps to filter by.
        count: How many actions are shown.
    """

    template = "guide.html"
    shelves: tuple[Shelf, ...]
    route: str
    step: int | None
    routes: tuple[tuple[str, str], ...]
    steps: tuple[int, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class HeadingShown(Page):
    """One heading.

    Attributes:
        title: Its title.
        intro: What it is and its main risk.
        route: Which route it belongs to, in words.
        actions: Its actions.
        starts: How it is begun here.
    """

    template = "heading.html"
    title: str
    intro: str
    route: str
    actions: tuple[ActionLine, ...]
    starts: tuple[Start, ...]


@dataclass(frozen=True, kw_only=True)
class ActionShown(Page):
    """One action, with its risks in a fixed block.

    Attributes:
        action: The page as its authors wrote it.
        heading: Id and title of its heading.
        step: How far it goes.
        why: Its claims with what they stand on.
        risks: Groups of risks: title and sentences.
        feigns: Whether the essay speaks of feigning here: explained, not recommended.
        truthful: The actions that say the truth instead.
        starts: How it is begun here.
        carriers: The pages of the program that carry it out; no path where this version has none.
        planned: Whether it is in the plan; None where no vault is open.
    """

    template = "action.html"
    action: ActionPage
    heading: tuple[str, str]
    step: int
    why: tuple[Said, ...]
    risks: tuple[tuple[str, tuple[Said, ...]], ...]
    feigns: bool
    truthful: tuple[ActionLine, ...]
    starts: tuple[Start, ...]
    carriers: tuple[Place, ...]
    planned: bool | None


@dataclass(frozen=True)
class Part:
    """A section of a page, with what it stands on."""

    title: str
    text: tuple[str, ...]
    list: tuple[str, ...]
    table: Table | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True)
class TextShown(Page):
    """A page of the guide that is no action.

    Attributes:
        text: The page as its authors wrote it.
        parts: Its sections with what they stand on.
    """

    template = "text.html"
    text: GuidePage
    parts: tuple[Part, ...]


async def index(request: Request) -> Response:
    """Show every action, or those of one route or one step."""
    guide = program_of(request).guide
    route = request.query_params.get("route", "")
    asked = request.query_params.get("step", "")
    step = int(asked) if asked in {str(one) for one in STEPS} else None
    shelves = []
    for heading in sorted(guide.headings, key=lambda one: one.route != "every"):
        if route in ROUTE_WORDS and heading.route != route:
            continue
        lines = (line_of(guide, action.id) for action in guide.under(heading.id))
        kept = tuple(line for line in lines if step is None or line.step == step)
        if kept:
            shelves.append(Shelf(heading.id, heading.title, kept))
    page = Index(
        shelves=tuple(shelves),
        route=route if route in ROUTE_WORDS else "",
        step=step,
        routes=tuple(ROUTE_WORDS.items()),
        steps=STEPS,
        count=sum(len(shelf.actions) for shelf in shelves),
        back="/",
    )
    return render(request, page)


async def heading(request: Request) -> Response:
    """Show one heading with its actions."""
    guide = program_of(request).guide
    found = next((one for one in guide.headings if one.id == request.path_params["heading"]), None)
    if found is None:
        raise HTTPException(404)
    page = HeadingShown(
        title=found.title,
        intro=found.intro,
        route=ROUTE_WORDS[found.route],
        actions=tuple(line_of(guide, action.id) for action in guide.under(found.id)),
        starts=starts_under(request, found.id),
        back="/guide",
    )
    return render(request, page)


async def action(request: Request) -> Response:
    """Show one action."""
    from holdfire.journeys.keep_plan import read_plan  # noqa: PLC0415 - the vault loads when it is needed

    program = program_of(request)
    guide = program.guide
    found = guide.actions.get(request.path_params["action"])
    if found is None:
        raise HTTPException(404)
    rule = next(rule for rule in guide.book.rules if rule.action == found.id)
    planned: bool | None = None
    if program.session.vault is not None:
        kept = await program.session.run(read_plan, program.session.vault)
        planned = kept is not None and any(item.action == found.id for item in kept.value.items)
    titles = {one.id: one.title for one in guide.headings}
    page = ActionShown(
        action=found,
        heading=(rule.heading, titles[rule.heading]),
        step=rule.step,
        why=tuple(_claim(guide, claim) for claim in found.why),
        risks=tuple(
            (title, tuple(_risk(guide, one) for one in group)) for title, group in found.risks.groups()
        ),
        feigns=found.id in FEIGNING,
        truthful=tuple(line_of(guide, one) for one in found.truthful.actions) if found.truthful else (),
        starts=starts_of(request, found.id),
        carriers=tuple(place_here(request, one) for one in found.here.pages),
        planned=planned,
        back=f"/heading/{rule.heading}",
    )
    return render(request, page)


async def text(request: Request) -> Response:
    """Show a page of the guide that is no action."""
    guide = program_of(request).guide
    found = guide.pages[request.url.path.strip("/")]
    parts = tuple(
        Part(one.title, one.text, one.list, one.table, _notes(guide, one.sources)) for one in found.sections
    )
    return render(request, TextShown(text=found, parts=parts, back="/"))


def line_of(guide: Guide, action_id: str) -> ActionLine:
    """Return an action as a line of a list."""
    found = guide.actions[action_id]
    step = next(rule.step for rule in guide.book.rules if rule.action == action_id)
    return ActionLine(found.id, found.title, found.in_short, step)


def _claim(guide: Guide, claim: Claim) -> Said:
    return Said("", claim.text, _notes(guide, claim.sources))


def _risk(guide: Guide, risk: Risk) -> Said:
    return Said(RISK_WORDS[risk.word], risk.text, _notes(guide, risk.sources))


def _notes(guide: Guide, names: Iterable[str]) -> tuple[Note, ...]:
    found = (guide.sources[name] for name in names)
    return tuple(Note(one.id, one.title, LEVEL_WORDS[one.level], day(one.checked)) for one in found)


def day(when: date) -> str:
    """Return a day as it is written on every page: the same in every language."""
    return when.isoformat()


ROUTES = (
    Route("/guide", index),
    Route("/heading/{heading}", heading),
    Route("/guide/{action}", action),
    Route("/order-for-tomorrow", text),
    Route("/care", text),
    Route("/facts", text),
)
