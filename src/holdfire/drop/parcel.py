"""What goes to a relay in one exchange: a piece of a file, or a message sealed to the desk's key of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfire.conversation.attachment import Pieces
from holdfire.conversation.message import seal_message
from holdfire.conversation.notice import Notice
from holdfire.drop.outbox import Outgoing
from holdfire.errors import PeerError
from holdfire.language import mark
from holdfire.wire.admission import Tell, post_entry, put_piece
from holdfire.wire.http import Ask


@dataclass(frozen=True, repr=False)
class Parcel:
    """One thing to send, sealed already.

    Args:
        inbox: `w` of the desk's inbox.
        content: An entry, or a piece.
        name: Of the piece; nothing for a message.
        ticket: Shown with a message, if there is one.
    """

    inbox: bytes
    content: bytes
    name: bytes = b""
    ticket: bytes = b""


def message_parcel(
    one: Outgoing, notice: Notice, ticket: bytes, now: datetime, *, insist: bool = False
) -> Parcel:
    """Return a message sealed for the relay of `notice`, never the same twice.

    Args:
        one: A message that waits.
        notice: The newest of the desk, from this relay.
        ticket: One that was not used, or nothing.
        now: The time here.
        insist: Whether the person wants it sealed on the word of a notice that is older than two days.

    Raises:
        OldNoticeError: The notice is over 48 hours old.
        ClockError: It is over a day ahead of `now`.
        PeerError: The desk forgot to publish a key for its day.
    """
    if not insist:
        notice.check_age(now)
    try:
        day, key = notice.day_key()
    except ValueError:
        raise PeerError(
            mark("The desk has published no key for today."),
            mark("Nothing was sent. Try again in some hours, or tell the desk another way."),
        ) from None
    return Parcel(
        notice.inbox, seal_message(one.written, notice.desk, notice.origin, day, key), ticket=ticket
    )


def piece_parcel(one: Outgoing, place: int, number: int, content: bytes, notice: Notice) -> Parcel:
    """Return piece `number` of file `place` of a message, sealed for the relay of `notice`.

    Raises:
        ValueError: `content` is not what stands in that piece.
    """
    pieces = Pieces(one.parts[place].attachment, notice.desk, notice.origin)
    return Parcel(notice.inbox, pieces.seal(number, content), pieces.name(number))


def deliver(parcel: Parcel, ask: Ask, tell: Tell | None = None) -> None:
    """Send a parcel: a message with its ticket, everything else with a puzzle solved for it.

    Raises:
        NetworkError: The relay was not reached, or the way broke off.
        PeerError: It did not take it.
    """
    if parcel.name:
        put_piece(ask, parcel.inbox, parcel.name, parcel.content, tell=tell)
    else:
        post_entry(ask, parcel.inbox, parcel.content, ticket=parcel.ticket, tell=tell)
