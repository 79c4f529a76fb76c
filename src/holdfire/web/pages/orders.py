"""Orders: written down in three minutes on one page, completed later part by part, every version kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.orders.captions import ACT_WORDS, CHANNEL_WORDS, FIELDS, MEASURE_WORDS, UNKNOWN
from holdfire.orders.intake import Fault
from holdfire.orders.intake import read_form as read_order_form
from holdfire.orders.moment import Moment
from holdfire.orders.order import MOMENTS, YES_OR_NO, Order, Person
from holdfire.web.asking import Asked
from holdfire.web.forms import Form, read_form
from holdfire.web.page import Page, Problem, go, program_of, render
from holdfire.web.pages.guide import day

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record

_YES_NO: Final = {"yes": mark("yes"), "no": mark("no")}
_CHOICES: Final[dict[str, Mapping[str, str]]] = {
    "act": ACT_WORDS,
    "channel": CHANNEL_WORDS,
    "measure": MEASURE_WORDS,
    **dict.fromkeys(YES_OR_NO, _YES_NO),
}
_GIVER: Final = {
    "giver-name": mark("Who gave it: name, or a name only you know"),
    "giver-rank": mark("Their rank"),
    "giver-post": mark("Their post"),
    "giver-unit": mark("Their unit"),
}
_LONG: Final = {
    "words": 6, "gist": 3, "understanding": 3, "purpose": 2, "witnesses": 3, "followed": 5, "own_acts": 6,
}  # fmt: skip
_HINTS: Final = {
    "words": mark("As they were said, in their language, with nothing added. As much as you remember."),
    "gist": mark("In your own words. It is kept apart from theirs."),
    "understanding": mark("What you took it to mean. It is kept apart too."),
    "language": mark("A code such as en, ru, be."),
    "witnesses": mark(
        "One in a line, under names only you know. Real names can hurt others if this is opened."
    ),
    "against": mark("As you heard it said."),
    "basis": mark("The law or rule that was named; empty if none was."),
    "act": mark("They are different acts. If you do not know which, leave it unknown."),
}
_MOMENT: Final = mark(
    "Such as {today} 14:30 (today), or less: a day, a month, a year; “about” may stand before it."
)

#: What the first page asks, in the order in which people remember.
QUICK: Final = ("words", "giver-name", "heard", "channel", "deadline", "measure", "against")


@dataclass(frozen=True)
class Part:
    """A part of the record with a small page of its own."""

    title: str
    fields: tuple[str, ...]


PARTS: Final = {
    "words": Part(mark("What was said"), ("words", "gist", "understanding", "language", "act")),
    "giver": Part(mark("Who gave it, and to whom"), (*_GIVER, "superior", "recipients")),
    "when": Part(
        mark("When, where and how"),
        ("heard", "deadline", "place", "channel", "first_hand", "written_down", "from_memory"),
    ),
    "task": Part(mark("What is to be done, and why"), ("measure", "against", "purpose", "basis")),
    "paper": Part(mark("The paper, if there is one"), ("signed", "dated", "number")),
    "witnesses": Part(mark("Who else heard it"), ("witnesses",)),
    "followed": Part(mark("What followed"), ("followed",)),
}
#: Opened only through its warning.
OWN: Final = Part(mark("What I did myself"), ("own_acts",))


@dataclass(frozen=True)
class OrderLine:
    """One order in the list."""

    number: int
    words: str
    heard: str
    unknown: int


@dataclass(frozen=True)
class Known:
    """One field of the record as people read it; `ours` where its words are the program's."""

    label: str
    text: str
    ours: bool


@dataclass(frozen=True)
class PartLine:
    """A part of the record: what is known of it, and the names of what is not."""

    id: str
    title: str
    known: tuple[Known, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class VersionLine:
    """A version of the record."""

    number: int
    saved: str
    shown: bool


@dataclass(frozen=True)
class LetterLine:
    """A letter about this order."""

    id: str
    title: str
    status: str
    on: str


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
class QuickShown(Page):
    """The page on which an order is written down.

    Attributes:
        fields: What it asks.
    """

    template = "order_new.html"
    fields: tuple[Asked, ...]


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
        files: Files kept with it.
        packets: Packets made of it.
    """

    template = "order.html"
    number: int
    heading: str
    parts: tuple[PartLine, ...]
    own: str
    versions: tuple[VersionLine, ...]
    latest: bool
    letters: tuple[LetterLine, ...]
    files: tuple[FileLine, ...]
    packets: tuple[PacketLine, ...]


@dataclass(frozen=True, kw_only=True)
class PartShown(Page):
    """One part of the record, to complete it.

    Attributes:
        title: Which part.
        action: Where the form goes.
        fields: What it asks.
        version: The version that is shown.
        own: Whether it is about the person's own acts.
        wrongs: What to mend.
    """

    template = "order_part.html"
    title: str
    action: str
    fields: tuple[Asked, ...]
    version: int
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


async def show_all(request: Request) -> Response:
    """Show every order."""
    from holdfire.journeys.record_order import list_orders  # noqa: PLC0415 - the vault loads when it is needed

    session = program_of(request).session
    if session.vault is None:
        return go("/open")
    lines = tuple(
        OrderLine(
            record.value.number,
            heading_of(record.value.order),
            _text("heard", record.value.order),
            len(record.value.order.unknown()),
        )
        for record in await session.run(list_orders, session.vault)
    )
    return render(request, OrdersShown(orders=lines, back="/"))


async def begin(request: Request) -> Response:
    """Show the page on which an order is written down."""
    if program_of(request).session.vault is None:
        return go("/open")
    page = QuickShown(fields=_asked(request, QUICK, {}), back="/")
    return render(request, page)


async def record(request: Request) -> Response:
    """Record an order; what cannot be read is asked again, and all the rest is saved before that."""
    from holdfire.journeys.record_order import add_order  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    form = await read_form(request)
    intake = read_order_form(_typed(form, QUICK))
    kept = await session.run(add_order, session.vault, intake.order, program.now())
    if intake.faults:
        session.notice = mark("Your order is saved, but not the following.")
        return _mend(request, kept, intake.faults)
    session.notice = mark("Saved in your vault. Complete it whenever you can.")
    return go(f"/orders/{kept.value.number}")


async def show(request: Request) -> Response:
    """Show the record of an order, in its latest version or the one asked for."""
    from holdfire.journeys.keep_exhibit import exhibits_of  # noqa: PLC0415
    from holdfire.journeys.keep_packet import packets_of  # noqa: PLC0415
    from holdfire.journeys.record_order import versions_of  # noqa: PLC0415
    from holdfire.packets.reading import FORM_WORDS  # noqa: PLC0415
    from holdfire.web.pages.letters import letters_about  # noqa: PLC0415 - letters know orders

    session = program_of(request).session
    if session.vault is None:
        return go("/open")
    number = int(request.path_params["number"])
    versions = await session.run(versions_of, session.vault, number)
    asked = request.query_params.get("version", "")
    kept = next((one for one in versions if str(one.version) == asked), None if asked else versions[0])
    if kept is None:
        raise HTTPException(404)
    order = kept.value.order
    page = OrderShown(
        number=number,
        heading=heading_of(order),
        parts=tuple(_part_line(name, order) for name in PARTS),
        own=order.own_acts,
        versions=tuple(
            VersionLine(one.version, f"{one.saved.astimezone():%Y-%m-%d %H:%M}", one.version == kept.version)
            for one in versions
        ),
        latest=kept is versions[0],
        letters=await letters_about(program_of(request), kept.id),
        files=tuple(
            FileLine(one.value.title, FORM_WORDS[one.value.form], f"{one.saved.astimezone():%Y-%m-%d}")
            for one in await session.run(exhibits_of, session.vault, number)
        ),
        packets=tuple(
            PacketLine(one.id, f"{one.saved.astimezone():%Y-%m-%d}", one.value.pages, one.value.notes)
            for one in await session.run(packets_of, session.vault, kept.id)
        ),
        back="/orders" if kept is versions[0] else f"/orders/{number}",
    )
    return render(request, page)


async def show_part(request: Request) -> Response:
    """Show one part of the record to complete it; own acts only from their warning."""
    if program_of(request).session.vault is None:
        return go("/open")
    part = PARTS.get(request.path_params["part"])
    if part is None:
        raise HTTPException(404)
    kept = await found(request)
    return render(request, _part_page(request, kept, part, request.path_params["part"]))


async def warn_of_own(request: Request) -> Response:
    """Show what it means to write down one's own acts."""
    if program_of(request).session.vault is None:
        return go("/open")
    number = (await found(request)).value.number
    return render(request, OwnWarned(number=number, back=f"/orders/{number}"))


async def show_own(request: Request) -> Response:
    """Show the page for one's own acts."""
    if program_of(request).session.vault is None:
        return go("/open")
    kept = await found(request)
    return render(request, replace(_part_page(request, kept, OWN, "own/write"), own=True))


async def complete(request: Request) -> Response:
    """Keep a part of the record as a new version."""
    name = request.path_params["part"]
    if name == "mend":
        return await _complete(request, tuple(field for part in PARTS.values() for field in part.fields))
    if name not in PARTS:
        raise HTTPException(404)
    return await _complete(request, PARTS[name].fields)


async def complete_own(request: Request) -> Response:
    """Keep what the person did, as a new version."""
    return await _complete(request, OWN.fields)


async def _complete(request: Request, names: tuple[str, ...]) -> Response:
    from holdfire.journeys.record_order import complete_order  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    kept = await found(request)
    form = await read_form(request)
    intake = read_order_form(_typed(form, names), kept.value.order)
    number = kept.value.number
    saved = await session.run(
        complete_order, session.vault, number, intake.order, program.now(),
        expected=form.number("version", 1, 1 << 30),
    )  # fmt: skip
    if intake.faults:
        return _mend(request, saved, intake.faults)
    session.notice = mark("Saved as a new version. The earlier one is kept.")
    if saved.version == kept.version:
        session.notice = mark("Nothing was changed.")
    return go(f"/orders/{number}")


async def delete(request: Request) -> Response:
    """Delete an order in every version, when the form says so twice."""
    from holdfire.journeys.keep_packet import destroy_kept_with  # noqa: PLC0415
    from holdfire.journeys.record_order import delete_order  # noqa: PLC0415

    session = program_of(request).session
    if session.vault is None:
        return go("/open")
    number = int(request.path_params["number"])
    if (await read_form(request)).one("sure") != "yes":
        session.notice = mark("Nothing was deleted: the box was not ticked.")
        return go(f"/orders/{number}")
    await session.run(destroy_kept_with, session.vault, number)
    await session.run(delete_order, session.vault, number)
    session.notice = mark(
        "The order is deleted in every version, with its files and packets. Its letters stay until you delete them. "
        "What was printed or downloaded stays where it is."
    )
    return go("/orders")


async def found(request: Request) -> Record[KeptOrder]:
    """Return the order the address names, in its latest version; UserError when there is none."""
    from holdfire.journeys.record_order import find_order  # noqa: PLC0415

    session = program_of(request).session
    if session.vault is None:
        raise HTTPException(404)
    return await session.run(find_order, session.vault, int(request.path_params["number"]))


def heading_of(order: Order) -> str:
    """Return a few words by which a person knows the order again; "" where nothing was said."""
    text = " ".join((order.gist or order.words).split())
    return text if len(text) <= _HEADING else f"{text[:_HEADING].rstrip()}…"


_HEADING: Final = 80


def _mend(request: Request, kept: Record[KeptOrder], faults: tuple[Fault, ...]) -> Response:
    """Ask again for what could not be read, with what was typed."""
    typed = {fault.field: fault.typed for fault in faults}
    page = PartShown(
        title=mark("Write this another way"),
        action=f"/orders/{kept.value.number}/part/mend",
        fields=_asked(request, tuple(typed), typed),
        version=kept.version,
        wrongs=tuple(Problem(fault.field, fault.sentence) for fault in faults),
        back=f"/orders/{kept.value.number}",
    )
    return render(request, page, 422)


def _part_page(request: Request, kept: Record[KeptOrder], part: Part, name: str) -> PartShown:
    number = kept.value.number
    return PartShown(
        title=part.title,
        action=f"/orders/{number}/{name}" if part is OWN else f"/orders/{number}/part/{name}",
        fields=_asked(
            request, part.fields, {name: _typed_before(name, kept.value.order) for name in part.fields}
        ),
        version=kept.version,
        back=f"/orders/{number}",
    )


def _typed(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    return {name: form.one(name) for name in names if form.several(name)}


def _asked(request: Request, names: tuple[str, ...], values: Mapping[str, str]) -> tuple[Asked, ...]:
    program = program_of(request)
    say = program.session.language.say

    def hint(name: str) -> str:
        if name in MOMENTS:
            return say(_MOMENT, today=day(program.today))
        return say(_HINTS[name]) if name in _HINTS else ""

    return tuple(
        Asked(
            name,
            _GIVER.get(name) or FIELDS[name],
            values.get(name, ""),
            hint(name),
            _LONG.get(name, 1),
            (("", UNKNOWN), *_CHOICES[name].items()) if name in _CHOICES else (),
        )
        for name in names
    )


def _typed_before(name: str, order: Order) -> str:
    """Return what a field of the form holds for what is known."""
    if name in _GIVER:
        return str(getattr(order.giver, name.removeprefix("giver-")))
    value = getattr(order, name)
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.written() if isinstance(value, Moment) else value or ""


def _text(name: str, order: Order) -> str:
    value = getattr(order, name)
    if isinstance(value, Person):
        return ", ".join(part for part in (value.name, value.rank, value.post, value.unit) if part)
    text = _typed_before(name, order)
    return _CHOICES[name].get(text, text) if name in _CHOICES else text


def _part_line(part: str, order: Order) -> PartLine:
    names = dict.fromkeys("giver" if name in _GIVER else name for name in PARTS[part].fields)
    unknown = order.unknown()
    known = tuple(
        Known(FIELDS[name], _text(name, order), name in _CHOICES) for name in names if name not in unknown
    )
    missing = tuple(FIELDS[name] for name in names if name in unknown)
    return PartLine(part, PARTS[part].title, known, missing)


ROUTES = (
    Route("/orders", show_all),
    Route("/orders/new", begin, methods=["GET"]),
    Route("/orders/new", record, methods=["POST"]),
    Route("/orders/{number:int}", show),
    Route("/orders/{number:int}/part/{part}", show_part, methods=["GET"]),
    Route("/orders/{number:int}/part/{part}", complete, methods=["POST"]),
    Route("/orders/{number:int}/own", warn_of_own),
    Route("/orders/{number:int}/own/write", show_own, methods=["GET"]),
    Route("/orders/{number:int}/own/write", complete_own, methods=["POST"]),
    Route("/orders/{number:int}/delete", delete, methods=["POST"]),
)
