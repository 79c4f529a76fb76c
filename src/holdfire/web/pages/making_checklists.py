"""A checklist is made from a regulation; what it risks stands before the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.guide.actions import RISK_WORDS
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render

_CHOICES: Final = 15


@dataclass(frozen=True, kw_only=True)
class NewAsked(Page):
    """What to know before one starts, and the words a checklist is made from.

    Attributes:
        number: Of the regulation.
        title: What it is called.
        risks: What it risks: marked word and the guide's own text.
        order: The number of the order it is for; "" for none.
        field: The words.
        orders: Orders to choose from: number and what they come to.
        wrongs: What to mend.
    """

    template = "checklist_new.html"
    number: int
    title: str
    risks: tuple[tuple[str, str], ...]
    order: str
    field: Asked
    orders: tuple[tuple[int, str], ...]
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def ask_new(opened: Opened) -> Response:
    """Show what it risks, and ask for the words."""
    from holdfire.journeys.work_to_rule import suggest_topics  # noqa: PLC0415 - loads when it is needed

    order = Form([*opened.request.query_params.items()]).number("order", 1, 1 << 30)
    suggested = ", ".join(await opened.run(suggest_topics, order)) if order else ""
    return render(opened.request, await _new_page(opened, suggested, order))


@needs_vault
async def make(opened: Opened) -> Response:
    """Make a checklist and show it."""
    from holdfire.journeys.work_to_rule import keep_checklist  # noqa: PLC0415
    from holdfire.rules.checklist import topics_in  # noqa: PLC0415

    form = await read_form(opened.request)
    order = form.number("order", 1, 1 << 30)
    try:
        record = await opened.run(
            keep_checklist, int(opened.request.path_params["number"]), topics_in(form.one("topics")), opened.program.now(),
            order=order,
        )  # fmt: skip
    except UserError as error:
        wrong = problem_of(opened.language, error, "topics")
        return render(opened.request, await _new_page(opened, form.one("topics"), order, (wrong,)), 422)
    opened.notice(
        mark("The checklist is in your vault. Read each step beside its clause before you rely on it.")
    )
    return go(f"/checklists/{record.value.number}")


async def _new_page(
    opened: Opened, topics: str, order: int | None, wrongs: tuple[Problem, ...] = ()
) -> NewAsked:
    from holdfire.journeys.keep_regulation import find_regulation  # noqa: PLC0415
    from holdfire.journeys.record_order import list_orders  # noqa: PLC0415
    from holdfire.journeys.work_to_rule import risks_here  # noqa: PLC0415
    from holdfire.web.pages.order_fields import heading_of  # noqa: PLC0415

    regulation = (await opened.run(find_regulation, int(opened.request.path_params["number"]))).value
    hint = opened.say(
        mark(
            "Words from the regulation, such as: weapons, warning. A comma parts two topics. Word endings do not matter."
        )
    )
    return NewAsked(
        number=regulation.number,
        title=regulation.title,
        risks=tuple((RISK_WORDS[word], text) for word, text in risks_here(opened.program.guide)),
        order=str(order or ""),
        field=Asked("topics", mark("What is it about?"), topics, hint),
        orders=tuple(
            (one.value.number, heading_of(one.value.order))
            for one in (await opened.run(list_orders))[-_CHOICES:]
        ),
        wrongs=wrongs,
        back=f"/rules/{regulation.number}",
    )


ROUTES = (
    Route("/rules/{number:int}/checklist", ask_new, methods=["GET"]),
    Route("/rules/{number:int}/checklist", make, methods=["POST"]),
)
