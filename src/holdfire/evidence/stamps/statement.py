"""What is stamped: a salted hash of a log's head, never a file (docs/formats/stamps.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from holdfire.evidence.canonical import canonical
from holdfire.sealing.noise import random_bytes

if TYPE_CHECKING:
    from holdfire.evidence.custody.head import Head

FORMAT: Final = "holdfire stamp 1"
SALT_SIZE: Final = 16


@dataclass(frozen=True)
class Statement:
    """The text whose SHA-256 is sent; its salt is drawn for one authority and never used again."""

    text: bytes

    @property
    def digest(self) -> bytes:
        """What is sent: 32 bytes that say nothing to who does not have the text."""
        return sha256(self.text).digest()


def write(head: Head) -> Statement:
    """Return a fresh statement over `head`."""
    return write_with(head.text(), random_bytes(SALT_SIZE))


def write_with(head: bytes, salt: bytes) -> Statement:
    """Return the statement over the text of a head with a given salt; for vectors and for comparing."""
    return Statement(canonical([salt.hex(), FORMAT, sha256(head).hexdigest()]))


def speaks_of(statement: bytes, head: bytes) -> bool:
    """Say whether a statement was written over the text of this head."""
    salt = statement[2 : 2 + 2 * SALT_SIZE]
    try:
        return write_with(head, bytes.fromhex(salt.decode("ascii"))).text == statement
    except ValueError:
        return False
