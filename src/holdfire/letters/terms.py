"""Count a time of answer: days, working days, months or years after the day a letter was handed in."""

from __future__ import annotations

import calendar
import contextlib
from datetime import date, timedelta
from typing import Final, Protocol

from holdfire.errors import UserError
from holdfire.language import mark

_MONTHS: Final = 12
_SATURDAY: Final = 5
#: More than any law names; a slip of the finger shall not count for minutes.
MOST: Final = 9_999


class Countable(Protocol):
    """A time that can be counted; the law packs' own type has it."""

    @property
    def number(self) -> int:
        """How many."""

    @property
    def unit(self) -> str:
        """Of what: days, working-days, months or years."""


def last_day(begun: date, term: Countable) -> date:
    """Return the last day for an answer to what was handed in on `begun`, which itself does not count.

    Working days are Monday to Friday: public holidays are not known here, so that the true last day can be later, never
    earlier. Where a month is shorter, its last day counts.

    Raises:
        UserError: No such day is in a calendar, or the unit is none.
    """
    count = _UNITS.get(term.unit)
    if count is not None and 0 < term.number <= MOST:
        with contextlib.suppress(OverflowError, ValueError):
            return count(begun, term.number)
    raise UserError(mark("This time of answer cannot be counted."), mark("Give the day itself."))


def _days(begun: date, number: int) -> date:
    return begun + timedelta(days=number)


def _working_days(begun: date, number: int) -> date:
    day = begun
    for _ in range(number):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return day


def _months(begun: date, number: int) -> date:
    months = begun.month - 1 + number
    year, month = begun.year + months // _MONTHS, months % _MONTHS + 1
    return date(year, month, min(begun.day, calendar.monthrange(year, month)[1]))


def _years(begun: date, number: int) -> date:
    return _months(begun, number * _MONTHS)


_UNITS: Final = {"days": _days, "working-days": _working_days, "months": _months, "years": _years}
