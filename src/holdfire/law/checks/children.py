"""Children: does the order reach people under eighteen?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "children"
TITLE: Final = mark("Children and young people")


def check(case: Case) -> Finding | None:
    """Find orders that mention children, pupils, minors or schools."""
    if not case.speaks_of("children"):
        return None
    return case.finding(
        ID,
        TITLE,
        mark("The order mentions children or young people, or places where they are."),
        topics=("children",),
        unknown=(
            mark("What is done differently when somebody is under eighteen."),
            mark("Who calls the parents, and who stays with the child."),
        ),
        ask=(
            mark("What do we do when children are among them?"),
            mark("Who calls the parents, and how soon?"),
        ),
        see_lawyer=mark("Before a child is held, questioned, or touched by force."),
    )
