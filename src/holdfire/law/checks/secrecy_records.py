"""Secrecy, and records changed, left out or destroyed."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "secrecy-records"
TITLE: Final = mark("Secrecy and records")


def check(case: Case) -> Finding | None:
    """Find orders to keep silent, to film nothing, or to change, omit or destroy records."""
    touched = case.order.measure == "records" or case.speaks_of("records")
    if not touched and not case.speaks_of("secrecy"):
        return None
    if touched:
        found = mark("The order touches records: changing, leaving out or destroying them.")
    else:
        found = mark("The order asks for silence.")
    return case.finding(
        ID,
        TITLE,
        found,
        topics=("records", "secrecy"),
        unknown=(
            mark("Which rule makes this secret, and who decided it."),
            mark("Where the true record is kept, and who can see it later."),
        ),
        ask=(
            mark("Which secrecy rule covers this, and at which level?"),
            mark("Please give me the order about the records in writing."),
        ),
        risk=(
            mark(
                "Possible: telling outsiders about service matters can itself be a crime. So can destroying a record, ordered or not."
            ),
        ),
        see_lawyer=mark("Before you tell anyone, copy anything, or change or delete a record."),
    )
