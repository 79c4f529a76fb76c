"""Keys handed from device to device: day and log keys, wrapped to a key that is used once (docs/protocols/conversation.md §10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from holdfire.conversation.days import read_day
from holdfire.sealing.hpke import OVERHEAD, SEED_SIZE, PublicKey, SealError, SecretKey
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
        Field(3, "inbox", Octets(32)),
        Field(4, "log", Octets(32)),
    ),
)


@dataclass(frozen=True, repr=False)
class WrappedKeys:
    """What a member's device needs for a fortnight.

    Args:
        days: Seeds of day keys, by day.
        log_key: Under which the record is sealed.
        inbox: A secret of the inbox board: `o` for a device that trims, `r` for others.
        log: Likewise of the record's board.
    """

    days: tuple[tuple[date, bytes], ...]
    log_key: bytes
    inbox: bytes
    log: bytes


def wrap_keys(keys: WrappedKeys, wrapping: bytes, desk: bytes, origin: str) -> bytes:
    """Return an entry of the record's board, 8,192 bytes, that only who holds the wrapping key reads, once.

    Raises:
        FormatError: There are too many.
        BadKeyError: `wrapping` is no key.
    """
    written = _SHAPE.write(
        {
            "days": [[day.isoformat(), seed] for day, seed in keys.days],
            "log key": keys.log_key,
            "inbox": keys.inbox,
            "log": keys.log,
        }
    )
    info = context("wrap", desk, origin, wrapping)
    return PublicKey(wrapping).seal(pad(written, PLAIN_SIZE, "wrapped keys"), info)


def unwrap_keys(untrusted: bytes, wrapping: SecretKey, desk: bytes, origin: str) -> WrappedKeys | None:
    """Return the keys, or None if they are not for this device; the caller destroys `wrapping` once they are kept.

    Raises:
        FormatError: They open, and are not written as they must be.
    """
    try:
        padded = wrapping.open(untrusted, context("wrap", desk, origin, wrapping.public))
    except SealError:
        return None
    found = _SHAPE.read(unpad(padded, "wrapped keys"), PLAIN_SIZE)
    return WrappedKeys(
        tuple((read_day(day, "wrapped keys.days"), seed) for day, seed in found["days"]),
        found["log key"],
        found["inbox"],
        found["log"],
    )
