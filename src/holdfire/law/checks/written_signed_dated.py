"""Is the order in writing, signed, dated and numbered?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "written-signed-dated"
TITLE: Final = mark("Written, signed, dated")


def check(case: Case) -> Finding | None:
    """Find an order that leaves no paper, or paper that nobody answers for."""
    order = case.order
    written = order.channel == "written"
    unknown = []
    if order.channel is None:
        unknown.append(mark("How the order came: aloud or on paper."))
    if order.signed is None:
        unknown.append(mark("Whether anybody signed it."))
    if order.dated is None:
        unknown.append(mark("Whether it bears a date."))
    if not order.number:
        unknown.append(mark("Its number, and where it is entered."))
    if written and order.signed and order.dated and order.number:
        return None
    if order.channel is None:
        found = mark("Nothing is noted about the form of this order.")
    elif not written:
        found = mark("This order did not come on paper.")
    elif order.signed is False or order.dated is False:
        found = mark("The paper lacks a signature or a date.")
    else:
        found = mark("The order is on paper. Its signature, date or number is not noted.")
    return case.finding(
        ID,
        TITLE,
        found,
        unknown=unknown,
        ask=(
            mark("Please write, date and sign it."),
            mark("Under which number is this order entered, and may I see the entry?"),
        ),
        risk=(
            mark("Expect: your superior remembers that you asked."),
            mark(
                "Possible: a spoken order often binds too. Asking suspends nothing, and waiting can count as disobedience."
            ),
        ),
        see_lawyer=mark("Before you wait for paper past the time you were given."),
    )
