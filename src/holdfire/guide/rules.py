"""The actions as the reasoner sees them: how far a step goes, what it needs, what limits it.

Kept apart from the pages people read, so that no wording, story or history can move an action.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from holdfire.guide.conditions import Condition, parse_condition
from holdfire.guide.questions import Question
from holdfire.pack.reader import Node

Place = Literal["now", "prepare", "later", "not"]
#: The four places an action can have, from nearest to farthest.
PLACES: Final[tuple[Place, ...]] = ("now", "prepare", "later", "not")
_PLACES: dict[str, Place] = {place: place for place in PLACES}

#: The step from which the service can see it, though it is ordinary there.
STEP_SEEN: Final = 2
#: The step from which others, or a server, learn of it; and the step that cannot be taken back.
STEP_OTHERS_LEARN: Final = 3
STEP_NO_RETURN: Final = 4

#: How long an action takes from first thought to done.
PACES: Final = {"minutes": "minutes", "days": "days", "weeks": "weeks"}

#: What an action involves, as the gates need to know it.
KINDS: Final = frozenset(
    {
        "together",  # several people act as one: mutiny law
        "sending",  # something leaves for a desk
        "informs",  # tells what the service knows: secrecy law
        "movements",  # tells where force will be: in war, aid to one side
        "speaking",  # one's own face and name in public
        "leaving",  # ends the service
        "uniform",  # joins in uniform
        "counsel",  # reaches a lawyer or a rights group
        "feigns",  # the essay speaks of feigning
        "inside",  # only for who still serves
        "outside",  # only for who has left
        "service",  # done at work, where it can be seen
    }
)


@dataclass(frozen=True)
class Reason:
    """A sentence that speaks for an action when its condition holds."""

    when: Condition
    because: str


@dataclass(frozen=True)
class Bound:
    """The best place an action can have when the condition holds, and why.

    `find_out` is what to find out when the condition is not known; None leaves the action alone then.
    """

    when: Condition
    at_best: Place
    because: str
    find_out: str | None


@dataclass(frozen=True)
class Rule:
    """One action for the reasoner. `number` is its place in the essay."""

    action: str
    number: int
    heading: str
    step: int
    pace: str
    kinds: frozenset[str]
    needs: tuple[str, ...]
    serves: frozenset[str]
    because: str
    reasons: tuple[Reason, ...]
    bounds: tuple[Bound, ...]


def parse_rules(node: Node, questions: Mapping[str, Question]) -> tuple[Rule, ...]:
    """Return the rules in the order of the essay; their needs exist and make no circle.

    Raises:
        ContentError: An unknown word, an action twice, a need that is no action or leads back.
    """
    items = node.fields("rules")["rules"].items(least=1)
    rules = tuple(_parse_rule(item, number, questions) for number, item in enumerate(items, 1))
    places = {rule.action: item for rule, item in zip(rules, items, strict=True)}
    if len(places) != len(rules):
        raise node.refuse("an action stands here twice")
    by_id = {rule.action: rule for rule in rules}
    for rule in rules:
        for need in rule.needs:
            if need not in by_id:
                raise places[rule.action].refuse(f"it needs {need!r}, which is no action")
    for rule in rules:
        if _leads_back(rule, by_id):
            raise places[rule.action].refuse("its needs lead back to itself")
    return rules


def _leads_back(start: Rule, by_id: Mapping[str, Rule]) -> bool:
    seen: set[str] = set()
    waiting = list(start.needs)
    while waiting:
        need = waiting.pop()
        if need == start.action:
            return True
        if need not in seen:
            seen.add(need)
            waiting.extend(by_id[need].needs)
    return False


def _parse_rule(node: Node, number: int, questions: Mapping[str, Question]) -> Rule:
    known = node.fields("id heading step takes because", "kinds needs serves reasons bounds")
    step = known["step"].number()
    if step > STEP_NO_RETURN:
        raise known["step"].refuse("a step is 0, 1, 2, 3 or 4")
    kinds = known.identifiers("kinds")
    unknown = set(kinds) - KINDS
    if unknown:
        raise known["kinds"].refuse(f"there is no kind {min(unknown)!r}")
    serves = known.identifiers("serves")
    for value in serves:
        if questions["values"].choice(value) is None:
            raise known["serves"].refuse(f"the question 'values' has no answer {value!r}")
    return Rule(
        action=known["id"].identifier(),
        number=number,
        heading=known["heading"].identifier(),
        step=step,
        pace=known["takes"].choice(PACES),
        kinds=frozenset(kinds),
        needs=known.identifiers("needs"),
        serves=frozenset(serves),
        because=known["because"].text(),
        reasons=known.get("reasons", lambda n: tuple(_parse_reason(i, questions) for i in n.items()), ()),
        bounds=known.get("bounds", lambda n: tuple(_parse_bound(i, questions) for i in n.items()), ()),
    )


def _parse_reason(node: Node, questions: Mapping[str, Question]) -> Reason:
    known = node.fields("when because")
    return Reason(parse_condition(known["when"], questions), known["because"].text())


def _parse_bound(node: Node, questions: Mapping[str, Question]) -> Bound:
    known = node.fields("when at_best because", "find_out")
    return Bound(
        when=parse_condition(known["when"], questions),
        at_best=known["at_best"].choice(_PLACES),
        because=known["because"].text(),
        find_out=known.get("find_out", Node.text_or_none, None),
    )
