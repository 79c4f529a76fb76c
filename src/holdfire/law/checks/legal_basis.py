"""Does the order name the rule it rests on, and is it known whose law binds the person?"""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.law.case import Case
from holdfire.law.finding import Finding

ID: Final = "legal-basis"
TITLE: Final = mark("Legal basis named")


def check(case: Case) -> Finding | None:
    """Find an order without a named basis, or a reader whose law no pack here knows."""
    named = bool(case.order.basis)
    if named and case.country is not None:
        return None
    unknown = []
    if not named:
        unknown.append(mark("The article and paragraph the order rests on."))
    if case.country is None:
        unknown.append(
            mark("Whose law binds you. Only international standards are shown: treat legal risk as unknown.")
        )
    if named:
        found = mark(
            "A legal basis is named. It cannot be compared: no country was chosen, or no pack here has its law."
        )
    elif case.speaks_of("basis"):
        found = mark("The words seem to mention a rule. Which one it is was not noted as the legal basis.")
    else:
        found = mark("No legal basis is noted.")
    return case.finding(
        ID,
        TITLE,
        found,
        topics=() if named else ("basis",),
        unknown=unknown,
        ask=(
            mark("Under which law, article and paragraph do we act?"),
            mark("Which part of the constitution or of our regulations allows this measure?"),
        ),
        risk=(
            mark(
                "Possible: an order can bind although it names no basis. Asking for one is not yet a reason to wait."
            ),
        ),
        see_lawyer=mark("When the basis that is named does not say what the order says."),
    )
