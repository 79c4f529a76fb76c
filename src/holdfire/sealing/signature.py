"""Signing with Ed25519 (RFC 8032): one key for each thing that must be known as coming from one hand."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from holdfire.errors import TamperError
from holdfire.language import mark

SEED_SIZE: Final = 32
PUBLIC_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64


class SigningKey:
    """A secret key, grown from a seed of 32 bytes, which is what is kept."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.seed = seed
        self.public = self._key.public_key().public_bytes_raw()

    @classmethod
    def new(cls) -> SigningKey:
        """Return a fresh key."""
        return cls(os.urandom(SEED_SIZE))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`, always the same one."""
        return self._key.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Return if `signature` was made over `message` with the secret half of `public`.

    Raises:
        TamperError: It was not, or one of them has another size.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise TamperError(
            mark("A signature is wrong."), mark("Do not rely on what it stands under.")
        ) from None
