"""Is it said what the order is for?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "purpose"
TITLE: Final = mark("Purpose")


def check(case: Case) -> Finding | None:
    """Find an order whose purpose nobody stated."""
    if case.order.purpose:
        return None
    return case.finding(
        ID,
        TITLE,
        mark("No purpose is noted. Without one nobody can say which means would be enough."),
        unknown=(mark("What the measure shall achieve, and which danger it answers."),),
        ask=(
            mark("What is the purpose, so that I can judge the means on the spot?"),
            mark("When is the purpose reached, and the measure over?"),
        ),
        see_lawyer=mark("When the purpose is to punish people, or to stop them from speaking or meeting."),
    )
