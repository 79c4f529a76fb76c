"""A calendar file with the days on which answers are due, under titles that say nothing (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from holdfire.language import mark
from holdfire.letters.clock import Clock

#: What an entry is called when the person gives no title: a calendar is read by others, and often copied to a server.
NEUTRAL: Final = mark("Reminder")
#: RFC 5545, 3.1: octets of a line without its end.
_MOST_OCTETS: Final = 75


def calendar_file(clocks: Iterable[Clock], title: str = NEUTRAL) -> bytes:
    """Return an iCalendar file with one whole-day entry for each last day, the same bytes for the same days.

    Nothing of the letters goes in: no kind, no person, no place, no alarm, no time of making. Requests without a day,
    and those that rest or are answered, are left out; two on one day make one entry.
    """
    days = sorted({clock.due for clock in clocks if clock.due and not clock.answered and not clock.stopped})
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//EN"]
    for day in days:
        lines += _event(day, title)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(day: date, title: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{day:%Y%m%d}@reminder.invalid",
        # The format demands a time of making; the day itself says nothing new.
        f"DTSTAMP:{day:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """Return text in which no sign has a meaning (RFC 5545, 3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """Return a line with its end, cut between characters where it is longer than the format allows."""
    pieces: list[bytes] = []
    current = b""
    for sign in line:
        octets = sign.encode()
        # A continued line begins with a space, which counts.
        if len(current) + len(octets) > _MOST_OCTETS - (1 if pieces else 0):
            pieces.append(current)
            current = b""
        current += octets
    return b"\r\n ".join([*pieces, current]) + b"\r\n"
