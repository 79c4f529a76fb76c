"""The post-quantum recipient, `age1pq…`: ML-KEM-768 and X25519 together, so that one of them may break.

Specification, *The MLKEM768-X25519 hybrid post-quantum recipient type*; the key encapsulation and its 32-byte seeds are
those of draft-ietf-hpke-pq-03, MLKEM768-X25519, also called X-Wing.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
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

from holdfire.sealing.age import base64, bech32
from holdfire.sealing.age.header import Stanza
from holdfire.sealing.age.refusals import bad_stanza
from holdfire.sealing.age.wrapping import argument, stanzas_of

if TYPE_CHECKING:
    from collections.abc import Sequence

KIND: Final = "mlkem768x25519"
RECIPIENT_PREFIX: Final = "age1pq"
IDENTITY_PREFIX: Final = "AGE-SECRET-KEY-PQ-"
SEED_SIZE: Final = 32
_INFO: Final = b"age-encryption.org/mlkem768x25519"
_MLKEM_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1_184
_MLKEM_SHARE: Final = 1_088
_SHARE_SIZE: Final = _MLKEM_SHARE + 32
#: Length of a recipient in bytes.
PUBLIC_SIZE: Final = _MLKEM_PUBLIC + 32


class HybridRecipient:
    """The public half of a post-quantum key.

    Raises:
        ValueError: `public` is no ML-KEM-768 key followed by an X25519 key.
    """

    kind = KIND

    def __init__(self, public: bytes) -> None:
        self._public = public
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
        )

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self._public)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza for `file_key` under fresh ephemeral keys."""
        sealed = _suite().encrypt(file_key, self._key, info=_INFO)
        share = base64.encode(sealed[:_SHARE_SIZE]).decode("ascii")
        return Stanza((KIND, share), sealed[_SHARE_SIZE:])


class HybridIdentity:
    """The secret half of a post-quantum key, grown from a seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        grown = hashlib.shake_256(seed).digest(_MLKEM_SEED + 32)
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(grown[:_MLKEM_SEED])
        self._x25519 = X25519PrivateKey.from_private_bytes(grown[_MLKEM_SEED:])
        self._key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    @classmethod
    def new(cls) -> HybridIdentity:
        """Return a fresh identity."""
        return cls(os.urandom(SEED_SIZE))

    def secret_text(self) -> str:
        """Return the secret as text, to be kept in a vault; `str` never shows it."""
        return bech32.encode(IDENTITY_PREFIX.lower(), self._seed).upper()

    def recipient(self) -> HybridRecipient:
        """Return the public half, to be given to whoever seals."""
        mlkem = self._mlkem.public_key().public_bytes_raw()
        return HybridRecipient(mlkem + self._x25519.public_key().public_bytes_raw())

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first stanza that opens, or None.

        Raises:
            HeaderError: A stanza of this kind breaks the format, or its X25519 share is of low order.
        """
        for stanza in stanzas_of(KIND, stanzas, 1):
            share = argument(stanza, 1, _SHARE_SIZE)
            try:
                # HPKE gives one error for a wrong key and for a share of low order, which the vectors tell apart.
                self._x25519.exchange(X25519PublicKey.from_public_bytes(share[_MLKEM_SHARE:]))
            except ValueError:
                raise bad_stanza(KIND) from None
            try:
                return _suite().decrypt(share + stanza.body, self._key, info=_INFO)
            except InvalidTag:
                continue
        return None


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
