"""Hiding identity: masks, missing numbers, unmarked vehicles, plain clothes."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "hiding-identity"
TITLE: Final = mark("Hiding who acts")


def check(case: Case) -> Finding | None:
    """Find orders to cover faces, take off numbers, or act unmarked."""
    if not case.speaks_of("masks"):
        return None
    return case.finding(
        ID,
        TITLE,
        mark("Some words can mean that those who act shall not be recognised."),
        topics=("masks",),
        unknown=(
            mark("The reason: protection from something, or that nobody can be held to account."),
            mark("Which rule of the service allows or forbids it."),
        ),
        ask=(
            mark("Which rule says that we take off names and numbers?"),
            mark("How can somebody whom we stop learn who we are?"),
        ),
        see_lawyer=mark("When you are told to hide who you are and to use force in the same order."),
    )
