"""A desk that a person knows: its card, what was seen of it on each relay, and what the person noted about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Final

from holdfire.conversation.card import Card
from holdfire.conversation.faults import EquivocationError
from holdfire.conversation.notice import SeenNotice
from holdfire.errors import UserError
from holdfire.language import mark

#: The most letters of where a person read whether contact is forbidden.
MOST_SOURCE: Final = 300


class Ban(Enum):
    """Whether contact with a desk is forbidden where the person serves, as far as the person found out."""

    UNKNOWN = "unknown"
    BANNED = "banned"
    ALLOWED = "allowed"


@dataclass(frozen=True)
class Said:
    """A sentence for the person, to be translated, and what fills its places."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


@dataclass(frozen=True)
class Contact:
    """What a person noted on whether contact is forbidden.

    Args:
        status: What they found.
        day: When they found it.
        source: Where it stands, in their words.
    """

    status: Ban = Ban.UNKNOWN
    day: date | None = None
    source: str = ""

    @property
    def said(self) -> Said:
        """The sentence that stands before the first message."""
        if self.status is Ban.UNKNOWN or self.day is None:
            return Said(
                mark(
                    "You have not noted whether contact with this desk is forbidden to you. "
                    "In some places the contact alone is punished: find out first if you can."
                )
            )
        sentence = (
            mark(
                "You noted on {day}: contact with this desk is forbidden ({source}). "
                "Whoever can prove that you wrote can punish you for that alone."
            )
            if self.status is Ban.BANNED
            else mark("You noted on {day}: contact with this desk is not forbidden ({source}). Laws change.")
        )
        return Said(sentence, {"day": self.day.isoformat(), "source": self.source or mark("no source")})


@dataclass(frozen=True, repr=False)
class SeenThere:
    """The last notice of a desk that was seen on a relay, whole, so that a second one with its number can be shown beside it.

    Args:
        number: Of the notice.
        hash: Of its body.
        time: When the desk made it.
        document: As the relay gave it.
    """

    number: int
    hash: bytes
    time: datetime
    document: bytes

    @property
    def notice(self) -> SeenNotice:
        """What the next notice is held to."""
        return SeenNotice(self.number, self.hash)


@dataclass(frozen=True, repr=False)
class Clash:
    """Two signed things that cannot both be: kept both, because together they prove it.

    Args:
        what: "card" or "notice".
        origin: Of the relay that showed the second.
        first: What was seen before.
        second: What contradicts it.
        day: When it was noticed.
    """

    what: str
    origin: str
    first: bytes
    second: bytes
    day: date


@dataclass(frozen=True, repr=False)
class KnownDesk:
    """A desk as one person knows it.

    Args:
        number: What the person calls it, from 1.
        document: Its newest card, as signed.
        card: What that says.
        added: When the person took it in.
        confirmed: The day on which its eight words were typed; None as long as nobody did.
        seen: By origin, the last notice.
        contact: What the person noted on whether contact is forbidden.
        clashes: Contradictions that were found, the last one last.
        stopped: Whether nothing goes to it until its words are confirmed anew.
    """

    number: int
    document: bytes
    card: Card
    added: datetime
    confirmed: date | None = None
    seen: Mapping[str, SeenThere] = field(default_factory=dict)
    contact: Contact = Contact()
    clashes: tuple[Clash, ...] = ()
    stopped: bool = False

    @property
    def name(self) -> str:
        """What the desk calls itself; anybody can call themselves so."""
        return self.card.name

    @property
    def origins(self) -> tuple[str, ...]:
        """Where it is found."""
        return tuple(relay.origin for relay in self.card.relays)

    def clashed(self, clash: Clash) -> KnownDesk:
        """Return the desk with a contradiction kept; nothing more goes to it."""
        return replace(self, clashes=(*self.clashes, clash), stopped=True)

    def check_usable(self, *, unconfirmed: bool) -> None:
        """Return if something may go to this desk.

        Args:
            unconfirmed: Whether the person said that they know that nobody compared the words.

        Raises:
            EquivocationError: Two signed things about it contradict each other.
            NotConfirmedError: Its eight words were not compared.
        """
        if self.stopped:
            raise EquivocationError
        if self.confirmed is None and not unconfirmed:
            raise NotConfirmedError


class NotConfirmedError(UserError):
    """The eight words of a desk were never compared: the card may be anybody's."""

    hint = mark(
        "Hear the eight words from the desk another way, by voice or on paper, and type them. "
        "Without that a false desk may read you."
    )

    def __init__(self) -> None:
        super().__init__(mark("Nobody has compared the eight words of this desk yet."))
