"""Checklists: ticked step by step, each with what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render

if TYPE_CHECKING:
    from holdfire.journeys.work_to_rule import Checklist
    from holdfire.rules.checklist import Step
    from holdfire.rules.log import Entry
    from holdfire.vault.records import Record

_PER_PAGE: Final = 10
#: Of a step in the list; its own page has it whole.
_MOST_TEXT: Final = 300
_MOST_NOTE: Final = 80
_MOMENT: Final = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class StepLine:
    """A step in the list: what it says, where that stands, and what was noted."""

    number: int
    text: str
    clause: str
    page: int | None
    labels: tuple[str, ...]
    is_act: bool
    result: str
    at: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ChecklistShown(Page):
    """Some steps of a checklist.

    Attributes:
        number: Of the checklist.
        title: What the regulation is called.
        topics: The words it was made from.
        order: The order it is for; None for none.
        steps: What must and must not be done.
        conditions: What is allowed, and what bounds the rest.
        part: Which part of the list is shown, from 1.
        parts: How many there are.
        noted: How many steps have an entry.
        total: How many steps there are.
        left_out: How many more the regulation has about these words.
    """

    template = "checklist.html"
    number: int
    title: str
    topics: tuple[str, ...]
    order: int | None
    steps: tuple[StepLine, ...]
    conditions: tuple[StepLine, ...]
    part: int
    parts: int
    noted: int
    total: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class StepShown(Page):
    """One step, to note what came of it.

    Attributes:
        number: Of the checklist.
        step: The step.
        text: Its words, whole.
        fields: What is asked.
        wrongs: What to mend.
    """

    template = "checklist_step.html"
    number: int
    step: StepLine
    text: str
    fields: tuple[Asked, ...]
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def show(opened: Opened) -> Response:
    """Show some steps of a checklist."""
    record = await _found(opened)
    checklist, held = record.value, await _held(opened, record)
    parts = max(1, -(-len(checklist.steps) // _PER_PAGE))
    part = min(_number(opened.request.query_params.get("part", "")) or 1, parts)
    shown = checklist.steps[(part - 1) * _PER_PAGE : part * _PER_PAGE]
    page = ChecklistShown(
        number=checklist.number,
        title=checklist.title,
        topics=checklist.topics,
        order=checklist.order,
        steps=tuple(_line(step, held) for step in shown if not step.is_condition),
        conditions=tuple(_line(step, held) for step in shown if step.is_condition),
        part=part,
        parts=parts,
        noted=len(held),
        total=len(checklist.steps),
        left_out=checklist.left_out,
        back="/rules",
    )
    return render(opened.request, page)


@needs_vault
async def tick(opened: Opened) -> Response:
    """Note a step as done, or take its last entry back, with one button."""
    from holdfire.journeys.work_to_rule import note_step, take_back  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    form = await read_form(opened.request)
    done, back = form.number("done", 1, 1 << 30), form.number("back", 1, 1 << 30)
    if done:
        await opened.run(note_step, number, done, "done", opened.program.now())
        opened.notice(mark("Noted."))
    elif back:
        await opened.run(take_back, number, back, opened.program.now())
        opened.notice(mark("Taken back."))
    else:
        raise HTTPException(404)
    part = -(-(done or back or 1) // _PER_PAGE)
    return go(f"/checklists/{number}?part={part}#step-{done or back}")


@needs_vault
async def show_step(opened: Opened) -> Response:
    """Show one step, to note what came of it."""
    return render(opened.request, await _step_page(opened, {}))


@needs_vault
async def note(opened: Opened) -> Response:
    """Note what came of a step, with its time and a few words."""
    from holdfire.journeys.work_to_rule import note_step  # noqa: PLC0415
    from holdfire.rules.log import RESULTS  # noqa: PLC0415

    form = await read_form(opened.request)
    number, step = (int(opened.request.path_params[name]) for name in ("number", "step"))
    result = RESULTS.get(form.one("result"))
    if result is None:
        raise HTTPException(404)
    try:
        at = _moment(form)
        await opened.run(
            note_step, number, step, result, opened.program.now(), at=at, words=form.one("words")
        )
    except UserError as error:
        typed = {name: form.one(name) for name in ("result", "at", "words")}
        wrong = problem_of(opened.language, error, str(error.values.get("field", "words")))
        return render(opened.request, await _step_page(opened, typed, (wrong,)), 422)
    opened.notice(mark("Noted."))
    return go(f"/checklists/{number}?part={-(-step // _PER_PAGE)}")


@needs_vault
async def delete(opened: Opened) -> Response:
    """Delete a checklist with its log, when the form says so twice."""
    from holdfire.journeys.work_to_rule import delete_checklist  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    if not await opened.sure():
        return go(f"/checklists/{number}")
    await opened.run(delete_checklist, number)
    opened.notice(mark("The checklist is deleted with its log. What was printed stays where it is."))
    return go("/rules")


async def _found(opened: Opened) -> Record[Checklist]:
    from holdfire.journeys.work_to_rule import find_checklist  # noqa: PLC0415

    return await opened.run(find_checklist, int(opened.request.path_params["number"]))


async def _held(opened: Opened, record: Record[Checklist]) -> dict[int, Entry]:
    from holdfire.journeys.work_to_rule import log_of  # noqa: PLC0415
    from holdfire.rules.log import standing  # noqa: PLC0415

    return dict(standing(await opened.run(log_of, record)))


async def _step_page(opened: Opened, typed: dict[str, str], wrongs: tuple[Problem, ...] = ()) -> StepShown:
    from holdfire.rules.log import MOST_WORDS, RESULTS, called  # noqa: PLC0415

    record = await _found(opened)
    wanted = int(opened.request.path_params["step"])
    step = next((one for one in record.value.steps if one.number == wanted), None)
    if step is None:
        raise HTTPException(404)
    now = f"{opened.program.now().astimezone():{_MOMENT}}"
    few = opened.say(
        mark("At most {most} characters. They are printed. Say what was, not why."), most=MOST_WORDS
    )
    fields = (
        Asked("result", mark("What came of it"), typed.get("result", "done"),
              choices=tuple((name, called(result, is_act=step.is_act)) for name, result in RESULTS.items()
                            if not (step.is_ban and result == "could-not"))),
        Asked("at", mark("When"), typed.get("at", now), opened.say(mark("As year-month-day hour:minute."))),
        Asked("words", mark("A few words, if they are needed"), typed.get("words", ""), few),
    )  # fmt: skip
    return StepShown(
        number=record.value.number,
        step=_line(step, await _held(opened, record)),
        text=step.text,
        fields=fields,
        wrongs=wrongs,
        back=f"/checklists/{record.value.number}?part={-(-wanted // _PER_PAGE)}",
    )


def _line(step: Step, held: dict[int, Entry]) -> StepLine:
    from holdfire.rules.log import called  # noqa: PLC0415
    from holdfire.rules.regulation import LABEL_WORDS  # noqa: PLC0415

    entry = held.get(step.number)
    return StepLine(
        step.number,
        _short(step.text, _MOST_TEXT),
        step.clause,
        step.page,
        tuple(LABEL_WORDS[label] for label in step.labels),
        step.is_act,
        called(entry.result, is_act=step.is_act) if entry and entry.result else "",
        f"{entry.at.astimezone():{_MOMENT}}" if entry else "",
        _short(entry.words, _MOST_NOTE) if entry else "",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def _moment(form: Form) -> datetime | None:
    text = form.one("at")
    try:
        return datetime.strptime(text, _MOMENT).astimezone() if text else None
    except ValueError as fault:
        raise UserError(
            mark("This time could not be read."), mark("Write it as year-month-day hour:minute."), field="at"
        ) from fault


def _number(typed: str) -> int | None:
    return Form([("number", typed)]).number("number", 1, 1 << 30)


ROUTES = (
    Route("/checklists/{number:int}", show),
    Route("/checklists/{number:int}/tick", tick, methods=["POST"]),
    Route("/checklists/{number:int}/step/{step:int}", show_step, methods=["GET"]),
    Route("/checklists/{number:int}/step/{step:int}", note, methods=["POST"]),
    Route("/checklists/{number:int}/delete", delete, methods=["POST"]),
)
