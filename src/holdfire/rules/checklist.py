"""From a regulation and some words to a checklist: each step a sentence of the regulation, with the clause it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.rules.patterns import fold
from holdfire.rules.regulation import Clause, Label, Sentence, cite

#: More steps nobody ticks; the person is told how many were left out and chooses narrower words.
MOST_STEPS: Final = 300
MOST_TOPICS: Final = 12
#: A word is never cut to fewer letters.
LEAST_STEM: Final = 4
#: Letters by which a stem is known again.
_ENOUGH: Final = 60
_WORD: Final = re.compile(r"\w+")
_MARKED: Final = re.compile(r"\A[-–—•·*▪◦]\s+")
_BETWEEN_TOPICS: Final = re.compile(r"[,;\n]")
_PLAIN: Final = str.maketrans("áéíóúüñйàèìòùâêîôûäö", "aeiouuniaeiouaeiouao")


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        number: Counted from 1 in the checklist.
        clause: How the clause is named, as "Article 5, 2, (a)".
        page: Of the file that was read; None where it has none.
        labels: What the sentence rules.
        text: The sentence, with the stem it hangs on.
        place: Of the clause in the regulation.
    """

    number: int
    clause: str
    page: int | None
    labels: tuple[Label, ...]
    text: str
    place: int

    @property
    def is_act(self) -> bool:
        """Whether it asks for something to be done; else it is kept to: "must not sleep: done" could be read both ways."""
        return "obligation" in self.labels

    @property
    def is_ban(self) -> bool:
        """Whether it forbids and asks for nothing to be done."""
        return "prohibition" in self.labels and not self.is_act

    @property
    def is_condition(self) -> bool:
        """Whether it asks for nothing by itself but says what may be done, or what bounds another rule."""
        return not {"obligation", "prohibition"}.intersection(self.labels)


@dataclass(frozen=True)
class Chosen:
    """The steps about some topics, what must and must not be done first, then conditions, each in the regulation's order.

    Attributes:
        steps: At most `MOST_STEPS`.
        left_out: How many more there were.
    """

    steps: tuple[Step, ...]
    left_out: int = 0


def topics_in(typed: str) -> tuple[str, ...]:
    """Return the topics a person typed, parted by commas, semicolons or lines.

    Raises:
        UserError: There is none, or more than `MOST_TOPICS`.
    """
    topics = tuple(dict.fromkeys(
        " ".join(one.split()) for one in _BETWEEN_TOPICS.split(typed) if _WORD.search(one)
    ))  # fmt: skip
    if not topics:
        raise UserError(mark("No topic was given."),
                        mark("Give words that stand in the regulation, such as: weapons, warning, report."))  # fmt: skip
    if len(topics) > MOST_TOPICS:
        raise UserError(
            mark("There are more than {most} topics."), mark("Make two checklists."), most=MOST_TOPICS
        )
    return topics


def stems_of(topic: str, endings: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a topic without their endings, so that "оружие" finds "оружия" and "weapons" a weapon."""
    return tuple(_stem(word, endings) for word in _WORD.findall(plain(topic)))


def _stem(word: str, endings: Sequence[str]) -> str:
    for ending in endings:
        if word.endswith(short := plain(ending)) and len(word) - len(short) >= LEAST_STEM:
            return word[: -len(short)]
    return word


def plain(text: str) -> str:
    """Return a text as words are compared: small letters without accents, of the same length."""
    return fold(text).translate(_PLAIN)


def choose_steps(
    clauses: Iterable[Clause], topics: Iterable[str], endings: Sequence[str], title: str = ""
) -> Chosen:
    """Return what a regulation rules about any of the topics.

    A sentence is about a topic when each word of it, or a word that begins so, stands in the sentence, its stem, or a heading
    it stands under. The regulation's own title is no such heading: it stands above everything, and would make everything a step.

    Args:
        clauses: In the order of the regulation.
        topics: Each one word or several.
        endings: Of words of its language.
        title: What the regulation is called.
    """
    whole = _caption(title)
    wanted = [
        tuple(re.compile(rf"(?<!\w){re.escape(stem)}") for stem in stems_of(topic, endings))
        for topic in topics
    ]
    asked: list[tuple[Clause, Sentence]] = []
    conditions: list[tuple[Clause, Sentence]] = []
    for clause in clauses:
        headings = (one for one in (clause.heading, *clause.headings) if _caption(one) != whole)
        around = plain(" \n ".join((clause.stem, *headings)))
        for sentence in clause.sentences:
            if not sentence.labels:
                continue
            scope = f"{plain(clause.text[sentence.start : sentence.end])} \n {around}"
            if any(all(word.search(scope) for word in topic) for topic in wanted):
                bare = {"obligation", "prohibition"}.isdisjoint(sentence.labels)
                (conditions if bare else asked).append((clause, sentence))
    found = [*_without_bare_stems(asked), *_without_bare_stems(conditions)]
    steps = tuple(_step(number, *one) for number, one in enumerate(found[:MOST_STEPS], 1))
    return Chosen(steps, len(found) - len(steps))


def _caption(text: str) -> str:
    return " ".join(plain(text).split())


def _without_bare_stems(found: list[tuple[Clause, Sentence]]) -> list[tuple[Clause, Sentence]]:
    """Leave out "The sentry must:" where its items follow: each of them says it."""
    stems = {_stem_above(clause, sentence) for clause, sentence in found if sentence.inherited}
    ends = {stem[-_ENOUGH:] for stem in stems}
    return [
        (clause, sentence)
        for clause, sentence in found
        if not ((said := clause.said(sentence)).endswith(":") and said[-_ENOUGH:] in ends)
    ]


def _stem_above(clause: Clause, sentence: Sentence) -> str:
    """Return the stem a sentence hangs on: the nearest in its own clause, else that of the clause."""
    for before in reversed(clause.sentences):
        if before.start < sentence.start and clause.text[before.start : before.end].endswith(":"):
            return f"{clause.stem} {clause.said(before)}".strip() if before.inherited else clause.said(before)
    return clause.stem


def _step(number: int, clause: Clause, sentence: Sentence) -> Step:
    said = _MARKED.sub("", clause.said(sentence))
    text = f"{_stem_above(clause, sentence)} {said}" if sentence.inherited else said
    return Step(number, cite(clause), clause.page, sentence.labels, text, clause.place)
