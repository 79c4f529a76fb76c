"""Do the people it is aimed at act peacefully?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding
from holdfire.law.words import Topic

ID: Final = "peaceful"
TITLE: Final = mark("Peaceful or not")
_AGAINST_PEOPLE: Final = frozenset({"block", "search", "detain", "force", "weapons-less-lethal", "firearms"})


def check(case: Case) -> Finding | None:
    """Find orders about gatherings of people, and whether anything says how those people act."""
    gathering = case.speaks_of("assembly", "dispersal", "peaceful", "violence")
    if not gathering and case.order.measure not in _AGAINST_PEOPLE:
        return None
    if case.speaks_of("peaceful"):
        found = mark("The words themselves speak of peaceful or unarmed people.")
        topics: tuple[Topic, ...] = ("peaceful", "assembly", "dispersal")
    elif case.speaks_of("violence"):
        found = mark("The words speak of violence. They do not show who did what.")
        topics = ("violence", "assembly", "dispersal")
    else:
        found = mark("Nothing noted says that these people threaten anybody.")
        topics = ("assembly", "dispersal")
    return case.finding(
        ID,
        TITLE,
        found,
        topics=topics,
        unknown=(
            mark("Whether these people act peacefully now, as far as you can see yourself."),
            mark("If a few are violent: who they are, and how they are told apart from the rest."),
        ),
        ask=(
            mark("What have these people done, who saw it, and when?"),
            mark("How do we tell those who are violent from those who are not?"),
        ),
        see_lawyer=mark("Before you use force against people of whom nobody can name a violent act."),
    )
