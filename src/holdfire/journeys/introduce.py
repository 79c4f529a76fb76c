"""Bring two members together who both asked for it: a person of the desk decides, and writes to each what they may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfire.conversation.desk_log import Act
from holdfire.conversation.desk_log import Thread as Said
from holdfire.conversation.kinds import Kind
from holdfire.desk.meeting import letter, numbers_of
from holdfire.errors import UserError
from holdfire.journeys.desk_record import state_of
from holdfire.journeys.fetch_files import messages
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import GLANCE
from holdfire.journeys.run_desk import check_act, do, find_thread
from holdfire.language import mark
from holdfire.vault.vault import Vault
from holdfire.wire.http import Ask


@dataclass(frozen=True)
class Asks:
    """A thread whose member asked to meet somebody: its number, and what they said of whom."""

    number: int
    meet: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One of two who are brought together: the thread's number, and what a person of the desk writes to this one."""

    number: int
    text: str


def asking(vault: Vault) -> tuple[Asks, ...]:
    """Return the threads, not ended, whose members asked to meet somebody."""
    said = state_of(vault).threads
    glances = [one.value for one in vault.records.known(GLANCE)]
    found = sorted(
        one.number
        for one in glances
        if Kind.INTRODUCTION in one.kinds and not said.get(one.conversation, Said()).ended
    )
    return tuple(one for one in (Asks(number, _meets(vault, number)) for number in found) if one.meet)


def _meets(vault: Vault, number: int) -> tuple[str, ...]:
    """Return whom the member of a thread wants to meet; what came twice with different contents is nobody's wish."""
    came = [one.value for one in messages(vault, number)]
    clashes = {one.number for one in came if one.verdict == "clash"}
    return tuple(
        one.form.get("meet", "")
        for one in came
        if one.kind is Kind.INTRODUCTION and one.number not in clashes
    )


def letters(vault: Vault, one: Side, other: Side) -> tuple[str, str]:
    """Return what each of two will read, to be looked at first; nothing is sent.

    Raises:
        UserError: It is one thread, there is none such, it was ended, its member did not ask, or a text is missing or too long.
    """
    if one.number == other.number:
        raise UserError(
            mark("This is one thread, named twice."), mark("Choose two: both members have to have asked.")
        )
    threads = []
    for side in (one, other):
        threads.append(find_thread(vault, side.number))
        if not _meets(vault, side.number):
            raise UserError(
                mark("The member of thread {number} did not ask to meet anybody."),
                mark("Nobody is brought together with anybody unasked. Answer the thread, and wait."),
                number=side.number,
            )
        if not side.text.strip():
            raise UserError(
                mark("Nothing is written to the member of thread {number}."),
                mark("Say where and how they can meet, and what they may know of the other."),
                number=side.number,
            )
    says, hears = numbers_of(own_desk(vault).value.id, *(thread.conversation for thread in threads))
    made = (
        letter(threads[0].language, one.text, says, hears),
        letter(threads[1].language, other.text, hears, says),
    )
    for side, text in zip((one, other), made, strict=True):
        check_act(vault, Act.REPLY, side.number, text)
    return made


def introduce(vault: Vault, one: Side, other: Side, ask: Ask, now: datetime) -> None:
    """Answer both threads; both answers go out with the next edition. Only on the person's word.

    Broken off after the first answer and said again, it goes on with the second.

    Raises:
        UserError: As `letters`.
        NetworkError: The relay was not reached.
        LieError: The relay does not give the record as it was.
    """
    made = letters(vault, one, other)
    for side, text in zip((one, other), made, strict=True):
        replies = state_of(vault).threads.get(find_thread(vault, side.number).conversation, Said()).replies
        if text not in replies:
            do(vault, Act.REPLY, side.number, text, ask, now)
