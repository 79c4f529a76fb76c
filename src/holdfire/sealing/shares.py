"""A secret among n people of whom k bring it back, and of whom k − 1 know nothing of it (Shamir's scheme).

The field is the one of 2⁵²¹ − 1, a prime that holds 64 bytes, so that the seed of a desk's root goes in whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

FIELD: Final = (1 << 521) - 1
SHARE_SIZE: Final = 66
MOST_SECRET: Final = 64
MOST_SHARES: Final = 16


@dataclass(frozen=True, repr=False)
class Share:
    """One share.

    Args:
        number: From 1; no two shares of a set have the same.
        needed: How many bring the secret back.
        value: 66 bytes.
    """

    number: int
    needed: int
    value: bytes


class SharesError(UserError):
    """These shares bring nothing back."""


def split(secret: bytes, needed: int, count: int) -> tuple[Share, ...]:
    """Return `count` shares of which any `needed` give `secret`.

    Raises:
        ValueError: The numbers make no sense, or the secret has more than 64 bytes.
    """
    if not 2 <= needed <= count <= MOST_SHARES or not 0 < len(secret) <= MOST_SECRET:  # noqa: PLR2004 — one of n is a copy
        raise ValueError("no such sharing")
    line = [int.from_bytes(secret, "big"), *(secrets.randbelow(FIELD) for _ in range(needed - 1))]
    return tuple(Share(x, needed, _at(line, x).to_bytes(SHARE_SIZE, "big")) for x in range(1, count + 1))


def join(shares: Sequence[Share], size: int) -> bytes:
    """Return the secret of `size` bytes; whether it is the right one shows by its public key alone.

    Raises:
        SharesError: There are too few, some twice, or they are of different sets.
    """
    needed = {share.needed for share in shares}
    if len(needed) != 1 or len({share.number for share in shares}) != len(shares):
        raise SharesError(
            mark("These shares are not all of one set, or one is there twice."), mark("Bring others.")
        )
    if len(shares) < (wanted := needed.pop()):
        raise SharesError(
            mark("{found} shares are here, and {wanted} are needed."),
            mark("Bring more of them together."),
            found=len(shares),
            wanted=wanted,
        )
    points = [(share.number, int.from_bytes(share.value, "big")) for share in shares]
    found = interpolate(points, FIELD)
    if found >> 8 * size or any(len(share.value) != SHARE_SIZE or not share.number for share in shares):
        raise SharesError(
            mark("One of these shares was changed, or is of another set."), mark("Bring others.")
        )
    return found.to_bytes(size, "big")


def interpolate(points: Sequence[tuple[int, int]], field: int) -> int:
    """Return where the line through all `points` stands at 0, in the field of the prime `field`."""
    found = 0
    for place, (x, y) in enumerate(points):
        above = below = 1
        for other, (z, _) in enumerate(points):
            if other != place:
                above, below = above * -z % field, below * (x - z) % field
        found += y * above * pow(below, -1, field)
    return found % field


def _at(line: Sequence[int], x: int) -> int:
    value = 0
    for coefficient in reversed(line):
        value = (value * x + coefficient) % FIELD
    return value
