"""Files beside a message: sealed piece by piece under names that tell nothing (docs/protocols/conversation.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from holdfire.conversation.faults import AlteredError
from holdfire.sealing.derive import derive
from holdfire.sealing.stream import PieceError, PieceSealer
from holdfire.wire.names import context, number
from holdfire.wire.pieces import CONTENT_SIZE, NAME_SIZE, count_of

KEY_SIZE: Final = 32


@dataclass(frozen=True)
class Attachment:
    """What a message says of a file.

    Args:
        key: 32 random bytes, drawn for this file and this message.
        length: Bytes of the file.
        hash: SHA-256 of the whole file.
    """

    key: bytes
    length: int
    hash: bytes

    @property
    def count(self) -> int:
        """How many pieces are sent, padding included."""
        return count_of(self.length)

    def content_size(self, place: int) -> int:
        """Return how many bytes of the file stand in piece `place`, 0 in one that is only padding."""
        return max(0, min(CONTENT_SIZE, self.length - place * CONTENT_SIZE))


@dataclass(frozen=True)
class Pieces:
    """The pieces of a file as one relay keeps them: on another relay, names and bytes are others.

    Args:
        attachment: The file.
        desk: To whom it goes.
        origin: On which relay.
    """

    attachment: Attachment
    desk: bytes
    origin: str

    def name(self, place: int) -> bytes:
        """Return the name of piece `place`, 32 bytes."""
        return derive(self.attachment.key, self._context(b"name", number(place)), NAME_SIZE)

    def seal(self, place: int, content: bytes) -> bytes:
        """Return piece `place`, 1 MiB.

        Args:
            place: From 0 to one less than `attachment.count`.
            content: The bytes of the file that stand in it; the rest is zeros.

        Raises:
            ValueError: There is no such piece, or `content` has not the size the piece holds.
        """
        if not 0 <= place < self.attachment.count or len(content) != self.attachment.content_size(place):
            raise ValueError("no such piece of this file")
        return self._sealer.seal(place, content.ljust(CONTENT_SIZE, b"\0"))

    def open(self, place: int, untrusted: bytes) -> bytes:
        """Return the bytes of the file that stand in piece `place`; the hash of the whole is for the caller to compare.

        Raises:
            AlteredError: It is not that piece.
        """
        try:
            content = self._sealer.open(place, untrusted)
        except PieceError:
            raise AlteredError from None
        size = self.attachment.content_size(place)
        if len(content) != CONTENT_SIZE or content.count(0, size) != CONTENT_SIZE - size:
            raise AlteredError
        return content[:size]

    @cached_property
    def _sealer(self) -> PieceSealer:
        return PieceSealer(derive(self.attachment.key, self._context(b"key")))

    def _context(self, *parts: bytes) -> bytes:
        return context("piece", self.desk, self.origin, self.attachment.hash, *parts)
