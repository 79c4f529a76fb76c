"""Keep letters, record that one was handed in, and let its clock run: all inside the vault."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from holdfire.errors import UserError
from holdfire.journeys.law_here import load_law
from holdfire.journeys.write_letter import Draft, load_shelf
from holdfire.language import mark
from holdfire.law.deadlines import Deadline
from holdfire.letters.answers import Answers, join_answers, judge_answers, plain_answers
from holdfire.letters.clock import Clock, Service, decode_clock, encode_clock, start
from holdfire.letters.kinds import kind_called
from holdfire.orders.order import Order
from holdfire.pack.reader import MOST_TEXT
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault


def _encode_draft(draft: Draft) -> JSON:
    values = {**vars(draft), "languages": list(draft.languages), "answers": plain_answers(draft.answers)}
    return cast(JSON, values)


def _decode_draft(values: JSON) -> Draft:
    kept = cast(dict[str, Any], values)
    return Draft(
        kept["kind"], tuple(kept["languages"]), judge_answers(kept["answers"]), kept["country"], kept["order"]
    )


def _words_of_draft(draft: Draft) -> str:
    given = (
        line
        for by_language in draft.answers.values.values()
        for lines in by_language.values()
        for line in lines
    )
    return "\n".join(given)


@dataclass(frozen=True)
class Request:
    """A letter that was handed in, and its clock."""

    letter: str
    clock: Clock


def _encode_request(request: Request) -> JSON:
    return cast(JSON, {"letter": request.letter, "clock": encode_clock(request.clock)})


def _decode_request(values: JSON) -> Request:
    kept = cast(dict[str, Any], values)
    return Request(kept["letter"], decode_clock(kept["clock"]))


def _words_of_request(request: Request) -> str:
    service, answered = request.clock.service, request.clock.answered
    return "\n".join((service.to, service.number, service.taken_by, answered.words if answered else ""))


LETTER: Final = Kind("letter", 1, _encode_draft, _decode_draft, words=_words_of_draft)
REQUEST: Final = Kind("request", 1, _encode_request, _decode_request, words=_words_of_request)


def answers_from(order: Order, kind: str = "") -> Answers:
    """Return what an order's record answers for a letter of this kind; "" for what every kind can take.

    What the person did, what they took the order to mean, and who else heard it never go into a letter by themselves.
    What is too long for a letter is left out, never cut: `left_out` names it.
    """
    giver = ", ".join(
        part for part in (order.giver.post, order.giver.rank, order.giver.name, order.giver.unit) if part
    )
    told: dict[str, str | None] = {
        "to": giver if kind and kind_called(kind).to_giver else None,
        "order_words": order.words,
        "order_giver": giver,
        "order_heard": order.heard.written() if order.heard else None,
        "order_place": order.place,
        "order_number": order.number,
        "order_deadline": order.deadline.written() if order.deadline else None,
    }
    short = {name: text for name, text in told.items() if text is None or len(text) <= MOST_TEXT}
    return judge_answers({**short, "order_channel": _channel(order)})


def _channel(order: Order) -> dict[str, str] | None:
    """Return how an order came in every language letters are written in; None where that is unknown or "another way"."""
    shelf = load_shelf()
    if not order.channel:
        return None
    said = {code: shelf.words(code).channels.get(order.channel) for code in shelf.languages("written-order")}
    return {code: words for code, words in said.items() if words}


def left_out(order: Order) -> frozenset[str]:
    """Return the answers that an order's record has and that are too long for any letter."""
    return frozenset({"order_words"} if len(order.words) > MOST_TEXT else ())


def answers_so_far(vault: Vault, order: str = "", kind: str = "") -> Answers:
    """Return what was answered in earlier letters, the last answer to each; nobody types a name twice.

    A refusal, a motive and a paragraph of one's own stay with the letter they were written for. What an order was and what
    happened come only from letters about the same order, so that no letter tells of one order what was true of another.
    To whom it goes comes only from letters of the same kind: a complaint does not go to whom it is about.

    Args:
        vault: The open vault.
        order: The id of the order's record; "" for a letter about none.
        kind: What the letter is; "" for any.
    """
    joined = Answers()
    for record in reversed(vault.records.all(LETTER)):
        kept = record.value.answers
        same = record.value.order == order
        values = {
            name: given
            for name, given in kept.values.items()
            if name not in _STAY
            and (same or not name.startswith(_OF_ONE_ORDER))
            and (name != "to" or kind in {"", record.value.kind})
        }
        joined = join_answers(joined, replace(kept, values=values, provisions=()))
    return joined


#: Answers that no later letter takes over by itself.
_STAY: Final = frozenset({"refusal", "motive", "own_words", "belief", "date", "answer_by", "enclosures"})
#: How the names of answers begin that belong to one order and what came of it.
_OF_ONE_ORDER: Final = ("order_", "facts", "questions", "proposals", "requests", "earlier")


def answers_offered(vault: Vault, kind: str, about: tuple[str, Order] | None = None) -> Answers:
    """Return what a new letter can start from: earlier answers, and in their place what the order's record says.

    What was cited in an earlier letter belongs to that one, so no provisions are among them.

    Args:
        vault: The open vault.
        kind: What the letter is.
        about: The id of an order's record, and the order; None for a letter about none.
    """
    if about is None:
        return answers_so_far(vault, kind=kind)
    return join_answers(answers_so_far(vault, about[0], kind), answers_from(about[1], kind))


def keep_languages(answers: Answers, before: Answers, language: str) -> Answers:
    """Return answers given once, each in every language in which it was known before, where it was left as it stood.

    Args:
        answers: As they came back from a form, which shows one language.
        before: What the form showed.
        language: In which language.
    """
    values = {
        name: before.values[name] if before.text(name, language) == answers.text(name, language) else given
        for name, given in answers.values.items()
    }
    return replace(answers, values=values)


def keep_letter(
    vault: Vault, draft: Draft, now: datetime, *, record: str | None = None, expected: int | None = None
) -> Record[Draft]:
    """Keep a letter, or a new version of one."""
    if record is None:
        return vault.records.add(LETTER, draft, now)
    return vault.records.save(LETTER, record, draft, now, expected=expected)


def keep_once(vault: Vault, draft: Draft, now: datetime) -> Record[Draft]:
    """Keep a letter; the very same again, as for a second file of it, is the one that is kept already."""
    for record in vault.records.all(LETTER):
        if record.value == draft:
            return record
    return keep_letter(vault, draft, now)


def hand_in(
    vault: Vault, letter: str, service: Service, now: datetime, *, deadline: str = "", case: int = 0
) -> Record[Request]:
    """Record that a letter was handed in, and start its clock.

    Args:
        vault: The open vault.
        letter: The id of the letter's record.
        service: To whom, when, how, under which number.
        now: When this is recorded.
        deadline: The id of a pack's deadline; "" for none: the person can set a day of their own.
        case: Which of the deadline's times.

    Raises:
        UserError: There is no such deadline, or it names no number of days.
    """
    kind = vault.records.get(LETTER, letter).value.kind
    if not deadline:
        return vault.records.add(REQUEST, Request(letter, start(kind, service)), now)
    known = load_law().deadlines.get(deadline)
    if known is None or not 0 <= case < len(known.terms):
        raise UserError(
            mark("There is no such time of answer."), mark("Choose another, or give a day of your own.")
        )
    clock = start(kind, service, term=known.terms[case], rests_on=deadline)
    return vault.records.add(REQUEST, Request(letter, clock), now)


def change_request(vault: Vault, record: Record[Request], clock: Clock, now: datetime) -> Record[Request]:
    """Keep a clock as it stands now: an answer, another day, at rest. Earlier versions stay."""
    changed = Request(record.value.letter, clock)
    return vault.records.save(REQUEST, record.id, changed, now, expected=record.version)


def deadlines_here(country: str | None) -> tuple[Deadline, ...]:
    """Return the deadlines of a country that name a time that can be counted."""
    law = load_law()
    reached = law.reaching(country)
    return tuple(one for one in law.deadlines.values() if one.jurisdiction in reached and one.terms)
