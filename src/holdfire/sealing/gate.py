"""The costly half of the puzzle for newcomers: Argon2id (RFC 9106) over 1 MiB in one pass."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

#: KiB that one try fills. At 4 MiB a relay judges a quarter as many newcomers.
MEMORY_KIB: Final = 1_024
SIZE: Final = 32


def hard_hash(word: bytes, salt: bytes) -> bytes:
    """Return 32 bytes of `word` and `salt`, which cannot be had without filling 1 MiB."""
    return Argon2id(salt=salt, length=SIZE, iterations=1, lanes=1, memory_cost=MEMORY_KIB).derive(word)
