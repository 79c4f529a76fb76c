"""What a reader believes of a board: only what a signed head and its tree show, and never less than before (docs/protocols/conversation.md §9)."""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.conversation.faults import (
    AlteredError,
    EquivocationError,
    ReorderedError,
    ReplayedError,
    RollbackError,
    TruncatedError,
    WithheldError,
)
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.encoding import FormatError
from holdfire.wire.merkle import EMPTY, ProofError, leaf_hash, verify_consistency
from holdfire.wire.tiles import TiledTree


def advance(seen: Checkpoint | None, found: Checkpoint, tree: TiledTree) -> Checkpoint:
    """Return `found` if the tree is what it says and continues what was seen.

    Args:
        seen: The last head that was believed; None at first.
        found: A head whose signature was checked.
        tree: The tiles of `found.size` leaves.

    Raises:
        RollbackError: It is smaller than the one seen.
        EquivocationError: It does not continue the one seen.
        AlteredError: The tiles do not give its root.
    """
    if seen is not None and found.size < seen.size:
        raise RollbackError
    if seen is not None and found.size == seen.size and found.root != seen.root:
        raise EquivocationError
    if (tree.root() if found.size else EMPTY) != found.root:
        raise AlteredError
    if seen is not None and 0 < seen.size < found.size:
        if tree.root(seen.size) != seen.root:
            raise EquivocationError
        try:
            verify_consistency(seen.size, found.size, seen.root, found.root, tree.consistency(seen.size))
        except ProofError:
            raise EquivocationError from None
    return found


def check_entries(first: int, entries: Sequence[bytes], leaves: Sequence[bytes], wanted: int) -> None:
    """Return if entries are those of the tree.

    Args:
        first: The number of the first of them.
        entries: What the relay gave.
        leaves: The hashes of all leaves, from a tree that was checked.
        wanted: How many must be there.

    Raises:
        TruncatedError: The last ones are missing.
        WithheldError: One in between is missing.
        ReplayedError: One that stands elsewhere in the tree is given a second time.
        ReorderedError: They are the right ones in another order.
        AlteredError: One is not of this board.
        FormatError: There are more than asked for.
    """
    expected = list(leaves[first : first + wanted])
    found = [leaf_hash(entry) for entry in entries]
    if found == expected:
        return
    if len(found) > len(expected):
        raise FormatError("page", "more entries than asked for")
    if found == expected[: len(found)]:
        raise TruncatedError
    if sorted(found) == sorted(expected):
        raise ReorderedError
    if len(found) < len(expected) and set(found) <= set(expected):
        raise WithheldError
    if set(found) <= set(leaves):
        raise ReplayedError
    raise AlteredError
