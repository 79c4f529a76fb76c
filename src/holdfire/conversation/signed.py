"""A document with its two signatures, and how it is checked: the form of cards, notices, certificates and rosters."""

from __future__ import annotations

from typing import Final

from holdfire.conversation.faults import ForgedError
from holdfire.sealing import double_signature
from holdfire.sealing.double_signature import SIGNATURE_SIZE, DoubleKey, DoubleSignatureError
from holdfire.wire.encoding import Field, FormatError, Octets, Shape, pad, unpad
from holdfire.wire.names import context

MOST: Final = 64 << 10


def _shape(name: str) -> Shape:
    return Shape(name, (Field(1, "body", Octets(most=MOST)), Field(2, "signature", Octets(SIGNATURE_SIZE))))


def sign(purpose: str, desk: bytes, origin: str, body: bytes, key: DoubleKey) -> bytes:
    """Return `body` with the signatures over `ctx(purpose)` ‖ `body`."""
    signature = key.sign(context(purpose, desk, origin) + body)
    return _shape(purpose).write({"body": body, "signature": signature})


def parts(purpose: str, untrusted: bytes) -> tuple[bytes, bytes]:
    """Return body and signatures of a document that nobody has checked yet.

    Raises:
        FormatError: It is not written as it must be.
    """
    found = _shape(purpose).read(untrusted, MOST)
    return found["body"], found["signature"]


def check(purpose: str, desk: bytes, origin: str, body: bytes, signature: bytes, public: bytes) -> None:
    """Return if `public` signed `body` for this purpose, desk and relay.

    Raises:
        ForgedError: It did not.
    """
    try:
        double_signature.verify(public, context(purpose, desk, origin) + body, signature)
    except DoubleSignatureError:
        raise ForgedError from None


def padded(document: bytes, size: int, where: str) -> bytes:
    """Return a document filled up to the size of its sheet; FormatError if it does not fit."""
    return pad(document, size, where)


def unpadded(untrusted: bytes, size: int, where: str) -> bytes:
    """Return the document of a sheet; FormatError if it has another size or no end."""
    if len(untrusted) != size:
        raise FormatError(where, "wrong length")
    return unpad(untrusted, where)
