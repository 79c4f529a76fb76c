"""Deadlines: who must act within what time, as a text and, where the law counts, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from holdfire.law.reading import MAY, MUST, parse_reading
from holdfire.pack.levels import Level
from holdfire.pack.reader import Node

Unit = Literal["days", "working-days", "months", "years"]
_UNITS: Final[dict[str, Unit]] = {
    "days": "days",
    "working-days": "working-days",
    "months": "months",
    "years": "years",
}


@dataclass(frozen=True)
class Term:
    """A time that can be counted: how many of which unit, for which case."""

    number: int
    unit: Unit
    case: str


@dataclass(frozen=True)
class Deadline:
    """A time within which somebody must act; `terms` is empty where the law names no number."""

    id: str
    jurisdiction: str
    who_must_act: str
    time: str
    terms: tuple[Term, ...]
    law: str
    provision: str | None
    source_url: str
    level: Level
    how: str
    checked: date
    caveat: str | None = None
    note: str | None = None


def parse_deadlines(node: Node) -> tuple[Deadline, ...]:
    """Return the deadlines of one file, or raise ContentError."""
    return tuple(_parse_deadline(item) for item in node.fields("deadlines")["deadlines"].items(least=1))


def _parse_deadline(node: Node) -> Deadline:
    fields = node.fields(f"id jurisdiction who_must_act time terms law {MUST}", f"provision {MAY}")
    return Deadline(
        id=fields["id"].identifier(),
        jurisdiction=fields["jurisdiction"].identifier(),
        who_must_act=fields["who_must_act"].text(),
        time=fields["time"].text(),
        terms=tuple(_parse_term(item) for item in fields["terms"].items()),
        law=fields["law"].text(),
        provision=fields.get("provision", Node.identifier, None),
        **parse_reading(fields),
    )


def _parse_term(node: Node) -> Term:
    known = node.fields("number unit case")
    number = known["number"].number()
    if number < 1:
        raise known["number"].refuse("a time is at least one")
    return Term(number, known["unit"].choice(_UNITS), known["case"].text())
