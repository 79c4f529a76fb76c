"""Names and secrets that nobody can guess, and how to compare them."""

from __future__ import annotations

import hmac
import os
from typing import Final

#: Bytes of randomness in a token: 256 bits, beyond guessing.
TOKEN_BYTES: Final = 32


def new_token() -> str:
    """Return a fresh secret of 256 bits as 64 hexadecimal digits, fit for an address or a cookie."""
    return os.urandom(TOKEN_BYTES).hex()


def same_token(one: str, other: str) -> bool:
    """Say whether two tokens are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
