"""Checking in: the notice and one bucket, the same requests whoever asks and whatever is found (docs/protocols/conversation.md §9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from holdfire.conversation.bucket import Bucket, bucket_of, read_bucket
from holdfire.conversation.card import Card, read_card, succeed
from holdfire.conversation.faults import (
    EquivocationError,
    LieError,
    RollbackError,
    TruncatedError,
    WithheldError,
)
from holdfire.conversation.notice import ReadNotice, read_notice
from holdfire.conversation.reply import MOST_SLOTS, Reply, open_slot, slot_tag
from holdfire.drop.end import Draw, Heard
from holdfire.drop.known import SeenThere
from holdfire.errors import HoldfireError, PeerError
from holdfire.language import mark
from holdfire.sealing.hpke import SealError, SecretKey
from holdfire.wire.encoding import FormatError
from holdfire.wire.http import Answer, Ask, read_sheet
from holdfire.wire.refusals import RefusedError, done
from holdfire.wire.sheets import CARD, NOTICE, SheetName

_NOTHING: Final = 404
_INDEX_SIZE: Final = 4


class UnreadableReplyError(PeerError):
    """There is an answer that no key here opens."""

    hint = mark("Try another relay. If it stays so, write to the desk: it then answers under a new key.")

    def __init__(self) -> None:
        super().__init__(
            mark(
                "There is an answer that this vault cannot open: an old edition, or an older copy of this vault."
            )
        )


@dataclass(frozen=True, repr=False)
class Look:
    """All that is needed to check in with a relay.

    Args:
        desk: The number of the desk.
        card: What is known of it.
        origin: Of the relay.
        seen: The last notice that was seen there.
        conversation: `c`, or nothing where there is no conversation.
        keys: Seeds of reply keys, the newest first.
    """

    desk: int
    card: Card
    origin: str
    seen: SeenThere | None = None
    conversation: bytes = b""
    keys: tuple[bytes, ...] = ()


@dataclass(frozen=True, repr=False)
class Found:
    """What a check-in found.

    Args:
        look: What was looked for.
        read: The notice, signed by the desk.
        document: As the relay gave it.
        heard: What was said to the conversation, if anything was.
        card: A newer card; nothing where there is none.
        faults: What was not right, in the order in which it showed.
    """

    look: Look
    read: ReadNotice
    document: bytes
    heard: Heard | None = None
    card: bytes = b""
    faults: tuple[HoldfireError, ...] = field(default=())

    @property
    def believed(self) -> bool:
        """Whether the notice continues what was seen before."""
        return not any(isinstance(fault, (RollbackError, EquivocationError)) for fault in self.faults)


def check_in(look: Look, ask: Ask, draw: Draw) -> Found:
    """Fetch the notice and one bucket, and a newer card where the notice names one.

    The bucket is the conversation's, or one at random where there is none; it is also fetched where the notice does not
    continue what was seen, so that a relay cannot find out by an old notice who has seen a newer one.

    Raises:
        NetworkError: The relay was not reached, or the way broke off.
        PeerError: It did not give a notice.
        LieError: No notice of this desk for this relay came back.
    """
    sheet = look.card.relay(look.origin).sheet
    document = _whole(done(ask(read_sheet(sheet, NOTICE)), 200), NOTICE)
    read = read_notice(document, look.card, look.origin)
    faults: list[HoldfireError] = []
    try:
        read_notice(document, look.card, look.origin, look.seen.notice if look.seen else None)
    except (RollbackError, EquivocationError) as fault:
        faults.append(fault)
    heard = _hear(look, read, ask(read_sheet(sheet, _bucket_name(look, read, draw))), faults)
    card = b""
    if read.notice.card > look.card.number and not faults:
        card = _renewed(look, read, ask(read_sheet(sheet, CARD)), faults)
    return Found(look, read, document, heard, card, tuple(faults))


def _bucket_name(look: Look, read: ReadNotice, draw: Draw) -> SheetName:
    notice = read.notice
    if look.conversation:
        index = bucket_of(look.conversation, notice.desk, notice.origin, notice.edition, notice.bits)
    else:
        index = int.from_bytes(draw(_INDEX_SIZE), "big") >> (8 * _INDEX_SIZE - notice.bits)
    return SheetName("bucket", notice.number, index)


def _hear(look: Look, read: ReadNotice, answer: Answer, faults: list[HoldfireError]) -> Heard | None:
    if faults:
        return None
    notice = read.notice
    try:
        if answer.status == _NOTHING:
            raise WithheldError
        index = (
            bucket_of(look.conversation, notice.desk, notice.origin, notice.edition, notice.bits)
            if look.conversation
            else None
        )
        name = SheetName("bucket")
        content = _whole(done(answer, 200), name)
        if index is None:
            return None
        return _slots(look, read, read_bucket(content, read, index), faults)
    except (LieError, FormatError, RefusedError) as fault:
        faults.append(fault)
        return None


def _slots(look: Look, read: ReadNotice, bucket: Bucket, faults: list[HoldfireError]) -> Heard | None:
    notice = read.notice
    keys = [SecretKey(seed) for seed in look.keys]
    replies: list[Reply] = []
    opened = b""
    for place in range(MOST_SLOTS):
        tag = slot_tag(look.conversation, notice.desk, notice.origin, notice.edition, place)
        slot = bucket.slot(tag)
        if slot is None:
            break
        try:
            reply, key = open_slot(slot, keys, notice.desk, notice.origin, notice.edition)
        except SealError:
            faults.append(UnreadableReplyError())
            break
        if reply.place != place:
            raise FormatError("reply.place", "out of order")
        replies.append(reply)
        opened = opened or key.seed
    if not replies:
        return None
    if len(replies) < replies[0].count and not faults:
        faults.append(WithheldError())
    return Heard(look.origin, tuple(replies), opened)


def _renewed(look: Look, read: ReadNotice, answer: Answer, faults: list[HoldfireError]) -> bytes:
    document = b""
    try:
        document = _whole(done(answer, 200), CARD)
        card = succeed(look.card, read_card(document, look.card.desk))
        if card.number < read.notice.card:
            raise WithheldError
    except EquivocationError:
        # Who keeps cards compares them again, and keeps both.
        return document
    except (LieError, FormatError, RefusedError) as fault:
        faults.append(fault)
        return b""
    return document


def _whole(answer: Answer, name: SheetName) -> bytes:
    if len(answer.body) < name.size:
        raise TruncatedError
    return answer.body
