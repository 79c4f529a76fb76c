"""A desk as one of its devices keeps it: its card, the keys that this device holds, and how far it has read (docs/formats/desk.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from holdfire.conversation.card import Card
from holdfire.conversation.notice import NONE_BEFORE, Bulletin
from holdfire.conversation.roster import Roster
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import SEED_SIZE, SecretKey
from holdfire.sealing.signature import SigningKey
from holdfire.wire.boards import BoardReader, BoardSecrets
from holdfire.wire.checkpoint import Checkpoint

#: Day keys are made for so many days, the first of them today's.
DAYS_AHEAD: Final = 14
#: A day key goes so many days after its day, once this device has read past it.
DAYS_KEPT: Final = 7

#: An inbox is read for so many days after the desk moved to another: members write by a notice of two days at most.
DAYS_BEFORE: Final = 4

#: Random bytes, as many as asked for: `holdfire.sealing.noise.random_bytes`.
Draw = Callable[[int], bytes]
#: A board that this device owns, or reads.
Board = BoardSecrets | BoardReader


@dataclass(frozen=True)
class Place:
    """How far a board was read: the last head that was believed, and the number of the next entry."""

    head: Checkpoint | None = None
    next: int = 0


@dataclass(frozen=True, repr=False)
class OwnRelay:
    """A relay of this desk.

    Args:
        origin: Where it is.
        head_key: With which it signs heads.
        sheet: The secret of the sheet; nothing on a device that does not publish.
        inbox: The inbox.
        number: Of the last notice that was begun here.
        hash: Of that notice.
        bits: Of its edition.
        fell: Since when it has had as many.
        place: How far the inbox was read.
        published: When the last edition was begun.
    """

    origin: str
    head_key: bytes
    sheet: bytes
    inbox: Board
    number: int = 0
    hash: bytes = NONE_BEFORE
    bits: int = 0
    fell: date | None = None
    place: Place = field(default_factory=Place)
    published: datetime | None = None


@dataclass(frozen=True, repr=False)
class Before:
    """Inboxes that are still read after a move, and the day keys that go with them.

    Args:
        since: When it moved.
        days: Seeds of day keys, by day.
        inboxes: By origin, the board and how far it was read.
    """

    since: datetime
    days: tuple[tuple[date, bytes], ...]
    inboxes: tuple[tuple[str, Board, Place], ...]

    def inbox(self, origin: str) -> tuple[Board, Place] | None:
        """Return the inbox that is still read on a relay, or None."""
        return next(((board, place) for one, board, place in self.inboxes if one == origin), None)

    def without(self, origin: str) -> Before | None:
        """Return what is left when that inbox is let go; None when nothing is."""
        left = tuple(one for one in self.inboxes if one[0] != origin)
        return replace(self, inboxes=left) if left else None

    def read_to(self, origin: str, place: Place) -> Before:
        """Return the same, that inbox read to `place`."""
        return replace(
            self,
            inboxes=tuple((one, board, place if one == origin else at) for one, board, at in self.inboxes),
        )


@dataclass(frozen=True, repr=False)
class Moving:
    """What a desk moves to when somebody is taken off, kept before anything of it is sent.

    Args:
        roster: Who belongs to it then, as signed.
        log_key: Under which the record is sealed then.
        log: The record's board.
        inboxes: By origin.
        days: Seeds of day keys, by day.
    """

    roster: bytes
    log_key: bytes
    log: BoardSecrets
    inboxes: tuple[tuple[str, BoardSecrets], ...]
    days: tuple[tuple[date, bytes], ...]


@dataclass(frozen=True, repr=False)
class OwnDesk:
    """A desk, as this device holds it; the root is not here.

    Args:
        card: As it is handed out.
        document: The same, signed.
        publish: Signs notices and buckets; None on a device that reads, acts and answers only.
        certificate: The root's word for it, or nothing.
        until: When the certificate ends.
        device: Signs this device's acts.
        log_key: Under which the record is sealed.
        log: The record's board, on the first relay.
        log_place: How far the record was read.
        days: Seeds of day keys, by day.
        relays: Where the desk is found.
        roster: Whose devices belonged to it when its record began; what changed since stands in the record.
        bulletins: What it tells everyone.
        pulled: When its inboxes were read last.
        threads: The highest number that a thread was given.
        wrapping: Seed of the key that keys are wrapped to next, for this device; empty where none is needed.
        handed: To whom keys were wrapped last, when, and to which key: the device, the day, the key.
        waits: Since when keys are waited for, because somebody was taken off and the desk moves.
        before: What stood before somebody was taken off.
        moving: What will stand once somebody is off.
    """

    card: Card
    document: bytes
    publish: DoubleKey | None
    certificate: bytes
    until: datetime
    device: SigningKey
    log_key: bytes
    log: Board
    relays: tuple[OwnRelay, ...]
    roster: Roster
    log_place: Place = field(default_factory=Place)
    days: tuple[tuple[date, bytes], ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    pulled: datetime | None = None
    threads: int = 0
    wrapping: bytes = b""
    handed: tuple[tuple[bytes, date, bytes], ...] = ()
    waits: datetime | None = None
    before: Before | None = None
    moving: Moving | None = None

    @property
    def id(self) -> bytes:
        """The desk's id."""
        return self.card.desk

    def relay(self, origin: str) -> OwnRelay:
        """Return one of its relays; ValueError if it has none such."""
        for one in self.relays:
            if one.origin == origin:
                return one
        raise ValueError("this desk has no such relay")

    def with_relay(self, changed: OwnRelay) -> OwnDesk:
        """Return the desk with one of its relays as it is now."""
        return replace(
            self, relays=tuple(changed if one.origin == changed.origin else one for one in self.relays)
        )

    def secret_keys(self, today: date) -> tuple[tuple[date, SecretKey], ...]:
        """Return the day keys that live, the likeliest first: today's, then those before it, then those ahead."""
        days = (*self.days, *(self.before.days if self.before else ()))
        ordered = sorted(days, key=lambda one: (one[0] > today, abs((one[0] - today).days)))
        return tuple((day, SecretKey(seed)) for day, seed in ordered)


def with_days(own: OwnDesk, now: datetime, draw: Draw) -> OwnDesk:
    """Return the desk with day keys for two weeks ahead, and without those whose time is over.

    A key goes seven days after its day, and only if this device read its inboxes after that day: what waits unread
    stays readable.
    """
    own = without_past(own, now)
    kept = dict(own.days)
    for ahead in range(DAYS_AHEAD):
        day = now.date() + timedelta(days=ahead)
        if day not in kept:
            kept[day] = draw(SEED_SIZE)
    return replace(own, days=tuple(sorted(kept.items())))


def without_past(own: OwnDesk, now: datetime) -> OwnDesk:
    """Return the desk without the day keys whose time is over, and that this device has read past."""
    pulled = own.pulled
    if pulled is None:
        return own
    kept = tuple(
        one for one in own.days if (now.date() - one[0]).days <= DAYS_KEPT or pulled.date() <= one[0]
    )
    return replace(own, days=kept)
