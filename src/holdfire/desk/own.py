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
from holdfire.wire.boards import BoardSecrets
from holdfire.wire.checkpoint import Checkpoint

#: Day keys are made for so many days, the first of them today's.
DAYS_AHEAD: Final = 14
#: A day key goes so many days after its day, once this device has read past it.
DAYS_KEPT: Final = 7

#: Random bytes, as many as asked for: `holdfire.sealing.noise.random_bytes`.
Draw = Callable[[int], bytes]


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
        sheet: The secret of the sheet.
        inbox: The owner's secret of the inbox.
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
    inbox: BoardSecrets
    number: int = 0
    hash: bytes = NONE_BEFORE
    bits: int = 0
    fell: date | None = None
    place: Place = field(default_factory=Place)
    published: datetime | None = None


@dataclass(frozen=True, repr=False)
class OwnDesk:
    """A desk, as this device holds it; the root is not here.

    Args:
        card: As it is handed out.
        document: The same, signed.
        publish: Signs notices and buckets.
        certificate: The root's word for it.
        until: When the certificate ends.
        device: Signs this device's acts.
        log_key: Under which the record is sealed.
        log: The owner's secret of the record's board, on the first relay.
        log_place: How far the record was read.
        days: Seeds of day keys, by day.
        relays: Where the desk is found.
        roster: Whose devices belong to it.
        bulletins: What it tells everyone.
        pulled: When its inboxes were read last.
    """

    card: Card
    document: bytes
    publish: DoubleKey
    certificate: bytes
    until: datetime
    device: SigningKey
    log_key: bytes
    log: BoardSecrets
    relays: tuple[OwnRelay, ...]
    roster: Roster
    log_place: Place = field(default_factory=Place)
    days: tuple[tuple[date, bytes], ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    pulled: datetime | None = None

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

    def secret_keys(self) -> tuple[tuple[date, SecretKey], ...]:
        """Return the day keys that live, the newest first."""
        return tuple((day, SecretKey(seed)) for day, seed in sorted(self.days, reverse=True))


def with_days(own: OwnDesk, now: datetime, draw: Draw) -> OwnDesk:
    """Return the desk with day keys for two weeks ahead, and without those whose time is over.

    A key goes seven days after its day, and only if this device read its inboxes after that day: what waits unread
    stays readable.
    """
    today = now.date()
    kept = {
        day: seed
        for day, seed in own.days
        if (today - day).days <= DAYS_KEPT or own.pulled is None or own.pulled.date() <= day
    }
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        if day not in kept:
            kept[day] = draw(SEED_SIZE)
    return replace(own, days=tuple(sorted(kept.items())))
