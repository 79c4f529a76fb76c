"""Keys as people pass them on: one line of letters, or the file that `age-keygen` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.age import bech32, hybrid, x25519
from holdfire.sealing.age.hybrid import HybridIdentity, HybridRecipient
from holdfire.sealing.age.x25519 import X25519Identity, X25519Recipient

if TYPE_CHECKING:
    from collections.abc import Callable

    from holdfire.sealing.age.wrapping import Identity, Recipient

Key = TypeVar("Key")

#: Most lines of a key file that are looked at.
MOST_LINES: Final = 1_024

_RECIPIENTS: Final[dict[str, tuple[int, Callable[[bytes], Recipient]]]] = {
    x25519.RECIPIENT_PREFIX: (x25519.KEY_SIZE, X25519Recipient),
    hybrid.RECIPIENT_PREFIX: (hybrid.PUBLIC_SIZE, HybridRecipient),
}
_IDENTITIES: Final[dict[str, tuple[int, Callable[[bytes], Identity]]]] = {
    x25519.IDENTITY_PREFIX: (x25519.KEY_SIZE, X25519Identity),
    hybrid.IDENTITY_PREFIX: (hybrid.SEED_SIZE, HybridIdentity),
}


def recipient(untrusted_text: str) -> Recipient:
    """Return the recipient that a text beginning with `age1` names.

    Raises:
        UserError: It is not whole, mistyped, or of a kind that Holdfire does not know.
    """
    made = _parse(untrusted_text, _RECIPIENTS)
    if made is None:
        raise UserError(
            mark("This is not the address of an age key."),
            mark("Copy it whole. It begins with age1 and is written in small letters."),
        )
    try:
        # The one way to learn whether a point is of low order is to try; who gave it would read along.
        made.wrap(bytes(16))
    except ValueError:
        raise UserError(
            mark("This age key protects nothing: everybody could open what is sealed to it."),
            mark("Do not use it. Ask who gave it to you, over another way."),
        ) from None
    return made


def identity(untrusted_text: str) -> Identity:
    """Return the identity that a text beginning with `AGE-SECRET-KEY-` holds.

    Raises:
        UserError: It is not whole, mistyped, or of a kind that Holdfire does not know; it is not repeated.
    """
    made = _parse(untrusted_text, _IDENTITIES)
    if made is None:
        raise UserError(
            mark("This is not the secret part of an age key."),
            mark("Copy it whole. It begins with AGE-SECRET-KEY- and is written in capitals."),
        )
    return made


def identities(untrusted_text: str) -> tuple[Identity, ...]:
    """Return the identities of a key file: one a line, empty lines and lines beginning with `#` passed over.

    Raises:
        UserError: A line is no identity, there is none, or there are more than 1,024 lines.
    """
    lines = untrusted_text.split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        raise UserError(mark("This key file is longer than Holdfire reads."), mark("Is it the right file?"))
    found = [line.strip() for line in lines]
    made = tuple(identity(line) for line in found if line and not line.startswith("#"))
    if not made:
        raise UserError(mark("There is no key in this file."), mark("Is it the right file?"))
    return made


def _parse(untrusted_text: str, kinds: dict[str, tuple[int, Callable[[bytes], Key]]]) -> Key | None:
    try:
        prefix, data = bech32.decode(untrusted_text.strip())
        size, make = kinds[prefix]
        return make(data) if len(data) == size else None
    except (ValueError, KeyError):
        return None
