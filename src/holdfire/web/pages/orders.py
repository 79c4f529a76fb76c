"""Orders as they were recorded: the list, one order part by part, every version kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.orders.captions import FIELDS
from holdfire.web.forms import Form
from holdfire.web.opened import Opened, needs_order, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.letters import LetterLine, letters_about
from holdfire.web.pages.order_fields import (
    BEGINNING,
    PARTS,
    PartLine,
    heading_of,
    is_long,
    part_line,
    pieces_of,
    text_of,
)

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record

#: How many versions are named on each side of the one that is shown.
_NEAR: Final = 10
#: More bytes than a record that is not long has in one field.
_WHOLE: Final = 1 << 20


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


@dataclass(frozen=True)
class FileLine:
    """A file kept with the order: title, what it is, the day it was added."""

    title: str
    form: str
    added: str


@dataclass(frozen=True)
class PacketLine:
    """A packet that was made of the order and waits in the vault."""

    id: str
    day: str
    pages: int
    notes: tuple[str, ...]


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
        own: What the person noted of their own acts, or its beginning; empty for nothing.
        more_own: Whether it goes on.
        versions: The versions around this one, newest first.
        count: How many versions there are.
        version: The one that is shown.
        latest: Whether this is the newest.
        letters: Letters about it.
        files: Files kept with it.
        packets: Packets made of it.
    """

    template = "order.html"
    number: int
    heading: str
    parts: tuple[PartLine, ...]
    own: str
    more_own: bool
    versions: tuple[VersionLine, ...]
    count: int
    version: int
    latest: bool
    letters: tuple[LetterLine, ...]
    files: tuple[FileLine, ...]
    packets: tuple[PacketLine, ...]


@dataclass(frozen=True, kw_only=True)
class TextShown(Page):
    """One field of the record, a page at a time.

    Attributes:
        title: What the field is called.
        text: This piece of it.
        version: The version it is from.
        part: Which piece, from 1.
        parts: How many there are.
    """

    template = "order_text.html"
    title: str
    text: str
    version: int
    part: int
    parts: int


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
    from holdfire.journeys.keep_exhibit import exhibits_of  # noqa: PLC0415
    from holdfire.journeys.keep_packet import packets_of  # noqa: PLC0415
    from holdfire.journeys.record_order import versions_of  # noqa: PLC0415
    from holdfire.packets.reading import FORM_WORDS  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    versions = await opened.run(versions_of, number)
    asked = opened.request.query_params.get("version", "")
    kept = next((one for one in versions if str(one.version) == asked), None if asked else versions[0])
    if kept is None:
        raise HTTPException(404)
    order = kept.value.order
    most = BEGINNING if is_long(order) else _WHOLE
    own, *more_own = pieces_of(order.own_acts, most)
    place = versions.index(kept)
    near = versions[max(0, place - _NEAR) : place + _NEAR]
    page = OrderShown(
        number=number,
        heading=heading_of(order),
        parts=tuple(part_line(name, order, most) for name in PARTS),
        own=own,
        more_own=bool(more_own),
        versions=tuple(
            VersionLine(one.version, f"{one.saved.astimezone():%Y-%m-%d %H:%M}", one.version == kept.version)
            for one in near
        ),
        count=len(versions),
        version=kept.version,
        latest=kept is versions[0],
        letters=await letters_about(opened, kept.id),
        files=tuple(
            FileLine(one.value.title, FORM_WORDS[one.value.form], f"{one.saved.astimezone():%Y-%m-%d}")
            for one in await opened.run(exhibits_of, number)
        ),
        packets=tuple(
            PacketLine(one.id, f"{one.saved.astimezone():%Y-%m-%d}", one.value.pages, one.value.notes)
            for one in await opened.run(packets_of, kept.id)
        ),
        back="/orders" if kept is versions[0] else f"/orders/{number}",
    )
    return render(opened.request, page)


@needs_vault
async def show_text(opened: Opened) -> Response:
    """Show one field of a version in pieces of a page each: a long order stays readable on a slow machine."""
    from holdfire.journeys.record_order import find_order  # noqa: PLC0415

    asked = Form(list(opened.request.query_params.multi_items()))
    number, name = int(opened.request.path_params["number"]), opened.request.path_params["field"]
    if name not in FIELDS:
        raise HTTPException(404)
    kept = await opened.run(find_order, number, asked.number("version", 1, 1 << 30))
    pieces = pieces_of(text_of(name, kept.value.order))
    part = asked.number("part", 1, len(pieces)) or 1
    page = TextShown(
        title=FIELDS[name],
        text=pieces[part - 1],
        version=kept.version,
        part=part,
        parts=len(pieces),
        back=f"/orders/{number}?version={kept.version}",
    )
    return render(opened.request, page)


@needs_order
async def delete(opened: Opened, record: Record[KeptOrder]) -> Response:
    """Delete an order in every version, when the form says so twice."""
    from holdfire.journeys.keep_packet import delete_order_whole  # noqa: PLC0415

    if not await opened.sure():
        return go(f"/orders/{record.value.number}")
    await opened.run(delete_order_whole, record.value.number)
    opened.notice(
        mark(
            "The order is deleted in every version, with its files and packets. Its letters stay until you delete them. "
            "What was printed or downloaded stays where it is."
        )
    )
    return go("/orders")


ROUTES = (
    Route("/orders", show_all),
    Route("/orders/{number:int}", show),
    Route("/orders/{number:int}/text/{field}", show_text),
    Route("/orders/{number:int}/delete", delete, methods=["POST"]),
)
