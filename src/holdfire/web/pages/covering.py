"""Covering parts by hand: two presses on the picture make a box, or four numbers; stretches of sound are typed.

There is no script: the picture is an `<input type="image">`, which sends where it was pressed in pixels of the shown
size. It is drawn as wide as it is shown, so that no scaling comes between; how wide the window is, the server learns from
which of two pictures the browser asks for (`<picture>` on the page before). A key on the picture sends 0,0, which no
finger hits: that leads to the numbers. Nothing here looks for faces; the person marks them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.seen_parts import (
    NARROW,
    NORMAL,
    WIDTHS,
    Choosing,
    asked_part,
    clock,
    drawn,
    item_of,
    marked,
    time_of,
)

if TYPE_CHECKING:
    from holdfire.evidence.copies.spec import Box, Span
    from holdfire.journeys.keep_copy_draft import CopyDraft
    from holdfire.journeys.keep_evidence import Evidence
    from holdfire.vault.records import Record
    from holdfire.web.forms import Form

_MOST_BOXES: Final = 500
_PART: Final = re.compile(r"[0-9]{1,3}([.,][0-9]{1,4})?", re.ASCII)
_HUNDRED: Final = 100.0

_NO_NUMBER: Final = mark("Write four numbers from 0 to 100, hundredths of the picture.")
_BEYOND: Final = mark("The box reaches past the edge, or has no size.")
_NO_TIME: Final = mark("Write a time as 0:05 or 1:02:03.5, the earlier one first.")


@dataclass(frozen=True)
class BoxLine:
    """A box in the list: which it is from 0, its page (0: all), its times, and where it lies in hundredths."""

    place: int
    page: int
    span: str
    left: str
    top: str
    width: str
    height: str


@dataclass(frozen=True, kw_only=True)
class Covering(Page):
    """Where parts are marked.

    Attributes:
        number: Of the item.
        sort: What it is: `picture`, `paper`, `film` or `sound`.
        choosing: Which page or moment is shown; None where there is no picture.
        shown: Width and height of the picture, and its address.
        scale: The width it was asked to fit into.
        narrower: A smaller width it can be shown at; 0 for none.
        wider: A larger one; 0 for none.
        corner: How far the first corner of a new box lies from the left and the top; empty for none.
        boxes: Those that are marked.
        silences: Stretches, as people write them.
        typed: What was typed and could not be read, by field.
        wrong: What is wrong with it.
    """

    template = "copy_cover.html"
    number: int
    sort: str
    choosing: Choosing | None
    shown: tuple[int, int, str]
    scale: int
    narrower: int
    wider: int
    corner: tuple[str, ...]
    boxes: tuple[BoxLine, ...]
    silences: tuple[str, ...]
    typed: dict[str, str]
    wrong: tuple[Problem, ...]


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the picture to press on, and what is marked."""
    return await _page(opened, await item_of(opened))


@needs_vault
async def press(opened: Opened) -> Response:
    """Take a press on the picture: the first sets a corner, the second makes the box."""
    from holdfire.evidence.copies.spec import Box  # noqa: PLC0415
    from holdfire.journeys.keep_copy_draft import Corner  # noqa: PLC0415

    record, form = await item_of(opened), await read_form(opened.request)
    size = [form.number(name, 1, 10_000) for name in ("width", "height")]
    spot = [form.number(name, 0, 10_000) for name in ("spot.x", "spot.y")]
    page, moment = _sent(form)
    if None in size or None in spot:
        raise UserError(mark("This form could not be read."), mark("Go back and send it again."))
    wide, high = (int(one or 1) for one in size)
    across, down = min(int(spot[0] or 0), wide - 1), min(int(spot[1] or 0), high - 1)
    if across == down == 0:
        opened.notice(
            mark("A key was pressed on the picture. With the keyboard, set a box by its four numbers.")
        )
        return go(_place(record, form) + "#numbers")
    draft = await marked(opened, record)
    first = draft.corner
    if first is None or (first.page, first.moment) != (page, moment):
        corner = Corner(_HUNDRED * across / wide, _HUNDRED * down / high, page, moment)
        await _save(opened, replace(draft, corner=corner))
        return go(_place(record, form) + "#spot")
    # Both corners belong to the box: it ends where the pixels that were pressed end.
    left, right = sorted((first.across, _HUNDRED * across / wide))
    top, bottom = sorted((first.down, _HUNDRED * down / high))
    wide_part = min(right + _HUNDRED / wide, _HUNDRED) - left
    high_part = min(bottom + _HUNDRED / high, _HUNDRED) - top
    box = Box(left, top, wide_part, high_part, parts=True)
    wrong = await _add(opened, record, draft, box, form, page)
    return wrong or go(_place(record, form) + "#spot")


@needs_vault
async def type_box(opened: Opened) -> Response:
    """Take a box by four numbers."""
    from holdfire.evidence.copies.spec import Box  # noqa: PLC0415

    record, form = await item_of(opened), await read_form(opened.request)
    names = ("left", "top", "wide", "high")
    typed = {name: form.one(name)[:20] for name in (*names, "from", "to")}
    for name in names:
        if not _PART.fullmatch(typed[name]):
            return await _page(opened, record, typed, (Problem(name, _NO_NUMBER),))
    left, top, wide, high = (float(typed[name].replace(",", ".")) for name in names)
    if not (wide and high) or left + wide > _HUNDRED or top + high > _HUNDRED:
        return await _page(opened, record, typed, (Problem("wide", _BEYOND),))
    box = Box(left, top, wide, high, parts=True)
    wrong = await _add(opened, record, await marked(opened, record), box, form, _sent(form)[0], typed)
    return wrong or go(_place(record, form) + "#boxes")


async def _add(
    opened: Opened,
    record: Record[Evidence],
    draft: CopyDraft,
    box: Box,
    form: Form,
    page: int,
    typed: dict[str, str] | None = None,
) -> Response | None:
    """Add a box on its page, on all, or for its stretch of a film; the page that says what is wrong where it cannot be."""
    from holdfire.journeys.make_copy import sort_of  # noqa: PLC0415

    if len(draft.boxes) >= _MOST_BOXES:
        raise UserError(mark("There are too many boxes."), mark("Take some out, or draw larger ones."))
    if sort_of(record.value) == "film":
        if form.one("from") or form.one("to"):
            span = _span(form)
            if span is None:
                given = typed or {name: form.one(name)[:20] for name in ("from", "to")}
                return await _page(opened, record, given, (Problem("from", _NO_TIME),))
            box = replace(box, span=span)
    elif form.one("every") != "yes":
        box = replace(box, first=page, last=page)
    await _save(opened, replace(draft, boxes=(*draft.boxes, box), corner=None))
    return None


@needs_vault
async def silence(opened: Opened) -> Response:
    """Take a stretch of sound that is to be silent."""
    record, form = await item_of(opened), await read_form(opened.request)
    span = _span(form)
    if span is None:
        typed = {"begins": form.one("from")[:20], "ends": form.one("to")[:20]}
        return await _page(opened, record, typed, (Problem("begins", _NO_TIME),))
    draft = await marked(opened, record)
    if len(draft.silences) >= _MOST_BOXES:
        raise UserError(mark("There are too many stretches."), mark("Take some out."))
    await _save(opened, replace(draft, silences=(*draft.silences, span)))
    return go(f"/evidence/{record.value.number}/copy/cover#silences")


@needs_vault
async def take_out(opened: Opened) -> Response:
    """Take out a box, a stretch, or the first corner."""
    record, form = await item_of(opened), await read_form(opened.request)
    draft = await marked(opened, record)
    which, place = form.one("what"), form.number("place", 0, _MOST_BOXES)
    if which == "corner":
        draft = replace(draft, corner=None)
    elif which == "box" and place is not None:
        draft = replace(draft, boxes=draft.boxes[:place] + draft.boxes[place + 1 :])
    elif which == "silence" and place is not None:
        draft = replace(draft, silences=draft.silences[:place] + draft.silences[place + 1 :])
    await _save(opened, draft)
    return go(_place(record, form) + "#boxes")


async def _page(
    opened: Opened,
    record: Record[Evidence],
    typed: dict[str, str] | None = None,
    wrong: tuple[Problem, ...] = (),
) -> Response:
    from holdfire.evidence.copies.refusals import CopyRefusedError, not_understood  # noqa: PLC0415
    from holdfire.journeys.make_copy import sort_of  # noqa: PLC0415

    number, sort = record.value.number, sort_of(record.value)
    if sort == "none":
        raise not_understood()
    draft = await marked(opened, record)
    choosing, shown = None, (0, 0, "")
    width = _width(opened)
    if sort != "sound":
        page, moment = asked_part(opened)
        try:
            seen = await drawn(opened, record, page, moment, width, tried=False, marks=True)
        except CopyRefusedError:
            if sort != "film":
                raise
            sort = "sound"  # a film without a picture
        else:
            choosing = Choosing(min(page, seen.count), moment, seen.count)
            # The last part is never read: it makes the browser ask again where what is marked has changed.
            state = f"{len(draft.boxes)}{'c' if draft.corner else ''}"
            address = (
                f"seen.jpg?page={choosing.page}&at={clock(moment)}&width={width}&marks=yes&state={state}"
            )
            shown = (seen.width, seen.height, address)
    corner = _corner(draft, choosing)
    at = WIDTHS.index(width)
    shown_page = Covering(
        number=number,
        sort=sort,
        choosing=choosing,
        shown=shown,
        scale=width,
        narrower=WIDTHS[at - 1] if at else 0,
        wider=WIDTHS[at + 1] if at + 1 < len(WIDTHS) else 0,
        corner=tuple(_number(one) for one in corner) if corner else (),
        boxes=tuple(_line(place, box, choosing) for place, box in enumerate(draft.boxes)),
        silences=tuple(f"{clock(one.first)}–{clock(one.last)}" for one in draft.silences),
        typed=dict.fromkeys(("left", "top", "wide", "high", "from", "to", "begins", "ends"), "")
        | (typed or {}),
        wrong=wrong,
        back=f"/evidence/{number}/copy",
    )
    return render(opened.request, shown_page, 422 if wrong else 200)


async def _save(opened: Opened, draft: CopyDraft) -> None:
    from holdfire.journeys.keep_copy_draft import save_draft  # noqa: PLC0415

    await opened.run(save_draft, draft, opened.program.now())


def _span(form: Form) -> Span | None:
    from holdfire.evidence.copies.spec import Span  # noqa: PLC0415

    first, last = time_of(form.one("from")), time_of(form.one("to"))
    return Span(first, last) if first is not None and last is not None and first < last else None


def _width(opened: Opened) -> int:
    asked = opened.request.query_params.get("width", "")
    widths = {str(width): width for width in WIDTHS}
    return widths.get(asked, NARROW if opened.program.session.narrow else NORMAL)


def _place(record: Record[Evidence], form: Form) -> str:
    """Return the page on which the form was: the same part, as large as it was shown."""
    page, moment = _sent(form)
    scale = form.number("scale", NARROW, WIDTHS[-1])
    wide = f"&width={scale}" if scale in WIDTHS else ""
    return f"/evidence/{record.value.number}/copy/cover?page={page}&at={clock(moment)}{wide}"


def _sent(form: Form) -> tuple[int, int]:
    return form.number("page", 1, 1_000_000) or 1, form.number("moment", 0, 1 << 30) or 0


def _corner(draft: CopyDraft, choosing: Choosing | None) -> tuple[float, float] | None:
    corner = draft.corner
    if corner is None or choosing is None or (corner.page, corner.moment) != (choosing.page, choosing.moment):
        return None
    return corner.across, corner.down


def _line(place: int, box: Box, choosing: Choosing | None) -> BoxLine:
    several = choosing is not None and choosing.count > 1
    page = box.first if several and box.last is not None else 0
    span = f"{clock(box.span.first)}–{clock(box.span.last)}" if box.span else ""
    return BoxLine(place, page, span, *(_number(one) for one in (box.left, box.top, box.width, box.height)))


def _number(part: float) -> str:
    return f"{part:.1f}".removesuffix(".0")


ROUTES = (
    Route("/evidence/{number:int}/copy/cover", show, methods=["GET"]),
    Route("/evidence/{number:int}/copy/press", press, methods=["POST"]),
    Route("/evidence/{number:int}/copy/box", type_box, methods=["POST"]),
    Route("/evidence/{number:int}/copy/silence", silence, methods=["POST"]),
    Route("/evidence/{number:int}/copy/take-out", take_out, methods=["POST"]),
)
