"""Buckets: 256 slots each, which somebody fetches whole, so that the relay cannot tell which were theirs (docs/protocols/conversation.md §7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final

from holdfire.conversation.faults import (
    CrossDeskError,
    CrossRelayError,
    ForgedError,
    ReplayedError,
    RollbackError,
)
from holdfire.conversation.notice import NONCE_SIZE, Notice, ReadNotice
from holdfire.conversation.reply import PLAIN_SIZE, TAG_SIZE, seal_slot
from holdfire.sealing import double_signature
from holdfire.sealing.derive import derive
from holdfire.sealing.double_signature import SIGNATURE_SIZE, DoubleKey, DoubleSignatureError
from holdfire.sealing.hpke import PublicKey, SecretKey
from holdfire.wire.encoding import Field, FormatError, Octets, Shape, Text, Whole, pad, unpad
from holdfire.wire.names import HASH_SIZE, context, number
from holdfire.wire.origin import MOST_ORIGIN
from holdfire.wire.sheets import BUCKET_SIZE, BUCKET_SLOTS, BUCKET_TRAILER, MOST_BITS, SLOT_SIZE

#: How often a nonce is drawn anew before an edition gets twice as many buckets.
TRIES: Final = 8
#: Days for which the number of buckets does not fall.
FALLS_AFTER_DAYS: Final = 30
_INDEX_SIZE: Final = 4
_SLOTS_SIZE: Final = BUCKET_SLOTS * SLOT_SIZE
_TRAILER: Final = Shape(
    "bucket",
    (
        Field(1, "desk", Octets(HASH_SIZE)),
        Field(2, "origin", Text(MOST_ORIGIN, 1)),
        Field(3, "number", Whole(least=1)),
        Field(4, "nonce", Octets(NONCE_SIZE)),
        Field(5, "bits", Whole(MOST_BITS)),
        Field(6, "index", Whole((1 << MOST_BITS) - 1)),
        Field(7, "signature", Octets(SIGNATURE_SIZE)),
    ),
)


@dataclass(frozen=True, repr=False)
class Bucket:
    """The slots of a bucket by their tags, checked against the notice of their edition."""

    slots: dict[bytes, bytes]

    def slot(self, tag: bytes) -> bytes | None:
        """Return the slot with this tag, 4,096 bytes, or None."""
        return self.slots.get(tag)


def bucket_of(conversation: bytes, desk: bytes, origin: str, edition: bytes, bits: int) -> int:
    """Return the bucket of a conversation: the first `bits` bits of HKDF(c, `ctx("bucket-of", edition)`)."""
    drawn = derive(conversation, context("bucket-of", desk, origin, edition), _INDEX_SIZE)
    return int.from_bytes(drawn, "big") >> (8 * _INDEX_SIZE - bits)


def choose(
    needs: Sequence[tuple[bytes, int]],
    desk: bytes,
    origin: str,
    edition: int,
    draw: Callable[[int], bytes],
    least_bits: int = 0,
) -> tuple[bytes, int]:
    """Return the nonce and the fewest bits with which all slots of an edition fit.

    Args:
        needs: Each conversation's `c` and how many slots it needs.
        desk: The desk's id.
        origin: Of the relay.
        edition: The number of the edition.
        draw: Random bytes, as many as asked for.
        least_bits: The bits below which it must not fall yet.

    Raises:
        ValueError: They fit into no number of buckets that there can be.
    """
    total = sum(count for _, count in needs)
    bits = least_bits
    while total > BUCKET_SLOTS << bits:
        bits += 1
    while bits <= MOST_BITS:
        for _ in range(TRIES):
            nonce = draw(NONCE_SIZE)
            loads: Counter[int] = Counter()
            for conversation, count in needs:
                loads[bucket_of(conversation, desk, origin, number(edition) + nonce, bits)] += count
            if max(loads.values(), default=0) <= BUCKET_SLOTS:
                return nonce, bits
        bits += 1
    raise ValueError("too many conversations for one desk")


def dummies(
    count: int, desk: bytes, origin: str, edition: bytes, draw: Callable[[int], bytes]
) -> list[bytes]:
    """Return slots for nobody: real seals to a key that is thrown away, because random bytes can be told from ML-KEM."""
    nobody = PublicKey(SecretKey.new().public)
    blank = bytes(PLAIN_SIZE - 1)
    return [seal_slot(blank, draw(TAG_SIZE), nobody, desk, origin, edition) for _ in range(count)]


def write_bucket(notice: Notice, index: int, slots: Sequence[bytes], publish: DoubleKey) -> bytes:
    """Return a signed bucket of 256 slots, dummies among them, sorted by tag.

    Raises:
        ValueError: There are not 256, one has another size, or two have one tag.
    """
    ordered = sorted(slots)
    tags = {slot[:TAG_SIZE] for slot in ordered}
    if (
        len(tags) != BUCKET_SLOTS
        or len(ordered) != BUCKET_SLOTS
        or any(len(one) != SLOT_SIZE for one in ordered)
    ):
        raise ValueError("a bucket has 256 slots with different tags")
    content = b"".join(ordered)
    trailer = _TRAILER.write(
        {
            "desk": notice.desk,
            "origin": notice.origin,
            "number": notice.number,
            "nonce": notice.nonce,
            "bits": notice.bits,
            "index": index,
            "signature": publish.sign(_signed(notice, index, content)),
        }
    )
    return content + pad(trailer, BUCKET_TRAILER, "bucket")


def read_bucket(untrusted: bytes, read: ReadNotice, index: int) -> Bucket:
    """Return a bucket of the edition that a checked notice belongs to.

    Raises:
        FormatError: It is not written as it must be.
        CrossDeskError: It is another desk's.
        CrossRelayError: It was made for another relay.
        RollbackError: It is of an earlier edition.
        ReplayedError: It is another bucket or of another edition.
        ForgedError: The desk did not sign it.
    """
    notice = read.notice
    if len(untrusted) != BUCKET_SIZE:
        raise FormatError("bucket", "wrong length")
    content = untrusted[:_SLOTS_SIZE]
    found = _TRAILER.read(unpad(untrusted[_SLOTS_SIZE:], "bucket"), BUCKET_TRAILER)
    if found["desk"] != notice.desk:
        raise CrossDeskError
    if found["origin"] != notice.origin:
        raise CrossRelayError
    if found["number"] < notice.number:
        raise RollbackError
    said = (found["number"], found["nonce"], found["bits"], found["index"])
    if said != (notice.number, notice.nonce, notice.bits, index):
        raise ReplayedError
    try:
        double_signature.verify(read.publish, _signed(notice, index, content), found["signature"])
    except DoubleSignatureError:
        raise ForgedError from None
    slots = [content[start : start + SLOT_SIZE] for start in range(0, _SLOTS_SIZE, SLOT_SIZE)]
    if any(first[:TAG_SIZE] >= second[:TAG_SIZE] for first, second in pairwise(slots)):
        raise FormatError("bucket.slots", "tags out of order")
    return Bucket({slot[:TAG_SIZE]: slot for slot in slots})


def _signed(notice: Notice, index: int, content: bytes) -> bytes:
    parts = (notice.edition, number(notice.bits), number(index))
    return context("bucket", notice.desk, notice.origin, *parts) + sha256(content).digest()
