"""Kinds of message and the forms that some of them have; warnings come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark


class Kind(IntEnum):
    """What a message is about; the numbers stand in messages and never change."""

    QUESTION = 0
    FORCE = 1
    PROVOCATEURS = 2
    EVIDENCE = 3
    ORDER = 4
    INTRODUCTION = 5
    ADVICE = 6
    STAGE = 7
    PROTECTION = 8
    CONDUCT = 9
    CHECK_IN = 10


#: What each is called where a person chooses; warnings first.
TITLES: Final = {
    Kind.FORCE: mark("Warn of force against people"),
    Kind.PROVOCATEURS: mark("Warn of provocateurs"),
    Kind.PROTECTION: mark("Ask for protection"),
    Kind.ORDER: mark("Report an order"),
    Kind.EVIDENCE: mark("Hand over evidence"),
    Kind.QUESTION: mark("Ask a question"),
    Kind.CONDUCT: mark("Record what was done, for review"),
    Kind.ADVICE: mark("Advise the movement"),
    Kind.STAGE: mark("Ask to speak in public"),
    Kind.INTRODUCTION: mark("Ask to meet somebody"),
    Kind.CHECK_IN: mark("Say that you are well"),
}


@dataclass(frozen=True)
class FormField:
    """A question of a form: its name in the message, what is asked, whether it must be answered, and the answers if they are few."""

    name: str
    asks: str
    needed: bool = True
    answers: tuple[str, ...] = ()


#: How sure somebody is, from the least.
SURENESS: Final = (mark("heard"), mark("likely"), mark("sure"))
#: How somebody knows.
SOURCES: Final = (
    mark("saw it myself"),
    mark("was told by who saw it"),
    mark("read it"),
    mark("heard it said"),
)

_PLACE: Final = FormField("place", mark("Where?"))
_TIME: Final = FormField("time", mark("When?"))
_KNOWN: Final = FormField("known", mark("How do you know?"), answers=SOURCES)
_SURE: Final = FormField("sure", mark("How sure are you?"), answers=SURENESS)
_DANGER: Final = FormField("danger", mark("What danger is there for unarmed people?"))

FORMS: Final[dict[Kind, tuple[FormField, ...]]] = {
    Kind.QUESTION: (),
    Kind.FORCE: (_PLACE, _TIME, FormField("means", mark("With what means?")), _KNOWN, _SURE),
    Kind.PROVOCATEURS: (_PLACE, _TIME, _DANGER, _KNOWN, _SURE),
    Kind.EVIDENCE: (FormField("shows", mark("What does it show?")),),
    Kind.ORDER: (
        FormField("ordered", mark("What was ordered?")),
        FormField("by when", mark("By when?"), needed=False),
    ),
    Kind.INTRODUCTION: (FormField("meet", mark("Whom do you want to meet, by what they do?")),),
    Kind.ADVICE: (),
    Kind.STAGE: (
        FormField("subject", mark("What do you want to speak about?")),
        FormField("shown", mark("May your face be seen?"), answers=(mark("no"), mark("yes"))),
    ),
    Kind.PROTECTION: (
        FormField("from", mark("From what?")),
        FormField("by when", mark("How soon?"), needed=False),
    ),
    Kind.CONDUCT: (_PLACE, _TIME, FormField("conduct", mark("What was done, and by what unit?")), _KNOWN),
    Kind.CHECK_IN: (),
}
#: Kinds that come before all others at the desk.
WARNINGS: Final = frozenset({Kind.FORCE, Kind.PROVOCATEURS})
MOST_ANSWER: Final = 1_200


def answered(kind: Kind, form: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what was asked and answered, in the order of the form; in a message answers stand by name."""
    asked = {one.name: one.asks for one in FORMS[kind]}
    names = [name for name in asked if name in form] + [name for name in form if name not in asked]
    return tuple((asked.get(name, name), form[name]) for name in names)


def check_form(kind: Kind, form: dict[str, str]) -> None:
    """Return if `form` answers what this kind asks.

    Raises:
        UserError: Something needed is missing, too long, not one of the answers, or not asked.
    """
    asked = {field.name: field for field in FORMS[kind]}
    if set(form) - set(asked):
        raise UserError(
            mark("This form has an answer to what nobody asked."), mark("Make the message again.")
        )
    for name, field in asked.items():
        answer = form.get(name, "")
        if not answer.strip():
            if field.needed:
                raise UserError(
                    mark("Something is missing: {asked}"),
                    mark("Answer it, even in one word."),
                    asked=field.asks,
                )
        elif field.answers and answer not in field.answers:
            raise UserError(
                mark("Choose one of the answers: {asked}"), mark("Then try again."), asked=field.asks
            )
        elif len(answer.encode()) > MOST_ANSWER:
            raise UserError(
                mark("This answer is too long: {asked}"),
                mark("Shorten it; the rest goes into the text."),
                asked=field.asks,
            )
