"""The member's end of one conversation: its secrets, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from holdfire.conversation.message import CONVERSATION_SIZE
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.reply import Reply, tickets_of
from holdfire.conversation.steps import STEP_SIZE
from holdfire.conversation.turns import DESK, MEMBER, Does, Stage, may, take

#: How long a conversation is without a word before it is called silent.
REST: Final = timedelta(days=30)

#: Random bytes, as many as asked for: `holdfire.sealing.noise.random_bytes`.
Draw = Callable[[int], bytes]


@dataclass(frozen=True, repr=False)
class Tickets:
    """The tickets of one seed, and how many of them were used."""

    seed: bytes
    used: int = 0


@dataclass(frozen=True, repr=False)
class End:
    """What a member keeps of a conversation; nearly all of it is secret.

    Args:
        conversation: `c`; nothing once it has ended, as with all secrets.
        last_step: The secret end of the chain of steps.
        stage: Where it stands.
        last_word: When something was last written or heard.
        number: Of the last message.
        content: Its content hash; nothing where it is not known here.
        keys: Seeds of reply keys by the message that brought them, the newest first.
        seen: The last reply of which all before were read too.
        receipt: What the desk said last that it has.
        tickets: By origin.
    """

    conversation: bytes
    last_step: bytes
    stage: Stage
    last_word: datetime
    number: int = 0
    content: bytes = b""
    keys: tuple[tuple[int, bytes], ...] = ()
    seen: int = 0
    receipt: Receipt = field(default_factory=lambda: Receipt(0))
    tickets: Mapping[str, Tickets] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing can be written in it any more."""
        return self.stage is Stage.ENDED

    def ticket(self, desk: bytes, origin: str) -> bytes:
        """Return a ticket for this relay that was not used, or nothing."""
        kept = self.tickets.get(origin)
        if kept is None:
            return b""
        given = tickets_of(kept.seed, desk, origin)
        return given[kept.used] if kept.used < len(given) else b""

    def without_ticket(self, desk: bytes, origin: str, ticket: bytes) -> End:
        """Return the end after a ticket was shown, whatever came of it."""
        if not ticket or self.ticket(desk, origin) != ticket:
            return self
        kept = self.tickets[origin]
        return replace(self, tickets={**self.tickets, origin: replace(kept, used=kept.used + 1)})


def begin(draw: Draw, now: datetime) -> End:
    """Return a conversation in which nothing is written yet."""
    return End(draw(CONVERSATION_SIZE), draw(STEP_SIZE), Stage.NOTHING, now)


@dataclass(frozen=True, repr=False)
class Heard:
    """What an edition said to a conversation.

    Args:
        origin: Of the relay.
        replies: What stood in its slots, by place.
        key: The seed of the reply key that opened them.
    """

    origin: str
    replies: tuple[Reply, ...]
    key: bytes


def hear(end: End, heard: Heard, known: frozenset[int], now: datetime) -> tuple[End, tuple[Reply, ...]]:
    """Return the end after an edition spoke to it, and the texts that are new.

    Reply keys older than the one that opened it go, tickets of a new seed come; when the desk has ended the conversation, every
    secret goes.

    Args:
        end: Before.
        heard: At least one slot.
        known: The numbers of the replies that are here already.
        now: When it was heard.
    """
    first = heard.replies[0]
    new = {one.number: one for one in heard.replies if one.number and one.number not in known}
    # Another look may have let this key go meanwhile: nothing more goes then.
    number = next((kept for kept, seed in end.keys if seed == heard.key), 0)
    tickets = end.tickets.get(heard.origin)
    if tickets is None or tickets.seed != first.seed:
        tickets = Tickets(first.seed)
    receipt = first.receipt if first.receipt.top >= end.receipt.top else end.receipt
    after = replace(
        end,
        keys=tuple(one for one in end.keys if one[0] >= number),
        receipt=receipt,
        seen=_read_up_to(end.seen, known | set(new)),
        tickets={**end.tickets, heard.origin: tickets},
        stage=_stage(end, first.receipt, replied=bool(new)),
        last_word=now if new or receipt != end.receipt else end.last_word,
    )
    if any(one.ended for one in heard.replies):
        after = forget(replace(after, stage=take(DESK, after.stage, Does.END)))
    return after, tuple(new[number] for number in sorted(new))


def rest(end: End, now: datetime) -> End:
    """Return the end after a look that found nothing: silent, when it was so for 30 days."""
    if now - end.last_word < REST or Does.REST not in may(DESK, end.stage):
        return end
    return replace(end, stage=take(DESK, end.stage, Does.REST))


def resend(end: End) -> End:
    """Return the end after something without a receipt was sent again."""
    if Does.RESEND not in may(MEMBER, end.stage):
        return end
    return replace(end, stage=take(MEMBER, end.stage, Does.RESEND))


def forget(end: End) -> End:
    """Return an ended conversation without any secret."""
    return replace(end, conversation=b"", last_step=b"", content=b"", keys=(), tickets={}, stage=Stage.ENDED)


def _stage(end: End, receipt: Receipt, *, replied: bool) -> Stage:
    stage = end.stage
    if stage is Stage.SILENT:
        # The desk speaks after all: what was taken for silence was none.
        stage = take(MEMBER, stage, Does.RESEND)
    has_all = all(receipt.covers(number) for number in range(1, end.number + 1))
    if stage is Stage.WAITING or has_all:
        stage = take(DESK, stage, Does.RECEIPT if has_all else Does.GAP)
    return take(DESK, stage, Does.REPLY) if replied else stage


def _read_up_to(seen: int, known: frozenset[int] | set[int]) -> int:
    while seen + 1 in known:
        seen += 1
    return seen
