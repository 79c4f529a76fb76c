"""How long a body has to answer, where a pack knows it: with its law, its level and its doubts."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.letters.kinds import KINDS
from holdfire.pack.reader import Node

Unit = Literal["days", "working-days", "months"]
_UNITS: Final[dict[str, Unit]] = {"days": "days", "working-days": "working-days", "months": "months"}
_KINDS: Final = {kind.id: kind.id for kind in KINDS}
_LEVELS: Final = {
    level: level for level in ("text", "text-earlier-version", "citation", "instrument", "not-verified")
}
_MONTHS: Final = 12
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Term:
    """A time in which a body must answer.

    Attributes:
        id: Its id.
        country: Of its pack; None for all.
        kinds: The letters it may hold for.
        who: Who must answer.
        number: How many of `unit`.
        unit: Days, working days (Monday to Friday), or months.
        law: Where it stands.
        level: How well that was checked.
        caveat: What makes it doubtful.
    """

    id: str
    country: str | None
    kinds: tuple[str, ...]
    who: str
    number: int
    unit: Unit
    law: str
    level: str
    how: str
    caveat: str | None

    def last_day(self, begun: date) -> date:
        """Return the last day for an answer to what was handed in on `begun`, which itself does not count.

        Public holidays are not known here: for working days the true last day can be later, never earlier.
        """
        try:
            return _last_day(begun, self.number, self.unit)
        except (OverflowError, ValueError):
            raise UserError(mark("This term ends after the last year a calendar knows.")) from None


def parse_terms(node: Node, country: str | None) -> tuple[Term, ...]:
    """Return the terms of one file, or raise ContentError with its line."""
    return tuple(_term(item, country) for item in node.fields("terms")["terms"].items())


def _term(node: Node, country: str | None) -> Term:
    fields = node.fields("id kinds who number unit law level how", "caveat")
    number = fields["number"].number()
    if number == 0:
        raise fields["number"].refuse("a term has at least one day or month")
    return Term(
        id=fields["id"].identifier(),
        country=country,
        kinds=tuple(item.choice(_KINDS) for item in fields["kinds"].items(least=1)),
        who=fields["who"].text(),
        number=number,
        unit=fields["unit"].choice(_UNITS),
        law=fields["law"].text(),
        level=fields["level"].choice(_LEVELS),
        how=fields["how"].text(),
        caveat=fields.get("caveat", Node.text_or_none, None),
    )


def _last_day(begun: date, number: int, unit: Unit) -> date:
    if unit == "days":
        return begun + timedelta(days=number)
    if unit == "months":
        month = begun.month - 1 + number
        year, month = begun.year + month // _MONTHS, month % _MONTHS + 1
        # Where the month is shorter, its last day.
        return date(year, month, min(begun.day, calendar.monthrange(year, month)[1]))
    day = begun
    for _ in range(number):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return day
