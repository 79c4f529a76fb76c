"""The first page, and home: what has happened, what is due, the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.opened import opened_by
from holdfire.web.page import Page, go, program_of, render
from holdfire.web.pages.clock import RequestLine, running
from holdfire.web.pages.desk import has_desk
from holdfire.web.pages.guide import ActionLine, line_of
from holdfire.web.pages.planning import ItemLine, lines_of
from holdfire.web.places import place_here


@dataclass(frozen=True)
class Occasion:
    """Something that happened, and what of this version answers it.

    Attributes:
        id: Its name in the address.
        title: What happened, in the person's words.
        status: What awaits behind it, in a few words.
        text: What to know first.
        headings: Headings of the guide that answer it.
        actions: Actions that answer it, where no whole heading does.
        missing: Pages of the program that will answer it in a later version.
        path: Where it leads, when that is one page alone.
    """

    id: str
    title: str
    status: str
    text: str = ""
    headings: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    path: str = ""


OCCASIONS: Final = (
    Occasion(
        "tomorrow", mark("An order is for tomorrow"), mark("one page"), path="/order-for-tomorrow"
    ),
    Occasion("order", mark("An order came"), mark("3 minutes"), path="/orders/new"),
    Occasion("recording", mark("I have a recording"), mark("nothing is sent"), path="/evidence"),
    Occasion("options", mark("What can I do?"), mark("stop anytime"), path="/questions"),
    Occasion(
        "others", mark("Are there others?"), mark("who could find out"),
        mark("One person at a time, someone you have known for years, in person. Any contact may be an informer."),
        ("network",), ("resign-together", "strike-or-sit-in", "join-unarmed"), ("circle",),
    ),
    Occasion(
        "leaving", mark("I am leaving or speaking"), mark("what cannot be taken back"),
        mark("Both seldom can be taken back. Nothing has to be decided tonight."),
        ("resign", "join"), missing=("statements",),
    ),
    Occasion(
        "taken", mark("If I am taken"), mark("who may open what"),
        mark("Prepare while nothing presses. Tell one person whom to call, and a lawyer you have checked."),
        ("exposed",), ("prepare-ahead",), ("switch",),
    ),
    Occasion(
        "messages", mark("Messages"), mark("sent only when you say so"), path="/messages",
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class First(Page):
    """The page before any vault is open."""

    template = "first.html"


@dataclass(frozen=True, kw_only=True)
class Home(Page):
    """What has happened, what is due, the plan.

    Attributes:
        occasions: What may have happened.
        due: What the plan has for today or before.
        requests: Letters that wait for an answer.
        plan: The first items of the plan that are not done.
        more: How many items the plan has in all.
        desk: Whether the vault holds a desk of its own.
    """

    template = "home.html"
    occasions: tuple[Occasion, ...]
    due: tuple[ItemLine, ...]
    requests: tuple[RequestLine, ...]
    plan: tuple[ItemLine, ...]
    more: int
    desk: bool


@dataclass(frozen=True)
class HeadingLine:
    """A heading with its actions."""

    id: str
    title: str
    intro: str
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, kw_only=True)
class Happened(Page):
    """What answers one occasion.

    Attributes:
        title: What happened.
        text: What to know first.
        headings: What to read, by heading.
        actions: Single actions that answer it.
        missing: What a later version will do, in words.
    """

    template = "happened.html"
    title: str
    text: str
    headings: tuple[HeadingLine, ...]
    actions: tuple[ActionLine, ...]
    missing: tuple[str, ...]


#: How many items of the plan home shows.
_SHOWN: Final = 5


async def start(request: Request) -> Response:
    """Show the first page, or home when a vault is open."""
    program = program_of(request)
    session = program.session
    if session.busy:
        return go("/progress")
    if session.vault is None:
        if session.locked and session.path:
            return go("/open")
        if session.locked == "idle":
            session.locked = ""
            session.notice = mark("Nobody was here for a while, so your answers were discarded.")
        return render(request, First())
    lines = await lines_of(request)
    waiting = tuple(line for line in lines if not line.done)
    page = Home(
        occasions=OCCASIONS,
        due=tuple(line for line in waiting if line.due),
        requests=(await running(request))[:_SHOWN],
        plan=waiting[:_SHOWN],
        more=len(lines),
        desk=await _has_desk(request),
    )
    return render(request, page)


async def _has_desk(request: Request) -> bool:
    opened = opened_by(request)
    return opened is not None and await has_desk(opened)


async def happened(request: Request) -> Response:
    """Show what answers one occasion."""
    guide = program_of(request).guide
    occasion = next((one for one in OCCASIONS if one.id == request.path_params["occasion"]), None)
    if occasion is None or occasion.path:
        raise HTTPException(404)
    headings = tuple(
        HeadingLine(heading.id, heading.title, heading.intro,
                    tuple(line_of(guide, action.id) for action in guide.under(heading.id)))
        for wanted in occasion.headings for heading in guide.headings if heading.id == wanted
    )  # fmt: skip
    missing = [place_here(request, name) for name in occasion.missing]
    page = Happened(
        title=occasion.title,
        text=occasion.text,
        headings=headings,
        actions=tuple(line_of(guide, action) for action in occasion.actions),
        missing=tuple(place.name for place in missing if not place.path),
        back="/",
    )
    return render(request, page)


ROUTES = (Route("/", start), Route("/happened/{occasion}", happened))
