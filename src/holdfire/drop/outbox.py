"""What waits for a receipt: a message is written down before anything is sent, and stays until the desk says it has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from holdfire.conversation.attachment import Attachment
from holdfire.conversation.kinds import WARNINGS, Kind, check_form
from holdfire.conversation.message import MOST_ATTACHMENTS, Message, content_hash
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.steps import MOST_STEPS, step
from holdfire.conversation.turns import MEMBER, Does, take
from holdfire.drop.end import Draw, End
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.hpke import SEED_SIZE, SecretKey
from holdfire.wire.pieces import MOST_BY_PUZZLE, PIECE_SIZE

#: How long a receipt is waited for before a message goes through another relay.
PATIENCE: Final = timedelta(hours=48)
#: Kinds that go through all relays at once: too late is as bad as never.
TO_ALL: Final = WARNINGS | {Kind.CHECK_IN}
_START_SIZE: Final = 2


@dataclass(frozen=True, repr=False)
class Part:
    """A file that goes with a message.

    Args:
        attachment: What the message says of it; without key once the desk has the message.
        item: The vault's id of its bytes.
        evidence: What the person calls it.
        title: Likewise.
        done: By origin, how many of its pieces are there.
    """

    attachment: Attachment
    item: str
    evidence: int
    title: str
    done: Mapping[str, int] = field(default_factory=dict)

    def left(self, origin: str) -> int:
        """Return how many pieces this relay does not have yet."""
        return self.attachment.count - self.done.get(origin, 0)


@dataclass(frozen=True, repr=False)
class Outgoing:
    """A message of the member's.

    Args:
        number: `n`.
        kind: What it is about.
        text: What it says.
        form: Answers to the kind's form.
        language: The language to answer in.
        time: When it was written.
        content: Its content hash.
        written: Its bytes, the same for every sending; nothing once the desk has it.
        start: Drawn at random: at which of the desk's relays it begins.
        parts: Files that go with it.
        posted: When it was last posted, by origin.
        received: The day on which the desk's receipt was read.
        clash: Whether the desk has two contents of this number.
    """

    number: int
    kind: Kind
    text: str
    form: Mapping[str, str]
    language: str
    time: datetime
    content: bytes
    written: bytes
    start: int
    parts: tuple[Part, ...] = ()
    posted: Mapping[str, datetime] = field(default_factory=dict)
    received: date | None = None
    clash: bool = False

    @property
    def waits(self) -> bool:
        """Whether the desk has not said yet that it has it."""
        return self.received is None and bool(self.written)

    @property
    def sent(self) -> bool:
        """Whether a relay took it at least once."""
        return bool(self.posted)

    @property
    def started(self) -> bool:
        """Whether anything of it, a piece or the message, was ever sent."""
        return self.sent or any(any(part.done.values()) for part in self.parts)


@dataclass(frozen=True)
class Words:
    """What a person writes.

    Args:
        kind: What it is about.
        text: The text itself.
        form: Answers to the kind's form, by name.
        language: The language to answer in; empty for no wish.
    """

    kind: Kind
    text: str
    form: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


def compose(
    end: End, words: Words, parts: Sequence[Part], draw: Draw, now: datetime, *, start: int | None = None
) -> tuple[End, Outgoing]:
    """Return the end after the next message, and the message, which is to be kept before anything of it is sent.

    Args:
        end: Of a conversation that has not ended.
        words: What is said.
        parts: Files that go with it.
        draw: Random bytes.
        now: When it is written.
        start: Where another message of this conversation begins that was not sent yet, so that both go the same way.

    Raises:
        UserError: The form is not answered, nothing is said, there are too many files, or the conversation is full.
        MessageTooLongError: It does not fit.
    """
    form = {name: answer.strip() for name, answer in words.form.items() if answer.strip()}
    check_form(words.kind, form)
    _check_said(words, form, parts)
    _check_parts(parts)
    # An older copy of the vault may be in use again: numbers that the desk has already are not written twice.
    number = max(end.number, end.receipt.top) + 1
    if number > MOST_STEPS:
        raise UserError(
            mark("This conversation has a thousand messages, and there is no room for another."),
            mark("End it and begin another: the next message does that."),
        )
    seed = draw(SEED_SIZE)
    written = Message(
        end.conversation,
        number,
        step(end.last_step, number),
        SecretKey(seed).public,
        end.seen,
        words.kind,
        words.text,
        tuple(part.attachment for part in parts),
        before=end.content if number == end.number + 1 else b"",
        form=form,
        language=words.language,
    ).write()
    content = content_hash(written)
    drawn = int.from_bytes(draw(_START_SIZE), "big") if start is None else start
    outgoing = Outgoing(
        number,
        words.kind,
        words.text,
        form,
        words.language,
        now,
        content,
        written,
        drawn,
        tuple(parts),
    )
    after = replace(
        end,
        stage=take(MEMBER, end.stage, Does.WRITE),
        last_word=now,
        number=number,
        content=content,
        keys=((number, seed), *end.keys),
    )
    return after, outgoing


def due(one: Outgoing, origins: Sequence[str], now: datetime, *, again: bool = False) -> tuple[str, ...]:
    """Return through which relays a message is to go now, in this order; none while its receipt is waited for.

    Warnings and check-ins go through all. Anything else goes through one, drawn at random when it was written, and when
    it has no receipt after 48 hours, through the next.

    Args:
        one: The message.
        origins: Of the desk's relays, at least one.
        now: The time here; a clock that was set back does not hold a message up.
        again: Whether the person wants it sent again without waiting.
    """
    if not one.waits:
        return ()
    first = one.start % len(origins)
    order = [*origins[first:], *origins[:first]]
    if one.kind in TO_ALL:
        return tuple(origin for origin in order if again or _late(one.posted.get(origin), now))
    last = max(((time, origin) for origin, time in one.posted.items()), default=None)
    if last is None:
        return (order[0],)
    if not again and not _late(last[0], now):
        return ()
    after = order.index(last[1]) + 1 if last[1] in order else 0
    return (order[after % len(order)],)


def posted(one: Outgoing, origin: str, now: datetime) -> Outgoing:
    """Return a message after a relay took it, which proves nothing: it goes on waiting."""
    return replace(one, posted={**one.posted, origin: now})


def piece_done(one: Outgoing, place: int, origin: str, count: int) -> Outgoing:
    """Return a message after the first `count` pieces of its file number `place` are on a relay."""
    part = one.parts[place]
    changed = replace(part, done={**part.done, origin: max(count, part.done.get(origin, 0))})
    return replace(one, parts=(*one.parts[:place], changed, *one.parts[place + 1 :]))


def settle(one: Outgoing, receipt: Receipt, today: date) -> Outgoing:
    """Return a message after a receipt: if it covers it, its bytes and the keys of its files go, and it waits no longer.

    A receipt for a number that was never sent from here is not for this message: an older copy of the vault wrote another.
    """
    if not one.waits:
        return replace(one, clash=one.clash or (one.sent and one.number in receipt.clashes))
    if not one.sent or not receipt.covers(one.number):
        return one
    return replace(one, written=b"", parts=tuple(map(_without_key, one.parts)), received=today,
                   clash=one.number in receipt.clashes)  # fmt: skip


def strike(one: Outgoing) -> Outgoing:
    """Return a message of a conversation that has ended: it can never be sent, and holds no secret any more."""
    return replace(one, written=b"", parts=tuple(map(_without_key, one.parts)))


def _without_key(part: Part) -> Part:
    known = part.attachment
    return replace(part, attachment=Attachment(b"", known.length, known.hash), done={})


def _late(last: datetime | None, now: datetime) -> bool:
    return last is None or abs(now - last) >= PATIENCE


def _check_said(words: Words, form: Mapping[str, str], parts: Sequence[Part]) -> None:
    if not (words.text.strip() or form or parts or words.kind is Kind.CHECK_IN):
        raise UserError(mark("There is nothing in this message."), mark("Write something, then send it."))


def _check_parts(parts: Sequence[Part]) -> None:
    if len(parts) > MOST_ATTACHMENTS:
        raise UserError(
            mark("A message takes at most {most} files."),
            mark("Send the others with another message."),
            most=MOST_ATTACHMENTS,
        )
    if sum(part.attachment.count for part in parts) > MOST_BY_PUZZLE:
        # Said before hours of sending, at the end of which the relay would have no room.
        raise UserError(
            mark("These files are too large for one message: {most} GiB is all that a relay takes."),
            mark("Send a part of it, such as the minutes that matter."),
            most=MOST_BY_PUZZLE * PIECE_SIZE >> 30,
        )
