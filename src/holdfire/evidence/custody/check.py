"""Whether a custody log is what it was (docs/formats/custody.md §4, whose numbers stand beside each check).

Everything raises; nothing returns whether.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from holdfire.evidence.custody import event
from holdfire.evidence.custody.head import Head, SignedHead
from holdfire.evidence.custody.log import Entry, Log
from holdfire.evidence.custody.refusals import (
    EditedError,
    ForgedHeadError,
    OtherLogError,
    ReorderedError,
    RewrittenError,
    RolledBackError,
    TruncatedError,
    UnsignedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from holdfire.evidence.custody.refusals import CustodyError
    from holdfire.sealing.signature import SigningKey
    from holdfire.wire.merkle import Tree


def open_log(key: SigningKey, untrusted_entries: Sequence[Entry], untrusted_head: SignedHead) -> Log:
    """Return the log, if its events are those that its last head was signed over (checks 1 to 3).

    Raises:
        CustodyError: Of the kind that says what was done to it.
    """
    if untrusted_head.head.key != key.public:
        raise ForgedHeadError
    untrusted_head.check()  # 1
    head = untrusted_head.head
    log = Log(key, untrusted_entries)
    if log.tree.size == head.size and log.tree.root() == head.root:
        return log
    raise _explain(log, head)


def check(log: Log, earlier: Iterable[SignedHead] = ()) -> None:
    """Return if every event and every opening is well formed, and `log` goes on from each earlier head (checks 4 to 8).

    Raises:
        CustodyError: Of the kind that says what was done to it.
    """
    for place, entry in enumerate(log.entries):
        found = event.read(entry.event, place)  # 4
        if found.number != place:
            raise ReorderedError(place)
        values = event.opened(found, place, list(entry.openings.values()))  # 5
        for field in event.FIELDS:
            if field not in values:
                raise EditedError(place, field)
    for one in earlier:
        check_earlier(log, one)


def check_earlier(log: Log, untrusted_earlier: SignedHead) -> None:
    """Return if `log` goes on from a head that was exported earlier (checks 6 to 8).

    Raises:
        CustodyError: Of the kind that says what was done to it.
    """
    earlier = untrusted_earlier.head
    if earlier.key != log.key.public:  # 6
        raise OtherLogError
    untrusted_earlier.check()
    if earlier.size > log.tree.size:  # 7
        raise RolledBackError(log.tree.size, earlier.size)
    if log.tree.root(earlier.size) != earlier.root:  # 8
        raise RewrittenError(earlier.size)


def _explain(log: Log, head: Head) -> CustodyError:
    """Return what was done to events that do not match a head with a right signature (checks 2 and 3).

    The first event that is not as it was is the first after which the kept signature is wrong: from there on every root differs.
    """
    size = log.tree.size
    first = bisect_left(
        range(size), 1, key=lambda place: not _signed(log.tree, place, log.entries[place], head.key)
    )
    numbers = [_number(entry, place) for place, entry in enumerate(log.entries)]
    if first == size == head.size:
        return RewrittenError(size)  # all was signed, and so was another log of the same length
    if size > head.size and first >= head.size:
        return UnsignedError(head.size)
    if first == size:
        return TruncatedError(size, head.size - size)
    if size == head.size and sorted(numbers) == list(range(size)) and numbers != sorted(numbers):
        return ReorderedError(first)
    missing = set(range(head.size)) - set(numbers)
    if size < head.size and len(missing) == head.size - size:
        return TruncatedError(min(missing), len(missing))
    return EditedError(first)


def _signed(tree: Tree, place: int, entry: Entry, key: bytes) -> bool:
    """Return whether the head after `place` is the one that was signed then."""
    try:
        SignedHead(Head(key, place + 1, tree.root(place + 1)), entry.signature).check()
    except ForgedHeadError:
        return False
    return True


def _number(entry: Entry, place: int) -> int:
    try:
        return event.read(entry.event, place).number
    except EditedError:
        return -1
