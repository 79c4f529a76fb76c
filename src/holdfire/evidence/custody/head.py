"""The signed head of a custody log: how many events there are, and the one hash that stands for all (docs/formats/custody.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.errors import TamperError
from holdfire.evidence.canonical import canonical, parse
from holdfire.evidence.custody.refusals import ForgedHeadError
from holdfire.sealing.signature import PUBLIC_SIZE, verify
from holdfire.wire.merkle import HASH_SIZE

if TYPE_CHECKING:
    from holdfire.sealing.signature import SigningKey

FORMAT: Final = "holdfire custody head 1"
MOST_HEAD: Final = 512
#: Most events of a log.
MOST_SIZE: Final = 1 << 32


@dataclass(frozen=True)
class Head:
    """What is signed: the log's public key, the number of its events, and their root."""

    key: bytes
    size: int
    root: bytes

    def text(self) -> bytes:
        """Return the bytes that are signed."""
        return canonical(
            {"format": FORMAT, "key": self.key.hex(), "root": self.root.hex(), "size": self.size}
        )


@dataclass(frozen=True)
class SignedHead:
    """A head with its signature, of which nothing is believed before `check`."""

    head: Head
    signature: bytes

    def check(self) -> None:
        """Return if the head is signed by the key it names.

        Raises:
            ForgedHeadError: It is not.
        """
        try:
            verify(self.head.key, self.head.text(), self.signature)
        except TamperError:
            raise ForgedHeadError from None


def sign(key: SigningKey, size: int, root: bytes) -> SignedHead:
    """Return the head over `size` events with `root`, signed."""
    head = Head(key.public, size, root)
    return SignedHead(head, key.sign(head.text()))


def read(untrusted_text: bytes, signature: bytes) -> SignedHead:
    """Return the head that a text holds, its signature checked.

    Raises:
        ForgedHeadError: It is no head, or not signed by the key it names.
    """
    try:
        match parse(untrusted_text, MOST_HEAD):
            case {
                "format": "holdfire custody head 1",
                "key": str(key),
                "root": str(root),
                "size": int(size),
                **rest,
            }:
                found = SignedHead(Head(bytes.fromhex(key), size, bytes.fromhex(root)), signature)
            case _:
                raise ForgedHeadError
    except ValueError:
        raise ForgedHeadError from None
    sizes = (
        len(found.head.key) == PUBLIC_SIZE
        and len(found.head.root) == HASH_SIZE
        and type(size) is int
        and 0 <= size <= MOST_SIZE
    )
    # Written again it must be the same bytes: the signature speaks for these, whatever was read.
    if rest or not sizes or found.head.text() != untrusted_text:
        raise ForgedHeadError
    found.check()
    return found
