"""How clauses, checklists and their logs are written as JSON, compactly, and read back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from holdfire.rules.checklist import Step
from holdfire.rules.log import RESULTS, Entry
from holdfire.rules.regulation import LABELS, Clause, Label, Sentence, Sign


def encode_clause(clause: Clause) -> list[Any]:
    """Return a clause as a list whose places `decode_clause` knows."""
    return [
        clause.place, clause.number, list(clause.above), list(clause.headings), clause.text, clause.page, clause.stem,
        clause.heading, clause.continued,
        [[one.start, one.end, [[list(sign.labels), sign.start, sign.end] for sign in one.signs], list(one.inherited)]
         for one in clause.sentences],
    ]  # fmt: skip


def decode_clause(values: list[Any]) -> Clause:
    """Return the clause that `encode_clause` wrote."""
    place, number, above, headings, text, page, stem, heading, continued, sentences = values
    read = tuple(
        Sentence(start, end, tuple(Sign(_labels(labels), first, last) for labels, first, last in signs), _labels(inherited))
        for start, end, signs, inherited in sentences
    )  # fmt: skip
    return Clause(place, number, tuple(above), tuple(headings), text, page, stem, read, heading, continued)


def encode_step(step: Step) -> list[Any]:
    """Return a step as a list whose places `decode_step` knows."""
    return [step.number, step.clause, step.page, list(step.labels), step.text, step.place]


def decode_step(values: list[Any]) -> Step:
    """Return the step that `encode_step` wrote."""
    number, clause, page, labels, text, place = values
    return Step(number, clause, page, _labels(labels), text, place)


def encode_entry(entry: Entry) -> dict[str, Any]:
    """Return an entry of a log."""
    return {**vars(entry), "at": entry.at.isoformat()}


def decode_entry(values: dict[str, Any]) -> Entry:
    """Return the entry that `encode_entry` wrote."""
    result = RESULTS[values["result"]] if values["result"] is not None else None
    return Entry(
        values["number"], values["step"], result, datetime.fromisoformat(values["at"]), values["words"]
    )


def _labels(words: list[str]) -> tuple[Label, ...]:
    return tuple(LABELS[word] for word in words)
