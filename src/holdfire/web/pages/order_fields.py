"""The fields of an order as forms ask them and pages show them: labels, hints, choices, the parts of the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import escape

from holdfire.language import mark
from holdfire.orders.captions import ACT_WORDS, CHANNEL_WORDS, FIELDS, MEASURE_WORDS, UNKNOWN
from holdfire.orders.moment import Moment
from holdfire.orders.order import MOMENTS, YES_OR_NO, Order, Person
from holdfire.web.asking import Asked
from holdfire.web.forms import Form
from holdfire.web.opened import Opened
from holdfire.web.pages.guide import day
from holdfire.web.program import Program

#: Bytes that the texts of one page take: with its frame and a beginning of every field a page stays under 30 KB.
MOST_BYTES: Final = 16_000
#: Bytes with which each field of a long record begins.
BEGINNING: Final = 500
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
class Known:
    """One field of the record as people read it.

    Attributes:
        label: What it is called, marked.
        text: What is known, or its beginning.
        ours: Whether its words are the program's.
        more: The field's name, when only its beginning stands here.
    """

    label: str
    text: str
    ours: bool
    more: str = ""


@dataclass(frozen=True)
class PartLine:
    """A part of the record: what is known of it, and the names of what is not."""

    id: str
    title: str
    known: tuple[Known, ...]
    unknown: tuple[str, ...]


def heading_of(order: Order) -> str:
    """Return a few words by which a person knows the order again; "" where nothing was said."""
    text = " ".join((order.gist or order.words).split())
    return text if len(text) <= _HEADING else f"{text[:_HEADING].rstrip()}…"


_HEADING: Final = 80
#: As many orders are offered to choose from; an older one has its own page to begin at.
_MOST_ORDERS: Final = 30


async def orders_to_choose(opened: Opened) -> tuple[tuple[int, str], ...]:
    """Return orders to choose from, the last first: number and a few words."""
    from holdfire.journeys.record_order import list_orders  # noqa: PLC0415 - the vault loads when it is needed

    kept = await opened.run(list_orders)
    return tuple((one.value.number, heading_of(one.value.order)) for one in kept[: -_MOST_ORDERS - 1 : -1])


def typed(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    """Return what a form says of these fields; a field that it does not have stays as it was."""
    return {name: form.one(name) for name in names if form.several(name)}


def asked(program: Program, names: tuple[str, ...], values: Mapping[str, str]) -> tuple[Asked, ...]:
    """Return fields to ask for, with what stands in them."""
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


def typed_before(name: str, order: Order) -> str:
    """Return what a field of the form holds for what is known."""
    if name in _GIVER:
        return str(getattr(order.giver, name.removeprefix("giver-")))
    value = getattr(order, name)
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.written() if isinstance(value, Moment) else value or ""


def text_of(name: str, order: Order) -> str:
    """Return a field as people read it; a closed choice as a marked sentence, "" for what is unknown."""
    value = getattr(order, name)
    if isinstance(value, Person):
        return ", ".join(part for part in (value.name, value.rank, value.post, value.unit) if part)
    text = typed_before(name, order)
    return _CHOICES[name].get(text, text) if name in _CHOICES else text


def is_long(order: Order) -> bool:
    """Say whether the record is too long to stand on one page: then each field begins there and goes on elsewhere."""
    return sum(size_of(text_of(name, order)) for name in FIELDS) > MOST_BYTES


def size_of(text: str) -> int:
    """Return the bytes a text takes on a page."""
    return len(escape(text).encode())


def pieces_of(text: str, most: int = MOST_BYTES) -> tuple[str, ...]:
    """Return a text in pieces that each take at most so many bytes on a page, ended between words where there are any."""
    pieces, piece, size = [], "", 0
    for word in re.findall(r"\S{1,200}\s{0,200}|\s{1,200}", text):
        bytes_ = size_of(word)
        if piece and size + bytes_ > most:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + word, size + bytes_
    return (*pieces, piece)


def part_line(part: str, order: Order, most: int = MOST_BYTES) -> PartLine:
    """Return what is known of a part of the record, and the names of what is not; of a field `most` bytes at most."""
    names = dict.fromkeys("giver" if name in _GIVER else name for name in PARTS[part].fields)
    unknown = order.unknown()
    known = tuple(_known(name, order, most) for name in names if name not in unknown)
    missing = tuple(FIELDS[name] for name in names if name in unknown)
    return PartLine(part, PARTS[part].title, known, missing)


def _known(name: str, order: Order, most: int) -> Known:
    first, *rest = pieces_of(text_of(name, order), most)
    return Known(FIELDS[name], first, name in _CHOICES, name if rest else "")
