"""The classic recipient, `age1…`: opened by every age (specification, *The X25519 recipient type*)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfire.sealing.age import base64, bech32
from holdfire.sealing.age.header import Stanza
from holdfire.sealing.age.refusals import bad_stanza
from holdfire.sealing.age.wrapping import argument, open_file_key, seal_file_key, stanzas_of

if TYPE_CHECKING:
    from collections.abc import Sequence

KIND: Final = "X25519"
RECIPIENT_PREFIX: Final = "age"
IDENTITY_PREFIX: Final = "AGE-SECRET-KEY-"
KEY_SIZE: Final = 32


class X25519Recipient:
    """The public half of a classic key."""

    kind = KIND

    def __init__(self, public: bytes) -> None:
        self._public = public

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self._public)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza for `file_key` under a fresh ephemeral key.

        Raises:
            ValueError: The recipient is a point of low order, with which every secret would be the same.
        """
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(self._public))
        body = seal_file_key(_wrap_key(secret, share, self._public), file_key)
        return Stanza((KIND, base64.encode(share).decode("ascii")), body)


class X25519Identity:
    """The secret half of a classic key."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._key = X25519PrivateKey.from_private_bytes(secret)
        self._public = self._key.public_key().public_bytes_raw()

    @classmethod
    def new(cls) -> X25519Identity:
        """Return a fresh identity."""
        return cls(os.urandom(KEY_SIZE))

    def secret_text(self) -> str:
        """Return the secret as text, to be kept in a vault; `str` never shows it."""
        return bech32.encode(IDENTITY_PREFIX.lower(), self._secret).upper()

    def recipient(self) -> X25519Recipient:
        """Return the public half, to be given to whoever seals."""
        return X25519Recipient(self._public)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first stanza that opens, or None.

        Raises:
            HeaderError: An X25519 stanza breaks the format, or its share is of low order.
        """
        for stanza in stanzas_of(KIND, stanzas, 1):
            share = argument(stanza, 1, KEY_SIZE)
            try:
                secret = self._key.exchange(X25519PublicKey.from_public_bytes(share))
            except ValueError:  # an all-zero secret, which everybody would know
                raise bad_stanza(KIND) from None
            file_key = open_file_key(_wrap_key(secret, share, self._public), stanza.body)
            if file_key is not None:
                return file_key
        return None


def _wrap_key(secret: bytes, share: bytes, public: bytes) -> bytes:
    info = b"age-encryption.org/v1/X25519"
    return HKDF(algorithm=SHA256(), length=32, salt=share + public, info=info).derive(secret)
