"""A reply: one to four slots of 4,096 bytes in every edition, sealed and tagged afresh each time (docs/protocols/conversation.md §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.conversation.message import MOST_REPLIES
from holdfire.conversation.receipt import MOST_CLASHES, MOST_GAPS, Receipt
from holdfire.conversation.steps import MOST_STEPS
from holdfire.sealing.derive import derive
from holdfire.sealing.hpke import OVERHEAD, PublicKey, SealError, SecretKey
from holdfire.wire.encoding import Field, FormatError, Listed, Octets, Shape, Text, Whole, pad, unpad
from holdfire.wire.names import context, number
from holdfire.wire.sheets import SLOT_SIZE
from holdfire.wire.tickets import SEED_SIZE, TICKET_SIZE, TICKETS_OF_A_SEED

TAG_SIZE: Final = 16
PLAIN_SIZE: Final = SLOT_SIZE - TAG_SIZE - OVERHEAD
MOST_TEXT: Final = 2_850
#: Slots of a conversation in an edition.
MOST_SLOTS: Final = 4
_NUMBER: Final = Whole(MOST_STEPS, 1)
_SHAPE: Final = Shape(
    "reply",
    (
        Field(1, "place", Whole(MOST_SLOTS - 1)),
        Field(2, "count", Whole(MOST_SLOTS, 1)),
        Field(3, "top", Whole(MOST_STEPS)),
        Field(4, "gaps", Listed(_NUMBER, MOST_GAPS)),
        Field(5, "clashes", Listed(_NUMBER, MOST_CLASHES)),
        Field(6, "seed", Octets(SEED_SIZE)),
        Field(7, "number", Whole(MOST_REPLIES)),
        Field(8, "text", Text(MOST_TEXT)),
        Field(9, "ended", Whole(1)),
    ),
)


@dataclass(frozen=True, repr=False)
class Reply:
    """What stands in one slot.

    Args:
        place: Of the slot, from 0.
        count: How many slots the conversation has in this edition.
        receipt: What the desk has, in every slot.
        seed: For tickets, 16 random bytes.
        number: Of the text, from 1; 0 where there is none.
        text: At most 2,850 bytes.
        ended: Whether the desk has ended the conversation.
    """

    place: int
    count: int
    receipt: Receipt
    seed: bytes
    number: int = 0
    text: str = ""
    ended: bool = False

    def write(self) -> bytes:
        """Return it in its one spelling, not padded; FormatError if it does not fit."""
        _check(self.place, self.count, self.number, self.text)
        return _SHAPE.write(
            {
                "place": self.place,
                "count": self.count,
                "top": self.receipt.top,
                "gaps": list(self.receipt.gaps),
                "clashes": list(self.receipt.clashes),
                "seed": self.seed,
                "number": self.number,
                "text": self.text,
                "ended": int(self.ended),
            }
        )


def read_reply(untrusted: bytes) -> Reply:
    """Return what a slot says; FormatError if it is not written as it must be."""
    found = _SHAPE.read(untrusted, PLAIN_SIZE - 1)
    for name in ("gaps", "clashes"):
        if found[name] != sorted(set(found[name])):
            raise FormatError(f"reply.{name}", "out of order")
    _check(found["place"], found["count"], found["number"], found["text"])
    receipt = Receipt(found["top"], tuple(found["gaps"]), tuple(found["clashes"]))
    return Reply(
        found["place"],
        found["count"],
        receipt,
        found["seed"],
        found["number"],
        found["text"],
        bool(found["ended"]),
    )


def slot_tag(conversation: bytes, desk: bytes, origin: str, edition: bytes, place: int) -> bytes:
    """Return the tag of slot `place`: HKDF(c, `ctx("slot", edition, place)`), 16 bytes, another in each edition."""
    return derive(conversation, context("slot", desk, origin, edition, number(place)), TAG_SIZE)


def seal_slot(
    written: bytes, tag: bytes, reply_key: PublicKey, desk: bytes, origin: str, edition: bytes
) -> bytes:
    """Return a slot, 4,096 bytes; FormatError if `written` is too long."""
    return tag + reply_key.seal(pad(written, PLAIN_SIZE, "reply"), _info(desk, origin, edition, tag))


def open_slot(
    untrusted: bytes, keys: Sequence[SecretKey], desk: bytes, origin: str, edition: bytes
) -> tuple[Reply, SecretKey]:
    """Return the reply of a slot, and which key opened it: all older ones can go then.

    Args:
        untrusted: 4,096 bytes.
        keys: The reply keys that are kept, the newest first.
        desk: The desk's id.
        origin: Of the relay.
        edition: Of the notice that the bucket belongs to.

    Raises:
        SealError: None of the keys opens it.
        FormatError: It opens, and is not written as it must be.
    """
    if len(untrusted) != SLOT_SIZE:
        raise FormatError("reply", "wrong length")
    tag, sealed = untrusted[:TAG_SIZE], untrusted[TAG_SIZE:]
    for key in keys:
        try:
            padded = key.open(sealed, _info(desk, origin, edition, tag))
        except SealError:
            continue
        return read_reply(unpad(padded, "reply")), key
    raise SealError


def tickets_of(seed: bytes, desk: bytes, origin: str) -> tuple[bytes, ...]:
    """Return the tickets that follow from a seed, 32 bytes each; both ends know them, and the relay knows their hashes."""
    return tuple(
        derive(seed, context("ticket", desk, origin, number(place)), TICKET_SIZE)
        for place in range(TICKETS_OF_A_SEED)
    )


def _check(place: int, count: int, said: int, text: str) -> None:
    if place >= count:
        raise FormatError("reply.place", "out of range")
    if bool(said) != bool(text):
        raise FormatError("reply.number", "a text without a number, or a number without a text")


def _info(desk: bytes, origin: str, edition: bytes, tag: bytes) -> bytes:
    return context("reply", desk, origin, edition, tag)
