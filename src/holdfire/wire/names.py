"""Names by hashing: everything hashed, derived, sealed or signed says first what it is for (docs/protocols/envelope.md §2)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

#: The first item of everything that is hashed, derived, sealed or signed.
VERSION: Final = b"holdfire/1"
HASH_SIZE: Final = 32
#: What a hash, a key or a signature can be for; anything else is refused where it is asked for.
PURPOSES: Final = frozenset(
    {
        *(
            "card",
            "desk",
            "publish",
            "notice",
            "bucket",
            "day",
            "message",
            "reply",
            "slot",
            "bucket-of",
            "step",
        ),
        *(
            "stateless",
            "piece",
            "wrap",
            "log",
            "roster",
            "puzzle",
            "gate",
            "read",
            "write",
            "sheet",
            "ticket",
            "request",
            "invitation",
            "meeting",
        ),
    }
)
_LENGTH: Final = 4


def items(*parts: bytes) -> bytes:
    """Return `L`: each part after its length in four bytes, so that no two lists of parts are spelt alike."""
    return b"".join(len(part).to_bytes(_LENGTH, "big") + part for part in parts)


def named_hash(purpose: str, *parts: bytes) -> bytes:
    """Return `H(purpose, …)`, 32 bytes.

    Raises:
        ValueError: There is no such purpose.
    """
    return sha256(items(VERSION, _purpose(purpose), *parts)).digest()


def begun_hash(purpose: str, *parts: bytes, size: int) -> HASH:
    """Return `H(purpose, …, last)` as SHA-256 begun, for a last part of `size` bytes: copied and fed with one after another.

    Raises:
        ValueError: There is no such purpose.
    """
    return sha256(items(VERSION, _purpose(purpose), *parts) + size.to_bytes(_LENGTH, "big"))


def context(purpose: str, desk: bytes, origin: str, *parts: bytes) -> bytes:
    """Return `ctx(purpose, …)`: what stands in `info`, before what is signed, and under derived keys.

    Args:
        purpose: One of `PURPOSES`.
        desk: The desk's id, 32 bytes.
        origin: The relay's origin, as `origin_of` returns it; empty for what belongs to no relay.
        parts: What else it is bound to.

    Raises:
        ValueError: There is no such purpose, or `desk` has another size.
    """
    if len(desk) != HASH_SIZE:
        raise ValueError("a desk's id has 32 bytes")
    return items(VERSION, _purpose(purpose), desk, origin.encode("ascii"), *parts)


def number(value: int) -> bytes:
    """Return a whole number as a part: eight bytes, the highest first."""
    return value.to_bytes(8, "big")


def _purpose(purpose: str) -> bytes:
    if purpose not in PURPOSES:
        raise ValueError("there is no such purpose")
    return purpose.encode("ascii")
