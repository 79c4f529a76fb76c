"""Provocation: being told to pass for somebody else, start violence, or plant things."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "provocation"
TITLE: Final = mark("Provocation")


def check(case: Case) -> Finding | None:
    """Find orders to mix with people in order to start something, or to plant things on them."""
    if not case.speaks_of("provocation"):
        return None
    return case.finding(
        ID,
        TITLE,
        mark("Some words can mean making people violent, or making them look so."),
        topics=("provocation",),
        unknown=(
            mark("What the giver means by these words."),
            mark("Which rule covers acting unrecognised among people, and who answers for it."),
        ),
        ask=(
            mark("What exactly do I do there, and what do I not do?"),
            mark("Who has approved this in writing?"),
        ),
        risk=(mark("Possible: whoever starts violence or plants things answers for it in person."),),
        see_lawyer=mark("Before you go, and alone: such a task is seldom written down."),
    )
