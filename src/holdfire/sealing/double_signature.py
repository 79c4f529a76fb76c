"""Signing twice, with Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204): both must hold, so that one of them may break."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

from holdfire.errors import StorageError, TamperError
from holdfire.language import mark

_SEED: Final = 32
#: The seed of Ed25519 and the seed of ML-DSA-65.
SEED_SIZE: Final = 2 * _SEED
_ED25519_PUBLIC: Final = 32
_ED25519_SIGNATURE: Final = 64
PUBLIC_SIZE: Final = _ED25519_PUBLIC + 1_952
SIGNATURE_SIZE: Final = _ED25519_SIGNATURE + 3_309


class DoubleSignatureError(TamperError):
    """One of the two signatures, or both, was not made over this."""

    hint = mark("Do not rely on what it stands under.")

    def __init__(self) -> None:
        super().__init__(mark("A signature is wrong."))


class DoubleKey:
    """A secret pair, grown from 64 bytes, which is what is kept.

    Raises:
        ValueError: `seed` has another size.
        StorageError: This computer lacks ML-DSA.
    """

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise ValueError("a seed has 64 bytes")
        self._first = Ed25519PrivateKey.from_private_bytes(seed[:_SEED])
        try:
            self._second = MLDSA65PrivateKey.from_seed_bytes(seed[_SEED:])
        except UnsupportedAlgorithm:
            raise _missing() from None
        self.seed = seed
        self.public = (
            self._first.public_key().public_bytes_raw() + self._second.public_key().public_bytes_raw()
        )

    @classmethod
    def new(cls) -> DoubleKey:
        """Return a fresh pair."""
        return cls(os.urandom(SEED_SIZE))

    def sign(self, message: bytes) -> bytes:
        """Return the signatures of `message`, 3,373 bytes; the second is another each time."""
        return self._first.sign(message) + self._second.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Return if both signatures were made over `message` with the secret halves of `public`.

    Raises:
        DoubleSignatureError: One was not, or something has another size.
        StorageError: This computer lacks ML-DSA.
    """
    if len(public) != PUBLIC_SIZE or len(signature) != SIGNATURE_SIZE:
        raise DoubleSignatureError
    try:
        Ed25519PublicKey.from_public_bytes(public[:_ED25519_PUBLIC]).verify(
            signature[:_ED25519_SIGNATURE], message
        )
        MLDSA65PublicKey.from_public_bytes(public[_ED25519_PUBLIC:]).verify(
            signature[_ED25519_SIGNATURE:], message
        )
    except (InvalidSignature, ValueError):
        raise DoubleSignatureError from None
    except UnsupportedAlgorithm:
        raise _missing() from None


def _missing() -> StorageError:
    return StorageError(
        mark("This computer cannot check signatures in the way that stands against future machines."),
        mark("Install Holdfire with the crypto library it comes with; nothing was sent."),
    )
