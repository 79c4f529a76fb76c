"""Journalists and observers: does the order reach people who watch and report?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "press"
TITLE: Final = mark("Journalists and observers")


def check(case: Case) -> Finding | None:
    """Find orders that mention the press, observers or filming."""
    if not case.speaks_of("press"):
        return None
    return case.finding(
        ID,
        TITLE,
        mark("The order mentions people who report, watch or film."),
        topics=("press",),
        unknown=(
            mark("What these people are said to have done, apart from reporting or watching."),
            mark("How their cards, cameras and recordings shall be treated, and under which rule."),
        ),
        ask=(
            mark("What do we do when somebody shows a press card or says they observe?"),
            mark("Under which rule may we stop someone from filming, or take a camera?"),
        ),
        see_lawyer=mark("Before you take or delete a recording, or hold somebody for reporting."),
    )
