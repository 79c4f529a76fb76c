"""Who may order this: the giver's post and unit, whose authority is invoked, and whether that reaches this measure."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "who-may-order"
TITLE: Final = mark("Who may order this")
#: Measures that reach into the rights of others, so that not every superior may order them.
_REACHING: Final = frozenset(
    {"block", "search", "detain", "question", "force", "weapons-less-lethal", "firearms", "surveillance"}
)


def check(case: Case) -> Finding | None:
    """Find gaps about the giver, authority that is only hinted at, and measures that need a particular authority."""
    order = case.order
    unknown = []
    if not order.giver.known():
        unknown.append(mark("Who gave the order."))
    if not order.giver.post:
        unknown.append(mark("The post of whoever gave it."))
    if not order.giver.unit:
        unknown.append(
            mark("The unit or authority of whoever gave it, and whether you are under its command.")
        )
    hinted = case.speaks_of("from-above") and not order.superior
    if hinted:
        unknown.append(mark("Who “above” is: the name, post and order of that superior."))
    reaching = order.measure in _REACHING or case.speaks_of("force", "less-lethal", "firearms", "detention")
    if reaching:
        unknown.append(mark("Whether this post may order this measure, here and against these people."))
    if not unknown:
        return None
    if hinted:
        found = mark("The words point to an authority above without naming it.")
    elif reaching and order.giver.post and order.giver.unit:
        found = mark("The giver is noted. Whether that post may order this measure is a question of its own.")
    else:
        found = mark("It is not fully known who gave this order and in which post.")
    return case.finding(
        ID,
        TITLE,
        found,
        topics=("from-above",),
        unknown=unknown,
        ask=(
            mark("Who is in command of this task, by name and post?"),
            mark("On whose order do we act, and where is it written?"),
        ),
        risk=(
            mark(
                "Possible: an order of a direct superior often binds until it is withdrawn, whatever its source."
            ),
        ),
        see_lawyer=mark("Before you decline because you doubt that the giver may order it."),
    )
