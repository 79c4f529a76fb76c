"""An age file whose writing can break off and go on: header, key and nonce are kept until it is whole (docs/formats/package.md §4)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfire.sealing.age import header
from holdfire.sealing.age.file import check_recipients
from holdfire.sealing.age.header import FILE_KEY_SIZE
from holdfire.sealing.age.payload import CHUNK, NONCE_SIZE, SEALED_CHUNK, Payload
from holdfire.sealing.age.refusals import PayloadError
from holdfire.sealing.age.wrapping import TAG_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from holdfire.sealing.age.wrapping import Recipient
    from holdfire.sealing.page import Bytes


@dataclass(frozen=True)
class Sealing:
    """What must be kept to go on: secret, and good for **one** content. Under another content it would open both.

    Attributes:
        file_key: Opens the file.
        nonce: Stands after the header.
        header: As it was written for the recipients.
    """

    file_key: bytes
    nonce: bytes
    header: bytes

    @classmethod
    def new(cls, recipients: Sequence[Recipient]) -> Sealing:
        """Return a fresh one.

        Raises:
            UserError: No recipient, more than 1,024, a passphrase beside another, or post-quantum beside classic keys.
        """
        check_recipients(recipients)
        file_key = os.urandom(FILE_KEY_SIZE)
        written = header.write([recipient.wrap(file_key) for recipient in recipients], file_key)
        return cls(file_key, os.urandom(NONCE_SIZE), written)

    @property
    def beginning(self) -> bytes:
        """What stands in front of the chunks."""
        return self.header + self.nonce

    def size(self, content: int) -> int:
        """Return how long the file is that holds `content` bytes."""
        return len(self.beginning) + content + max(1, -(-content // CHUNK)) * TAG_SIZE

    def chunks(self, content: Callable[[int], Iterable[Bytes]], first: int = 0) -> Iterator[bytes]:
        """Yield the sealed chunks from number `first`; `content` yields the content from a byte on, always the same."""
        return Payload(self.file_key, self.nonce).seal(content(first * CHUNK), first)

    def whole(self, untrusted_read: Callable[[int, int], bytes]) -> int:
        """Return how many chunks stand whole at the beginning of a part; -1 when it does not even have the header.

        Args:
            untrusted_read: Returns so many bytes from a place of the part, fewer where it ends.
        """
        start = len(self.beginning)
        if untrusted_read(0, start) != self.beginning:
            return -1
        payload, number = Payload(self.file_key, self.nonce), 0
        while len(sealed := untrusted_read(start + number * SEALED_CHUNK, SEALED_CHUNK)) == SEALED_CHUNK:
            try:
                payload.open_chunk(number, sealed, last=False)
            except PayloadError:
                break
            number += 1
        return number

    def place(self, number: int) -> int:
        """Return where chunk `number` begins in the file."""
        return len(self.beginning) + number * SEALED_CHUNK
