"""The clock of a request: how a letter was handed in, when an answer is due, what to do when none comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form, read_form
from holdfire.web.page import Page, Problem, go, program_of, render
from holdfire.web.pages.guide import day
from holdfire.web.program import Program

if TYPE_CHECKING:
    from holdfire.journeys.keep_letter import Request as Handed
    from holdfire.journeys.write_letter import Draft
    from holdfire.letters.clock import Answered, Clock, Service
    from holdfire.vault.records import Record

_STATES: Final = {
    "waiting": mark("waiting"), "due": mark("due today"), "late": mark("no answer came"), "open": mark("no day is set"),
    "granted": mark("granted"), "refused": mark("refused"), "answered": mark("answered"), "stopped": mark("at rest"),
}  # fmt: skip
_HOWS: Final = {
    "by-hand": mark("by hand"), "registry": mark("at the registry"), "post": mark("by post"),
    "message": mark("by message"), "aloud": mark("said aloud"), "other": mark("another way"),
}  # fmt: skip
_OUTCOMES: Final = {
    "granted": mark("Granted"), "refused": mark("Refused"), "partly": mark("Partly"), "other": mark("Something else"),
}  # fmt: skip
_DAY_RULE: Final = mark("Write the day as year-month-day, such as 2030-05-31.")


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
class HandInShown(Page):
    """What is noted when a letter was handed in.

    Attributes:
        id: Of the letter.
        fields: What is asked.
        terms: Times of answer a law names: value and words in the language of the law's texts.
        wrongs: What to mend.
    """

    template = "letter_handed.html"
    id: str
    fields: tuple[Asked, ...]
    terms: tuple[tuple[str, str], ...]
    wrongs: tuple[Problem, ...] = ()


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


async def running(program: Program) -> tuple[RequestLine, ...]:
    """Return the requests that still run, the longest overdue first."""
    from holdfire.letters.clock import due_first  # noqa: PLC0415 - the letters load when they are needed

    # By identity: two letters can be handed in alike, and both count.
    kept = {id(record.value.clock): record for record in await _all(program)}
    waiting = due_first((record.value.clock for record in kept.values()), program.today)
    return tuple(_request_line(kept[id(clock)], program.today) for clock in waiting)


async def show_all(request: Request) -> Response:
    """Show what is due and what runs."""
    program = program_of(request)
    if program.session.vault is None:
        return go("/open")
    lines = await running(program)
    return render(request, DueShown(requests=lines, dated=any(line.due for line in lines), back="/"))


async def calendar(request: Request) -> Response:
    """Send the days on which answers are due as a calendar file that says nothing else."""
    from holdfire.letters.calendar import NEUTRAL, calendar_file  # noqa: PLC0415

    program = program_of(request)
    if program.session.vault is None:
        return go("/open")
    clocks = [record.value.clock for record in await _all(program)]
    written = calendar_file(clocks, program.session.language.say(NEUTRAL))
    saved = {"content-disposition": 'attachment; filename="dates.ics"'}
    return Response(written, media_type="text/calendar; charset=utf-8", headers=saved)


async def ask_handed(request: Request) -> Response:
    """Ask how a letter was handed in."""
    program = program_of(request)
    if program.session.vault is None:
        return go("/open")
    draft = await _letter(program, request.path_params["letter"])
    return render(request, await _hand_in_page(request, draft, {"on": day(program.today)}))


async def note_handed(request: Request) -> Response:
    """Note how a letter was handed in, and start its clock."""
    from holdfire.journeys.keep_letter import change_request, hand_in  # noqa: PLC0415
    from holdfire.letters.clock import set_due  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    draft = await _letter(program, request.path_params["letter"])
    form = await read_form(request)
    deadline, _, case = form.one("deadline").partition(" ")
    try:
        own = _day(form, "due")
        kept = await session.run(
            hand_in, session.vault, draft.id, _service(form), program.now(),
            deadline=deadline, case=int(case) if case.isascii() and case.isdigit() else 0,
        )  # fmt: skip
        if own is not None:
            kept = await session.run(
                change_request, session.vault, kept, set_due(kept.value.clock, own), program.now()
            )
    except UserError as error:
        typed = {name: form.one(name) for name in ("to", "on", "how", "number", "taken-by", "due")}
        said = session.language.say(error.sentence, **error.values)
        wrong = Problem(str(error.values.get("field", "due")), said)
        return render(request, await _hand_in_page(request, draft, typed, (wrong,)), 422)
    session.notice = mark("Noted. What is due stands on the first page.")
    return go(f"/clock/{kept.id}")


async def show(request: Request) -> Response:
    """Show how one request stands."""
    program = program_of(request)
    if program.session.vault is None:
        return go("/open")
    return render(request, await _request_page(program, await _one(request)))


async def change(request: Request) -> Response:
    """Note an answer, set another day, or let a request rest."""
    from holdfire.journeys.keep_letter import change_request  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    kept = await _one(request)
    form = await read_form(request)
    act = _CHANGES.get(form.one("do"))
    if act is None:
        raise HTTPException(404)
    try:
        changed = act(kept.value.clock, form, program.today)
    except UserError as error:
        said = session.language.say(error.sentence, **error.values)
        field = "due" if form.one("do") == "due" else "on"
        return render(request, await _request_page(program, kept, (Problem(field, said),)), 422)
    await session.run(change_request, session.vault, kept, changed, program.now())
    session.notice = mark("Saved.")
    return go(f"/clock/{kept.id}")


def _answer(clock: Clock, form: Form, _: date) -> Clock:
    from holdfire.letters.clock import answer  # noqa: PLC0415

    return answer(clock, _answered(form))


def _set_due(clock: Clock, form: Form, _: date) -> Clock:
    from holdfire.letters.clock import set_due  # noqa: PLC0415

    return set_due(clock, _day(form, "due"))


def _stop(clock: Clock, _: Form, today: date) -> Clock:
    from holdfire.letters.clock import stop  # noqa: PLC0415

    return stop(clock, today)


_CHANGES: Final[dict[str, Callable[[Clock, Form, date], Clock]]] = {
    "answer": _answer, "due": _set_due, "stop": _stop,
}  # fmt: skip


def _answered(form: Form) -> Answered:
    from holdfire.letters.clock import OUTCOMES, Answered  # noqa: PLC0415

    on = _day(form, "on")
    if on is None:
        raise UserError(_DAY_RULE, field="on")
    return Answered(on, OUTCOMES.get(form.one("outcome"), "other"), form.one("words"))


def _service(form: Form) -> Service:
    from holdfire.letters.clock import HOWS, Service  # noqa: PLC0415

    on = _day(form, "on")
    if on is None:
        raise UserError(_DAY_RULE, field="on")
    how = HOWS.get(form.one("how"), "other")
    return Service(on, form.one("to"), how, form.one("number"), form.one("taken-by"))


def _day(form: Form, name: str) -> date | None:
    text = form.one(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise UserError(_DAY_RULE, field=name) from fault


async def _all(program: Program) -> tuple[Record[Handed], ...]:
    from holdfire.journeys.keep_letter import REQUEST  # noqa: PLC0415

    session = program.session
    if session.vault is None:
        return ()
    return tuple(await session.run(session.vault.records.all, REQUEST))


async def _one(request: Request) -> Record[Handed]:
    for record in await _all(program_of(request)):
        if record.id == request.path_params["request"]:
            return record
    raise HTTPException(404)


async def _letter(program: Program, letter: str) -> Record[Draft]:
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415

    session = program.session
    if session.vault is not None:
        for record in await session.run(session.vault.records.all, LETTER):
            if record.id == letter:
                return record
    raise HTTPException(404)


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


async def _hand_in_page(
    request: Request, letter: Record[Draft], typed: dict[str, str], wrongs: tuple[Problem, ...] = ()
) -> HandInShown:
    from holdfire.journeys.keep_letter import deadlines_here  # noqa: PLC0415

    program = program_of(request)
    say = program.session.language.say
    draft = letter.value
    own = say(mark("Only a day of your own. It binds nobody; after it you ask again."))
    to = typed.get("to") or draft.answers.text("to", draft.languages[0]) or ""
    fields = (
        Asked("on", mark("The day it was handed in"), typed.get("on", ""), kind="date"),
        Asked("to", mark("To whom"), " ".join(to.split())),
        Asked("how", mark("How"), typed.get("how", ""), choices=tuple(_HOWS.items())),
        Asked("number", mark("Incoming number, if there is one"), typed.get("number", "")),
        Asked("taken-by", mark("Who took it"), typed.get("taken-by", "")),
        Asked("due", mark("A last day of your own for the answer"), typed.get("due", ""), own, kind="date"),
    )
    terms = tuple(
        (f"{one.id} {case}", f"{one.who_must_act}: {term.number} {term.unit}, {term.case} ({one.law})")
        for one in deadlines_here(draft.country)
        for case, term in enumerate(one.terms)
    )
    return HandInShown(id=letter.id, fields=fields, terms=terms, wrongs=wrongs, back=f"/letters/{letter.id}")


async def _request_page(
    program: Program, kept: Record[Handed], wrongs: tuple[Problem, ...] = ()
) -> RequestShown:
    from holdfire.letters.clock import standing  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    clock = kept.value.clock
    stands = standing(clock, program.today)
    service, answered = clock.service, clock.answered
    say = program.session.language.say
    facts = [
        (mark("Handed in"), day(service.on)), (mark("To whom"), service.to), (mark("How"), say(_HOWS[service.how])),
        (mark("Incoming number, if there is one"), service.number), (mark("Who took it"), service.taken_by),
    ]  # fmt: skip
    if answered:
        facts += [
            (mark("Answered"), day(answered.on)),
            (mark("The exact words of the answer"), answered.words),
        ]
    about = await _about(program, kept.value.letter)
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
            Asked("on", mark("The day of the answer"), day(program.today), kind="date"),
            Asked("outcome", mark("What it was"), choices=tuple(_OUTCOMES.items())),
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


async def _about(program: Program, letter: str) -> int | None:
    """Return the number of the order a letter is about, 0 for none; None when the letter was deleted."""
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415
    from holdfire.journeys.record_order import list_orders  # noqa: PLC0415

    session = program.session
    if session.vault is None:
        return None
    for record in await session.run(session.vault.records.all, LETTER):
        if record.id == letter:
            orders = await session.run(list_orders, session.vault)
            return next((one.value.number for one in orders if one.id == record.value.order), 0)
    return None


ROUTES = (
    Route("/clock", show_all),
    Route("/clock/dates.ics", calendar),
    Route("/clock/{request}", show, methods=["GET"]),
    Route("/clock/{request}", change, methods=["POST"]),
    Route("/letters/{letter}/handed-in", ask_handed, methods=["GET"]),
    Route("/letters/{letter}/handed-in", note_handed, methods=["POST"]),
)
