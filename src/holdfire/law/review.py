"""The review of an order: every check in turn, under the law of the order's own day.

A review never says whether an order is right or wrong. It says what can be checked, from which words, what speaks
for and against, what is not known, what to ask, what it risks, and when to see a lawyer first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from holdfire.law.case import Case, lay_out
from holdfire.law.checks import (
    children,
    detention,
    dispersal,
    firearms,
    hiding_identity,
    ill_treatment,
    legal_basis,
    medics,
    necessity,
    peaceful,
    press,
    provocation,
    purpose,
    reprisals,
    secrecy_records,
    too_little_known,
    who_may_order,
    written_signed_dated,
)
from holdfire.law.content import ReviewContent
from holdfire.law.finding import Cited, Finding
from holdfire.law.provisions import Provision
from holdfire.orders.order import Order

__all__ = ["CHECKS", "Cited", "Finding", "review"]

#: Every check, in the order a person reads them: what is missing, what can cost lives, what else stands in the words.
CHECKS: Final[dict[str, Callable[[Case], Finding | None]]] = {
    module.ID: module.check
    for module in (
        too_little_known,
        firearms,
        ill_treatment,
        who_may_order,
        written_signed_dated,
        legal_basis,
        purpose,
        peaceful,
        necessity,
        dispersal,
        detention,
        children,
        medics,
        press,
        hiding_identity,
        secrecy_records,
        provocation,
        reprisals,
    )
}


def review(
    order: Order, provisions: Iterable[Provision], country: str | None, content: ReviewContent
) -> tuple[Finding, ...]:
    """Return what every check finds of an order; never raises, whatever stands in it.

    Args:
        order: As it was received; every field may be unknown.
        provisions: Of every pack. Cited are those in force on the day of the order, or whose dates are not known.
        country: Whose law binds the person, as the packs call it; None: only what is international.
        content: The words by which checks recognise what an order is about, and which provision bears on which check.
    """
    case = lay_out(order, provisions, country, content)
    return tuple(finding for check in CHECKS.values() if (finding := check(case)) is not None)
