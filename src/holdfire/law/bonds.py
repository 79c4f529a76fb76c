"""What an oath binds to, which checks of an order bear on that, and what to ask oneself and a colleague.

Nothing here judges an order or a person: it lays what was sworn beside what can be checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from holdfire.language import mark
from holdfire.law.finding import Finding
from holdfire.law.provisions import Binding

Bond = Literal["constitution", "people", "law", "superiors"]

#: What an oath can bind to, in the order in which a page shows it.
BOND_WORDS: Final[dict[Bond, str]] = {
    "constitution": mark("The constitution"),
    "people": mark("The people, and the rights of each"),
    "law": mark("The law and the regulations"),
    "superiors": mark("Those who command"),
}
BONDS: Final[dict[str, Bond]] = {bond: bond for bond in BOND_WORDS}

#: The checks of an order that bear on each; a check can bear on several.
CHECKS_OF: Final[dict[Bond, tuple[str, ...]]] = {
    "constitution": ("legal-basis", "who-may-order", "peaceful", "necessity", "detention", "purpose"),
    "people": (
        "firearms", "ill-treatment", "peaceful", "necessity", "detention", "children", "medics", "press", "provocation",
    ),
    "law": (
        "legal-basis", "written-signed-dated", "dispersal", "hiding-identity", "secrecy-records", "provocation",
        "reprisals", "purpose",
    ),
    "superiors": ("who-may-order", "written-signed-dated", "too-little-known", "reprisals"),
}  # fmt: skip

#: The kinds of text that speak of each bond; what those who command may ask stands in all of them.
TEXTS_OF: Final[dict[Bond, frozenset[Binding]]] = {
    "constitution": frozenset({"constitution"}),
    "people": frozenset({"treaty", "customary", "standard", "declaration", "interpretation"}),
    "law": frozenset({"code", "law", "statute", "edict", "regulation", "executive-rule", "case-law"}),
    "superiors": frozenset({"code", "law", "statute", "edict", "regulation", "executive-rule"}),
}

#: What to ask oneself; each can be answered alone, and none has a right answer here.
QUESTIONS: Final[dict[Bond, tuple[str, ...]]] = {
    "constitution": (
        mark("Which article would I name, if I were asked later why I carried this out?"),
        mark("Would I read the order aloud in a court, word for word?"),
    ),
    "people": (
        mark("What have the people done against whom it is meant, and what do I only assume?"),
        mark("If someone I know stood among them, what would I ask first?"),
    ),
    "law": (
        mark("Which law gives this order, and to whom does it give it?"),
        mark("What would have to come first: a warning, time to leave, a written order?"),
    ),
    "superiors": (
        mark("Do the words of my oath tie obeying to the law? Where do they say so?"),
        mark("Would whoever gave the order sign it, and have I asked?"),
    ),
}

#: What can be asked of one person one has known for years, aloud, once, alone.
TO_A_COLLEAGUE: Final = (
    mark("What exactly did we swear, and to whom?"),
    mark("Which article covers this task? I would like to read it, so that I do it correctly."),
    mark("If we are asked in ten years, what will we say we did?"),
)


def bearing_on(bond: Bond, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that bear on what an oath binds to, in their order."""
    return tuple(finding for finding in findings if finding.check in CHECKS_OF[bond])
