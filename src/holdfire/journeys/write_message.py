"""Write to a desk: the message is in the vault, whole, before anything of it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from holdfire.conversation.attachment import KEY_SIZE, Attachment
from holdfire.conversation.kinds import Kind
from holdfire.conversation.turns import MEMBER, Does, Stage, take
from holdfire.drop import outbox as waiting_rules
from holdfire.drop.end import begin, forget
from holdfire.drop.known import Said
from holdfire.drop.outbox import Outgoing, Part, Words, compose
from holdfire.errors import UserError
from holdfire.journeys.keep_desk import all_desks, find_desk
from holdfire.journeys.keep_evidence import find_evidence
from holdfire.journeys.kept_talk import (
    END,
    MESSAGE,
    KeptEnd,
    KeptMessage,
    ends_of,
    forget_talk,
    messages_of,
    open_end,
    replies_of,
    save_end,
    save_message,
)
from holdfire.language import mark
from holdfire.sealing.noise import new_id, random_bytes
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault

WRITTEN: Final = mark("written, not sent")
SENT: Final = mark("sent, no receipt yet")
RECEIVED: Final = mark("received by the desk")
CLASH: Final = mark("the desk has two different messages with this number")
NEVER: Final = mark("never received: the conversation ended before")


@dataclass(frozen=True)
class Waiting:
    """A message as the person sees it in the outbox.

    Args:
        desk: The desk's number.
        name: What the desk calls itself.
        number: Of the message in its conversation.
        kind: What it is about.
        text: What it says.
        state: `WRITTEN` or `SENT`.
        time: When it was written.
        files: Titles of what goes with it.
        said: What the person should know before it is sent.
    """

    desk: int
    name: str
    number: int
    kind: Kind
    text: str
    state: str
    time: datetime
    files: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a conversation as it is shown.

    Args:
        mine: Whether the member wrote it.
        number: Of the message, or of the answer.
        text: What it says.
        day: When it was written, or read.
        state: Of a message; nothing for an answer.
        kind: Of a message.
        files: Titles of what goes with it.
    """

    mine: bool
    number: int
    text: str
    day: date
    state: str = ""
    kind: Kind | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A conversation with a desk as it is shown; of several, the lines of earlier ones come first."""

    desk: int
    name: str
    stage: Stage
    lines: tuple[Line, ...]


def write(  # noqa: PLR0913 - what a message is
    vault: Vault,
    desk: int,
    kind: Kind,
    text: str,
    form: dict[str, str],
    now: datetime,
    *,
    attachments: Sequence[int] = (),
    language: str = "",
    unconfirmed: bool = False,
) -> Waiting:
    """Write the next message to a desk, and keep it; nothing is sent.

    Args:
        vault: The open vault.
        desk: The number of the desk.
        kind: What it is about.
        text: At most 5,600 bytes.
        form: Answers to the kind's form.
        now: When it is written.
        attachments: Numbers of evidence that goes with it.
        language: The language to answer in.
        unconfirmed: Whether the person knows that nobody compared the desk's words.

    Raises:
        NotConfirmedError: Nobody compared them, and the person did not say so.
        EquivocationError: Two signed things about this desk contradict each other.
        UserError: The form is not answered, or there is no such desk or evidence.
        MessageTooLongError: It does not fit.
    """
    with vault.transaction():
        known = find_desk(vault, desk).value
        known.check_usable(unconfirmed=unconfirmed)
        parts, originals = _parts(vault, attachments)
        record = open_end(vault, desk)
        before = messages_of(vault, record.value.id) if record else ()
        end = record.value.end if record else begin(random_bytes, now)
        start = next((one.value.one.start for one in before if not one.value.one.sent), None)
        after, one = compose(end, Words(kind, text, form, language), parts, random_bytes, now, start=start)
        talk = record.value.id if record else new_id().hex()
        if record:
            save_end(vault, record, after, now)
        else:
            vault.records.add(END, KeptEnd(talk, desk, after), now)
        vault.records.add(MESSAGE, KeptMessage(talk, one), now)
    said = [] if before else [known.contact.said]
    if originals:
        said.append(
            Said(
                mark(
                    "A file as it was found tells what its maker left in it: device, place, time, name. "
                    "A working copy does not."
                )
            )
        )
    return replace(_shown(desk, known.name, one), said=tuple(said))


def outbox(vault: Vault) -> tuple[Waiting, ...]:
    """Return what waits for a receipt, over all desks."""
    found: list[Waiting] = []
    for desk in all_desks(vault):
        number, name = desk.value.number, desk.value.name
        record = open_end(vault, number)
        kept = messages_of(vault, record.value.id) if record else ()
        found += [_shown(number, name, one.value.one) for one in kept if one.value.one.waits]
    return tuple(found)


def discard(vault: Vault, desk: int, number: int) -> None:
    """Take a message back that was never sent, the last of its conversation.

    Raises:
        UserError: There is none, something of it was sent, or a later one names it.
    """
    with vault.transaction():
        record = open_end(vault, desk)
        kept = messages_of(vault, record.value.id) if record else ()
        found = next((one for one in kept if one.value.one.number == number), None)
        if record is None or found is None or found.value.one.started or found != kept[-1]:
            raise UserError(
                mark("This message cannot be taken back."),
                mark("Only the last one can, as long as nothing of it was sent."),
            )
        vault.records.delete(MESSAGE, found.id)
        if len(kept) == 1:
            forget_talk(vault, record)
            return
        last = kept[-2].value.one
        end = replace(
            record.value.end,
            number=last.number,
            content=last.content,
            keys=tuple(one for one in record.value.end.keys if one[0] != number),
        )
        save_end(vault, record, end, now=record.saved)


def end_talk(vault: Vault, desk: int) -> None:
    """End the conversations with a desk here: every secret, message and answer goes. The desk is not told.

    Raises:
        UserError: There is none.
    """
    with vault.transaction():
        found = ends_of(vault, desk)
        if not found:
            raise UserError(
                mark("There is no conversation with this desk."), mark("There is nothing to end.")
            )
        for record in found:
            forget_talk(vault, record)


def talk(vault: Vault, desk: int) -> Talk:
    """Return what was said to and by a desk; UserError when there is no such desk."""
    known = find_desk(vault, desk).value
    lines: list[Line] = []
    stage = Stage.NOTHING
    for record in ends_of(vault, desk):
        stage = record.value.end.stage
        mine = [
            Line(mine=True, number=one.number, text=one.text, day=one.time.date(), state=_state(one), kind=one.kind,
                 files=tuple(part.title for part in one.parts))
            for one in (kept.value.one for kept in messages_of(vault, record.value.id))
        ]  # fmt: skip
        theirs = [
            Line(mine=False, number=one.value.number, text=one.value.text, day=one.value.day)
            for one in replies_of(vault, record.value.id)
        ]
        lines += sorted([*mine, *theirs], key=lambda line: (line.day, not line.mine, line.number))
    return Talk(desk, known.name, stage, tuple(lines))


def strike_waiting(vault: Vault, record: Record[KeptEnd], now: datetime) -> None:
    """Take every secret out of a conversation that the desk has ended; what was said stays, to be read."""
    for message in messages_of(vault, record.value.id):
        save_message(vault, message, waiting_rules.strike(message.value.one), now)
    end = record.value.end
    if end.conversation:
        stage = end.stage if end.ended else take(MEMBER, end.stage, Does.END)
        save_end(vault, record, forget(replace(end, stage=stage)), now)


def _parts(vault: Vault, numbers: Sequence[int]) -> tuple[list[Part], bool]:
    parts, originals = [], False
    for number in dict.fromkeys(numbers):
        kept = find_evidence(vault, number).value
        originals = originals or not kept.copy_of
        attachment = Attachment(random_bytes(KEY_SIZE), kept.size, bytes.fromhex(kept.sha256))
        parts.append(Part(attachment, kept.item, number, kept.title))
    return parts, originals


def _shown(desk: int, name: str, one: Outgoing) -> Waiting:
    files = tuple(part.title for part in one.parts)
    return Waiting(desk, name, one.number, one.kind, one.text, _state(one), one.time, files)


def _state(one: Outgoing) -> str:
    if one.clash:
        return CLASH
    if one.received:
        return RECEIVED
    if not one.written:
        return NEVER
    return SENT if one.sent else WRITTEN
