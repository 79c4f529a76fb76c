"""Hand a thread on to somebody outside: chosen messages for a lawyer, as a packet made on this device, and an act on the record.

No secret of the conversation stands in it: neither `c` nor a key or a step, nor on which relay it stood, nor a time finer than a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import TITLES, answered
from holdfire.errors import UserError
from holdfire.evidence.kinds import FORM_WORDS
from holdfire.journeys.desk_record import told
from holdfire.journeys.keep_evidence import Evidence, find_evidence
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import ACT, Came, Enclosed
from holdfire.journeys.run_desk import Shown, do, find_thread, show
from holdfire.language import ENGLISH, Language, mark
from holdfire.packets.make import Making
from holdfire.packets.packet import Block, Packet, Paragraph, Quote, Rows, Section
from holdfire.packets.people import Remover
from holdfire.packets.preview import as_text
from holdfire.vault.vault import Vault
from holdfire.wire.http import Ask

Say = Callable[..., str]
_WHAT: Final = mark(
    "A member of the security forces wrote this to the desk named above, through a relay that cannot read it. The desk does not know "
    "who they are. The words are copied as they came; nobody at the desk changed them. That they are true is not shown by this paper."
)
_CONSENT: Final = mark(
    "It may be read by the one it was made for, because the member agreed to that. It is given to nobody else unless the member "
    "agrees again: somebody who knows their service could know them by these words, and they could be punished for them."
)
_ALWAYS_OUT: Final = mark(
    "always: keys and steps of the conversation, the relay, times of day, and what the desk noted for itself"
)
_ON_REQUEST: Final = mark(
    "Files are named here with their SHA-256 and are not part of this paper. The desk hands them over as packages, if the member agrees."
)


@dataclass(frozen=True)
class Referral:
    """What is to go out.

    Args:
        thread: The thread's number.
        messages: Which of its messages, by number; none for all.
        answers: Whether the desk's answers go along.
        agreed: Whether the person said that the member agreed.
    """

    thread: int
    messages: tuple[int, ...] = ()
    answers: bool = False
    agreed: bool = False

    @property
    def said(self) -> str:
        """What the record of acts says of it."""
        return f"messages: {', '.join(map(str, self.messages))}; answers: {'yes' if self.answers else 'no'}"


def named(vault: Vault, wish: Referral) -> Referral:
    """Return what is wished with the number of each message, so that "all" means the same tomorrow.

    Raises:
        UserError: There is no such thread or message, or none at all.
    """
    there = tuple(sorted({one.number for one in show(vault, wish.thread).messages}))
    for number in wish.messages:
        if number not in there:
            raise UserError(
                mark("Thread {thread} has no message {number} here."),
                mark("`desk read` shows which there are."),
                thread=wish.thread,
                number=number,
            )
    if not there:
        raise UserError(mark("There is nothing in this thread yet."), mark("Read the inboxes first."))
    return replace(wish, messages=wish.messages or there)


def refer(vault: Vault, wish: Referral, language: Language = ENGLISH) -> Packet:
    """Return what would go out, to be read first; nothing is made, sent or put on record.

    Raises:
        UserError: There is no such thread or message.
    """
    say = language.say
    wish, shown = named(vault, wish), show(vault, wish.thread)
    sections = [_message(vault, one, say) for one in shown.messages if one.number in wish.messages]
    if wish.answers:
        sections += _answers(vault, wish.thread, say)
    return Packet(
        title=say(mark("What a member wrote to a desk")),
        cover=tuple(_cover(vault, shown, wish, say)),
        sections=tuple(sections),
        exhibits=(),
        language=language.code if language.code != "qps-plocm" else "en",
    )


def made_of(packet: Packet, kind: str, language: Language = ENGLISH) -> bytes:
    """Return a packet as a file: `pdf`, or else text."""
    if kind == "pdf":
        return b"".join(Making(packet, Remover(()), language=language).pieces())
    return as_text(packet, Remover(()), language).encode()


def put_on_record(vault: Vault, wish: Referral, ask: Ask, now: datetime) -> None:
    """Post to the desk's record that this goes out, before it does. To be called only when the person has just said so.

    Raises:
        UserError: The member did not agree, or there is no such thread or message.
        NetworkError: The relay was not reached.
        LieError: The relay does not give the record as it was.
    """
    check_agreed(wish)
    do(vault, Act.EXPORT, wish.thread, named(vault, wish).said, ask, now)


def check_agreed(wish: Referral) -> None:
    """Return if the person said that the member agreed; UserError says what to do first."""
    if not wish.agreed:
        raise UserError(
            mark("Whether the member agreed was not said."),
            mark("Ask them first: answer the thread, and wait. It is their life."),
        )


def is_on_record(vault: Vault, wish: Referral) -> bool:
    """Say whether this device put on record that just this goes out."""
    conversation = find_thread(vault, wish.thread).conversation
    device = own_desk(vault).value.device.public
    return any(
        (one.value.act, one.value.device, one.value.about, one.value.detail)
        == (Act.EXPORT, device, conversation, wish.said)
        for one in vault.records.known(ACT)
    )


def _cover(vault: Vault, shown: Shown, wish: Referral, say: Say) -> Iterator[Block]:
    out = sorted({one.number for one in shown.messages} - set(wish.messages))
    left = [say(mark("messages {numbers}"), numbers=", ".join(map(str, out)))] if out else []
    if shown.said.replies and not wish.answers:
        left.append(say(mark("what the desk answered")))
    yield Rows(
        (
            (say(mark("To")), None),
            (say(mark("From the desk")), own_desk(vault).value.card.name),
            (say(mark("What the desk calls it")), say(mark("Thread {number}"), number=wish.thread)),
            (
                say(mark("The member agreed")),
                say(
                    mark("yes, the desk says") if wish.agreed else mark("not yet: this is for the desk alone")
                ),
            ),
            (say(mark("Left out")), "; ".join([*left, say(_ALWAYS_OUT)])),
        )
    )
    for sentence in (_WHAT, _CONSENT):
        yield Paragraph(say(sentence))
    if any(one.files for one in shown.messages):
        yield Paragraph(say(_ON_REQUEST), soft=True)


def _message(vault: Vault, came: Came, say: Say) -> Section:
    number = came.number
    blocks: list[Block] = [
        Rows(
            (
                (say(mark("About")), say(TITLES[came.kind])),
                (say(mark("Read by the desk on")), f"{came.time.date()}"),
                *((say(asked), answer) for asked, answer in answered(came.kind, came.form)),
            )
        )
    ]
    if came.verdict == "clash":
        blocks.append(
            Paragraph(say(mark("Two different messages with this number came. One may be somebody else's.")))
        )
    if came.text:
        blocks.append(Quote(say(mark("In their words")), came.text))
    blocks += [
        Rows(tuple(_file(vault, place, file, say))) for place, file in enumerate(came.files, 1)
    ]  # fmt: skip
    return Section(say(mark("Message {number}"), number=number), tuple(blocks))


def _file(vault: Vault, place: int, file: Enclosed, say: Say) -> Iterator[tuple[str, str]]:
    label = say(mark("File {number}"), number=place)
    kept = _kept(vault, file)
    if kept is None:
        yield label, say(mark("not in the vault this was made from; {size} bytes, as the member says"), size=file.attachment.length)  # fmt: skip
        return
    yield label, say(mark("evidence {number}: {form}, {size} bytes"), number=kept.number, form=say(FORM_WORDS[kept.form]), size=kept.size)  # fmt: skip
    yield say(mark("SHA-256")), f"{kept.sha256[:32]}\n{kept.sha256[32:]}"


def _kept(vault: Vault, file: Enclosed) -> Evidence | None:
    try:
        return find_evidence(vault, file.evidence).value if file.evidence else None
    except UserError:
        return None


def _answers(vault: Vault, thread: int, say: Say) -> Iterator[Section]:
    given = [one for one in told(vault) if one.act is Act.REPLY and one.thread == thread]
    for number, one in enumerate(given, 1):
        yield Section(
            say(mark("Answer {number}"), number=number),
            (
                Rows(((say(mark("Put on record on")), f"{one.time.date()}"),)),
                Quote(say(mark("What the desk answered")), one.detail),
            ),
        )
