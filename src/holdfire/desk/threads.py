"""Threads: what a desk has of each conversation, and which of them comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from holdfire.conversation.desk_log import Thread as Said
from holdfire.conversation.faults import ForgedStepError
from holdfire.conversation.kinds import WARNINGS, Kind
from holdfire.conversation.message import OpenedMessage
from holdfire.conversation.receipt import Received, Verdict, begin
from holdfire.conversation.reply import MOST_SLOTS

#: How long after its last message a conversation has a place in every edition.
ACTIVE: Final = timedelta(days=30)
_URGENT: Final = frozenset({Kind.PROTECTION, Kind.ORDER})


@dataclass(frozen=True, repr=False)
class Glance:
    """What stands in the list of threads, of which there may be ten thousand.

    Args:
        number: By which the desk's people call it.
        conversation: `c`.
        messages: How many came.
        seen: The last answer that the member says was read.
        last: When something new came last.
        kinds: What its messages were about.
        language: The language to answer in; empty for no wish.
        forged: How many messages came that do not continue it.
    """

    number: int
    conversation: bytes
    messages: int
    seen: int
    last: datetime
    kinds: frozenset[Kind]
    language: str = ""
    forged: int = 0

    @property
    def urgency(self) -> int:
        """0 for a warning, 1 for somebody in need, 2 for all else."""
        return 0 if self.kinds & WARNINGS else 1 if self.kinds & _URGENT else 2


@dataclass(frozen=True, repr=False)
class Thread:
    """A conversation as the desk has it.

    Args:
        number: By which the desk's people call it.
        received: What came, judged.
        reply_key: The public key of the latest message.
        seen: The last answer that the member says was read.
        last: When something new came last.
        kinds: What its messages were about.
        language: The language to answer in; empty for no wish.
        forged: How many messages came that do not continue it.
    """

    number: int
    received: Received
    reply_key: bytes
    seen: int
    last: datetime
    kinds: frozenset[Kind]
    language: str = ""
    forged: int = 0

    @property
    def conversation(self) -> bytes:
        """`c`."""
        return self.received.conversation

    @property
    def glance(self) -> Glance:
        """What stands in the list of threads."""
        return Glance(
            self.number, self.conversation, len(self.received.contents), self.seen, self.last, self.kinds, self.language,
            self.forged,
        )  # fmt: skip


def take(
    thread: Thread | None, opened: OpenedMessage, number: int, now: datetime
) -> tuple[Verdict | None, Thread]:
    """Return how a message is taken, None for a forged one, and the thread after it.

    Args:
        thread: The conversation that it names, or None where it is the first.
        opened: The message.
        number: For a new thread.
        now: When it was read.
    """
    message = opened.message
    if thread is None:
        verdict, received = begin(opened)
        return verdict, Thread(
            number,
            received,
            message.reply_key,
            message.seen,
            now,
            frozenset({message.kind}),
            message.language,
        )
    try:
        verdict, received = thread.received.judge(opened)
    except ForgedStepError:
        return None, replace(thread, forged=thread.forged + 1)
    if verdict is Verdict.AGAIN:
        return verdict, thread
    after = replace(thread, received=received)
    if verdict is Verdict.CLASH:
        return verdict, after
    after = replace(after, last=now, kinds=thread.kinds | {message.kind})
    if verdict is Verdict.NEXT:
        after = replace(
            after, reply_key=message.reply_key, seen=max(thread.seen, message.seen),
            language=message.language or thread.language,
        )  # fmt: skip
    return verdict, after


def unseen(thread: Thread, said: Said) -> tuple[tuple[int, str], ...]:
    """Return the answers that the member has not read, by number: as many as an edition has room for."""
    waiting = [(number, text) for number, text in enumerate(said.replies, 1) if number > thread.seen]
    return tuple(waiting[:MOST_SLOTS])


def is_active(thread: Thread, now: datetime) -> bool:
    """Say whether a conversation has a place in the next edition."""
    return now - thread.last < ACTIVE


def in_order(threads: list[Glance]) -> list[Glance]:
    """Return threads as they should be read: warnings first, then who is in need, then what has waited longest."""
    return sorted(threads, key=lambda one: (one.urgency, one.last, one.number))
