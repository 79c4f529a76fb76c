"""A message to a desk: 8,192 bytes, whoever writes and whatever stands in it (docs/protocols/conversation.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from holdfire.conversation.attachment import KEY_SIZE, Attachment
from holdfire.conversation.kinds import Kind
from holdfire.conversation.steps import MOST_STEPS, STEP_SIZE
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.hpke import OVERHEAD, BadKeyError, PublicKey, SealError, SecretKey
from holdfire.sealing.hpke import PUBLIC_SIZE as REPLY_KEY_SIZE
from holdfire.wire.boards import INBOX_ENTRY
from holdfire.wire.encoding import Field, FormatError, Listed, Octets, Row, Shape, Text, Whole, pad, unpad
from holdfire.wire.names import HASH_SIZE, context, named_hash
from holdfire.wire.pieces import CONTENT_SIZE, MOST_PIECES

CONVERSATION_SIZE: Final = 32
MESSAGE_SIZE: Final = INBOX_ENTRY
PLAIN_SIZE: Final = MESSAGE_SIZE - OVERHEAD
MOST_TEXT: Final = 5_600
MOST_ATTACHMENTS: Final = 16
MOST_REPLIES: Final = 65_535
_SHAPE: Final = Shape(
    "message",
    (
        Field(1, "conversation", Octets(CONVERSATION_SIZE)),
        Field(2, "number", Whole(MOST_STEPS, 1)),
        Field(3, "step", Octets(STEP_SIZE)),
        Field(4, "reply key", Octets(REPLY_KEY_SIZE)),
        Field(5, "seen", Whole(MOST_REPLIES)),
        Field(6, "kind", Whole(max(Kind))),
        Field(7, "text", Text(MOST_TEXT)),
        Field(
            8,
            "attachments",
            Listed(
                Row(
                    (
                        ("key", Octets(KEY_SIZE)),
                        ("length", Whole(MOST_PIECES * CONTENT_SIZE)),
                        ("hash", Octets(HASH_SIZE)),
                    )
                ),
                MOST_ATTACHMENTS,
            ),
        ),
        Field(9, "before", Octets(HASH_SIZE), optional=True),
        Field(10, "form", Listed(Row((("name", Text(24, 1)), ("answer", Text(1_200)))), 12), optional=True),
        Field(11, "language", Text(35, 2), optional=True),
    ),
)


class MessageTooLongError(UserError):
    """A message does not fit into 8,192 bytes."""

    hint = mark("Shorten the text, or attach it as a file.")

    def __init__(self) -> None:
        super().__init__(mark("This is too long for one message."))


@dataclass(frozen=True, repr=False)
class Message:
    """What a member writes.

    Args:
        conversation: `c`, 32 bytes, which the two ends alone know.
        number: `n`, from 1.
        step: Step `n` of the conversation's chain.
        reply_key: A fresh public key that answers are sealed to.
        seen: The number of the last reply that was read, 0 for none.
        kind: What it is about.
        text: At most 5,600 bytes.
        attachments: Files that go with it.
        before: The content hash of message `n` − 1; empty where the writer does not know it.
        form: Answers to the kind's form, by name.
        language: The language to answer in; empty for no wish.
    """

    conversation: bytes
    number: int
    step: bytes
    reply_key: bytes
    seen: int
    kind: Kind
    text: str
    attachments: tuple[Attachment, ...] = ()
    before: bytes = b""
    form: dict[str, str] = field(default_factory=dict)
    language: str = ""

    def write(self) -> bytes:
        """Return it in its one spelling, not padded.

        Raises:
            MessageTooLongError: It does not fit.
            FormatError: It does not fit the format otherwise.
        """
        if len(self.text.encode("utf-8", "replace")) > MOST_TEXT:
            raise MessageTooLongError
        written = _SHAPE.write(
            {
                "conversation": self.conversation,
                "number": self.number,
                "step": self.step,
                "reply key": self.reply_key,
                "seen": self.seen,
                "kind": int(self.kind),
                "text": self.text,
                "attachments": [[one.key, one.length, one.hash] for one in self.attachments],
                "before": self.before or None,
                "form": [[name, self.form[name]] for name in sorted(self.form)] or None,
                "language": self.language or None,
            }
        )
        if len(written) >= PLAIN_SIZE:
            raise MessageTooLongError
        return written


@dataclass(frozen=True, repr=False)
class OpenedMessage:
    """A message that opened: nobody is authenticated by that, `receipt.Received.judge` is what asks for the step.

    Args:
        message: What it says.
        content: Its hash: what makes it the same message again or another one.
        day: Under the key of which day it was sealed.
    """

    message: Message
    content: bytes
    day: date


def content_hash(written: bytes) -> bytes:
    """Return the hash by which a message is known, whatever it was sealed to: `H("message", written)`."""
    return named_hash("message", written)


def seal_message(written: bytes, desk: bytes, origin: str, day: date, day_key: bytes) -> bytes:
    """Return 8,192 bytes for the inbox of `desk` on this relay, never the same twice.

    Raises:
        FormatError: `written` is too long.
        BadKeyError: `day_key` is no key.
    """
    return PublicKey(day_key).seal(pad(written, PLAIN_SIZE, "message"), _info(desk, origin, day))


def open_message(
    untrusted: bytes, desk: bytes, origin: str, keys: Sequence[tuple[date, SecretKey]]
) -> OpenedMessage | None:
    """Return the message of an entry, or None where no live day key opens it: junk, or for somebody else.

    Args:
        untrusted: The entry.
        desk: This desk's id.
        origin: Of the relay it stood on.
        keys: Live day keys, the likeliest first.

    Raises:
        FormatError: It opens, and is not written as it must be.
    """
    if len(untrusted) != MESSAGE_SIZE:
        raise FormatError("message", "wrong length")
    for day, key in keys:
        try:
            padded = key.open(untrusted, _info(desk, origin, day))
        except SealError:
            continue
        written = unpad(padded, "message")
        return OpenedMessage(read_message(written), content_hash(written), day)
    return None


def read_message(untrusted: bytes) -> Message:
    """Return what a message says; FormatError if it is not written as it must be."""
    found = _SHAPE.read(untrusted, PLAIN_SIZE - 1)
    form = found["form"] or []
    names = [name for name, _ in form]
    if names != sorted(set(names)) or found["form"] == []:
        raise FormatError("message.form", "answers out of order")
    try:
        PublicKey(found["reply key"])
    except BadKeyError:
        raise FormatError("message.reply key", "no key") from None
    return Message(
        conversation=found["conversation"],
        number=found["number"],
        step=found["step"],
        reply_key=found["reply key"],
        seen=found["seen"],
        kind=Kind(found["kind"]),
        text=found["text"],
        attachments=tuple(Attachment(*one) for one in found["attachments"]),
        before=found["before"] or b"",
        form=dict(form),
        language=found["language"] or "",
    )


def _info(desk: bytes, origin: str, day: date) -> bytes:
    return context("message", desk, origin, day.isoformat().encode("ascii"))
