"""Write a letter: fill in what is known; nothing becomes a file before it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.countries import choose_country
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.letter_fields import (
    COPIED,
    Offered,
    asked,
    chosen_in,
    draft_of,
    offered,
    taken_by,
    typed,
    with_copies,
)
from holdfire.web.pages.letters import order_of

if TYPE_CHECKING:
    from holdfire.journeys.write_letter import Draft
    from holdfire.orders.order import Order


_TOO_LONG: Final = mark(
    "The words of the order are too long for a letter. Quote what matters most, or leave this empty."
)


@dataclass(frozen=True, kw_only=True)
class FillShown(Page):
    """What a letter asks.

    Attributes:
        title: What the letter is called.
        before: What to know first.
        hidden: What was chosen: names and values.
        fields: What it asks.
        added: Paragraphs that stand in it only when the person writes them.
        offered: Provisions that can be cited.
        wrongs: What to mend.
    """

    template = "letter_fill.html"
    title: str
    before: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    fields: tuple[Asked, ...]
    added: tuple[Asked, ...]
    offered: tuple[Offered, ...]
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def fill(opened: Opened) -> Response:
    """Show what a letter asks, with what is known already."""
    from holdfire.journeys.keep_letter import LETTER, answers_offered  # noqa: PLC0415

    chosen = chosen_in(Form(list(opened.request.query_params.multi_items())))
    if chosen.get("letter"):
        kept = await opened.one(LETTER, chosen["letter"])
        return render(opened.request, await _fill_page(opened, kept.value, chosen))
    order = await _order(opened, chosen)
    answers = await opened.run(answers_offered, chosen.get("kind", ""), order)
    return render(opened.request, await _fill_page(opened, draft_of(chosen, answers), chosen))


@needs_vault
async def keep(opened: Opened) -> Response:
    """Keep what was filled in, and lead to the letter to read."""
    from holdfire.journeys.keep_letter import LETTER, answers_offered, keep_languages, keep_letter  # noqa: PLC0415
    from holdfire.journeys.settings import read_settings  # noqa: PLC0415
    from holdfire.journeys.write_letter import compose_here  # noqa: PLC0415
    from holdfire.letters.answers import judge_answers  # noqa: PLC0415

    program = opened.program
    form = await read_form(opened.request)
    chosen = chosen_in(form)
    before = await opened.one(LETTER, chosen["letter"]) if chosen.get("letter") else None
    try:
        answers = await opened.run(with_copies, form, judge_answers(typed(form)))
        if before is None:
            order = await _order(opened, chosen)
            draft = replace(draft_of(chosen, answers), order=order[0] if order else "")
            shown = await opened.run(answers_offered, draft.kind, order)
        else:
            draft = replace(before.value, answers=answers)
            shown = before.value.answers
        # A page shows one language; what nobody changed there stays in the others.
        draft = replace(draft, answers=keep_languages(answers, shown, draft.languages[0]))
        await program.session.run(compose_here, draft, program.today)
    except UserError as error:
        return await _ask_again(opened, form, before.value if before else None, error)
    kept = await opened.run(keep_letter, draft, program.now(), record=before.id if before else None)
    if before is None and (await opened.run(read_settings)).country is None:
        await choose_country(opened, chosen.get("country", ""))
    opened.notice(mark("Kept in your vault. Read it first; no file was made."))
    return go(f"/letters/{kept.id}")


async def _ask_again(opened: Opened, form: Form, before: Draft | None, error: UserError) -> Response:
    """Ask again with what was typed, and say at which field it is wrong."""
    from holdfire.letters.answers import FIELDS, PROVISIONS, Answers  # noqa: PLC0415

    chosen = chosen_in(form)
    lines = {name: {"": tuple(form.one(name).splitlines())} for name in FIELDS if form.one(name)}
    shown = replace(
        before or draft_of(chosen, Answers()),
        answers=Answers(
            lines, tuple(form.several(PROVISIONS)), copies=dict.fromkeys(form.several(COPIED), "")
        ),
    )
    page = await _fill_page(opened, shown, chosen)
    named = str(error.values.get("name", ""))
    field = named if named in {one.id for one in (*page.fields, *page.added)} else page.fields[0].id
    wrong = problem_of(opened.language, error, field, FIELDS)
    return render(opened.request, replace(page, wrongs=(wrong,)), 422)


async def _order(opened: Opened, chosen: dict[str, str]) -> tuple[str, Order] | None:
    """Return the id and the order that the form names by its number."""
    from holdfire.journeys.record_order import find_order  # noqa: PLC0415

    number = Form([("order", chosen.get("order", ""))]).number("order", 1, 1 << 30)
    if number is None:
        return None
    record = await opened.run(find_order, number)
    return record.id, record.value.order


async def _fill_page(opened: Opened, draft: Draft, chosen: dict[str, str]) -> FillShown:
    from holdfire.journeys.keep_letter import left_out  # noqa: PLC0415
    from holdfire.journeys.write_letter import load_shelf  # noqa: PLC0415
    from holdfire.letters.answers import ADDED, FIELDS, PROVISIONS  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    kind = kind_called(draft.kind)
    taken = taken_by(load_shelf().text(draft.kind, draft.languages[0], draft.country))
    order = await _order(opened, chosen) or await order_of(opened, draft)
    long = left_out(order[1]) if order else ()
    number = chosen.get("order", "")
    back = (
        f"/letters/{chosen['letter']}"
        if chosen.get("letter")
        else f"/orders/{number}/letter"
        if number
        else "/letters/new"
    )
    return FillShown(
        title=kind.title,
        before=kind.before,
        hidden=tuple(chosen.items()),
        fields=tuple(
            asked(name, draft, opened.say(_TOO_LONG) if name in long else "")
            for name in FIELDS
            if name in taken and name not in ADDED
        ),
        added=tuple(asked(name, draft) for name in ADDED),
        offered=tuple(await opened.run(offered, order[1] if order else None, draft))
        if PROVISIONS in taken
        else (),
        back=back,
    )


ROUTES = (
    Route("/letters/write", fill, methods=["GET"]),
    Route("/letters/write", keep, methods=["POST"]),
)
