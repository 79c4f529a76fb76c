"""Keys handed from device to device: day and log keys, wrapped to a key that is used once (docs/protocols/conversation.md §10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from holdfire.conversation.card import MOST_RELAYS
from holdfire.conversation.days import read_day
from holdfire.conversation.faults import ForgedError
from holdfire.errors import TamperError
from holdfire.sealing.hpke import OVERHEAD, SEED_SIZE, PublicKey, SealError, SecretKey
from holdfire.sealing.signature import PUBLIC_SIZE, SIGNATURE_SIZE, SigningKey, verify
from holdfire.wire.boards import INBOX_ENTRY
from holdfire.wire.encoding import Field, Listed, Octets, Row, Shape, Text, pad, unpad
from holdfire.wire.names import context

PLAIN_SIZE: Final = INBOX_ENTRY - OVERHEAD
MOST_DAYS: Final = 32
_SHAPE: Final = Shape(
    "wrapped keys",
    (
        Field(1, "days", Listed(Row((("day", Text(10, 10)), ("seed", Octets(SEED_SIZE)))), MOST_DAYS)),
        Field(2, "log key", Octets(32)),
        Field(3, "inboxes", Listed(Octets(32), MOST_RELAYS, 1)),
        Field(4, "log", Octets(32)),
    ),
)
_SIGNED: Final = Shape(
    "signed keys",
    (
        Field(1, "keys", Octets(most=PLAIN_SIZE)),
        Field(2, "device", Octets(PUBLIC_SIZE)),
        Field(3, "signature", Octets(SIGNATURE_SIZE)),
    ),
)


@dataclass(frozen=True, repr=False)
class WrappedKeys:
    """What a member's device needs for a fortnight.

    Args:
        days: Seeds of day keys, by day.
        log_key: Under which the record is sealed.
        inboxes: `r` of the inbox on each relay, in the order of the card.
        log: `r` of the record's board.
    """

    days: tuple[tuple[date, bytes], ...]
    log_key: bytes
    inboxes: tuple[bytes, ...]
    log: bytes


def wrap_keys(keys: WrappedKeys, wrapping: bytes, desk: bytes, origin: str, signer: SigningKey) -> bytes:
    """Return an entry of the record's board, 8,192 bytes, that only who holds the wrapping key reads, once.

    `signer` is the device that hands them out: sealing alone shows nobody's hand.

    Raises:
        FormatError: There are too many.
        BadKeyError: `wrapping` is no key.
    """
    written = _SHAPE.write(
        {
            "days": [[day.isoformat(), seed] for day, seed in keys.days],
            "log key": keys.log_key,
            "inboxes": list(keys.inboxes),
            "log": keys.log,
        }
    )
    info = context("wrap", desk, origin, wrapping)
    whole = _SIGNED.write(
        {"keys": written, "device": signer.public, "signature": signer.sign(info + written)}
    )
    return PublicKey(wrapping).seal(pad(whole, PLAIN_SIZE, "wrapped keys"), info)


def unwrap_keys(
    untrusted: bytes, wrapping: SecretKey, desk: bytes, origin: str, publishers: Collection[bytes]
) -> WrappedKeys | None:
    """Return the keys, or None if they are not for this device; the caller destroys `wrapping` once they are kept.

    Raises:
        FormatError: They open, and are not written as they must be.
        ForgedError: None of the devices that publish handed them out.
    """
    info = context("wrap", desk, origin, wrapping.public)
    try:
        padded = wrapping.open(untrusted, info)
    except SealError:
        return None
    whole = _SIGNED.read(unpad(padded, "wrapped keys"), PLAIN_SIZE)
    if whole["device"] not in publishers:
        raise ForgedError
    try:
        verify(whole["device"], info + whole["keys"], whole["signature"])
    except TamperError:
        raise ForgedError from None
    found = _SHAPE.read(whole["keys"], PLAIN_SIZE)
    return WrappedKeys(
        tuple((read_day(day, "wrapped keys.days"), seed) for day, seed in found["days"]),
        found["log key"],
        tuple(found["inboxes"]),
        found["log"],
    )
