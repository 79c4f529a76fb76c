"""Covering parts by hand: two presses on the picture make a box, or four numbers; stretches of sound are typed.

There is no script: the picture is an `<input type="image">`, which sends where it was pressed in pixels of the shown
size. It is drawn as wide as it is shown, so that no scaling comes between; how wide the window is, the server learns from
which of two pictures the browser asks for (`<picture>` on the page before). A key on the picture sends 0,0, which no
finger hits: that leads to the numbers. Nothing here looks for faces; the person marks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.session import StoppedError

if TYPE_CHECKING:
    from holdfire.evidence.copies.spec import Box, Span
    from holdfire.evidence.copies.view import Shown, View
    from holdfire.journeys.keep_copy_draft import CopyDraft
    from holdfire.journeys.keep_evidence import Evidence
    from holdfire.vault.records import Record
    from holdfire.vault.vault import Vault
    from holdfire.web.forms import Form

#: Widths a picture can be drawn at, in pixels of the page: all of a narrow window, and of a text column.
NARROW: Final = 288
NORMAL: Final = 640
WIDTHS: Final = (NARROW, NORMAL, 1_000)
#: Of two pictures beside each other.
_BESIDE: Final = (256, 416, 540)
_MOST_BOXES: Final = 500
_PART: Final = re.compile(r"[0-9]{1,3}([.,][0-9]{1,4})?", re.ASCII)
_HUNDRED: Final = 100.0
#: The picture that was drawn last for a vault; the page asks for its size, and the browser then for its bytes.
_LAST: Final[WeakKeyDictionary[Vault, tuple[Any, Shown]]] = WeakKeyDictionary()

_NO_NUMBER: Final = mark("Write four numbers from 0 to 100, hundredths of the picture.")
_BEYOND: Final = mark("The box reaches past the edge, or has no size.")
_NO_TIME: Final = mark("Write a time as 0:05 or 1:02:03.5, the earlier one first.")


@dataclass(frozen=True)
class Choosing:
    """Which part is looked at: page from 1, milliseconds of a film, and how many pages there are."""

    page: int
    moment: int
    count: int

    @property
    def clock(self) -> str:
        """The moment as people write it."""
        return clock(self.moment)


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


async def item_of(opened: Opened) -> Record[Evidence]:
    """Return the item whose number the address names; UserError when there is none."""
    from holdfire.journeys.keep_evidence import find_evidence  # noqa: PLC0415 - the vault loads when it is needed

    return await opened.run(find_evidence, int(opened.request.path_params["number"]))


def watching(opened: Opened) -> Callable[[int, int], None]:
    """Return what ends the process that draws as soon as the person has left: the vault's thread waits for it."""
    session = opened.program.session

    def told(_done: int, _total: int) -> None:
        if session.vault is not opened.vault:
            raise StoppedError(mark("This was stopped because you left."))

    return told


async def chosen_of(opened: Opened, record: Record[Evidence], *, tried: bool = False) -> Choosing:
    """Return which page or moment the address asks for, bounded by how many there are; CopyRefusedError without a picture."""
    page, moment = _asked(opened)
    shown = await _drawn(opened, record, page, moment, _BESIDE[0], tried=tried, marks=False)
    return Choosing(min(page, shown.count), moment, shown.count)


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
    draft = await _draft(opened, record)
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
    wrong = await _add(opened, record, await _draft(opened, record), box, form, _sent(form)[0], typed)
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
    draft = await _draft(opened, record)
    if len(draft.silences) >= _MOST_BOXES:
        raise UserError(mark("There are too many stretches."), mark("Take some out."))
    await _save(opened, replace(draft, silences=(*draft.silences, span)))
    return go(f"/evidence/{record.value.number}/copy/cover#silences")


@needs_vault
async def take_out(opened: Opened) -> Response:
    """Take out a box, a stretch, or the first corner."""
    record, form = await item_of(opened), await read_form(opened.request)
    draft = await _draft(opened, record)
    which, place = form.one("what"), form.number("place", 0, _MOST_BOXES)
    if which == "corner":
        draft = replace(draft, corner=None)
    elif which == "box" and place is not None:
        draft = replace(draft, boxes=draft.boxes[:place] + draft.boxes[place + 1 :])
    elif which == "silence" and place is not None:
        draft = replace(draft, silences=draft.silences[:place] + draft.silences[place + 1 :])
    await _save(opened, draft)
    return go(_place(record, form) + "#boxes")


@needs_vault
async def picture(opened: Opened) -> Response:
    """Return a page or a moment as a picture: of the original with what is marked, or of the copy that was tried."""
    query = opened.request.query_params
    width = int(query.get("width", "0")) if query.get("width", "").isdecimal() else 0
    if width not in {*WIDTHS, *_BESIDE}:
        raise HTTPException(404)
    if query.get("window"):
        opened.program.session.narrow = width == NARROW
    page, moment = _asked(opened)
    of_copy = opened.request.url.path.endswith("/tried.jpg")
    marks = query.get("marks") == "yes"
    shown = await _drawn(opened, await item_of(opened), page, moment, width, tried=of_copy, marks=marks)
    return Response(shown.jpeg, headers={"content-disposition": "inline"}, media_type="image/jpeg")


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
    draft = await _draft(opened, record)
    choosing, shown = None, (0, 0, "")
    width = _width(opened)
    if sort != "sound":
        page, moment = _asked(opened)
        try:
            drawn = await _drawn(opened, record, page, moment, width, tried=False, marks=True)
        except CopyRefusedError:
            if sort != "film":
                raise
            sort = "sound"  # a film without a picture
        else:
            choosing = Choosing(min(page, drawn.count), moment, drawn.count)
            # The last part is never read: it makes the browser ask again where what is marked has changed.
            state = f"{len(draft.boxes)}{'c' if draft.corner else ''}"
            address = (
                f"seen.jpg?page={choosing.page}&at={clock(moment)}&width={width}&marks=yes&state={state}"
            )
            shown = (drawn.width, drawn.height, address)
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


async def _drawn(
    opened: Opened, record: Record[Evidence], page: int, moment: int, width: int, *, tried: bool, marks: bool
) -> Shown:
    from holdfire.evidence.copies.view import View  # noqa: PLC0415
    from holdfire.journeys.make_copy import show_item, show_tried  # noqa: PLC0415

    draft = await _draft(opened, record)
    boxes = tuple(box for box in draft.boxes if marks and _lies_on(box, page, moment))
    corner = draft.corner if marks else None
    point = (
        (corner.across, corner.down) if corner and (corner.page, corner.moment) == (page, moment) else None
    )
    view: View = View(page, moment, width, 4 * width, boxes, point)
    key = (record.id, view, draft.tried.item if tried and draft.tried else "")
    last = _LAST.get(opened.vault)
    if last and last[0] == key:
        return last[1]
    act = show_tried if tried else show_item
    shown = await opened.run(act, record.value.number, view, watching(opened))
    if opened.program.session.vault is opened.vault:
        _LAST[opened.vault] = (key, shown)
    return shown


async def _draft(opened: Opened, record: Record[Evidence]) -> CopyDraft:
    from holdfire.journeys.keep_copy_draft import draft_of  # noqa: PLC0415

    return await opened.run(draft_of, record.id)


async def _save(opened: Opened, draft: CopyDraft) -> None:
    from holdfire.journeys.keep_copy_draft import save_draft  # noqa: PLC0415

    await opened.run(save_draft, draft, opened.program.now())


def _asked(opened: Opened) -> tuple[int, int]:
    """Return the page and the moment that the address asks for; the first where it asks for none that can be read."""
    query = opened.request.query_params
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1  # noqa: PLR2004 - six digits
    return max(1, number), _time(query.get("at", "")) or 0


def _time(text: str) -> int | None:
    from holdfire.evidence.copies.spec import SpecError, milliseconds  # noqa: PLC0415

    try:
        return milliseconds(text.strip())
    except SpecError:
        return None


def _span(form: Form) -> Span | None:
    from holdfire.evidence.copies.spec import Span  # noqa: PLC0415

    first, last = _time(form.one("from")), _time(form.one("to"))
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


def _lies_on(box: Box, page: int, moment: int) -> bool:
    if box.span is not None:
        return box.span.first <= moment < box.span.last
    return box.last is None or box.first <= page <= box.last


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


def clock(milliseconds: int) -> str:
    """Return a time of a film as people write it: 0:05, 1:02:03.5."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    said = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{said}.{rest:03}".rstrip("0") if rest else said


ROUTES = (
    Route("/evidence/{number:int}/copy/cover", show, methods=["GET"]),
    Route("/evidence/{number:int}/copy/press", press, methods=["POST"]),
    Route("/evidence/{number:int}/copy/box", type_box, methods=["POST"]),
    Route("/evidence/{number:int}/copy/silence", silence, methods=["POST"]),
    Route("/evidence/{number:int}/copy/take-out", take_out, methods=["POST"]),
    Route("/evidence/{number:int}/copy/seen.jpg", picture, methods=["GET"]),
    Route("/evidence/{number:int}/copy/tried.jpg", picture, methods=["GET"]),
)
