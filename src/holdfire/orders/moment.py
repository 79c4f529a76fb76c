"""A moment as a person knows it: a year, a month, a day, or a day and a time; sure or about."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final

_WRITTEN: Final = re.compile(
    r"(?P<about>about[ ]+)?(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2})"
    r"([ T]+(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}))?)?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class Moment:
    """A stretch of days no wider than what is known, with a time of day where that is known too.

    Attributes:
        first: The first day it can have been.
        last: The last day it can have been; the same as `first` where the day is known.
        at: The local time of day, to the minute; only where the day is known.
        about: Whether the person said "about".
    """

    first: date
    last: date
    at: time | None = None
    about: bool = False

    @staticmethod
    def on(day: date) -> Moment:
        """Return the moment that is known to the day."""
        return Moment(day, day)

    @property
    def day(self) -> date | None:
        """The day, where it is known to the day."""
        return self.first if self.first == self.last else None

    def written(self) -> str:
        """Return what `parse_moment` reads back as this moment."""
        about = "about " if self.about else ""
        if self.day is None:
            whole_year = (self.first.month, self.last.month) == (1, 12)
            return f"{about}{self.first.isoformat()[: 4 if whole_year else 7]}"
        at = f" {self.at:%H:%M}" if self.at else ""
        return f"{about}{self.day.isoformat()}{at}"


def parse_moment(text: str) -> Moment | None:
    """Return the moment written as 2020, 2020-08, 2020-08-11 or 2020-08-11 14:30, each with or without "about ".

    None when it is none of these, or no such day or time exists.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return None
    about = found["about"] is not None
    year = int(found["year"])
    try:
        if not found["month"]:
            return Moment(date(year, 1, 1), date(year, 12, 31), about=about)
        month = int(found["month"])
        if not found["day"]:
            last = calendar.monthrange(year, month)[1] if year else 0
            return Moment(date(year, month, 1), date(year, month, last), about=about)
        day = date(year, month, int(found["day"]))
        at = time(int(found["hour"]), int(found["minute"])) if found["hour"] else None
        return Moment(day, day, at, about)
    except ValueError:  # calendar's own error for a thirteenth month is one too
        return None
