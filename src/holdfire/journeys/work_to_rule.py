"""Work to rule: a checklist from a regulation, its log, and the log in print. Nothing here asks why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final, cast

from holdfire.errors import UserError
from holdfire.guide.actions import RiskWord
from holdfire.guide.guide import Guide
from holdfire.journeys.keep_regulation import Regulation, clauses_about, find_regulation
from holdfire.journeys.record_order import find_order, load_review
from holdfire.journeys.rules_here import grammar_of
from holdfire.language import mark
from holdfire.law.words import Topic
from holdfire.rules.checklist import Chosen, Step, choose_steps
from holdfire.rules.log import MOST_ENTRIES, Entry, Result, judge_words, standing
from holdfire.rules.sheet import Sheet, sheet_of
from holdfire.rules.stored import decode_entry, decode_step, encode_entry, encode_step
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: The action of the guide that this carries out.
ACTION: Final = "work-to-rule"
#: What the review recognises in an order that no regulation has a chapter on.
_NO_TOPICS: Final[frozenset[Topic]] = frozenset(
    {"not", "basis", "from-above", "peaceful", "indiscriminate", "reprisals"}
)
_AT_ONCE: Final = 100
_MOST_SUGGESTED: Final = 12


@dataclass(frozen=True)
class Checklist:
    """A checklist in the vault. It quotes its steps, so that it stays as it was when the regulation is deleted.

    Attributes:
        number: By which people call it: 1, 2, 3.
        regulation: The number of the regulation.
        title: What the regulation is called.
        language: Of the regulation.
        topics: The words it was made from.
        order: The number of the order it is for; None for none.
        steps: In their order.
        left_out: How many more there were than a checklist holds.
    """

    number: int
    regulation: int
    title: str
    language: str
    topics: tuple[str, ...]
    order: int | None
    steps: tuple[Step, ...]
    left_out: int = 0


@dataclass(frozen=True)
class _Kept:
    """An entry of the log of one checklist."""

    checklist: str
    entry: Entry


def _encode_checklist(checklist: Checklist) -> JSON:
    steps = [encode_step(step) for step in checklist.steps]
    return cast("JSON", {**vars(checklist), "topics": list(checklist.topics), "steps": steps})


def _decode_checklist(values: JSON) -> Checklist:
    kept = cast("dict[str, Any]", values)
    steps = tuple(decode_step(one) for one in kept["steps"])
    return Checklist(**{**kept, "topics": tuple(kept["topics"]), "steps": steps})


def _words_of_checklist(checklist: Checklist) -> str:
    return "\n".join((checklist.title, *checklist.topics, *(step.text for step in checklist.steps)))


def _encode_entry(kept: _Kept) -> JSON:
    return cast("JSON", {"checklist": kept.checklist, "entry": encode_entry(kept.entry)})


def _decode_entry(values: JSON) -> _Kept:
    kept = cast("dict[str, Any]", values)
    return _Kept(kept["checklist"], decode_entry(kept["entry"]))


CHECKLIST: Final = Kind("checklist", 1, _encode_checklist, _decode_checklist, words=_words_of_checklist)
#: Each entry is a record of its own, added and never changed; the id of the checklist is the word that finds it.
ENTRY: Final = Kind("checklist-entry", 1, _encode_entry, _decode_entry, words=lambda kept: kept.checklist)


def choose(vault: Vault, number: int, topics: tuple[str, ...]) -> tuple[Regulation, Chosen]:
    """Return a regulation and what it rules about some topics; nothing is kept.

    Raises:
        UserError: There is no such regulation, or nothing in it is about these topics.
    """
    regulation = find_regulation(vault, number).value
    clauses = clauses_about(vault, regulation, topics)
    chosen = choose_steps(clauses, topics, grammar_of(regulation.language).endings, regulation.title)
    if not chosen.steps:
        raise UserError(
            mark("Nothing in this regulation rules on these words."),
            mark("Try shorter words, or the words that the regulation itself uses."),
        )
    return regulation, chosen


def keep_checklist(
    vault: Vault, number: int, topics: tuple[str, ...], now: datetime, *, order: int | None = None
) -> Record[Checklist]:
    """Make a checklist from a regulation and keep it under the next number.

    Raises:
        UserError: There is no such regulation or order, or nothing in it is about these topics.
    """
    regulation, chosen = choose(vault, number, topics)
    if order is not None:
        find_order(vault, order)
    with vault.transaction():
        next_number = 1 + max((one.value.number for one in _all(vault)), default=0)
        return vault.records.add(
            CHECKLIST,
            Checklist(
                next_number, regulation.number, regulation.title, regulation.language, topics, order, chosen.steps,
                chosen.left_out,
            ),
            now,
        )  # fmt: skip


def suggest_topics(vault: Vault, order: int) -> tuple[str, ...]:
    """Return words of an order that regulations may rule on, as the review recognises them; UserError when there is none."""
    words = find_order(vault, order).value.order.words
    found = (
        words[one.start : one.end]
        for one in load_review().words.matches(words)
        if one.topic not in _NO_TOPICS
    )
    return tuple(dict.fromkeys(" ".join(one.lower().split()) for one in found))[:_MOST_SUGGESTED]


def list_checklists(vault: Vault) -> tuple[Record[Checklist], ...]:
    """Return every checklist by number."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def find_checklist(vault: Vault, number: int) -> Record[Checklist]:
    """Return a checklist; UserError when there is none."""
    for record in _all(vault):
        if record.value.number == number:
            return record
    raise UserError(
        mark("There is no checklist {number} here."),
        mark("The list of checklists shows those there are."),
        number=number,
    )


def log_of(vault: Vault, checklist: Record[Checklist]) -> tuple[Entry, ...]:
    """Return every entry of a checklist's log, those taken back too, by number."""
    found = vault.records.search(checklist.id, ENTRY, limit=MOST_ENTRIES + 1)
    return tuple(sorted((one.value.entry for one in found), key=lambda entry: entry.number))


def note_step(
    vault: Vault,
    number: int,
    step: int,
    result: Result,
    now: datetime,
    *,
    at: datetime | None = None,
    words: str = "",
) -> Entry:
    """Note what came of a step; an earlier entry for it stays in the log.

    Args:
        vault: The open vault.
        number: Of the checklist.
        step: Of the step in it.
        result: What came of it.
        now: When this is noted.
        at: When it was done, if not now.
        words: A few of the person's own.

    Raises:
        UserError: There is no such checklist or step, the time lies ahead, or the words are too many.
    """
    if at is not None and at > now:
        raise UserError(
            mark("This time has not come yet."), mark("Give the time at which the step was done.")
        )
    return _add_entry(vault, number, step, result, at or now, judge_words(words), now)


def take_back(vault: Vault, number: int, step: int, now: datetime) -> Entry:
    """Take the last entry for a step back; both stay in the log.

    Raises:
        UserError: There is no such checklist or step, or no entry to take back.
    """
    if step not in standing(log_of(vault, find_checklist(vault, number))):
        raise UserError(mark("There is no entry for step {step} to take back."), mark("The checklist shows the entries there are."),
                        step=step)  # fmt: skip
    return _add_entry(vault, number, step, None, now, "", now)


def _add_entry(
    vault: Vault, number: int, step: int, result: Result | None, at: datetime, words: str, now: datetime
) -> Entry:
    with vault.transaction():
        checklist = find_checklist(vault, number)
        if not 1 <= step <= len(checklist.value.steps):
            raise UserError(mark("Checklist {number} has no step {step}."), mark("Its steps are counted from 1."),
                            number=number, step=step)  # fmt: skip
        if result == "could-not" and checklist.value.steps[step - 1].is_ban:
            raise UserError(
                mark("A step that forbids something is kept to, or it does not apply."),
                mark("If it happened otherwise, write it in no log before you have spoken with a lawyer."),
                field="result",
            )
        log = log_of(vault, checklist)
        if len(log) >= MOST_ENTRIES:
            raise UserError(mark("This log is full."), mark("Make another checklist."))
        entry = Entry(len(log) + 1, step, result, at.replace(microsecond=0), words)
        vault.records.add(ENTRY, _Kept(checklist.id, entry), now)
        return entry


def sheet_here(vault: Vault, number: int, zone: tzinfo | None = None) -> Sheet:
    """Return the log of a checklist as it is printed: "steps followed", in the language of the regulation.

    Raises:
        UserError: There is no such checklist, or nothing was noted yet.
    """
    record = find_checklist(vault, number)
    checklist, log = record.value, log_of(vault, record)
    if not standing(log):
        raise UserError(
            mark("Nothing was noted in this checklist yet."),
            mark("Note a step first; only those are printed."),
        )
    grammar = grammar_of(checklist.language)
    return sheet_of(grammar.language, grammar.printed, checklist.title, checklist.steps, log, zone)


def delete_checklist(vault: Vault, number: int) -> None:
    """Delete a checklist with its log; UserError when there is none."""
    record = find_checklist(vault, number)
    with vault.transaction():
        for entry in vault.records.search(record.id, ENTRY, limit=MOST_ENTRIES + 1):
            vault.records.delete(ENTRY, entry.id)
        vault.records.delete(CHECKLIST, record.id)


def risks_here(guide: Guide) -> tuple[tuple[RiskWord, str], ...]:
    """Return what to know before one starts, in the words of the guide's action: the word that opens each risk, and the risk."""
    risks = guide.actions[ACTION].risks
    return tuple((one.word, one.text) for one in (*risks.law, *risks.who_learns, *risks.others))


def _all(vault: Vault) -> Iterator[Record[Checklist]]:
    for start in range(0, vault.records.count(CHECKLIST), _AT_ONCE):
        yield from vault.records.all(CHECKLIST, limit=_AT_ONCE, offset=start)
