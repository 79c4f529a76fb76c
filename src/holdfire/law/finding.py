"""A finding: what can be checked of an order, what is not known of it, and what a person can ask."""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.pack.levels import Level


@dataclass(frozen=True)
class Cited:
    """A provision beside a finding: how well it was read, and whether it was in force on the order's day.

    `in_force` is None where the day of the order or the dates of the provision are not known.
    """

    provision_id: str
    level: Level
    in_force: bool | None


@dataclass(frozen=True)
class Finding:
    """What one check says of an order; never whether the order is right or wrong.

    Attributes:
        check: Id of the check.
        title: Its name for people.
        found: What was found, or what is missing.
        words: The order's own words it rests on; "" when it rests on a gap or on an answer.
        speaks_for: Provisions that can support the order.
        speaks_against: Provisions that can stand against it.
        unknown: What would have to be known.
        ask: Sentences a person can say as they stand.
        risk: What it can cost to ask, delay or decline: provisions, and sentences that open with a risk word.
        see_lawyer: When to see a lawyer first.
    """

    check: str
    title: str
    found: str
    words: str
    speaks_for: tuple[Cited, ...]
    speaks_against: tuple[Cited, ...]
    unknown: tuple[str, ...]
    ask: tuple[str, ...]
    risk: tuple[Cited | str, ...]
    see_lawyer: str
