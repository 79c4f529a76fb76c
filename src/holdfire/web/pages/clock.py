"""The clock of a request: what is due, how one request stands, what to do on an answer and when none comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.letters.captions import HOW_WORDS, OUTCOME_WORDS
from holdfire.web.asking import Asked
from holdfire.web.opened import Opened, needs_vault, opened_by
from holdfire.web.page import Page, Problem, render
from holdfire.web.pages.guide import day

if TYPE_CHECKING:
    from holdfire.journeys.keep_letter import Request as Handed
    from holdfire.vault.records import Record

_STATES: Final = {
    "waiting": mark("waiting"), "due": mark("due today"), "late": mark("no answer came"), "open": mark("no day is set"),
    "granted": mark("granted"), "refused": mark("refused"), "answered": mark("answered"), "stopped": mark("at rest"),
}  # fmt: skip


@dataclass(frozen=True)
class RequestLine:
    """A request that runs."""

    id: str
    title: str
    state: str
    due: str


@dataclass(frozen=True, kw_only=True)
class DueShown(Page):
    """Every request that runs, the longest overdue first.

    Attributes:
        requests: Them.
        dated: Whether any has a day, so that a calendar file has something to hold.
    """

    template = "clock.html"
    requests: tuple[RequestLine, ...]
    dated: bool


@dataclass(frozen=True, kw_only=True)
class RequestShown(Page):
    """One request: how it stands, what to do, what can follow.

    Attributes:
        id: Of the request.
        title: Of the letter.
        letter: Id of the letter; "" when it was deleted.
        facts: How it was handed in and answered: marked labels and texts.
        state: How it stands, in words.
        due: The last day for an answer; may be empty.
        running: Whether it still waits.
        steps: What to know and do.
        follows: Letters that can follow: address and title.
        fields: What is asked about an answer.
        own: What is asked about a day of one's own.
        wrongs: What to mend.
    """

    template = "request.html"
    id: str
    title: str
    letter: str
    facts: tuple[tuple[str, str], ...]
    state: str
    due: str
    running: bool
    steps: tuple[str, ...]
    follows: tuple[tuple[str, str], ...]
    fields: tuple[Asked, ...]
    own: Asked
    wrongs: tuple[Problem, ...] = ()


async def running(request: Request) -> tuple[RequestLine, ...]:
    """Return the requests that still run, the longest overdue first; none where no vault is open."""
    from holdfire.journeys.keep_letter import REQUEST  # noqa: PLC0415 - the letters load when they are needed
    from holdfire.letters.clock import due_first  # noqa: PLC0415

    opened = opened_by(request)
    if opened is None:
        return ()
    today = opened.program.today
    # By identity: two letters can be handed in alike, and both count.
    kept = {id(record.value.clock): record for record in await opened.all(REQUEST)}
    waiting = due_first((record.value.clock for record in kept.values()), today)
    return tuple(_request_line(kept[id(clock)], today) for clock in waiting)


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show what is due and what runs."""
    lines = await running(opened.request)
    page = DueShown(requests=lines, dated=any(line.due for line in lines), back="/")
    return render(opened.request, page)


@needs_vault
async def calendar(opened: Opened) -> Response:
    """Send the days on which answers are due as a calendar file that says nothing else."""
    from holdfire.journeys.keep_letter import REQUEST  # noqa: PLC0415
    from holdfire.letters.calendar import NEUTRAL, calendar_file  # noqa: PLC0415

    clocks = [record.value.clock for record in await opened.all(REQUEST)]
    written = calendar_file(clocks, opened.say(NEUTRAL))
    saved = {"content-disposition": 'attachment; filename="dates.ics"'}
    return Response(written, media_type="text/calendar; charset=utf-8", headers=saved)


@needs_vault
async def show(opened: Opened) -> Response:
    """Show how one request stands."""
    from holdfire.journeys.keep_letter import REQUEST  # noqa: PLC0415

    kept = await opened.one(REQUEST, opened.request.path_params["request"])
    return render(opened.request, await request_page(opened, kept))


def _request_line(record: Record[Handed], today: date) -> RequestLine:
    from holdfire.letters.clock import standing  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    clock = record.value.clock
    return RequestLine(
        record.id,
        kind_called(clock.kind).title,
        _STATES[standing(clock, today).state],
        day(clock.due) if clock.due else "",
    )


async def request_page(
    opened: Opened, kept: Record[Handed], wrongs: tuple[Problem, ...] = ()
) -> RequestShown:
    """Return the page of one request, with what is to be mended on it."""
    from holdfire.letters.clock import standing  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    clock = kept.value.clock
    today, say = opened.program.today, opened.say
    stands = standing(clock, today)
    service, answered = clock.service, clock.answered
    facts = [
        (mark("Handed in"), day(service.on)), (mark("To whom"), service.to), (mark("How"), say(HOW_WORDS[service.how])),
        (mark("Incoming number, if there is one"), service.number), (mark("Who took it"), service.taken_by),
    ]  # fmt: skip
    if answered:
        facts += [
            (mark("Answered"), day(answered.on)),
            (mark("The exact words of the answer"), answered.words),
        ]
    about = await _about(opened, kept.value.letter)
    return RequestShown(
        id=kept.id,
        title=kind_called(clock.kind).title,
        letter=kept.value.letter if about is not None else "",
        facts=tuple((label, text) for label, text in facts if text),
        state=_STATES[stands.state],
        due=day(clock.due) if clock.due else "",
        running=stands.state in {"waiting", "due", "late", "open"},
        steps=stands.steps,
        follows=tuple(
            (
                f"/orders/{about}/letter?kind={one}" if about else f"/letters/new?kind={one}",
                kind_called(one).title,
            )
            for one in stands.letters
        ),
        fields=(
            Asked("on", mark("The day of the answer"), day(today), kind="date"),
            Asked("outcome", mark("What it was"), "other", choices=tuple(OUTCOME_WORDS.items())),
            Asked("words", mark("The exact words of the answer"), lines=3),
        ),
        own=Asked(
            "due",
            mark("A last day of your own for the answer"),
            day(clock.due) if clock.due else "",
            kind="date",
        ),
        wrongs=wrongs,
        back="/clock",
    )


async def _about(opened: Opened, letter: str) -> int | None:
    """Return the number of the order a letter is about, 0 for none; None when the letter was deleted."""
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415
    from holdfire.journeys.record_order import ORDER  # noqa: PLC0415

    for record in await opened.all(LETTER):
        if record.id == letter:
            orders = await opened.all(ORDER)
            return next((one.value.number for one in orders if one.id == record.value.order), 0)
    return None


ROUTES = (
    Route("/clock", show_all),
    Route("/clock/dates.ics", calendar),
    Route("/clock/{request}", show, methods=["GET"]),
)
