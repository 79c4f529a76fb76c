"""Dispersal: were people told to go, and given time and a way out?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "dispersal"
TITLE: Final = mark("How a gathering is dispersed")
_FORCE: Final = frozenset({"force", "weapons-less-lethal", "firearms"})


def check(case: Case) -> Finding | None:
    """Find orders to disperse or clear, or to use force on a gathering."""
    on_gathering = case.speaks_of("assembly") and (
        case.order.measure in _FORCE or case.speaks_of("force", "less-lethal")
    )
    if not on_gathering and not case.speaks_of("dispersal"):
        return None
    unknown = []
    if not case.speaks_of("proclamation", "warning"):
        unknown.append(mark("Whether people were told to leave, by whom, in which words and how loud."))
    unknown += [
        mark("How long people have to leave, and which way out stays open."),
        mark("Who decided that this gathering shall end, and for which reason."),
    ]
    return case.finding(
        ID,
        TITLE,
        mark("The order ends a gathering and mentions that people are told first.")
        if case.speaks_of("proclamation", "warning")
        else mark("The order ends a gathering. Nothing noted says that people are told first."),
        topics=("dispersal", "proclamation", "less-lethal", "assembly"),
        unknown=unknown,
        ask=(
            mark("Who tells the people to leave, in which words, and how long do they have?"),
            mark("Which way out stays open?"),
            mark("Who decided this, and where is the decision written?"),
        ),
        see_lawyer=mark("Before force is used on people who were not told to leave, or who cannot."),
    )
