"""Sealing to a public key: HPKE (RFC 9180), base mode, MLKEM768-X25519, HKDF-SHA256, ChaCha20-Poly1305.

A secret key is a seed of 32 bytes, grown as draft-ietf-hpke-pq says. Base mode names no sender; what a sealed thing is bound to goes
into `info`, because the library takes no associated data.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from holdfire.errors import StorageError, TamperError, UserError
from holdfire.language import mark

SEED_SIZE: Final = 32
_MLKEM_PUBLIC: Final = 1_184
#: Bytes of a public key.
PUBLIC_SIZE: Final = _MLKEM_PUBLIC + 32
#: What sealing adds: both shares and the tag.
OVERHEAD: Final = 1_136
_MLKEM_SEED: Final = 64


class NoHybridError(StorageError):
    """This computer's crypto library lacks ML-KEM: nothing is sealed, because half of a hybrid is no hybrid."""

    def __init__(self) -> None:
        super().__init__(
            mark("This computer cannot seal messages in the way that stands against future machines."),
            mark("Install Holdfire with the crypto library it comes with; nothing was sent."),
        )


class SecretKey:
    """A secret key, grown from a seed of 32 bytes, which is what is kept.

    Raises:
        ValueError: `seed` has another size.
        NoHybridError: ML-KEM is missing.
    """

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise ValueError("a seed has 32 bytes")
        probe()
        grown = hashlib.shake_256(seed).digest(_MLKEM_SEED + 32)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(grown[:_MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(grown[_MLKEM_SEED:])
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.seed = seed
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @classmethod
    def new(cls) -> SecretKey:
        """Return a fresh key."""
        return cls(os.urandom(SEED_SIZE))

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Return what was sealed to this key under `info`.

        Raises:
            SealError: Any byte, the key or `info` differs.
        """
        try:
            return _suite().decrypt(sealed, self._key, info=info)
        except (InvalidTag, ValueError):
            raise SealError from None


class PublicKey:
    """The public half, to which anyone can seal.

    Raises:
        BadKeyError: `public` is no such key.
        NoHybridError: ML-KEM is missing.
    """

    def __init__(self, public: bytes) -> None:
        probe()
        try:
            self._key = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
            )
        except ValueError:
            raise BadKeyError from None

    def seal(self, content: bytes, info: bytes) -> bytes:
        """Return `content` sealed under `info`, 1,136 bytes longer; never the same twice.

        Raises:
            BadKeyError: The X25519 half is of low order, which would give a secret that everybody knows.
        """
        try:
            return _suite().encrypt(content, self._key, info=info)
        except ValueError:
            raise BadKeyError from None


class SealError(TamperError):
    """This was not sealed to this key, or not for this place, or was changed."""

    hint = mark("Nothing of it is used.")

    def __init__(self) -> None:
        super().__init__(mark("This does not open with the key at hand."))


class BadKeyError(UserError):
    """What was given as a public key is none."""

    hint = mark("Ask for the key again; nothing was sealed.")

    def __init__(self) -> None:
        super().__init__(mark("This is no key that can be sealed to."))


@cache
def probe() -> None:
    """Return if this computer can do both halves, found out by doing them once.

    Raises:
        NoHybridError: It cannot.
    """
    try:
        secret = MLKEM768X25519PrivateKey(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())
        suite = _suite()
        if suite.decrypt(suite.encrypt(b"probe", secret.public_key()), secret) != b"probe":
            raise NoHybridError
    except UnsupportedAlgorithm:
        raise NoHybridError from None


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
