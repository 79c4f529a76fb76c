"""What the desk has of a conversation: each message judged as it comes, and the receipt that says so (docs/protocols/conversation.md §4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from holdfire.conversation.message import OpenedMessage
from holdfire.conversation.steps import check_step

MOST_GAPS: Final = 8
MOST_CLASHES: Final = 4


class Verdict(Enum):
    """How a message was taken."""

    #: The first of its conversation: it sets the chain.
    FIRST = "first"
    #: Later than all before: only who began the conversation can have written it.
    NEXT = "next"
    #: It fills a gap. Who read a later message could have written it, unless the one after it names its content.
    LATE = "late"
    #: It is here already, the same content.
    AGAIN = "again"
    #: It has the number of one that is here, and other content: kept and marked.
    CLASH = "clash"


@dataclass(frozen=True)
class Receipt:
    """What the desk tells a member it has: all up to `top`, but for `gaps`; of the numbers in `clashes` it has two contents."""

    top: int
    gaps: tuple[int, ...] = ()
    clashes: tuple[int, ...] = ()

    def covers(self, number: int) -> bool:
        """Say whether the desk has message `number`; only this takes it out of the outbox."""
        return number <= self.top and number not in self.gaps


@dataclass(frozen=True, repr=False)
class Received:
    """What a desk has of one conversation.

    Args:
        conversation: `c`.
        contents: The content hash of each message that was taken, by number.
        names: What the messages say of the one before them, by the number of that one.
        step: The step of the latest, and `number`, its number.
        number: See `step`.
        clashes: Numbers of which there are two contents.
    """

    conversation: bytes
    contents: dict[int, bytes]
    names: dict[int, bytes]
    step: bytes
    number: int
    clashes: frozenset[int] = frozenset()

    def judge(self, opened: OpenedMessage) -> tuple[Verdict, Received]:
        """Return how a message is taken, and what the desk has then.

        Raises:
            ForgedStepError: Whoever wrote it did not begin this conversation.
            ValueError: It is of another conversation.
        """
        message = opened.message
        if message.conversation != self.conversation:
            raise ValueError("a message of another conversation")
        check_step(self.step, self.number, message.step, message.number)
        here = self.contents.get(message.number)
        if here == opened.content:
            return Verdict.AGAIN, self
        named = self.names.get(message.number)
        if here is not None or (named is not None and named != opened.content):
            return Verdict.CLASH, replace(self, clashes=self.clashes | {message.number})
        clashes = self.clashes
        before = message.number - 1
        if message.before and self.contents.get(before, message.before) != message.before:
            clashes |= {before}
        names = {**self.names, before: message.before} if message.before else self.names
        contents = {**self.contents, message.number: opened.content}
        if message.number < self.number:
            return Verdict.LATE, replace(self, contents=contents, names=names, clashes=clashes)
        after = replace(
            self, contents=contents, names=names, clashes=clashes, step=message.step, number=message.number
        )
        return Verdict.NEXT, after

    def receipt(self) -> Receipt:
        """Return what to tell the member: as far as eight gaps can say it."""
        gaps: list[int] = []
        top = 0
        for number in range(1, self.number + 1):
            if number not in self.contents:
                if len(gaps) == MOST_GAPS:
                    break
                gaps.append(number)
            else:
                top = number
        clashes = tuple(sorted(self.clashes))[:MOST_CLASHES]
        return Receipt(top, tuple(gap for gap in gaps if gap < top), clashes)


def begin(opened: OpenedMessage) -> tuple[Verdict, Received]:
    """Return what the desk has after the first message that it sees of a conversation, whatever its number."""
    message = opened.message
    names = {message.number - 1: message.before} if message.before else {}
    return Verdict.FIRST, Received(
        message.conversation, {message.number: opened.content}, names, message.step, message.number
    )
