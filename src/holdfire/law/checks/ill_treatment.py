"""Torture and ill-treatment: words that ask to hurt, humble or break people."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "ill-treatment"
TITLE: Final = mark("Torture and ill-treatment")


def check(case: Case) -> Finding | None:
    """Find words of hurting or breaking people, and force against people who are held."""
    held_and_forced = case.order.measure == "question" and case.speaks_of("force", "less-lethal")
    held_and_forced = held_and_forced or (case.speaks_of("detention") and case.order.measure == "force")
    if not held_and_forced and not case.speaks_of("ill-treatment"):
        return None
    if case.speaks_of("ill-treatment"):
        found = mark("Some words can mean hurting or humiliating people. Ask what is meant; do not guess.")
    else:
        found = mark("Force and people who are held or questioned stand together in this order.")
    return case.finding(
        ID,
        TITLE,
        found,
        topics=("ill-treatment", "detention", "force"),
        unknown=(
            mark("What the giver means by these words."),
            mark("Who sees to the health of the people held, and when a doctor comes."),
        ),
        ask=(
            mark("What do you mean by that? Please say it as it would stand in a report."),
            mark("When does a doctor see these people?"),
        ),
        risk=(
            mark(
                "Possible: those who take part, look on or keep silent can each be called to account later."
            ),
        ),
        see_lawyer=mark("Before you enter the room, if you can. No order is worth taking part in torture."),
    )
