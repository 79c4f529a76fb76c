"""The reasoner: from closed answers to the 55 actions in order, each with its reasons.

Rules, in the order they are applied:
1. Every action begins at *now*. Gates and its own bounds only move it farther away; each says why.
2. An action is never nearer than what it needs first.
3. Order: place; prerequisites first; the heading *every* first; lowest step; most values served; fewest needs; number.
The answer is the same for the same answers. There is no score, and nothing knows what was common in history.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from holdfire.guide.conditions import Facts
from holdfire.guide.gates import GATES, Caution, Country, Limit, exposure
from holdfire.guide.grid import Column, Grid, judge_columns
from holdfire.guide.questions import COUNTRY, Answers, Note, Question
from holdfire.guide.rules import PLACES, Place, Rule
from holdfire.language import mark


@dataclass(frozen=True)
class RuleBook:
    """Everything the reasoner knows: rules, questions, the grid and the countries' risk notes."""

    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]
    grid: Grid
    countries: Mapping[str, Country]


@dataclass(frozen=True)
class Option:
    """One action, judged: its place, what speaks for it, what keeps it there, what comes first.

    `change` says what would change the answer and `questions` which answers decided it;
    `read_first` is what to know before doing it; `fitting` says that one of the answers speaks for it.
    """

    action: str
    heading: str
    step: int
    place: Place
    because: tuple[str, ...]
    limits: tuple[str, ...]
    read_first: tuple[str, ...]
    needs: tuple[str, ...]
    change: tuple[str, ...]
    questions: tuple[str, ...]
    fitting: bool


@dataclass(frozen=True)
class Assessment:
    """All actions in order, the four choices side by side, and the cards that stand on top."""

    care: bool
    cards: tuple[str, ...]
    exposure: str
    options: tuple[Option, ...]
    columns: tuple[Column, ...]
    unanswered: tuple[str, ...]

    def at(self, place: Place) -> tuple[Option, ...]:
        """Return the options of one place, in order."""
        return tuple(option for option in self.options if option.place == place)


def assess(answers: Answers, book: RuleBook, *, checked_desk: bool = False) -> Assessment:
    """Return every action of `book` in order with its reasons, for answers already judged.

    Args:
        answers: As `questions.judge_answers` returns them.
        book: Rules, questions, grid and countries.
        checked_desk: Whether the person has a desk whose code was checked.
    """
    facts = Facts(answers, exposure(answers), checked_desk)
    country = next((book.countries[one] for one in answers.get(COUNTRY, ()) if one in book.countries), None)
    notes = list(_notes(answers, book.questions))
    judged = {rule.action: _judge(rule, facts, country, notes) for rule in book.rules}
    by_id = {rule.action: rule for rule in book.rules}
    ordered = [judged[rule.action] for rule in _in_order(book.rules, answers)]
    placed: dict[str, Option] = {}
    for option in ordered:
        placed[option.action] = _after_needs(option, by_id, placed)
    options = sorted(placed.values(), key=lambda option: PLACES.index(option.place))
    return Assessment(
        care=facts.says("state", "might-hurt") is True,
        cards=tuple(_cards(facts)),
        exposure=facts.exposure,
        options=tuple(options),
        columns=judge_columns(book.grid, facts),
        unanswered=tuple(question.id for question in book.questions if question.id not in answers),
    )


def _cards(facts: Facts) -> Iterator[str]:
    if facts.says("state", "might-hurt"):
        yield "care"
    if facts.says("task", "firearms", "custody"):
        yield "life"


def _notes(answers: Answers, questions: Iterable[Question]) -> Iterator[Note]:
    for question in questions:
        for choice in question.choices:
            if choice.id in answers.get(question.id, ()):
                yield from choice.notes


def _judge(rule: Rule, facts: Facts, country: Country | None, notes: list[Note]) -> Option:
    limits: list[Limit] = []
    cautions: list[str] = []
    for gate in GATES:
        for finding in gate(facts, rule, country):
            if isinstance(finding, Caution):
                cautions.append(finding.text)
            else:
                limits.append(finding)
    limits.extend(_bounds(rule, facts))
    because = [reason.because for reason in rule.reasons if reason.when.judge(facts).holds]
    for note in notes:
        if _meets(note, rule):
            because.extend([note.because] if note.because else [])
            cautions.extend([note.caution] if note.caution else [])
    wanted = rule.serves & facts.answers.get("values", frozenset())
    if wanted:
        because.append(mark("It serves what you said matters most."))
    place: Place = max((limit.place for limit in limits), key=PLACES.index, default="now")
    binding = [limit for limit in limits if limit.place == place]
    return Option(
        action=rule.action,
        heading=rule.heading,
        step=rule.step,
        place=place,
        because=_once((*because, rule.because)),
        limits=_once(limit.because for limit in sorted(limits, key=lambda one: -PLACES.index(one.place))),
        read_first=_once(cautions),
        needs=rule.needs,
        change=_once(limit.change for limit in binding),
        questions=tuple(sorted(frozenset[str]().union(*(limit.questions for limit in binding)))),
        fitting=bool(because),
    )


def _bounds(rule: Rule, facts: Facts) -> Iterator[Limit]:
    for bound in rule.bounds:
        judged = bound.when.judge(facts)
        change = mark("A different answer to what decided this.")
        if judged.holds:
            yield Limit(bound.at_best, bound.because, change, judged.questions)
        elif judged.holds is None and bound.find_out:
            yield Limit("prepare", bound.find_out, mark("Find it out, then answer again."), judged.questions)


def _meets(note: Note, rule: Rule) -> bool:
    marks = {
        rule.action,
        f"heading:{rule.heading}",
        f"step:{rule.step}",
        *(f"kind:{kind}" for kind in rule.kinds),
    }
    return bool(marks.intersection(note.targets))


def _after_needs(option: Option, rules: Mapping[str, Rule], placed: Mapping[str, Option]) -> Option:
    """Return `option` no nearer than what it needs (rule 2)."""
    farthest = max((placed[need] for need in rules[option.action].needs),
                   key=lambda need: PLACES.index(need.place), default=None)  # fmt: skip
    if farthest is None or PLACES.index(farthest.place) <= PLACES.index(option.place):
        return option
    return replace(
        option,
        place=farthest.place,
        limits=(mark("Something it needs first is not there yet."), *option.limits),
        change=farthest.change,
        questions=farthest.questions,
    )


def _in_order(rules: tuple[Rule, ...], answers: Answers) -> Iterator[Rule]:
    """Yield the rules, prerequisites first, ties by rule 3."""
    values = answers.get("values", frozenset())

    def rank(rule: Rule) -> tuple[bool, int, int, int, int]:
        return (rule.heading != "every", rule.step, -len(rule.serves & values), len(rule.needs), rule.number)

    by_id = {rule.action: rule for rule in rules}
    missing = {rule.action: set(rule.needs) for rule in rules}
    ready = [(rank(rule), rule.action) for rule in rules if not rule.needs]
    heapq.heapify(ready)
    while ready:
        _, action = heapq.heappop(ready)
        yield by_id[action]
        for other, needs in missing.items():
            if action in needs:
                needs.remove(action)
                if not needs:
                    heapq.heappush(ready, (rank(by_id[other]), other))


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))
