"""Conditions on the answers, composable, three-valued: yes, no, or not known yet.

Not knowing is an answer. It never counts as yes, and it never counts as no: `not` of unknown stays
unknown, so a rule cannot be satisfied by silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from holdfire.guide.questions import Answers, Question
from holdfire.pack.reader import Node

Exposure = Literal["high", "some", "low", "unknown"]
EXPOSURES: Final[dict[str, Exposure]] = {"high": "high", "some": "some", "low": "low", "unknown": "unknown"}


@dataclass(frozen=True)
class Facts:
    """What is known of the person's situation: the answers, and the exposure they add up to."""

    answers: Answers
    exposure: Exposure
    checked_desk: bool = False

    def says(self, question: str, *choices: str) -> bool | None:
        """Return whether one of `choices` was answered; None when the question was not."""
        given = self.answers.get(question)
        return None if given is None else bool(given.intersection(choices))


@dataclass(frozen=True)
class Judgement:
    """Whether a condition holds (None: not known), and the questions that decided it."""

    holds: bool | None
    questions: frozenset[str]


class Condition(Protocol):
    """Something that can be judged on the facts."""

    def judge(self, facts: Facts) -> Judgement:
        """Return whether this holds and which questions decided it."""
        ...


@dataclass(frozen=True)
class Answered:
    """One of these choices was answered."""

    question: str
    choices: tuple[str, ...]

    def judge(self, facts: Facts) -> Judgement:
        """See Condition."""
        return Judgement(facts.says(self.question, *self.choices), frozenset({self.question}))


@dataclass(frozen=True)
class Exposed:
    """The exposure is one of these."""

    levels: tuple[str, ...]

    def judge(self, facts: Facts) -> Judgement:
        """See Condition."""
        return Judgement(facts.exposure in self.levels, frozenset({"suspicion", "device"}))


@dataclass(frozen=True)
class AllOf:
    """Every part holds; one that does not decides."""

    parts: tuple[Condition, ...]

    def judge(self, facts: Facts) -> Judgement:
        """See Condition."""
        return _join([part.judge(facts) for part in self.parts], decisive=False)


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds; one that does decides."""

    parts: tuple[Condition, ...]

    def judge(self, facts: Facts) -> Judgement:
        """See Condition."""
        return _join([part.judge(facts) for part in self.parts], decisive=True)


@dataclass(frozen=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: Condition

    def judge(self, facts: Facts) -> Judgement:
        """See Condition."""
        judged = self.part.judge(facts)
        return Judgement(None if judged.holds is None else not judged.holds, judged.questions)


def _join(judged: list[Judgement], *, decisive: bool) -> Judgement:
    deciding = [one for one in judged if one.holds is decisive]
    open_ones = [one for one in judged if one.holds is None]
    named = deciding or open_ones or judged
    holds = decisive if deciding else None if open_ones else not decisive
    return Judgement(holds, frozenset().union(*(one.questions for one in named)))


def parse_condition(node: Node, questions: Mapping[str, Question]) -> Condition:
    """Return a condition: one of `all`, `any`, `not`, `exposure`, or a question with its choices.

    Raises:
        ContentError: More than one key, an unknown question, a choice the question does not have.
    """
    pairs = list(node.pairs())
    if len(pairs) != 1:
        raise node.refuse("a condition has one key")
    key, value = pairs[0]
    if key in {"all", "any"}:
        parts = tuple(parse_condition(item, questions) for item in value.items(least=2))
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse_condition(value, questions))
    if key == "exposure":
        return Exposed(tuple(item.choice(EXPOSURES) for item in value.items(least=1)))
    if key not in questions:
        raise value.refuse(f"there is no question {key!r}")
    choices = value.identifiers(least=1)
    for choice in choices:
        if questions[key].choice(choice) is None:
            raise value.refuse(f"the question {key!r} has no answer {choice!r}")
    return Answered(key, choices)
