"""The private questions: closed answers, each with its reason; "I don't know" is always one of them.

There is no field for text, names, units, places or past deeds (writing rules §1): what is not asked
cannot be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.pack.reader import Node

#: Answers every question takes, with the same effect as none.
OPEN_ANSWERS: Final[dict[str, str]] = {
    "dont-know": mark("I don't know"),
    "rather-not": mark("I'd rather not say"),
}
#: A question whose choices are the countries of the packs that are here, and "another".
COUNTRY: Final = "country"
#: The choice that stands for every country without a pack.
OTHER_COUNTRY: Final = "another"

Answers = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Note:
    """What one answer adds to some actions: a reason for them, or a caution to read first."""

    targets: tuple[str, ...]
    because: str | None
    caution: str | None


@dataclass(frozen=True)
class Choice:
    """One closed answer; `alone` means that it excludes the others."""

    id: str
    text: str
    alone: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Question:
    """One private question. `many` is how many answers it takes at most."""

    id: str
    title: str
    why: str
    many: int
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice | None:
        """Return the choice with this id, if it is one of the question's own."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


def parse_questions(node: Node, countries: Iterable[Choice]) -> tuple[Question, ...]:
    """Return the questions in order; the one about the law gets `countries` as its first choices."""
    found = tuple(
        _parse_question(item, tuple(countries)) for item in node.fields("questions")["questions"].items()
    )
    if len({question.id for question in found}) != len(found):
        raise node.refuse("a question stands here twice")
    return found


def _parse_question(node: Node, countries: tuple[Choice, ...]) -> Question:
    known = node.fields("id title why choices", "many")
    choices = tuple(_parse_choice(item) for item in known["choices"].items(least=1))
    question_id = known["id"].identifier()
    if question_id == COUNTRY:
        choices = countries + choices
    ids = [choice.id for choice in choices]
    if len(set(ids)) != len(ids) or set(ids) & set(OPEN_ANSWERS):
        raise node.refuse("a choice stands here twice, or takes the id of an open answer")
    return Question(
        id=question_id,
        title=known["title"].text(),
        why=known["why"].text(),
        many=known.get("many", Node.number, 1),
        choices=choices,
    )


def _parse_choice(node: Node) -> Choice:
    known = node.fields("id text", "alone notes")
    return Choice(
        id=known["id"].identifier(),
        text=known["text"].text(),
        alone=known.get("alone", Node.flag, default=False),
        notes=known.get("notes", lambda notes: tuple(_parse_note(item) for item in notes.items()), ()),
    )


def _parse_note(node: Node) -> Note:
    known = node.fields("on", "because caution")
    note = Note(
        targets=known["on"].texts(least=1),
        because=known.get("because", Node.text_or_none, None),
        caution=known.get("caution", Node.text_or_none, None),
    )
    if note.because is None and note.caution is None:
        raise node.refuse("a note has a because or a caution")
    return note


def judge_answers(untrusted: Mapping[str, Iterable[str]], questions: Iterable[Question]) -> Answers:
    """Return the answers that say something, or raise UserError for one that cannot be given.

    Open answers are left out: not knowing and not saying have the same effect as not being asked.

    Args:
        untrusted: Choice ids by question id, as a form or a file gave them.
        questions: The questions that are asked.
    """
    by_id = {question.id: question for question in questions}
    judged: dict[str, frozenset[str]] = {}
    for question_id, given in untrusted.items():
        question = by_id.get(question_id)
        if question is None:
            raise UserError(mark("There is no question {question}."), _HINT, question=ascii(question_id)[:40])
        chosen = frozenset(given)
        if chosen & set(OPEN_ANSWERS) or not chosen:
            continue
        judged[question_id] = _judge(question, chosen)
    return judged


_HINT = mark("The guide lists the questions and their answers.")


def _judge(question: Question, chosen: frozenset[str]) -> frozenset[str]:
    for choice_id in sorted(chosen):
        if question.choice(choice_id) is None:
            raise UserError(mark("{answer} is no answer to the question {question}."), _HINT,
                            answer=ascii(choice_id)[:40], question=question.id)  # fmt: skip
    if len(chosen) > question.many:
        raise UserError(mark("The question {question} takes {many} answers at most."),
                        mark("Take one away."), question=question.id, many=question.many)  # fmt: skip
    alone = [choice.id for choice in question.choices if choice.alone and choice.id in chosen]
    if alone and len(chosen) > 1:
        raise UserError(mark("In the question {question}, one answer excludes the others."),
                        mark("Choose it alone, or the others without it."), question=question.id)  # fmt: skip
    return chosen
