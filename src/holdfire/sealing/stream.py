"""ChaCha20-Poly1305 (RFC 8439) for the pieces of a file and for entries of a desk's record."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from holdfire.errors import TamperError
from holdfire.language import mark

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16


class PieceError(TamperError):
    """A piece or an entry was changed, or belongs elsewhere."""

    hint = mark("Nothing of it is used.")

    def __init__(self) -> None:
        super().__init__(mark("A part of this was changed on the way, or belongs elsewhere."))


class PieceSealer:
    """Seals the pieces of one file: the piece's number is the nonce.

    That is sound because the key follows from a random file key and the hash of the file: one key never seals two contents.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)

    def seal(self, number: int, content: bytes) -> bytes:
        """Return piece `number`, 16 bytes longer than `content`."""
        return self._cipher.encrypt(number.to_bytes(NONCE_SIZE, "big"), content, None)

    def open(self, number: int, sealed: bytes) -> bytes:
        """Return the content of piece `number`.

        Raises:
            PieceError: Any byte, the number or the key differs.
        """
        try:
            return self._cipher.decrypt(number.to_bytes(NONCE_SIZE, "big"), sealed, None)
        except (InvalidTag, ValueError):
            raise PieceError from None


class EntrySealer:
    """Seals entries under a key that several devices share: nonces are random, so a key may seal 2³² of them."""

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)

    def seal(self, content: bytes, associated: bytes) -> bytes:
        """Return nonce ‖ ciphertext ‖ tag, 28 bytes longer than `content`."""
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, content, associated)

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """Return the content.

        Raises:
            PieceError: Any byte, the associated data or the key differs.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], associated)
        except (InvalidTag, ValueError):
            raise PieceError from None
