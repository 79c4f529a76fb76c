"""The log of a checklist: an entry for each step that was done, did not apply or could not be done, with its time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from holdfire.errors import UserError
from holdfire.language import mark

Result = Literal["done", "not-applicable", "could-not"]
RESULTS: Final[dict[str, Result]] = {one: one for one in get_args(Result)}
#: What each is called on a page.
RESULT_WORDS: Final[dict[Result, str]] = {
    "done": mark("done"),
    "not-applicable": mark("does not apply"),
    "could-not": mark("could not be done"),
}
#: What "done" is called for a step that asks for nothing to be done.
KEPT: Final = mark("kept to")
#: Of a note beside an entry: a few words, no story.
MOST_WORDS: Final = 300
MOST_ENTRIES: Final = 5_000


@dataclass(frozen=True)
class Entry:
    """One entry; none is ever changed: what was wrong is taken back by another.

    Attributes:
        number: Counted from 1 in the log.
        step: Of the checklist.
        result: What came of the step; None takes the entry before it for this step back.
        at: When the step was done or found not to be possible, as the person says.
        words: A few of the person's own.
    """

    number: int
    step: int
    result: Result | None
    at: datetime
    words: str = ""


def called(result: Result, *, is_act: bool) -> str:
    """Return what a result is called on a page, in marked words, for a step that asks for an act or only binds."""
    return KEPT if result == "done" and not is_act else RESULT_WORDS[result]


def standing(entries: Iterable[Entry]) -> Mapping[int, Entry]:
    """Return the entry that holds for each step: the last one that was not taken back."""
    open_entries: dict[int, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: one.number):
        held = open_entries.setdefault(entry.step, [])
        if entry.result is not None:
            held.append(entry)
        elif held:
            held.pop()
    return {step: held[-1] for step, held in sorted(open_entries.items()) if held}


def judge_words(typed: str) -> str:
    """Return the few words beside an entry in one line; UserError when they are too many."""
    words = " ".join(typed.split())
    if len(words) > MOST_WORDS:
        raise UserError(mark("A note beside a step has at most {most} characters."),
                        mark("Write what happened with the step, in a few words."), most=MOST_WORDS)  # fmt: skip
    return words
