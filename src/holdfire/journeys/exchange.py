"""Check in with a desk and send what waits, in one rhythm: values out of the vault, the network with no vault in hand, values in.

Every step of a long sending stands in the vault before the next begins, so that a crash or a lock costs one piece at most.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from holdfire.conversation.faults import EquivocationError
from holdfire.conversation.notice import MOST_AGE, Bulletin
from holdfire.conversation.turns import Stage
from holdfire.drop.check_in import Found, Look, check_in
from holdfire.drop.end import Draw, hear, resend, rest
from holdfire.drop.known import Clash, KnownDesk, Said, SeenThere
from holdfire.drop.outbox import Outgoing, due, piece_done, posted, settle
from holdfire.drop.parcel import Parcel, deliver, message_parcel, piece_parcel
from holdfire.errors import HoldfireError, UserError
from holdfire.evidence.custody.refusals import CustodyError
from holdfire.journeys.keep_desk import find_desk, renew_desk
from holdfire.journeys.keep_evidence import find_evidence, log_event
from holdfire.journeys.kept_talk import (
    DESK,
    REPLY,
    KeptMessage,
    KeptReply,
    ends_of,
    messages_of,
    open_end,
    put,
    replies_of,
    save_end,
    save_message,
)
from holdfire.journeys.write_message import Line, strike_waiting
from holdfire.language import mark
from holdfire.sealing.noise import draw as draw_order
from holdfire.sealing.noise import random_bytes
from holdfire.vault.records import Record
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault
from holdfire.wire.http import Ask
from holdfire.wire.pieces import CONTENT_SIZE

#: Whoever took evidence over, as its custody log says it.
_TO_A_DESK: Final = mark("a desk, through a relay")
_NOBODY: Final = Said(mark("Nothing was answered yet."))


@dataclass(frozen=True)
class News:
    """What a check-in brought, as the person is told.

    Args:
        origin: Of the relay.
        time: When the desk made its notice.
        replies: Answers that are new.
        bulletins: What the desk tells everyone.
        said: Sentences: what was received, what is odd, what changed.
        stage: Where the conversation stands.
        faults: What was not right; nothing that was right is lost by it.
    """

    origin: str
    time: datetime
    replies: tuple[Line, ...]
    bulletins: tuple[Bulletin, ...]
    said: tuple[Said, ...]
    stage: Stage
    faults: tuple[HoldfireError, ...] = ()


@dataclass(frozen=True, repr=False)
class Task:
    """One thing to send: which message it belongs to, and the parcel.

    Args:
        talk: The id of the conversation.
        number: Of the message.
        parcel: What goes.
        origin: To which relay.
        part: The place of its file, for a piece.
        piece: The number of the piece.
    """

    talk: str
    number: int
    parcel: Parcel
    origin: str
    part: int = 0
    piece: int = 0


def origins(vault: Vault, desk: int) -> tuple[str, ...]:
    """Return the relays of a desk in random order: the first is asked, another when it is not reached."""
    known = find_desk(vault, desk).value.origins
    return tuple(known[place] for place in draw_order(len(known), len(known)))


def errand(vault: Vault, desk: int, origin: str, *, unconfirmed: bool = False) -> Look:
    """Return all that is needed to check in with a desk on one of its relays; nothing else of the vault leaves.

    Raises:
        UserError: There is no such desk, it has no such relay, or nobody compared its words.
        EquivocationError: Two signed things about it contradict each other.
    """
    known = find_desk(vault, desk).value
    known.check_usable(unconfirmed=unconfirmed)
    if origin not in known.origins:
        raise UserError(
            mark("This desk has no such relay."), mark("Look at your list of desks: it names the relays.")
        )
    record = open_end(vault, desk)
    if record is None:
        return Look(desk, known.card, origin, known.seen.get(origin))
    end = record.value.end
    keys = tuple(seed for _, seed in end.keys)
    return Look(desk, known.card, origin, known.seen.get(origin), end.conversation, keys)


def look(errand_: Look, ask: Ask, draw: Draw = random_bytes) -> Found:
    """Check in; it touches no vault. To be called only when the person has just said so.

    Raises:
        NetworkError: The relay was not reached.
        PeerError: It gave no notice.
        LieError: What it gave is no notice of this desk for this relay.
    """
    return check_in(errand_, ask, draw)


def take_in(vault: Vault, found: Found, now: datetime) -> News:
    """Keep what a check-in found: the notice, answers, receipts, a newer card; of a contradiction, both sides."""
    said: list[Said] = []
    replies: tuple[Line, ...] = ()
    faults = list(found.faults)
    with vault.transaction():
        _keep_notice(vault, found, now)
        record = open_end(vault, found.look.desk)
        stage = record.value.end.stage if record else Stage.NOTHING
        if record and found.heard and record.value.end.conversation == found.look.conversation:
            replies, stage = _keep_heard(vault, found, now, said)
        elif record and found.believed and not faults and found.look.conversation:
            quiet = rest(record.value.end, now)
            stage = quiet.stage
            if quiet != record.value.end:
                save_end(vault, record, quiet, now)
    if found.card:
        try:
            renew_desk(vault, found.look.desk, found.card, now)
            said.append(Said(mark("The desk has a new card; it is kept, and its words are the same.")))
        except HoldfireError as fault:
            faults.append(fault)
    notice = found.read.notice
    if now - notice.time > MOST_AGE:
        days = (now - notice.time).days
        said.append(
            Said(mark("The newest notice of this desk is {days} days old, or is held back."), {"days": days})
        )
    bulletins = notice.bulletins if found.believed else ()
    return News(
        found.look.origin, notice.time, replies, bulletins, tuple(said or [_NOBODY]), stage, tuple(faults)
    )


def waiting_at(
    vault: Vault, desk: int, now: datetime, *, again: bool = False, relay: str = ""
) -> tuple[str, ...]:
    """Return through which relays something is to go now.

    Args:
        vault: The open vault.
        desk: The number of the desk.
        now: The time here.
        again: Whether to send again what waits for a receipt.
        relay: Through this one, whatever was drawn; nothing for as drawn.
    """
    known = find_desk(vault, desk).value
    record = open_end(vault, desk)
    kept = messages_of(vault, record.value.id) if record else ()
    if relay:
        return (relay,) if any(one.value.one.waits for one in kept) else ()
    found = [origin for one in kept for origin in due(one.value.one, known.origins, now, again=again)]
    return tuple(dict.fromkeys(found))


def next_task(
    vault: Vault,
    found: Found,
    now: datetime,
    sent: frozenset[str] = frozenset(),
    *,
    again: bool = False,
    relay: str = "",
    insist: bool = False,
) -> Task | None:
    """Return the next thing to send to the relay of a check-in that was just made, or None; files go before their message.

    Args:
        vault: The open vault.
        found: The check-in: its notice gives the key of today.
        now: The time here.
        sent: The numbers of messages that went in this sending already, as `"talk number"`.
        again: As in `waiting_at`.
        relay: Likewise.
        insist: Whether the person wants to write although the notice is old.

    Raises:
        OldNoticeError: The notice is over two days old.
        ClockError: It is over a day ahead.
        EquivocationError: The desk contradicts itself.
        MissingError: Evidence that waits was deleted.
    """
    look_, notice = found.look, found.read.notice
    known = find_desk(vault, look_.desk).value
    if known.stopped:
        raise EquivocationError
    record = open_end(vault, look_.desk)
    if record is None or not found.believed:
        return None
    for kept in messages_of(vault, record.value.id):
        one = kept.value.one
        wanted = relay == look_.origin or look_.origin in due(one, known.origins, now, again=again)
        if not one.waits or f"{kept.value.talk} {one.number}" in sent or not wanted:
            continue
        if not insist:
            notice.check_age(now)
        for place, part in enumerate(one.parts):
            if part.left(look_.origin):
                number = part.done.get(look_.origin, 0)
                size = part.attachment.content_size(number)
                content = vault.blobs.read(part.item, number * CONTENT_SIZE, size) if size else b""
                parcel = piece_parcel(one, place, number, content, notice)
                return Task(kept.value.talk, one.number, parcel, look_.origin, place, number)
        ticket = record.value.end.ticket(notice.desk, notice.origin)
        return Task(
            kept.value.talk, one.number, message_parcel(one, notice, ticket, now, insist=insist), look_.origin
        )
    return None


def settle_task(vault: Vault, task: Task, desk: int, now: datetime) -> str:
    """Keep that a relay took something, and return `"talk number"` of a message, or nothing for a piece."""
    with vault.transaction():
        kept = _find(vault, task)
        one = kept.value.one
        if task.parcel.name:
            save_message(vault, kept, piece_done(one, task.part, task.origin, task.piece + 1), now)
            return ""
        save_message(vault, kept, posted(one, task.origin, now), now)
        if not one.sent:
            _log_handing_over(vault, one, now)
        record = open_end(vault, desk)
        if record and record.value.id == kept.value.talk:
            end = record.value.end
            after = end.without_ticket(
                find_desk(vault, desk).value.card.desk, task.origin, task.parcel.ticket
            )
            save_end(vault, record, resend(after) if one.sent else after, now)
        return f"{kept.value.talk} {one.number}"


def send(  # noqa: PLR0913 - the choices of one sending
    vault: Vault,
    found: Found,
    ask: Ask,
    now: Callable[[], datetime],
    *,
    again: bool = False,
    relay: str = "",
    insist: bool = False,
    pause: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Send what waits for one relay after a check-in with it, each step kept as it is done; return how many messages went.

    To be called only when the person has just said so.

    Args:
        vault: The open vault.
        found: The check-in, just made and taken in.
        ask: The relay.
        now: The clock.
        again: Send again what waits for a receipt.
        relay: Through this relay, whatever was drawn.
        insist: Although the notice is old.
        pause: Called between two pieces, for sending drop by drop.
        progress: Told how many pieces and messages went, and how many there are.

    Raises:
        NetworkError: The way failed; what went is kept, the rest waits.
        PeerError: The relay did not take something.
        UserError: As `next_task`.
    """
    sent: frozenset[str] = frozenset()
    count = 0
    while (task := next_task(vault, found, now(), sent, again=again, relay=relay, insist=insist)) is not None:
        if count:
            pause()
        total = count + _left(vault, task)
        progress(count, total)
        deliver(task.parcel, ask, lambda: progress(count, total))  # noqa: B023 - called before the next round
        done = settle_task(vault, task, found.look.desk, now())
        sent |= {done} if done else set()
        count += 1
        progress(count, total)
    return len(sent)


def _left(vault: Vault, task: Task) -> int:
    one: Outgoing = _find(vault, task).value.one
    return 1 + sum(part.left(task.origin) for part in one.parts)


def _find(vault: Vault, task: Task) -> Record[KeptMessage]:
    for kept in messages_of(vault, task.talk):
        if kept.value.one.number == task.number:
            return kept
    raise MissingError


def _log_handing_over(vault: Vault, one: Outgoing, now: datetime) -> None:
    """Write into the custody log of each file of a message that it went to a desk, once, however often it is sent.

    To which is not written: the log cannot be shortened, and who deletes a desk has to be rid of its name.
    """
    for part in one.parts:
        with suppress(CustodyError, UserError):
            # A log that is broken says so where it is shown; that the message went must be kept whatever it says.
            kept = find_evidence(vault, part.evidence).value
            values = {"custodian_to": _TO_A_DESK, "hash_before": kept.sha256, "hash_after": kept.sha256}
            log_event(vault, part.evidence, "transfer", values, now)


def _keep_notice(vault: Vault, found: Found, now: datetime) -> None:
    record = find_desk(vault, found.look.desk)
    desk: KnownDesk = record.value
    origin, seen = found.look.origin, found.read.seen
    before = desk.seen.get(origin)
    if any(isinstance(fault, EquivocationError) for fault in found.faults):
        if found.card or before is None:
            return
        clash = Clash("notice", origin, before.document, found.document.rstrip(b"\0"), now.date())
        put(vault, DESK, record, desk.clashed(clash), now)
    elif found.believed and (before is None or before.number < seen.number):
        there = SeenThere(seen.number, seen.hash, found.read.notice.time, found.document.rstrip(b"\0"))
        put(vault, DESK, record, replace(desk, seen={**desk.seen, origin: there}), now)


def _keep_heard(
    vault: Vault, found: Found, now: datetime, said: list[Said]
) -> tuple[tuple[Line, ...], Stage]:
    record = open_end(vault, found.look.desk)
    heard = found.heard
    if record is None or heard is None:
        raise ValueError("there is no conversation that could hear")
    today: date = now.astimezone(UTC).date()
    known = frozenset(one.value.number for one in replies_of(vault, record.value.id))
    before = record.value.end
    after, new = hear(before, heard, known, now)
    receipt = heard.replies[0].receipt
    for reply in new:
        vault.records.add(REPLY, KeptReply(record.value.id, reply.number, reply.text, today), now)
    for message in messages_of(vault, record.value.id):
        one = settle(message.value.one, receipt, today)
        if one.received and not message.value.one.received:
            said.append(Said(mark("The desk has message {number}."), {"number": one.number}))
        if one.clash and not message.value.one.clash:
            said.append(
                Said(mark("The desk has two different messages {number}: did somebody else write?"),
                     {"number": one.number})
            )  # fmt: skip
        save_message(vault, message, one, now)
    if receipt.top < before.receipt.top:
        said.append(Said(mark("The desk says it has less than it said before: it may have lost something.")))
    if receipt.top > before.number:
        said.append(Said(mark("The desk has later messages than this vault: an older copy of it is open.")))
    save_end(vault, record, after, now)
    if after.ended:
        said.append(Said(mark("The desk has ended this conversation. Its keys are gone from this vault.")))
        ended = next(one for one in ends_of(vault, found.look.desk) if one.value.id == record.value.id)
        strike_waiting(vault, ended, now)
    lines = tuple(Line(mine=False, number=one.number, text=one.text, day=today) for one in new)
    return lines, after.stage
