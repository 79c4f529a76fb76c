"""Base64 as age writes it: one spelling for each value, or none."""

from __future__ import annotations

import binascii


def encode(data: bytes) -> bytes:
    """Return `data` in base64 without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=")


def decode(untrusted_text: bytes) -> bytes:
    """Return the bytes of base64 without padding.

    Raises:
        ValueError: It is padded, holds another character, or is not how `encode` would write it.
    """
    data = decode_padded(untrusted_text + b"=" * (-len(untrusted_text) % 4))
    if untrusted_text.endswith(b"="):
        raise ValueError("padded")
    return data


def decode_padded(untrusted_text: bytes) -> bytes:
    """Return the bytes of base64 with padding.

    Raises:
        ValueError: It holds another character, or is not how base64 must be written.
    """
    data = binascii.a2b_base64(untrusted_text, strict_mode=True)
    # Writing it again is the whole check: stray bits under the padding and stray padding change the text.
    if binascii.b2a_base64(data, newline=False) != untrusted_text:
        raise ValueError("not canonical")
    return data
