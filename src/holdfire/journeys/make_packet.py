"""Put a packet together: an order, its letters, its files, and where it can go; and who is named in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias, TypeVar

from holdfire.errors import UserError
from holdfire.journeys.keep_exhibit import KeptExhibit, as_exhibit, exhibits_of
from holdfire.journeys.keep_letter import LETTER, REQUEST
from holdfire.journeys.law_here import load_law
from holdfire.journeys.packet_words import (
    forum_section,
    letter_section,
    order_section,
)
from holdfire.journeys.record_order import KeptOrder, find_order
from holdfire.journeys.write_letter import Draft, compose_here
from holdfire.language import ENGLISH, Language, mark
from holdfire.law.forums import closed_since, is_open, open_forums
from holdfire.letters.clock import Clock
from holdfire.letters.kinds import kind_called
from holdfire.orders.order import TEXTS, Order
from holdfire.packets.make import EXHIBIT, Making, Progress
from holdfire.packets.packet import Packet, Paragraph, Rows, Section, texts_of
from holdfire.packets.people import TAKEN, Named, Person, Place, Remover, Role, list_people
from holdfire.packets.reading import page_list, places_of
from holdfire.vault.records import Kind, Record
from holdfire.vault.vault import Vault

WITHHELD: Final = mark("name withheld")
TITLE: Final = mark("Referral of an order")
#: How many records are read from the vault at once.
_AT_ONCE: Final = 100


#: Letters, each with the clocks of its handing in.
Letters: TypeAlias = tuple[tuple[Record[Draft], tuple[Clock, ...]], ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Wish:
    """What a person wants in a packet.

    Attributes:
        to: To which court or office: the id of a forum, or the person's own words; "" leaves a line.
        by: Who hands it in; "" prints that the name is withheld.
        country: Whose law and forums.
        versions: Versions of the order's record; empty for the latest.
        letters: Ids of letters, or None for all about this order.
        exhibits: Places of files, or None for all.
        own_acts: Whether what the person did themselves goes in.
        forums: Whether the table of where it can be sent goes in.
        said_on: The day the table says it is of; None says none.
        out: Names that are taken out, whoever they are.
        keep: Names that stay.
        leave_pages: Whether pages of a PDF that name somebody taken out are left out.
    """

    to: str = ""
    by: str = ""
    country: str | None = None
    versions: tuple[int, ...] = ()
    letters: tuple[str, ...] | None = None
    exhibits: tuple[int, ...] | None = None
    own_acts: bool = False
    forums: bool = True
    said_on: date | None = None
    out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    leave_pages: bool = True


@dataclass(frozen=True)
class Plan:
    """A packet that can be read, changed and made.

    Attributes:
        packet: What it holds, names and all.
        named: Everybody it names.
        silent: Places of exhibits in which names cannot be sought, with why.
        wish: What it was made from.
    """

    packet: Packet
    named: tuple[Named, ...]
    silent: tuple[tuple[int, str], ...]
    wish: Wish

    def choice(self, one: Named) -> str:
        """Return whether a name is kept or taken out, as the person chose or else by the role."""
        if one.person.name in self.wish.out:
            return "out"
        if one.person.name in self.wish.keep:
            return "keep"
        return one.default

    def remover(self, language: Language = ENGLISH) -> Remover:
        """Return what takes the chosen names out."""
        return Remover(
            (one.person.name for one in self.named if self.choice(one) == "out"), language.say(TAKEN)
        )


PICTURE: Final = mark("A picture cannot be searched for names. Look at it yourself.")
UNREAD: Final = mark("This file cannot be read here. It will be listed with its SHA-256, without its pages.")
SILENT_PAGES: Final = mark("Pages without text cannot be searched for names. Look at them yourself: {pages}.")


def plan_packet(vault: Vault, number: int, wish: Wish, today: date, *, language: Language = ENGLISH) -> Plan:
    """Return what a packet about an order would hold and whom it would name; nothing is made yet.

    Args:
        vault: The open vault.
        number: Of the order.
        wish: What goes in.
        today: The day on which a forum must be open; it is not printed unless the wish says so.
        language: Of the packet's own words.

    Raises:
        UserError: There is no such order, version, letter, file or country.
    """
    latest = find_order(vault, number)
    versions = [find_order(vault, number, one) for one in wish.versions] or [latest]
    letters = _letters(vault, latest, wish)
    exhibits = _chosen_exhibits(vault, number, wish)
    say = language.say
    sections = [
        order_section(one, say, own_acts=wish.own_acts, several=len(versions) > 1) for one in versions
    ]
    for letter, clocks in letters:
        composed = compose_here(letter.value, None)
        sections += letter_section(composed, say(kind_called(letter.value.kind).title), clocks, say)
    if wish.forums:
        sections.append(_forums(latest.value.order, wish, today, language))
    packet = Packet(
        title=say(TITLE),
        cover=(
            Rows((
                (say(mark("To")), _addressed(wish.to, today) or None),
                (say(mark("From")), wish.by or say(WITHHELD)),
                (say(mark("Date")), None),
                (say(mark("Letters")), str(len(letters))),
                (say(mark("Exhibits")), str(len(exhibits))),
            )),
            Paragraph(say(_FACTS), soft=True),
        ),
        sections=tuple(sections),
        exhibits=tuple(as_exhibit(vault, one) for one in exhibits),
        language=language.code if language.code != "qps-plocm" else "en",
    )  # fmt: skip
    places = [*_places(packet, versions, letters, wish, say), *(
        place for at, one in enumerate(packet.exhibits, 1) for place in places_of(say(EXHIBIT, number=at), one)
    )]  # fmt: skip
    named = list_people(_people(versions, letters, wish), places)
    if wish.by:
        named = tuple(replace(one, default="keep") if one.person.role == "self" else one for one in named)
    return Plan(packet, named, tuple(_silent(packet, places, say)), wish)


_FACTS: Final = mark(
    "This packet holds the record one person made of an order, copies of letters, and files. What is unknown is called unknown."
)


def make_packet(
    plan: Plan, *, language: Language = ENGLISH, progress: Progress = lambda _done, _total: None
) -> Making:
    """Return the making of a planned packet, whose pieces can be written wherever the person says."""
    return Making(
        plan.packet,
        plan.remover(language),
        leave_pages=plan.wish.leave_pages,
        language=language,
        progress=progress,
    )


def forum_choices(country: str | None, today: date) -> tuple[tuple[str, str], ...]:
    """Return the ids and names of the forums that can be offered on a day."""
    law = load_law()
    return tuple((one.id, one.what) for one in open_forums(law.forums.values(), law.reaching(country), today))


def letters_of(vault: Vault, order: str) -> Letters:
    """Return the letters about an order, the first one first, each with the clocks of its handing in."""
    handed: dict[str, list[Clock]] = {}
    for request in reversed(list(_every(vault, REQUEST))):
        handed.setdefault(request.value.letter, []).append(request.value.clock)
    kept = [one for one in _every(vault, LETTER) if one.value.order == order]
    return tuple((one, tuple(handed.get(one.id, ()))) for one in reversed(kept))


def _every(vault: Vault, kind: Kind[T]) -> Iterator[Record[T]]:
    for start in range(0, vault.records.count(kind), _AT_ONCE):
        yield from vault.records.all(kind, limit=_AT_ONCE, offset=start)


def _letters(vault: Vault, order: Record[KeptOrder], wish: Wish) -> Letters:
    found = letters_of(vault, order.id)
    if wish.letters is None:
        return found
    known = {one[0].id: one for one in found}
    if not set(wish.letters) <= set(known):
        raise UserError(
            mark("One of these letters is not about this order."), mark("Choose among the order's letters.")
        )
    return tuple(known[name] for name in wish.letters)


def _chosen_exhibits(vault: Vault, number: int, wish: Wish) -> tuple[Record[KeptExhibit], ...]:
    found = exhibits_of(vault, number)
    if wish.exhibits is None:
        return found
    for place in wish.exhibits:
        if not 1 <= place <= len(found):
            raise UserError(
                mark("Order {number} has no file {place}."),
                mark("The order shows its files with their numbers."),
                number=number,
                place=place,
            )
    return tuple(found[place - 1] for place in wish.exhibits)


def _addressed(to: str, today: date) -> str:
    forum = load_law().forums.get(to)
    if forum is None:
        return to
    if not is_open(forum, today):
        raise UserError(
            mark("{id} takes nothing new, so no packet is addressed to it."),
            mark("`holdfire law list --what forums` shows where it can be sent."),
            id=forum.id,
        )
    return forum.what


def _forums(order: Order, wish: Wish, today: date, language: Language) -> Section:
    law = load_law()
    reached, day = law.reaching(wish.country), wish.said_on or today
    every = law.forums.values()
    facts = order.heard.last if order.heard else None
    was_open = {one.id for one in (closed_since(every, reached, facts=facts, on=day) if facts else ())}
    closed = tuple(
        one
        for one in every
        if one.jurisdiction in reached and one.open_until is not None and one.open_until < day
    )
    return forum_section(open_forums(every, reached, day), closed, was_open, wish.said_on, language.say)


def _places(
    packet: Packet, versions: list[Record[KeptOrder]], letters: Letters, wish: Wish, say: Callable[..., str]
) -> Iterator[Place]:
    for section in packet.sections:
        text = "\n".join(text for block in section.blocks for text in texts_of(block))
        yield Place(section.title, text, free=section.own)
    for block in packet.cover:
        if isinstance(block, Rows):
            yield Place(packet.title, "\n".join(value or "" for _, value in block.rows), free=False)
    for at, exhibit in enumerate(packet.exhibits, 1):
        yield Place(say(EXHIBIT, number=at), exhibit.title)
    yield from _written(packet, versions, letters, wish, say)


def _written(
    packet: Packet, versions: list[Record[KeptOrder]], letters: Letters, wish: Wish, say: Callable[..., str]
) -> Iterator[Place]:
    """Yield what the person wrote freely: only there can a name stand that no field knows."""
    for section, record in zip(packet.sections, versions, strict=False):
        for name in TEXTS:
            if name != "own_acts" or wish.own_acts:
                yield Place(section.title, getattr(record.value.order, name))
    for letter, _ in letters:
        title = say(kind_called(letter.value.kind).title)
        for given in letter.value.answers.values.values():
            yield from (Place(title, "\n".join(lines)) for lines in given.values())


_ANSWERED: Final[dict[str, Role]] = {"from": "self", "order_giver": "giver", "to": "addressee"}


def _people(versions: list[Record[KeptOrder]], letters: Letters, wish: Wish) -> Iterator[Person]:
    for record in versions:
        order = record.value.order
        yield Person(order.giver.name, "giver")
        yield Person(order.superior, "superior")
        yield Person(order.recipients, "recipients")
        yield from (Person(one, "witness") for one in order.witnesses)
    if wish.by:
        yield Person(wish.by, "self")
    for letter, clocks in letters:
        answers = letter.value.answers
        for name, role in _ANSWERED.items():
            for lines in answers.values.get(name, {}).values():
                yield from (Person(line, role) for line in lines)
        for clock in clocks:
            yield Person(clock.service.to, "addressee")
            yield Person(clock.service.taken_by, "addressee")
    yield from (Person(name, "added") for name in wish.out)


def _silent(packet: Packet, places: list[Place], say: Callable[..., str]) -> Iterator[tuple[int, str]]:
    """Yield the exhibits that hold something which cannot be searched."""
    for at, exhibit in enumerate(packet.exhibits, 1):
        found = [
            one for one in places if one.where == say(EXHIBIT, number=at) and one.text is not exhibit.title
        ]
        if exhibit.form in {"jpeg", "png"}:
            yield at, say(PICTURE)
        elif not found:
            yield at, say(UNREAD)
        elif pages := [one.page for one in found if one.page and not one.text]:
            yield at, say(SILENT_PAGES, pages=page_list(pages))
