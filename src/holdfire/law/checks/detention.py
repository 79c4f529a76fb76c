"""Detention, search and questioning: on which grounds, and who writes them down?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "detention"
TITLE: Final = mark("Detention and its grounds")
_HOLDING: Final = frozenset({"detain", "search", "question"})


def check(case: Case) -> Finding | None:
    """Find orders to hold, search or question people."""
    if case.order.measure not in _HOLDING and not case.speaks_of("detention"):
        return None
    if case.speaks_of("grounds"):
        found = mark(
            "The order holds or searches people and mentions a ground. Whether it fits each person is open."
        )
    else:
        found = mark("The order holds or searches people. No ground for each of them is noted.")
    unknown = [mark("The ground for each single person, and the rule it comes from.")]
    if case.speaks_of("indiscriminate"):
        unknown.append(mark("How anybody is told apart, when the words speak of all or of any."))
    unknown.append(mark("Where people are taken, who enters them in a record, and who tells their families."))
    return case.finding(
        ID,
        TITLE,
        found,
        topics=("detention", "grounds"),
        unknown=unknown,
        ask=(
            mark("On which ground do I hold this person, and under which article?"),
            mark("Who writes the record, and when does a judge see these people?"),
            mark("Where do they go, and who tells their families?"),
        ),
        see_lawyer=mark("Before you sign a record of something you did not see."),
    )
