"""How an order, a letter and the forums are said in a packet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Final, Protocol

from holdfire.journeys.record_order import KeptOrder
from holdfire.language import mark
from holdfire.law.forums import KIND_WORDS, STANDING_WORDS, Forum
from holdfire.letters.captions import HOW_WORDS, OUTCOME_WORDS
from holdfire.letters.clock import Clock
from holdfire.letters.letter import Block as LetterBlock
from holdfire.letters.letter import Facts as LetterFacts
from holdfire.letters.letter import Items as LetterItems
from holdfire.letters.letter import Letter, Side
from holdfire.letters.letter import Paragraph as LetterParagraph
from holdfire.orders.captions import ACT_WORDS, CHANNEL_WORDS, FIELDS, MEASURE_WORDS
from holdfire.orders.moment import Moment
from holdfire.orders.order import Person
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.packets.packet import Block, Items, Paragraph, Quote, Rows, Section, Title
from holdfire.vault.records import Record

_CHOICES: Final = {"act": ACT_WORDS, "channel": CHANNEL_WORDS, "measure": MEASURE_WORDS}
_SAID_ALONE: Final = frozenset({"words", "gist", "understanding"})


class Say(Protocol):
    """Says a marked sentence in the language of the packet."""

    def __call__(self, sentence: str, **values: object) -> str:
        """Return the sentence with its places filled."""


def order_section(record: Record[KeptOrder], say: Say, *, own_acts: bool, several: bool) -> Section:
    """Return the record of an order: the exact words first, then what is known, then what is unknown.

    Args:
        record: One version of it.
        say: Says sentences.
        own_acts: Whether what the person did stands in it.
        several: Whether other versions stand beside it.
    """
    order = record.value.order
    unknown = order.unknown()
    title = say(mark("Record of the order"))
    if several:
        title = say(mark("Record of the order, version {version}"), version=record.version)
    blocks: list[Block] = [
        Title(title),
        Paragraph(say(mark("Version {version} of the record, saved on {day}."), version=record.version, day=f"{record.saved:%Y-%m-%d}"), soft=True),
        Quote(say(FIELDS["words"]), order.words or None),
    ]  # fmt: skip
    blocks += [
        Quote(say(FIELDS[name]), getattr(order, name))
        for name in ("gist", "understanding")
        if name not in unknown
    ]
    rows = [
        (say(FIELDS[one.name]), _said(one.name, getattr(order, one.name), say))
        for one in fields(order)
        if one.name not in unknown and one.name not in _SAID_ALONE and one.name != "own_acts"
    ]
    if rows:
        blocks.append(Rows(tuple(rows)))
    if own_acts and order.own_acts:
        blocks.append(Quote(say(FIELDS["own_acts"]), order.own_acts))
    missing = [say(FIELDS[name]) for name in unknown if name != "own_acts"]
    if missing:
        blocks.append(Paragraph(say(mark("Unknown: {fields}."), fields="; ".join(missing))))
    return Section(title, tuple(blocks), own=False)


def letter_section(letter: Letter, title: str, clocks: Iterable[Clock], say: Say) -> list[Section]:
    """Return a letter as sections: each language, before the first how it was handed in."""
    head: list[Block] = [Title(title), Paragraph(say(mark("A copy of the letter's words. The paper itself may bear a signature and a stamp.")), soft=True)]  # fmt: skip
    served = False
    for clock in clocks:
        head += [Title(say(mark("Handed in")), 2), Rows(tuple(_service(clock, say)))]
        served = True
    if not served:
        head.append(Paragraph(say(mark("Whether it was handed in is not recorded."))))
    sections = []
    for number, side in enumerate(letter.sides):
        name = title if len(letter.sides) == 1 else f"{title} ({side.language})"
        front = tuple(head) if number == 0 else ()
        sections.append(Section(name, (*front, *_side(side)), side.language, side.right_to_left, own=False))
    return sections


def forum_section(
    open_now: Iterable[Forum],
    closed: Iterable[Forum],
    was_open: Collection[str],
    said_on: date | None,
    say: Say,
) -> Section:
    """Return where it can be sent: who is open, for whom, until when, how surely; and what has closed.

    Args:
        open_now: Forums that take something new.
        closed: Forums that do not any more.
        was_open: Ids of those that were open on the day of the order.
        said_on: The day it is said of, where it is to be printed.
        say: Says sentences.
    """
    title = say(mark("Where it can be sent"))
    blocks: list[Block] = [Title(title)]
    if said_on:
        blocks.append(Paragraph(say(mark("As of {day}."), day=said_on.isoformat()), soft=True))
    blocks.append(Paragraph(say(mark("Look each of these up before you lean on it: bodies close, and times of filing change.")), soft=True))  # fmt: skip
    for one in open_now:
        status = f"{say(STANDING_WORDS[one.standing])}. {one.status}"
        blocks += [Title(one.what, 2), Rows((
            (say(mark("What it is")), say(KIND_WORDS[one.kind])),
            (say(mark("Who may file")), one.who_may_file),
            (say(mark("Time of filing")), one.deadline),
            (say(mark("Status")), f"{status} ({one.status_as_of})" if one.status_as_of else status),
            (say(mark("How surely")), f"{say(LEVEL_WORDS[one.level])}; {one.checked}"),
            (say(mark("Source")), one.source_url),
            *(((say(mark("Note")), one.caveat),) if one.caveat else ()),
        ))]  # fmt: skip
    gone = list(closed)
    if gone:
        blocks.append(Title(say(mark("Closed: do not send it there"))))
    for one in gone:
        rows = [
            (say(mark("Last day")), str(one.open_until)),
            (say(mark("What that means")), one.closed or ""),
        ]
        if one.id in was_open:
            rows.append((say(mark("On the day of the order")), say(mark("It was still open then."))))
        rows.append((say(mark("How surely")), f"{say(LEVEL_WORDS[one.level])}; {one.checked}"))
        blocks += [Title(one.what, 2), Rows(tuple(rows))]
    return Section(title, tuple(blocks), own=False)


def _said(name: str, value: object, say: Say) -> str:
    if isinstance(value, Moment):
        return value.written()
    if isinstance(value, bool):
        return say(mark("yes")) if value else say(mark("no"))
    if isinstance(value, Person):
        return ", ".join(part for part in (value.post, value.rank, value.name, value.unit) if part)
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    chosen = _CHOICES.get(name, {}).get(str(value))
    return say(chosen) if chosen else str(value)


def _service(clock: Clock, say: Say) -> Iterator[tuple[str, str | None]]:
    service, answered = clock.service, clock.answered
    yield say(mark("On")), service.on.isoformat()
    yield say(mark("To whom")), service.to or None
    yield say(mark("How")), say(HOW_WORDS[service.how])
    yield say(mark("Incoming number")), service.number or None
    yield say(mark("Who took it")), service.taken_by or None
    if clock.due:
        yield say(mark("Answer due")), clock.due.isoformat()
    if answered:
        yield say(mark("Answer")), f"{answered.on.isoformat()}: {say(OUTCOME_WORDS[answered.outcome])}"
        if answered.words:
            yield say(mark("In these words")), answered.words
    else:
        yield say(mark("Answer")), say(mark("none recorded"))


def _side(side: Side) -> Iterator[Block]:
    if side.caption:
        yield Paragraph(side.caption, soft=True)
    yield Title(side.title, 2)
    for block in side.blocks:
        yield from _letter_block(block)
    yield Paragraph(side.foot, soft=True)


def _letter_block(block: LetterBlock) -> Iterator[Block]:
    if isinstance(block, LetterParagraph):
        yield Paragraph(block.text)
    elif isinstance(block, LetterFacts):
        # What was left to fill by hand on the paper is not known here; an empty line would look like a lost word.
        known = tuple((label, value) for label, value in block.rows if value)
        if known:
            yield Rows(known)
    elif isinstance(block, LetterItems):
        if block.lines:
            yield Items(block.label, block.lines)
    elif block.text:
        yield Quote(block.label, block.text)
