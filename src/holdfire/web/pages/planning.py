"""The plan: what to do, when, done or not, with a note of one's own; edited, undone, printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.guide import plan as plans
from holdfire.guide.plan import MOST_NOTE, Plan, PlanItem
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, program_of, render
from holdfire.web.pages.guide import ActionLine, day, line_of
from holdfire.web.places import Start, starts_of
from holdfire.web.program import Program

if TYPE_CHECKING:
    from holdfire.vault.records import Record

_STATUS: Final = {
    "now": mark("Open"),
    "prepare": mark("Prepare"),
    "later": mark("Later"),
    "not": mark("Not for you now"),
}
_DONE: Final = mark("Done")
_NIGHT: Final = mark("Ask again after a night")
SHOWN: Final = {"all": mark("All"), "open": mark("Not done"), "done": mark("Done")}


@dataclass(frozen=True)
class ItemLine:
    """One item of the plan; `start` says how what is not done is begun here."""

    id: str
    title: str
    step: int
    status: str
    on: str
    due: bool
    done: bool
    note: str
    start: Start | None = None


@dataclass(frozen=True, kw_only=True)
class PlanShown(Page):
    """The plan.

    Attributes:
        items: What is shown of it.
        shown: Which part: `all`, `open` or `done`.
        choices: Parts to choose from: id and words.
        undo: Whether the last change can be undone here.
        kept: Whether answers are kept in the vault.
    """

    template = "plan.html"
    items: tuple[ItemLine, ...]
    shown: str
    choices: tuple[tuple[str, str], ...]
    undo: bool
    kept: bool


@dataclass(frozen=True, kw_only=True)
class ItemShown(Page):
    """One item, to change it.

    Attributes:
        item: The item.
        in_short: What the action is.
        ask_again: The first day it may be decided; nothing when that is not asked.
        first: Whether nothing stands before it.
        last: Whether nothing stands after it.
        starts: How it is begun here.
        most: Most characters a note has.
        version: The version of the plan that is shown.
        wrongs: What to mend.
    """

    template = "item.html"
    item: ItemLine
    in_short: str
    ask_again: str
    first: bool
    last: bool
    starts: tuple[Start, ...]
    most: int
    version: int
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AddShown(Page):
    """Actions that are not in the plan yet.

    Attributes:
        actions: Them, in the essay's order.
    """

    template = "add.html"
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, kw_only=True)
class PrintShown(Page):
    """The plan on paper, with what paper risks.

    Attributes:
        items: The whole plan.
        day: The day it was printed.
    """

    template = "print.html"
    items: tuple[ItemLine, ...]
    day: str


async def lines_of(request: Request) -> tuple[ItemLine, ...]:
    """Return the plan of the open vault as lines; none when there is no plan."""
    kept = await _read(program_of(request))
    return () if kept is None else _lines(request, kept.value)


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the plan, or the part that was asked for."""
    from holdfire.journeys.keep_plan import ANSWERS  # noqa: PLC0415 - the vault loads when it is needed

    request, session = opened.request, opened.program.session
    kept = await _read(opened.program)
    shown = request.query_params.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    lines = () if kept is None else _lines(request, kept.value)
    undo, session.undo = session.undo, False
    page = PlanShown(
        items=tuple(line for line in lines if shown == "all" or line.done is (shown == "done")),
        shown=shown,
        choices=tuple(SHOWN.items()),
        undo=undo,
        kept=bool(await opened.run(lambda vault: vault.records.count(ANSWERS))),
        back="/",
    )
    return render(request, page)


async def show_item(request: Request) -> Response:
    """Show one item with everything that can be changed."""
    program = program_of(request)
    kept = await _read(program)
    if kept is None:
        return go("/plan" if program.session.vault else "/open")
    return render(request, _item_page(request, kept, request.path_params["action"]))


async def change(request: Request) -> Response:
    """Change one item as the form says, unless somebody else changed the plan meanwhile."""
    from holdfire.journeys.keep_plan import change_plan  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    kept = await _read(program)
    if session.vault is None or kept is None:
        return go("/plan" if session.vault else "/open")
    action = request.path_params["action"]
    form = await read_form(request)
    act = _CHANGES.get(form.one("do"))
    if act is None:
        raise HTTPException(404)
    try:
        changed = act(program, action, form)
        expected = form.number("version", 1, 1 << 30)
        await session.run(change_plan, session.vault, changed, program.now(), expected=expected)
    except UserError as error:
        wrong = problem_of(session.language, error, form.one("do"))
        return render(request, _item_page(request, kept, action, (wrong,)), 422)
    if form.one("do") == "remove":
        session.undo = True
        session.notice = mark(
            "Taken out of the plan. Earlier versions of the plan stay in the vault until you delete the plan."
        )
        return go("/plan")
    session.notice = mark("Saved.")
    return go("/plan" if form.one("then") == "plan" else f"/plan/{action}")


@needs_vault
async def add(opened: Opened) -> Response:
    """Put an action into the plan."""
    from holdfire.journeys.keep_plan import change_plan  # noqa: PLC0415

    program = opened.program
    action = opened.request.path_params["action"]
    rule = next((rule for rule in program.guide.book.rules if rule.action == action), None)
    if rule is None:
        raise HTTPException(404)
    put_in = partial(plans.add, rule=rule, today=program.today)
    await opened.run(change_plan, put_in, program.now())
    opened.notice(mark("It is in your plan."))
    return go(f"/plan/{action}")


@needs_vault
async def undo(opened: Opened) -> Response:
    """Bring back the plan as it was before the last change."""
    from holdfire.journeys.keep_plan import undo_plan  # noqa: PLC0415

    await opened.run(undo_plan, opened.program.now())
    opened.notice(mark("It is back."))
    return go("/plan")


@needs_vault
async def choose(opened: Opened) -> Response:
    """Show the actions that are not in the plan yet."""
    request, program = opened.request, opened.program
    kept = await _read(program)
    there = {item.action for item in kept.value.items} if kept else set()
    actions = tuple(
        line_of(program.guide, rule.action) for rule in program.guide.book.rules if rule.action not in there
    )
    return render(request, AddShown(actions=actions, back="/plan"))


@needs_vault
async def print_it(opened: Opened) -> Response:
    """Show the plan as it goes on paper."""
    lines = await lines_of(opened.request)
    return render(opened.request, PrintShown(items=lines, day=day(opened.program.today), back="/plan"))


@needs_vault
async def delete(opened: Opened) -> Response:
    """Delete the plan in every version, when the form says so twice."""
    from holdfire.journeys.keep_plan import delete_plan  # noqa: PLC0415

    if not await opened.sure():
        return go("/plan")
    await opened.run(delete_plan)
    opened.notice(
        mark(
            "The plan is deleted in every version. The file keeps its size. "
            "What was printed or copied stays where it is."
        )
    )
    return go("/plan")


Act = Callable[[Program, str, Form], Callable[[Plan], Plan]]


def _tick(program: Program, action: str, form: Form) -> Callable[[Plan], Plan]:
    return partial(plans.tick, action=action, done=form.one("done") == "yes", today=program.today)


def _note(_: Program, action: str, form: Form) -> Callable[[Plan], Plan]:
    return partial(plans.annotate, action=action, note=form.one("note"))


def _date(_: Program, action: str, form: Form) -> Callable[[Plan], Plan]:
    text = form.one("on")
    try:
        on = date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise UserError(mark("Write the day as year-month-day, such as 2030-05-31.")) from fault
    return partial(plans.set_date, action=action, on=on)


def _move(_: Program, action: str, form: Form) -> Callable[[Plan], Plan]:
    by = {"up": -1, "down": 1, "first": -len(SHOWN) * 100}.get(form.one("way"), 0)
    return partial(plans.move, action=action, by=by)


def _remove(_: Program, action: str, __: Form) -> Callable[[Plan], Plan]:
    return partial(plans.remove, action=action)


_CHANGES: Final[dict[str, Act]] = {
    "tick": _tick, "note": _note, "date": _date, "move": _move, "remove": _remove,
}  # fmt: skip


async def _read(program: Program) -> Record[Plan] | None:
    from holdfire.journeys.keep_plan import read_plan  # noqa: PLC0415

    session = program.session
    return None if session.vault is None else await session.run(read_plan, session.vault)


def _lines(request: Request, plan: Plan) -> tuple[ItemLine, ...]:
    program = program_of(request)
    known = plans.known_actions(plan, program.guide.actions.keys())
    return tuple(_line(request, item) for item in known.items)


def _line(request: Request, item: PlanItem) -> ItemLine:
    program = program_of(request)
    line = line_of(program.guide, item.action)
    today = program.today
    waits = item.ask_again is not None and today < item.ask_again
    status = _DONE if item.done else _NIGHT if waits else _STATUS[item.place]
    return ItemLine(
        id=item.action,
        title=line.title,
        step=line.step,
        status=status,
        on=day(item.on) if item.on else "",
        due=item.on is not None and item.on <= today and not item.done,
        done=item.done,
        note=item.note,
        start=None if item.done else next(iter(starts_of(request, item.action)), None),
    )


def _item_page(
    request: Request, kept: Record[Plan], action: str, wrongs: tuple[Problem, ...] = ()
) -> ItemShown:
    item = kept.value.item(action)
    line = _line(request, item)
    return ItemShown(
        item=line,
        in_short=program_of(request).guide.actions[action].in_short,
        ask_again=day(item.ask_again) if item.ask_again else "",
        first=kept.value.items[0] == item,
        last=kept.value.items[-1] == item,
        starts=starts_of(request, action),
        most=MOST_NOTE,
        version=kept.version,
        wrongs=wrongs,
        back="/plan",
    )


ROUTES = (
    Route("/plan", show),
    Route("/plan/add", choose),
    Route("/plan/print", print_it),
    Route("/plan/undo", undo, methods=["POST"]),
    Route("/plan/delete", delete, methods=["POST"]),
    Route("/plan/{action}", show_item, methods=["GET"]),
    Route("/plan/{action}", change, methods=["POST"]),
    Route("/plan/{action}/add", add, methods=["POST"]),
)
