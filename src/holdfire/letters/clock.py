"""The clock of a request: when it was handed in, when an answer is due, what can follow. Pure: `today` comes in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.letters.kinds import kind_called
from holdfire.letters.terms import Countable, last_day

How = Literal["by-hand", "registry", "post", "message", "aloud", "other"]
Outcome = Literal["granted", "refused", "partly", "other"]
State = Literal["waiting", "due", "late", "open", "granted", "refused", "answered", "stopped"]
HOWS: Final[dict[str, How]] = {
    "by-hand": "by-hand",
    "registry": "registry",
    "post": "post",
    "message": "message",
    "aloud": "aloud",
    "other": "other",
}
OUTCOMES: Final[dict[str, Outcome]] = {
    "granted": "granted",
    "refused": "refused",
    "partly": "partly",
    "other": "other",
}

#: What to know and do in each state; the kinds of letters that can follow stand in `Standing.letters`.
STEPS: Final[dict[State, tuple[str, ...]]] = {
    "waiting": (mark("Nothing is due. The order may still bind while you wait."),),
    "open": (mark("No day of answer is known. Set one of your own, after which you ask again."),),
    "due": (mark("The answer is due today."), mark("Ask for it once, with the incoming number.")),
    "late": (
        mark("No answer came in time. Silence is neither leave nor release: the order may still bind."),
        mark("Ask once more, with the incoming number and the day of the first letter."),
        mark("Then the next superior, or a lawyer, before any letter outside."),
    ),
    "refused": (
        mark("Note the exact words of the refusal, who said them, when, and who heard it."),
        mark("See a lawyer before the next letter."),
    ),
    "granted": (mark("Keep the paper, or a note of where it lies, away from work."),),
    "answered": (mark("Note what was answered and what is still open."),),
    "stopped": (),
}


@dataclass(frozen=True)
class Service:
    """How a letter was handed in: to whom, when, how, under which number, who took it. Only the day must be known."""

    on: date
    to: str = ""
    how: How = "other"
    number: str = ""
    taken_by: str = ""


@dataclass(frozen=True)
class Answered:
    """What was answered, and when."""

    on: date
    outcome: Outcome
    words: str = ""


@dataclass(frozen=True)
class Clock:
    """A request that was handed in, with the last day for an answer where one is known.

    Attributes:
        kind: Of the letter.
        service: How it was handed in.
        due: The last day for an answer; None where nobody knows one.
        rests_on: Where the day comes from: the id of a pack's deadline, "own", or "" for none.
        answered: The answer, once there is one.
        stopped: The day the person let it rest.
    """

    kind: str
    service: Service
    due: date | None = None
    rests_on: str = ""
    answered: Answered | None = None
    stopped: date | None = None


@dataclass(frozen=True)
class Standing:
    """How a request stands on a day.

    Attributes:
        state: One word.
        days: Days until the last day; negative when it has passed; None where there is no day, or no need of one.
        steps: What to know and do.
        letters: The kinds of letters that can follow.
    """

    state: State
    days: int | None
    steps: tuple[str, ...]
    letters: tuple[str, ...]


def start(kind: str, service: Service, *, term: Countable | None = None, rests_on: str = "") -> Clock:
    """Return the clock of a letter that was handed in, with a pack's time of answer or none yet."""
    kind_called(kind)
    if term is None:
        return Clock(kind, service)
    return Clock(kind, service, last_day(service.on, term), rests_on)


def set_due(clock: Clock, due: date | None) -> Clock:
    """Return the clock with the person's own last day, or with none."""
    if due is not None and due < clock.service.on:
        raise UserError(
            mark("This day lies before the day the letter was handed in."), mark("Give a later day.")
        )
    return replace(clock, due=due, rests_on="own" if due else "")


def answer(clock: Clock, answered: Answered) -> Clock:
    """Return the clock with its answer."""
    if answered.on < clock.service.on:
        raise UserError(
            mark("This day lies before the day the letter was handed in."), mark("Give a later day.")
        )
    return replace(clock, answered=answered)


def stop(clock: Clock, today: date) -> Clock:
    """Return the clock at rest: nothing of it is due any more."""
    return replace(clock, stopped=today)


def standing(clock: Clock, today: date) -> Standing:
    """Return how a request stands on `today`."""
    kind = kind_called(clock.kind)
    state = _state(clock, today)
    days = (clock.due - today).days if clock.due and state in ("waiting", "due", "late") else None
    follows = {"late": kind.on_silence, "refused": kind.on_refusal}
    return Standing(state, days, STEPS[state], follows.get(state, ()))


def _state(clock: Clock, today: date) -> State:
    if clock.answered:
        outcome = clock.answered.outcome
        return outcome if outcome in ("granted", "refused") else "answered"
    if clock.stopped:
        return "stopped"
    if clock.due is None:
        return "open"
    return "waiting" if today < clock.due else "due" if today == clock.due else "late"


def due_first(clocks: Iterable[Clock], today: date) -> tuple[Clock, ...]:
    """Return the requests that still run: the longest overdue first, those without a day last."""
    running = [
        clock for clock in clocks if standing(clock, today).state in ("waiting", "due", "late", "open")
    ]
    return tuple(
        sorted(running, key=lambda clock: (clock.due is None, clock.due or date.max, clock.service.on))
    )


def encode_clock(clock: Clock) -> dict[str, Any]:
    """Return the clock as JSON can hold it."""
    service, answered = clock.service, clock.answered
    return {
        "kind": clock.kind,
        "service": {**vars(service), "on": service.on.isoformat()},
        "due": clock.due.isoformat() if clock.due else None,
        "rests_on": clock.rests_on,
        "answered": {**vars(answered), "on": answered.on.isoformat()} if answered else None,
        "stopped": clock.stopped.isoformat() if clock.stopped else None,
    }


def decode_clock(values: dict[str, Any]) -> Clock:
    """Return the clock that `encode_clock` wrote."""
    service, answered = values["service"], values["answered"]
    return Clock(
        values["kind"],
        Service(**{**service, "on": date.fromisoformat(service["on"])}),
        _day(values["due"]),
        values["rests_on"],
        Answered(**{**answered, "on": date.fromisoformat(answered["on"])}) if answered else None,
        _day(values["stopped"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
