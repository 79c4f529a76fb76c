"""Necessity, proportion, gradation: are lesser means named, and is there any limit?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding
from holdfire.law.words import Topic

ID: Final = "necessity"
TITLE: Final = mark("Necessary, in proportion, step by step")
_FORCE: Final = frozenset({"force", "weapons-less-lethal", "firearms", "block", "detain"})
_TOPICS: Final[tuple[Topic, ...]] = ("indiscriminate", "less-lethal", "force", "firearms")


def check(case: Case) -> Finding | None:
    """Find orders that use force or compel, and whether they set any limit."""
    if case.order.measure not in _FORCE and not case.speaks_of(*_TOPICS):
        return None
    if case.speaks_of("indiscriminate"):
        found = mark("The words set no limit to the means, or to the people they are used against.")
    elif case.speaks_of("force", "less-lethal", "firearms"):
        found = mark("The words speak of force. It is not noted which lesser means come first.")
    else:
        found = mark("The measure compels people. It is not noted which lesser means come first.")
    return case.finding(
        ID,
        TITLE,
        found,
        topics=_TOPICS,
        unknown=(
            mark("Which lesser means were tried or come first."),
            mark("What would make the force stop, and who decides it."),
            mark("Who helps the injured, and where they wait."),
        ),
        ask=(
            mark("What do we try first, and what after that?"),
            mark("Which means are not allowed today?"),
            mark("When do we stop, and who says so?"),
        ),
        see_lawyer=mark("Before you carry out words such as “by any means” or “everyone”."),
    )
