"""An order as it was received: the exact words, and around them only what the person knows.

Every field may be unknown: an empty text, an empty tuple, or None. Nothing here is ever required, because an order
is written down in minutes and completed later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

from holdfire.orders.moment import Moment

#: Kinds of order. The Russian and Belarusian ones are different acts with different forms, so they keep their names.
Act = Literal[
    "prikaz", "prikazanie", "rasporyazhenie", "ukazanie", "order", "instruction", "request", "other"
]
#: How it reached the person.
Channel = Literal["spoken", "written", "telephone", "radio", "messenger", "briefing", "other"]
#: What it tells the person to do, or to do it with.
Measure = Literal[
    "none",
    "presence",
    "block",
    "search",
    "detain",
    "question",
    "force",
    "weapons-less-lethal",
    "firearms",
    "surveillance",
    "records",
    "other",
]
ACTS: Final[dict[str, Act]] = {one: one for one in get_args(Act)}
CHANNELS: Final[dict[str, Channel]] = {one: one for one in get_args(Channel)}
MEASURES: Final[dict[str, Measure]] = {one: one for one in get_args(Measure)}


@dataclass(frozen=True)
class Person:
    """Who gave the order: a name or an alias of the person's own, and official data only. Each may be unknown ("")."""

    name: str = ""
    rank: str = ""
    post: str = ""
    unit: str = ""

    def known(self) -> bool:
        """Return whether anything at all is known."""
        return bool(self.name or self.rank or self.post or self.unit)


@dataclass(frozen=True)
class Order:
    """An order, as one person received it.

    Attributes:
        words: The exact words in the language they were given in; nothing added.
        gist: What they come to, told in the person's own words; kept apart from `words`.
        understanding: What the person took them to mean; kept apart from both.
        language: Of `words`, as a code such as "ru".
        act: Which kind of order it was called.
        channel: How it came.
        giver: Who gave it.
        recipients: To whom.
        superior: On whose authority, as it was said.
        place: Where it was given.
        heard: When it was given: this day chooses the law.
        written_down: When this record was first written.
        from_memory: Whether it was written from memory; False: while listening or from the paper.
        first_hand: Whether the person received it themselves; False: another told them.
        witnesses: Aliases of who else heard it.
        purpose: The purpose that was stated.
        measure: What is to be done.
        against: Against whom, as heard.
        deadline: Until when.
        followed: What happened afterwards.
        own_acts: What the person did. Entrances warn before this is recorded.
        signed: Whether it bears a signature.
        dated: Whether it bears a date.
        number: Its number.
        basis: The legal basis that it names.
    """

    words: str = ""
    gist: str = ""
    understanding: str = ""
    language: str | None = None
    act: Act | None = None
    channel: Channel | None = None
    giver: Person = Person()
    recipients: str = ""
    superior: str = ""
    place: str = ""
    heard: Moment | None = None
    written_down: Moment | None = None
    from_memory: bool | None = None
    first_hand: bool | None = None
    witnesses: tuple[str, ...] = ()
    purpose: str = ""
    measure: Measure | None = None
    against: str = ""
    deadline: Moment | None = None
    followed: str = ""
    own_acts: str = ""
    signed: bool | None = None
    dated: bool | None = None
    number: str = ""
    basis: str = ""

    def unknown(self) -> tuple[str, ...]:
        """Return the names of the fields nothing is known of, in the order they stand here."""
        return tuple(one.name for one in fields(self) if _is_unknown(getattr(self, one.name)))


def _is_unknown(value: object) -> bool:
    return value in (None, "", ()) or (isinstance(value, Person) and not value.known())


#: The fields by how they are written.
TEXTS: Final = (
    "words",
    "gist",
    "understanding",
    "recipients",
    "superior",
    "place",
    "purpose",
    "against",
    "followed",
    "own_acts",
    "number",
    "basis",
)
MOMENTS: Final = ("heard", "written_down", "deadline")
YES_OR_NO: Final = ("from_memory", "first_hand", "signed", "dated")
CHOICES: Final[dict[str, Mapping[str, str]]] = {"act": ACTS, "channel": CHANNELS, "measure": MEASURES}
PERSON: Final = ("name", "rank", "post", "unit")
