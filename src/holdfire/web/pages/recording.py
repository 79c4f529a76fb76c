"""Write an order down in three minutes on one page, and complete it later, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.orders.captions import FIELDS
from holdfire.orders.intake import Fault
from holdfire.orders.intake import read_form as read_order_form
from holdfire.web.asking import Asked
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_order, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.order_fields import (
    MOST_BYTES,
    OWN,
    PARTS,
    QUICK,
    Part,
    asked,
    size_of,
    typed,
    typed_before,
)

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record


@dataclass(frozen=True, kw_only=True)
class QuickShown(Page):
    """The page on which an order is written down.

    Attributes:
        fields: What it asks.
    """

    template = "order_new.html"
    fields: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True)
class PartShown(Page):
    """One part of the record, to complete it.

    Attributes:
        title: Which part.
        action: Where the form goes.
        fields: What it asks.
        version: The version that is shown.
        left: Fields too long for this page, which stay as they are: what they are called, and where they are read.
        own: Whether it is about the person's own acts.
        wrongs: What to mend.
    """

    template = "order_part.html"
    title: str
    action: str
    fields: tuple[Asked, ...]
    version: int
    left: tuple[tuple[str, str], ...] = ()
    own: bool = False
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OwnWarned(Page):
    """What writing down one's own acts means, before the page for it.

    Attributes:
        number: Of the order.
    """

    template = "order_own.html"
    number: int


@needs_vault
async def begin(opened: Opened) -> Response:
    """Show the page on which an order is written down."""
    return render(opened.request, QuickShown(fields=asked(opened.program, QUICK, {}), back="/"))


@needs_vault
async def record(opened: Opened) -> Response:
    """Record an order; what cannot be read is asked again, and all the rest is saved before that."""
    from holdfire.journeys.record_order import add_order  # noqa: PLC0415 - the vault loads when it is needed

    form = await read_form(opened.request)
    intake = read_order_form(typed(form, QUICK))
    kept = await opened.run(add_order, intake.order, opened.program.now())
    if intake.faults:
        opened.notice(mark("Your order is saved, but not the following."))
        return _mend(opened, kept, intake.faults)
    opened.notice(mark("Saved in your vault. Complete it whenever you can."))
    return go(f"/orders/{kept.value.number}")


@needs_order
async def show_part(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show one part of the record to complete it; own acts only from their warning."""
    name = opened.request.path_params["part"]
    if name not in PARTS:
        raise HTTPException(404)
    return render(opened.request, _part_page(opened, kept, PARTS[name], f"part/{name}"))


@needs_order
async def warn_of_own(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show what it means to write down one's own acts."""
    number = kept.value.number
    return render(opened.request, OwnWarned(number=number, back=f"/orders/{number}"))


@needs_order
async def show_own(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show the page for one's own acts."""
    return render(opened.request, replace(_part_page(opened, kept, OWN, "own/write"), own=True))


@needs_order
async def complete(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Keep a part of the record as a new version."""
    name = opened.request.path_params["part"]
    if name == "mend":
        names = tuple(field for part in PARTS.values() for field in part.fields)
        return await _complete(opened, kept, names)
    if name not in PARTS:
        raise HTTPException(404)
    return await _complete(opened, kept, PARTS[name].fields)


@needs_order
async def complete_own(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Keep what the person did, as a new version."""
    return await _complete(opened, kept, OWN.fields)


async def _complete(opened: Opened, kept: Record[KeptOrder], names: tuple[str, ...]) -> Response:
    from holdfire.journeys.record_order import complete_order  # noqa: PLC0415

    form = await read_form(opened.request)
    intake = read_order_form(typed(form, names), kept.value.order)
    number = kept.value.number
    expected = form.number("version", 1, 1 << 30)
    saved = await opened.run(complete_order, number, intake.order, opened.program.now(), expected=expected)
    if intake.faults:
        return _mend(opened, saved, intake.faults)
    opened.notice(mark("Saved as a new version. The earlier one is kept."))
    if saved.version == kept.version:
        opened.notice(mark("Nothing was changed."))
    return go(f"/orders/{number}")


def _mend(opened: Opened, kept: Record[KeptOrder], faults: tuple[Fault, ...]) -> Response:
    """Ask again for what could not be read, with what was typed."""
    again = {fault.field: fault.typed for fault in faults}
    page = PartShown(
        title=mark("Write this another way"),
        action=f"/orders/{kept.value.number}/part/mend",
        fields=asked(opened.program, tuple(again), again),
        version=kept.version,
        wrongs=tuple(Problem(fault.field, fault.sentence) for fault in faults),
        back=f"/orders/{kept.value.number}",
    )
    return render(opened.request, page, 422)


def _part_page(opened: Opened, kept: Record[KeptOrder], part: Part, place: str) -> PartShown:
    number = kept.value.number
    before = {name: typed_before(name, kept.value.order) for name in part.fields}
    left = _too_long(before)
    return PartShown(
        title=part.title,
        action=f"/orders/{number}/{place}",
        fields=asked(opened.program, tuple(name for name in part.fields if name not in left), before),
        version=kept.version,
        left=tuple((FIELDS[name], f"/orders/{number}/text/{name}") for name in left),
        back=f"/orders/{number}",
    )


def _too_long(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields that do not fit on one page together: the longest first, until the rest fits."""
    sizes = {name: size_of(text) for name, text in values.items()}
    left: list[str] = []
    while sum(sizes.values()) > MOST_BYTES:
        left.append(max(sizes, key=sizes.__getitem__))
        del sizes[left[-1]]
    return tuple(left)


ROUTES = (
    Route("/orders/new", begin, methods=["GET"]),
    Route("/orders/new", record, methods=["POST"]),
    Route("/orders/{number:int}/part/{part}", show_part, methods=["GET"]),
    Route("/orders/{number:int}/part/{part}", complete, methods=["POST"]),
    Route("/orders/{number:int}/own", warn_of_own),
    Route("/orders/{number:int}/own/write", show_own, methods=["GET"]),
    Route("/orders/{number:int}/own/write", complete_own, methods=["POST"]),
)
