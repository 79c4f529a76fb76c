"""Write a letter: choose which, fill in what is known; nothing becomes a file before it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.countries import country_choices
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_order, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.letter_fields import (
    LANGUAGES,
    Offered,
    asked,
    chosen_in,
    draft_of,
    offered,
    taken_by,
    typed,
)
from holdfire.web.pages.letters import order_of

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.journeys.write_letter import Draft
    from holdfire.orders.order import Order
    from holdfire.vault.records import Record


@dataclass(frozen=True)
class KindLine:
    """A kind of letter to choose."""

    id: str
    title: str
    about: str


@dataclass(frozen=True, kw_only=True)
class KindsShown(Page):
    """The kinds of letters, to choose one.

    Attributes:
        order: The number of the order it is about; 0 for none.
        kinds: Kinds to choose from.
        chosen: The kind that is chosen already.
        languages: Codes and names of languages.
        countries: Codes and names of countries.
    """

    template = "letter_new.html"
    order: int
    kinds: tuple[KindLine, ...]
    chosen: str
    languages: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]


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
async def choose(opened: Opened) -> Response:
    """Show the kinds of letters, about no order."""
    return _choose(opened, 0)


@needs_order
async def choose_about(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show the kinds of letters, about an order."""
    return _choose(opened, kept.value.number)


def _choose(opened: Opened, order: int) -> Response:
    from holdfire.letters.kinds import KINDS  # noqa: PLC0415 - the letters load when they are needed

    wanted = opened.request.query_params.get("kind", "")
    kinds = tuple(KindLine(kind.id, kind.title, kind.about) for kind in KINDS)
    page = KindsShown(
        order=order,
        kinds=kinds,
        chosen=wanted if wanted in {kind.id for kind in kinds} else kinds[0].id,
        languages=tuple(LANGUAGES.items()),
        countries=country_choices(),
        back=f"/orders/{order}" if order else "/letters",
    )
    return render(opened.request, page)


@needs_vault
async def fill(opened: Opened) -> Response:
    """Show what a letter asks, with what is known already."""
    from holdfire.journeys.keep_letter import LETTER, answers_from, answers_so_far  # noqa: PLC0415
    from holdfire.letters.answers import join_answers  # noqa: PLC0415

    chosen = chosen_in(Form(list(opened.request.query_params.multi_items())))
    if chosen.get("letter"):
        kept = await opened.one(LETTER, chosen["letter"])
        return render(opened.request, await _fill_page(opened, kept.value, chosen))
    order = await _order(opened, chosen)
    answers = await opened.run(answers_so_far)
    if order is not None:
        answers = join_answers(answers, answers_from(order[1]))
    # What was cited in an earlier letter belongs to that one; this order's own rules are offered again.
    draft = replace(draft_of(chosen, answers), answers=replace(answers, provisions=()))
    return render(opened.request, await _fill_page(opened, draft, chosen))


@needs_vault
async def keep(opened: Opened) -> Response:
    """Keep what was filled in, and lead to the letter to read."""
    from holdfire.journeys.keep_letter import LETTER, keep_letter  # noqa: PLC0415
    from holdfire.journeys.write_letter import compose_here  # noqa: PLC0415
    from holdfire.letters.answers import judge_answers  # noqa: PLC0415

    program = opened.program
    form = await read_form(opened.request)
    chosen = chosen_in(form)
    before = await opened.one(LETTER, chosen["letter"]) if chosen.get("letter") else None
    try:
        answers = judge_answers(typed(form))
        if before is None:
            order = await _order(opened, chosen)
            draft = replace(draft_of(chosen, answers), order=order[0] if order else "")
        else:
            draft = replace(before.value, answers=answers)
        await program.session.run(compose_here, draft, program.today)
    except UserError as error:
        return await _ask_again(opened, form, before.value if before else None, error)
    kept = await opened.run(keep_letter, draft, program.now(), record=before.id if before else None)
    opened.notice(mark("Kept in your vault. Read it first; no file was made."))
    return go(f"/letters/{kept.id}")


async def _ask_again(opened: Opened, form: Form, before: Draft | None, error: UserError) -> Response:
    """Ask again with what was typed, and say at which field it is wrong."""
    from holdfire.letters.answers import FIELDS, PROVISIONS, Answers  # noqa: PLC0415

    chosen = chosen_in(form)
    lines = {name: {"": tuple(form.one(name).splitlines())} for name in FIELDS if form.one(name)}
    shown = replace(
        before or draft_of(chosen, Answers()), answers=Answers(lines, tuple(form.several(PROVISIONS)))
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
    from holdfire.journeys.write_letter import load_shelf  # noqa: PLC0415
    from holdfire.letters.answers import ADDED, FIELDS, PROVISIONS  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    kind = kind_called(draft.kind)
    taken = taken_by(load_shelf().text(draft.kind, draft.languages[0], draft.country))
    order = await _order(opened, chosen) or await order_of(opened, draft)
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
        fields=tuple(asked(name, draft) for name in FIELDS if name in taken and name not in ADDED),
        added=tuple(asked(name, draft) for name in ADDED),
        offered=tuple(await opened.program.session.run(offered, order[1] if order else None, draft))
        if PROVISIONS in taken
        else (),
        back=back,
    )


ROUTES = (
    Route("/letters/new", choose),
    Route("/orders/{number:int}/letter", choose_about),
    Route("/letters/write", fill, methods=["GET"]),
    Route("/letters/write", keep, methods=["POST"]),
)
