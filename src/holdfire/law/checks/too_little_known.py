"""Is enough known to review anything: the words, and the day that chooses the law?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "too-little-known"
TITLE: Final = mark("What is known at all")


def check(case: Case) -> Finding | None:
    """Find that the words or the day of the order are missing."""
    order = case.order
    nothing_said = not order.words and not order.gist
    if not nothing_said and order.heard is not None:
        return None
    unknown = []
    if not order.words:
        unknown.append(mark("The exact words of the order."))
    if order.heard is None:
        unknown.append(mark("The day it was given. That day decides which wording of the law counts."))
    return case.finding(
        ID,
        TITLE,
        mark("Too little is known to review this order. Ask this, and note it while you remember.")
        if nothing_said
        else mark("The day of the order is not noted, so dates in the law cannot be compared."),
        unknown=unknown,
        ask=(
            mark("Please repeat the order, so that I carry it out correctly."),
            mark("What exactly is to be done, where, and until when?"),
        ),
        see_lawyer=mark("When you are to act and nobody will say what the order is."),
    )
