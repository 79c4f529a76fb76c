"""Pages and moments of an item as pictures to press on and to compare, drawn apart and as wide as they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.session import StoppedError

if TYPE_CHECKING:
    from holdfire.evidence.copies.spec import Box
    from holdfire.evidence.copies.view import Shown, View
    from holdfire.journeys.keep_copy_draft import CopyDraft
    from holdfire.journeys.keep_evidence import Evidence
    from holdfire.vault.records import Record
    from holdfire.vault.vault import Vault

#: Widths a picture can be drawn at, in pixels of the page: all of a narrow window, and of a text column.
NARROW: Final = 288
NORMAL: Final = 640
WIDTHS: Final = (NARROW, NORMAL, 1_000)
#: Of two pictures beside each other.
_BESIDE: Final = (256, 416, 540)
#: The picture that was drawn last for a vault; the page asks for its size, and the browser then for its bytes.
_LAST: Final[WeakKeyDictionary[Vault, tuple[Any, Shown]]] = WeakKeyDictionary()


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
    page, moment = asked_part(opened)
    shown = await drawn(opened, record, page, moment, _BESIDE[0], tried=tried, marks=False)
    return Choosing(min(page, shown.count), moment, shown.count)


@needs_vault
async def picture(opened: Opened) -> Response:
    """Return a page or a moment as a picture: of the original with what is marked, or of the copy that was tried."""
    query = opened.request.query_params
    width = int(query.get("width", "0")) if query.get("width", "").isdecimal() else 0
    if width not in {*WIDTHS, *_BESIDE}:
        raise HTTPException(404)
    if query.get("window"):
        opened.program.session.narrow = width == NARROW
    page, moment = asked_part(opened)
    of_copy = opened.request.url.path.endswith("/tried.jpg")
    marks = query.get("marks") == "yes"
    shown = await drawn(opened, await item_of(opened), page, moment, width, tried=of_copy, marks=marks)
    return Response(shown.jpeg, headers={"content-disposition": "inline"}, media_type="image/jpeg")


async def drawn(
    opened: Opened, record: Record[Evidence], page: int, moment: int, width: int, *, tried: bool, marks: bool
) -> Shown:
    """Return a page or a moment as a picture, of the item or of the copy that was tried, with what is marked or without."""
    from holdfire.evidence.copies.view import View  # noqa: PLC0415
    from holdfire.journeys.make_copy import show_item, show_tried  # noqa: PLC0415

    draft = await marked(opened, record)
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


async def marked(opened: Opened, record: Record[Evidence]) -> CopyDraft:
    """Return what is marked for an item."""
    from holdfire.journeys.keep_copy_draft import draft_of  # noqa: PLC0415

    return await opened.run(draft_of, record.id)


def asked_part(opened: Opened) -> tuple[int, int]:
    """Return the page and the moment that the address asks for; the first where it asks for none that can be read."""
    query = opened.request.query_params
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1  # noqa: PLR2004 - six digits
    return max(1, number), time_of(query.get("at", "")) or 0


def time_of(text: str) -> int | None:
    """Return a time as people write it, in milliseconds, or None."""
    from holdfire.evidence.copies.spec import SpecError, milliseconds  # noqa: PLC0415

    try:
        return milliseconds(text.strip())
    except SpecError:
        return None


def _lies_on(box: Box, page: int, moment: int) -> bool:
    if box.span is not None:
        return box.span.first <= moment < box.span.last
    return box.last is None or box.first <= page <= box.last


def clock(milliseconds: int) -> str:
    """Return a time of a film as people write it: 0:05, 1:02:03.5."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    said = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{said}.{rest:03}".rstrip("0") if rest else said


ROUTES = (
    Route("/evidence/{number:int}/copy/seen.jpg", picture, methods=["GET"]),
    Route("/evidence/{number:int}/copy/tried.jpg", picture, methods=["GET"]),
)
