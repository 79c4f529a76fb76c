"""Sealing with AES-256-GCM: slots, pages, journal blocks and evidence chunks.

Nonces are drawn here and nowhere else. `_seal_with` takes one, for test vectors alone. The one fixed nonce, of a
chunk, is sound because an item key is drawn for one item, used once, and counts its chunks.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from holdfire.errors import TamperError
from holdfire.language import mark

if TYPE_CHECKING:
    from holdfire.sealing.passphrase import Key

NONCE_SIZE = 12
TAG_SIZE = 16
#: What sealing adds to a plaintext: nonce and tag.
OVERHEAD = NONCE_SIZE + TAG_SIZE


Bytes = bytes | bytearray | memoryview


def damaged() -> TamperError:
    """Return the one error for a part that does not open, or does not fit the rest."""
    return TamperError(mark("Part of this file was changed. We stopped."), mark("Keep it; use your backup."))


class Sealer:
    """Seals and opens under one key; made once and kept, because setting up the cipher costs more than a page."""

    def __init__(self, key: Key) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plaintext: Bytes, associated: bytes) -> bytearray:
        """Return nonce ‖ ciphertext ‖ tag under a fresh random nonce."""
        return self._seal_with(os.urandom(NONCE_SIZE), plaintext, associated)

    def seal_into(self, sealed: bytearray, plaintext: Bytes, associated: bytes) -> None:
        """Fill `sealed`, 28 bytes longer than `plaintext`, with what `seal` would return."""
        nonce = os.urandom(NONCE_SIZE)
        sealed[:NONCE_SIZE] = nonce
        self._cipher.encrypt_into(nonce, plaintext, associated, memoryview(sealed)[NONCE_SIZE:])

    def _seal_with(self, nonce: bytes, plaintext: Bytes, associated: bytes) -> bytearray:
        sealed = bytearray(len(plaintext) + OVERHEAD)
        sealed[:NONCE_SIZE] = nonce
        self._cipher.encrypt_into(nonce, plaintext, associated, memoryview(sealed)[NONCE_SIZE:])
        return sealed

    def open(self, sealed: Bytes, associated: bytes) -> bytes:
        """Return the plaintext of nonce ‖ ciphertext ‖ tag.

        Raises:
            TamperError: Any byte, the associated data or the key differs.
        """
        view = memoryview(sealed)
        try:
            return self._cipher.decrypt(view[:NONCE_SIZE], view[NONCE_SIZE:], associated)
        except (InvalidTag, ValueError):
            raise damaged() from None


class ChunkSealer:
    """Seals and opens the chunks of one item under its own key, the chunk's number being the nonce."""

    def __init__(self, key: Key, item: bytes) -> None:
        self._cipher = AESGCM(key)
        self._item = item

    def seal(self, number: int, plaintext: Bytes, *, last: bool) -> bytes:
        """Return ciphertext ‖ tag of chunk `number`; never call it twice for one number with other bytes."""
        return self._cipher.encrypt(
            number.to_bytes(NONCE_SIZE, "big"), plaintext, self._associated(number, last=last)
        )

    def open(self, number: int, sealed: Bytes, *, last: bool) -> bytes:
        """Return the plaintext of chunk `number`.

        Raises:
            TamperError: It was altered, moved, or is not the last where the last was asked.
        """
        try:
            nonce = number.to_bytes(NONCE_SIZE, "big")
            return self._cipher.decrypt(nonce, sealed, self._associated(number, last=last))
        except (InvalidTag, ValueError):
            raise damaged() from None

    def _associated(self, number: int, *, last: bool) -> bytes:
        return self._item + number.to_bytes(8, "big") + (b"\1" if last else b"\0")
