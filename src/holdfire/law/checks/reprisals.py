"""Reprisals: threats against those who ask, doubt or decline."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "reprisals"
TITLE: Final = mark("Threats for asking or declining")


def check(case: Case) -> Finding | None:
    """Find threats in the order against those who do not carry it out."""
    if not case.speaks_of("reprisals"):
        return None
    return case.finding(
        ID,
        TITLE,
        mark("Some words can be a threat to whoever asks or does not carry it out."),
        topics=("reprisals",),
        unknown=(
            mark("Which rule the threat rests on, and who would decide."),
            mark("Who else heard it."),
        ),
        ask=(
            mark("Which article do you mean, so that I can read it?"),
            mark("I heard this as a condition of the order. Is that how you meant it?"),
        ),
        risk=(mark("Expect: whoever threatens watches how you react. Note the words first; answer later."),),
        see_lawyer=mark("Before you answer a threat, and before you decline anything in front of others."),
    )
