"""The desk's day: read what came, act on it, publish the next edition.

The record of acts is a board like the inbox, and what it says is the only truth on assignment, labels, notes, status and answers: each
act is posted first and counts once it was read back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from holdfire.conversation.desk_log import Act, Entry
from holdfire.conversation.desk_log import Thread as Said
from holdfire.conversation.message import OpenedMessage, open_message
from holdfire.conversation.receipt import Verdict
from holdfire.conversation.reply import MOST_TEXT
from holdfire.desk import edition
from holdfire.desk.board import Pulled, pull
from holdfire.desk.edition import Edition
from holdfire.desk.own import DAYS_BEFORE, OwnDesk, OwnRelay, with_days, without_past
from holdfire.desk.threads import Glance, Thread, in_order, is_active, take
from holdfire.errors import UserError
from holdfire.journeys.desk_record import act, long_ago, refresh, state_of
from holdfire.journeys.fetch_files import messages
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import (
    ACT,
    CAME,
    GLANCE,
    OWN,
    THREAD,
    Came,
    Enclosed,
    conversation_word,
    thread_word,
)
from holdfire.journeys.kept_talk import every, put
from holdfire.journeys.move_desk import hand_out
from holdfire.language import mark
from holdfire.sealing.noise import random_bytes
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.boards import BoardSecrets
from holdfire.wire.encoding import FormatError
from holdfire.wire.http import Ask
from holdfire.wire.refusals import done


@dataclass(frozen=True)
class News:
    """What a look into the inboxes brought.

    Args:
        messages: How many messages are new.
        junk: How many entries no key opens.
        forged: How many messages do not continue the conversation that they name.
        again: How many were there already.
        gone: How many entries went before they were read.
    """

    messages: int = 0
    junk: int = 0
    forged: int = 0
    again: int = 0
    gone: int = 0

    def and_of(self, other: News) -> News:
        """Return what both brought together."""
        return News(*(getattr(self, one) + getattr(other, one) for one in self.__dataclass_fields__))


@dataclass(frozen=True, repr=False)
class Shown:
    """A thread as the desk's people see it: what came, and what the record says."""

    thread: Glance
    said: Said
    messages: tuple[Came, ...] = ()


def read_relay(own: OwnDesk, origin: str, ask: Ask, now: datetime) -> Pulled:
    """Read what is new in the inbox on a relay; it touches no vault, and may have to be called again.

    Raises:
        NetworkError: The relay was not reached.
        LieError: It does not give what its signed head says.
    """
    relay = own.relay(origin)
    return pull(ask, origin, relay.head_key, relay.inbox, relay.place, may_be_gone=long_ago(own, now))


def take_in(vault: Vault, origin: str, pulled: Pulled, now: datetime, *, before: bool = False) -> News:
    """Keep what was read of an inbox, or of the one before it: messages into their threads, in one transaction."""
    record = own_desk(vault)
    own = record.value
    keys = own.secret_keys(now.date())
    counts = dict.fromkeys(("messages", "junk", "forged", "again"), 0)
    last = own.threads or max((one.value.number for one in vault.records.known(GLANCE)), default=0)
    with vault.transaction():
        for _, entry in pulled.entries:
            try:
                opened = open_message(entry, own.id, origin, keys)
            except FormatError:
                opened = None
            if opened is None:
                counts["junk"] += 1
                continue
            taken, last = _keep(vault, opened, last, origin, now)
            counts[taken] += 1
        own = replace(own, threads=last)
        if before and own.before:
            after = replace(own, before=own.before.read_to(origin, pulled.place))
        else:
            after = own.with_relay(replace(own.relay(origin), place=pulled.place))
            if pulled.is_all:
                after = without_past(replace(after, pulled=now), now)
        put(vault, OWN, record, after, now)
    return News(**counts, gone=pulled.gone)


def _keep(vault: Vault, opened: OpenedMessage, last: int, origin: str, now: datetime) -> tuple[str, int]:
    """Keep a message; return how it was taken, and the highest number that a thread has now."""
    message = opened.message
    before = _thread_of(vault, message.conversation)
    number = before.value.number if before else last + 1
    verdict, thread = take(before.value if before else None, opened, number, now)
    if before is None:
        vault.records.add(THREAD, thread, now)
    elif thread != before.value:
        put(vault, THREAD, before, thread, now)
    last = max(last, number)
    if verdict is None:
        return "forged", last
    if verdict is Verdict.AGAIN:
        return "again", last
    files = tuple(Enclosed(one) for one in message.attachments)
    came = Came(
        number, message.number, message.kind, message.text, message.form, verdict.value, now, origin, files
    )
    vault.records.add(CAME, came, now)
    return "messages", last


def _thread_of(vault: Vault, conversation: bytes) -> Record[Thread] | None:
    found = vault.records.search(conversation_word(conversation), THREAD, 2)
    return next((one for one in found if one.value.conversation == conversation), None)


def do(vault: Vault, what: Act, number: int, detail: str, ask: Ask, now: datetime) -> Shown:
    """Read the record, post an act on a thread, read it back, and return the thread as it is then.

    To be called only when the person has just said so. Said again after the way broke it stands there once, also where the act had
    arrived and only the relay's word for it was lost.

    Raises:
        UserError: There is no such thread, or the text is too long for an answer.
        NetworkError: The relay was not reached.
        LieError: The relay does not give the record as it was.
    """
    thread = check_act(vault, what, number, detail)
    before = _last_here(vault)
    refresh(vault, ask, now)
    last = _last_here(vault)
    # Each act is read back at once: one of this device that is new here is one of which nobody heard that it had arrived.
    if (
        last is None
        or last == before
        or (last.act, last.about, last.detail) != (what, thread.conversation, detail)
    ):
        act(own_desk(vault).value, state_of(vault), what, thread.conversation, detail, ask, now)
        refresh(vault, ask, now)
    return show(vault, number)


def _last_here(vault: Vault) -> Entry | None:
    """Return this device's last act that was read."""
    device = own_desk(vault).value.device.public
    return next((one.value for one in vault.records.known(ACT) if one.value.device == device), None)


def check_act(vault: Vault, what: Act, number: int, detail: str) -> Thread:
    """Return the thread that an act is about, before anything is sent; UserError as in `do`."""
    thread = find_thread(vault, number)
    if what is Act.REPLY:
        _check_answer(detail, ended=state_of(vault).threads.get(thread.conversation, Said()).ended)
    return thread


def look(vault: Vault, origin: str, ask: Ask, now: datetime) -> News:
    """Read the inbox on a relay, and the record if it stands there, to their ends; likewise only on the person's word."""
    # The record first: keys that this device is handed there can lead to other inboxes.
    if origin == own_desk(vault).value.relays[0].origin:
        refresh(vault, ask, now)
    total = News()
    while True:
        pulled = read_relay(own_desk(vault).value, origin, ask, now)
        total = total.and_of(take_in(vault, origin, pulled, now))
        if pulled.is_all:
            break
    while (pulled_before := _read_before(vault, origin, ask, now)) is not None:
        total = total.and_of(take_in(vault, origin, pulled_before, now, before=True))
        if pulled_before.is_all:
            break
    return total


def _read_before(vault: Vault, origin: str, ask: Ask, now: datetime) -> Pulled | None:
    """Read on in the inbox before the last move; once its days are over, let go of it."""
    record = own_desk(vault)
    own = record.value
    left = own.before.inbox(origin) if own.before else None
    if own.before is None or left is None:
        return None
    board, place = left
    if (now - own.before.since).days < DAYS_BEFORE:
        return pull(ask, origin, own.relay(origin).head_key, board, place, may_be_gone=True)
    if isinstance(board, BoardSecrets):
        done(ask(http.close_board(board.writer, board.owner)), 204, 404)
    put(vault, OWN, record, replace(own, before=own.before.without(origin)), now)
    return None


def check_publishes(vault: Vault) -> None:
    """Return if this device publishes; NoPublisherError if another one of the desk does."""
    if own_desk(vault).value.publish is None:
        raise edition.NoPublisherError


def begin_edition(vault: Vault, origin: str, now: datetime) -> tuple[OwnDesk, OwnRelay, Edition]:
    """Make the next edition for a relay, and keep that it was begun; nothing is sent.

    Raises:
        CertificateError: The publish pair is not certified any more.
    """
    record = own_desk(vault)
    own = with_days(record.value, now, random_bytes)
    said = state_of(vault).threads
    active = [one.value for one in every(vault, THREAD) if is_active(one.value, now)]
    placed = [(one, said.get(one.conversation, Said())) for one in active]
    begun, made = edition.prepare(own, own.relay(origin), placed, now, random_bytes)
    # Kept before it is sent: a number is never used for two notices, whatever breaks off.
    own = own.with_relay(begun)
    put(vault, OWN, record, own, now)
    return own, begun, made


def publish(
    vault: Vault, origin: str, ask: Ask, now: datetime, *, restored: bool = False
) -> Iterator[tuple[int, int]]:
    """Publish the next edition on a relay; yield how much is done, and of how much. Only on the person's word.

    Args:
        vault: The open vault.
        origin: The relay.
        ask: The way to it.
        now: When.
        restored: Whether the person says that this vault came from a backup.

    Raises:
        CertificateError: The publish pair is not certified any more.
        OtherEditionError: An edition stands there that this vault did not publish, and the person did not say so.
        NetworkError: The relay was not reached.
        RefusedError: It did not take something.
    """
    check_publishes(vault)
    record = own_desk(vault)
    known = record.value.relay(origin)
    follows = edition.following(known, edition.standing(record.value, known, ask), restored=restored)
    if follows != known:
        put(vault, OWN, record, record.value.with_relay(follows), now)
    own, relay, made = begin_edition(vault, origin, now)
    yield from edition.publish(own, relay, made, ask, random_bytes)
    if origin == own.relays[0].origin:
        hand_out(vault, ask, now)


def threads(vault: Vault, words: str = "") -> tuple[Shown, ...]:
    """Return the threads as they should be read, or those in which all of `words` stand."""
    state = state_of(vault).threads
    kept = [one.value for one in vault.records.known(GLANCE)]
    if words.strip():
        numbers = {one.value.thread for one in vault.records.search(words, CAME, 1_000)}
        kept = [one for one in kept if one.number in numbers]
    return tuple(Shown(one, state.get(one.conversation, Said())) for one in in_order(kept))


def show(vault: Vault, number: int) -> Shown:
    """Return a thread with its messages; UserError when there is none."""
    thread = find_thread(vault, number)
    said = state_of(vault).threads.get(thread.conversation, Said())
    return Shown(thread.glance, said, tuple(one.value for one in messages(vault, number)))


def find_thread(vault: Vault, number: int) -> Thread:
    """Return a thread by its number; UserError when there is none."""
    for one in vault.records.search(thread_word(number), THREAD, 2):
        if one.value.number == number:
            return one.value
    raise UserError(mark("There is no thread {number} here."), mark("The inbox lists them."), number=number)


def _check_answer(text: str, *, ended: bool) -> None:
    if ended:
        raise UserError(
            mark("This conversation was ended."), mark("Its keys are gone; nobody reads an answer.")
        )
    if not text.strip():
        raise UserError(mark("There is nothing in this answer."), mark("Write something."))
    if len(text.encode()) > MOST_TEXT:
        raise UserError(
            mark("An answer has at most {most} bytes."),
            mark("Send it as two: four wait at one time."),
            most=MOST_TEXT,
        )
