"""What a desk must do before a day passes, or members wait in vain: publish, read, renew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from holdfire.desk.own import OwnDesk
from holdfire.language import mark

#: A publish certificate is spoken of so long before it ends: the root has to be fetched from somewhere safe.
CERTIFICATE_AHEAD: Final = timedelta(days=14)
#: Members' devices seal nothing to a notice that is older (docs/protocols/conversation.md §2).
NOTICE_OLD: Final = timedelta(hours=48)
#: An edition is due four times a day; one that was missed is late.
EDITION_LATE: Final = timedelta(hours=12)
#: Days before the last day key of a device that is handed them.
KEYS_AHEAD: Final = 5
#: Relays keep entries for 30 days: who has not read for so long must hurry.
UNREAD: Final = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """Something to do.

    Args:
        said: What is the matter; `{day}` and `{relay}` stand for the two below.
        hint: What to do.
        day: Since when, or until when.
        relay: On which relay; empty where it is about the whole desk.
        late: Whether somebody waits in vain already.
    """

    said: str
    hint: str
    day: date
    relay: str = ""
    late: bool = True


def due(own: OwnDesk, now: datetime) -> tuple[Due, ...]:
    """Return what is to be done, what is late first."""
    found = [*_certificate(own, now), *_editions(own, now)] if own.publish else _keys(own, now)
    if own.pulled is not None and now - own.pulled > UNREAD:
        found.append(
            Due(
                mark("The inboxes were last read on {day}."),
                mark("Read them: relays keep a message for 30 days, and a warning helps nobody unread."),
                own.pulled.date(),
            )
        )
    return tuple(sorted(found, key=lambda one: not one.late))


def _keys(own: OwnDesk, now: datetime) -> list[Due]:
    last = max((day for day, _ in own.days), default=now.date())
    if (last - now.date()).days > KEYS_AHEAD:
        return []
    said = mark("This device can read what members write until {day}.")
    hint = mark("Ask the desk's first device to publish, then read: new keys come with that.")
    return [Due(said, hint, last, late=last < now.date())]


def _certificate(own: OwnDesk, now: datetime) -> list[Due]:
    if now >= own.until:
        said = mark("The root's word for this device ended on {day}: nothing can be published.")
    elif own.until - now <= CERTIFICATE_AHEAD:
        said = mark("The root's word for this device ends on {day}.")
    else:
        return []
    return [Due(said, mark("Fetch the root and renew it."), own.until.date(), late=now >= own.until)]


def _editions(own: OwnDesk, now: datetime) -> list[Due]:
    found = []
    for relay in own.relays:
        if relay.published is None or now - relay.published <= EDITION_LATE:
            continue
        late = now - relay.published > NOTICE_OLD
        said = (
            mark("The last edition on {relay} is of {day}: members are told not to write to it.")
            if late
            else mark("The last edition on {relay} is of {day}; four a day are due.")
        )
        found.append(
            Due(
                said,
                mark("Publish, whether there is news or not."),
                relay.published.date(),
                relay.origin,
                late,
            )
        )
    return found
