"""A desk's root as a file that k of n people bring back together (docs/protocols/conversation.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from holdfire.conversation.card import desk_of
from holdfire.conversation.faults import CrossDeskError
from holdfire.language import mark
from holdfire.sealing.double_signature import SEED_SIZE, DoubleKey
from holdfire.sealing.shares import MOST_SHARES, SHARE_SIZE, Share, SharesError, join, split
from holdfire.wire.encoding import Field, Octets, Shape, Whole
from holdfire.wire.names import HASH_SIZE

MOST_FILE: Final = 512
_SHAPE: Final = Shape(
    "share",
    (
        Field(1, "desk", Octets(HASH_SIZE)),
        Field(2, "number", Whole(MOST_SHARES, 1)),
        Field(3, "needed", Whole(MOST_SHARES, 2)),
        Field(4, "value", Octets(SHARE_SIZE)),
    ),
)


def write_shares(root: DoubleKey, needed: int, count: int) -> tuple[bytes, ...]:
    """Return `count` files, of which any `needed` bring the root back and fewer tell nothing but whose they are.

    Raises:
        ValueError: The numbers make no sense.
    """
    desk = desk_of(root.public)
    return tuple(
        _SHAPE.write({"desk": desk, "number": one.number, "needed": one.needed, "value": one.value})
        for one in split(root.seed, needed, count)
    )


def join_shares(untrusted: Sequence[bytes]) -> DoubleKey:
    """Return the root that the files bring back.

    Raises:
        FormatError: One is no share.
        CrossDeskError: They are of different desks.
        SharesError: There are too few, one was changed, or they are of different sets.
    """
    found = [_SHAPE.read(one, MOST_FILE) for one in untrusted]
    desks = {one["desk"] for one in found}
    if len(desks) > 1:
        raise CrossDeskError
    shares = [Share(one["number"], one["needed"], one["value"]) for one in found]
    root = DoubleKey(join(shares, SEED_SIZE))
    if {desk_of(root.public)} != desks:
        raise SharesError(
            mark("One of these shares was changed, or is of another set."), mark("Bring others.")
        )
    return root
