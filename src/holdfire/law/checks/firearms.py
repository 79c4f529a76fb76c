"""Firearms: whose life is threatened, and is there a warning?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "firearms"
TITLE: Final = mark("Firearms and warning")


def check(case: Case) -> Finding | None:
    """Find orders that name firearms or firing."""
    if case.order.measure != "firearms" and not case.speaks_of("firearms", "to-kill"):
        return None
    unknown = [mark("Whose life is threatened at this moment, by whom, and how.")]
    if case.speaks_of("to-kill"):
        found = mark("The words seem to ask for shots that kill.")
    elif case.speaks_of("warning") and not case.denies("warning"):
        found = mark("The order names firearms and mentions a warning.")
    else:
        found = mark("The order names firearms. No warning is noted.")
        unknown.append(mark("Who warns, in which words, and how long people have to heed it."))
    unknown.append(mark("Who reports each shot, and where medical help waits."))
    return case.finding(
        ID,
        TITLE,
        found,
        topics=("to-kill", "firearms", "warning"),
        unknown=unknown,
        ask=(
            mark("Whose life is in danger, from whom, right now?"),
            mark("Who gives the warning, in which words, and how long do we wait?"),
            mark("Please give this order in writing, with your name."),
        ),
        risk=(
            mark(
                "Possible: in the field such an order is pressed at once, and declining is punished first, judged later."
            ),
        ),
        see_lawyer=mark(
            "Today, if there is any time. One thing needs no lawyer: do not fire at people who threaten no life."
        ),
    )
