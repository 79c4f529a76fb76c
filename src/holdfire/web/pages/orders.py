"""Orders as they were recorded: the list, one order part by part, every version kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_order, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.letters import LetterLine, letters_about
from holdfire.web.pages.order_fields import PARTS, PartLine, heading_of, part_line, text_of

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record


@dataclass(frozen=True)
class OrderLine:
    """One order in the list."""

    number: int
    words: str
    heard: str
    unknown: int


@dataclass(frozen=True)
class VersionLine:
    """A version of the record."""

    number: int
    saved: str
    shown: bool


@dataclass(frozen=True, kw_only=True)
class OrdersShown(Page):
    """The list of orders.

    Attributes:
        orders: Every order, by number.
    """

    template = "orders.html"
    orders: tuple[OrderLine, ...]


@dataclass(frozen=True, kw_only=True)
class OrderShown(Page):
    """The record of an order.

    Attributes:
        number: Its number.
        heading: What it comes to, or the first of its words; may be empty.
        parts: What is known of it and what is not, part by part.
        own: What the person noted of their own acts; empty for nothing.
        versions: Every version, newest first.
        latest: Whether this is the newest.
        letters: Letters about it.
    """

    template = "order.html"
    number: int
    heading: str
    parts: tuple[PartLine, ...]
    own: str
    versions: tuple[VersionLine, ...]
    latest: bool
    letters: tuple[LetterLine, ...]


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show every order."""
    from holdfire.journeys.record_order import list_orders  # noqa: PLC0415 - the vault loads when it is needed

    lines = tuple(
        OrderLine(
            record.value.number,
            heading_of(record.value.order),
            text_of("heard", record.value.order),
            len(record.value.order.unknown()),
        )
        for record in await opened.run(list_orders)
    )
    return render(opened.request, OrdersShown(orders=lines, back="/"))


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the record of an order, in its latest version or the one asked for."""
    from holdfire.journeys.record_order import versions_of  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    versions = await opened.run(versions_of, number)
    asked = opened.request.query_params.get("version", "")
    kept = next((one for one in versions if str(one.version) == asked), None if asked else versions[0])
    if kept is None:
        raise HTTPException(404)
    order = kept.value.order
    page = OrderShown(
        number=number,
        heading=heading_of(order),
        parts=tuple(part_line(name, order) for name in PARTS),
        own=order.own_acts,
        versions=tuple(
            VersionLine(one.version, f"{one.saved.astimezone():%Y-%m-%d %H:%M}", one.version == kept.version)
            for one in versions
        ),
        latest=kept is versions[0],
        letters=await letters_about(opened, kept.id),
        back="/orders" if kept is versions[0] else f"/orders/{number}",
    )
    return render(opened.request, page)


@needs_order
async def delete(opened: Opened, record: Record[KeptOrder]) -> Response:
    """Delete an order in every version, when the form says so twice."""
    from holdfire.journeys.record_order import delete_order  # noqa: PLC0415

    if (await read_form(opened.request)).one("sure") != "yes":
        opened.notice(mark("Nothing was deleted: the box was not ticked."))
        return go(f"/orders/{record.value.number}")
    await opened.run(delete_order, record.value.number)
    opened.notice(
        mark(
            "The order is deleted in every version. Its letters stay until you delete them. "
            "What was printed or downloaded stays where it is."
        )
    )
    return go("/orders")


ROUTES = (
    Route("/orders", show_all),
    Route("/orders/{number:int}", show),
    Route("/orders/{number:int}/delete", delete, methods=["POST"]),
)
