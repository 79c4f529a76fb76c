"""Medics and the injured: does help get through?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "medics"
TITLE: Final = mark("Medics and the injured")


def check(case: Case) -> Finding | None:
    """Find orders that mention medics, ambulances, hospitals or the injured."""
    if not case.speaks_of("medics"):
        return None
    return case.finding(
        ID,
        TITLE,
        mark("The order mentions medics, the injured, or places where they are helped."),
        topics=("medics",),
        unknown=(
            mark("Whether help reaches every injured person, whoever they are."),
            mark("Who is in charge of medical help, and how they are reached."),
        ),
        ask=(
            mark("Where is the medical post, and how do we call it?"),
            mark("Do ambulances and medics pass? Whom do I ask if somebody stops them?"),
        ),
        see_lawyer=mark("Before you stop a medic, or take somebody from a hospital."),
    )
