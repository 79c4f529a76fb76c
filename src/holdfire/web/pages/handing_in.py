"""Hand a letter in, and note what comes of it: forms that start, move, answer and stop a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.letters.captions import HOW_WORDS
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_letter, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.clock import request_page
from holdfire.web.pages.guide import day

if TYPE_CHECKING:
    from holdfire.journeys.write_letter import Draft
    from holdfire.law.deadlines import Term
    from holdfire.letters.clock import Answered, Clock, Service
    from holdfire.vault.records import Record

_DAY_RULE: Final = mark("Write the day as year-month-day, such as 2030-05-31.")


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


@needs_letter
async def ask_handed(opened: Opened, draft: Record[Draft]) -> Response:
    """Ask how a letter was handed in."""
    return render(opened.request, _hand_in_page(opened, draft, {"on": day(opened.program.today)}))


@needs_letter
async def note_handed(opened: Opened, draft: Record[Draft]) -> Response:
    """Note how a letter was handed in, and start its clock."""
    from holdfire.journeys.keep_letter import change_request, hand_in  # noqa: PLC0415 - they load when needed
    from holdfire.letters.clock import set_due  # noqa: PLC0415

    now = opened.program.now()
    form = await read_form(opened.request)
    deadline, _, case = form.one("deadline").partition(" ")
    try:
        own = _day(form, "due")
        kept = await opened.run(
            hand_in, draft.id, _service(form), now,
            deadline=deadline, case=int(case) if case.isascii() and case.isdigit() else 0,
        )  # fmt: skip
        if own is not None:
            kept = await opened.run(change_request, kept, set_due(kept.value.clock, own), now)
    except UserError as error:
        typed = {name: form.one(name) for name in ("to", "on", "how", "number", "taken-by", "due")}
        wrong = problem_of(opened.language, error, str(error.values.get("field", "due")))
        return render(opened.request, _hand_in_page(opened, draft, typed, (wrong,)), 422)
    opened.notice(mark("Noted. What is due stands on the first page."))
    return go(f"/clock/{kept.id}")


@needs_vault
async def change(opened: Opened) -> Response:
    """Note an answer, set another day, or let a request rest."""
    from holdfire.journeys.keep_letter import REQUEST, change_request  # noqa: PLC0415

    kept = await opened.one(REQUEST, opened.request.path_params["request"])
    form = await read_form(opened.request)
    act = _CHANGES.get(form.one("do"))
    if act is None:
        raise HTTPException(404)
    try:
        changed = act(kept.value.clock, form, opened.program.today)
    except UserError as error:
        wrong = problem_of(opened.language, error, "due" if form.one("do") == "due" else "on")
        return render(opened.request, await request_page(opened, kept, (wrong,)), 422)
    await opened.run(change_request, kept, changed, opened.program.now())
    opened.notice(mark("Saved."))
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


def _hand_in_page(
    opened: Opened, letter: Record[Draft], typed: dict[str, str], wrongs: tuple[Problem, ...] = ()
) -> HandInShown:
    from holdfire.journeys.keep_letter import deadlines_here  # noqa: PLC0415

    draft = letter.value
    own = opened.say(mark("Only a day of your own. It binds nobody; after it you ask again."))
    to = typed.get("to") or draft.answers.text("to", draft.languages[0]) or ""
    fields = (
        Asked("on", mark("The day it was handed in"), typed.get("on", ""), kind="date"),
        Asked("to", mark("To whom"), " ".join(to.split())),
        Asked("how", mark("How"), typed.get("how", ""), choices=tuple(HOW_WORDS.items())),
        Asked("number", mark("Incoming number, if there is one"), typed.get("number", "")),
        Asked("taken-by", mark("Who took it"), typed.get("taken-by", "")),
        Asked("due", mark("A last day of your own for the answer"), typed.get("due", ""), own, kind="date"),
    )
    terms = tuple(
        (f"{one.id} {case}", f"{one.who_must_act}: {_counted(term)}, {term.case} ({one.law})")
        for one in deadlines_here(draft.country)
        if one.jurisdiction == draft.country  # what international texts count binds states, not a superior
        for case, term in enumerate(one.terms)
    )
    return HandInShown(id=letter.id, fields=fields, terms=terms, wrongs=wrongs, back=f"/letters/{letter.id}")


def _counted(term: Term) -> str:
    return f"{term.number} {term.unit.removesuffix('s') if term.number == 1 else term.unit}"


ROUTES = (
    Route("/clock/{request}", change, methods=["POST"]),
    Route("/letters/{letter}/handed-in", ask_handed, methods=["GET"]),
    Route("/letters/{letter}/handed-in", note_handed, methods=["POST"]),
)
