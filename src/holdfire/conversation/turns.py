"""The one table of turns: who may do what, when, and what then is so. Drop and desk ask it, and the protocol's table is printed from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Stage(Enum):
    """Where a conversation stands, as one of its ends sees it."""

    NOTHING = "nothing written"
    WAITING = "written, no receipt yet"
    RECEIVED = "the desk has all"
    ANSWERED = "a reply was read"
    SILENT = "30 days without a word"
    ENDED = "ended"


class Does(Enum):
    """What can happen."""

    WRITE = "writes the next message"
    RESEND = "sends what has no receipt again"
    RECEIPT = "shows a receipt for all"
    GAP = "shows a receipt with gaps"
    REPLY = "shows a reply"
    REST = "has heard nothing for 30 days"
    END = "ends it"


@dataclass(frozen=True)
class Turn:
    """One line: who, at which stage, does what, and where the conversation stands then."""

    who: str
    at: Stage
    does: Does
    then: Stage


MEMBER: Final = "member"
DESK: Final = "desk"
_OPEN: Final = (Stage.WAITING, Stage.RECEIVED, Stage.ANSWERED, Stage.SILENT)
TURNS: Final = (
    Turn(MEMBER, Stage.NOTHING, Does.WRITE, Stage.WAITING),
    *(Turn(MEMBER, at, Does.WRITE, Stage.WAITING) for at in _OPEN),
    Turn(MEMBER, Stage.WAITING, Does.RESEND, Stage.WAITING),
    Turn(MEMBER, Stage.SILENT, Does.RESEND, Stage.WAITING),
    Turn(DESK, Stage.WAITING, Does.RECEIPT, Stage.RECEIVED),
    Turn(DESK, Stage.WAITING, Does.GAP, Stage.WAITING),
    Turn(DESK, Stage.WAITING, Does.REPLY, Stage.ANSWERED),
    Turn(DESK, Stage.RECEIVED, Does.RECEIPT, Stage.RECEIVED),
    Turn(DESK, Stage.RECEIVED, Does.REPLY, Stage.ANSWERED),
    Turn(DESK, Stage.ANSWERED, Does.RECEIPT, Stage.ANSWERED),
    Turn(DESK, Stage.ANSWERED, Does.REPLY, Stage.ANSWERED),
    *(Turn(DESK, at, Does.REST, Stage.SILENT) for at in _OPEN[:3]),
    *(Turn(who, at, Does.END, Stage.ENDED) for who in (MEMBER, DESK) for at in _OPEN),
)
_TABLE: Final = {(turn.who, turn.at, turn.does): turn.then for turn in TURNS}


class OutOfTurnError(ValueError):
    """What was to be done is not this end's turn: a bug, or a peer that does not keep to the protocol."""


def take(who: str, at: Stage, does: Does) -> Stage:
    """Return where a conversation stands after a turn.

    Raises:
        OutOfTurnError: The table has no such turn.
    """
    try:
        return _TABLE[who, at, does]
    except KeyError:
        raise OutOfTurnError(f"{who} cannot do this at this stage") from None


def may(who: str, at: Stage) -> tuple[Does, ...]:
    """Return what `who` can do at a stage."""
    return tuple(turn.does for turn in TURNS if (turn.who, turn.at) == (who, at))


def table() -> str:
    """Return the turns as the protocol prints them (docs/protocols/conversation.md §11)."""
    lines = [f"| {turn.at.value} | {turn.who} | {turn.does.value} | {turn.then.value} |" for turn in TURNS]
    return "\n".join(("| stage | who | does | then |", "|---|---|---|---|", *lines))


def diagram() -> str:
    """Return the turns as a diagram in the language of Graphviz, which draws the same table."""
    lines = [
        f'  "{turn.at.value}" -> "{turn.then.value}" [label="{turn.who}: {turn.does.value}"];'
        for turn in TURNS
    ]
    return "\n".join(("digraph turns {", *lines, "}"))
