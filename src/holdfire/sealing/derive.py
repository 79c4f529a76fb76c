"""Keys from a secret: HKDF-SHA256 (RFC 5869) without salt; what the key is for stands in `info`."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LEAST = 16


def derive(secret: bytes, info: bytes, size: int = 32) -> bytes:
    """Return `size` bytes that follow from `secret` and `info`, and from which neither follows.

    Raises:
        ValueError: `secret` is shorter than 16 bytes: a person chose it, and somebody could guess it.
    """
    if len(secret) < _LEAST:
        raise ValueError("a secret has at least 16 random bytes")
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=info).derive(secret)
