"""Boxes of ISO/IEC 14496-12, in which AVIF and MP4 keep everything."""

from __future__ import annotations

from collections.abc import Iterator

from holdfire.evidence.copies.strict.reading import Cursor


def boxes(cursor: Cursor) -> Iterator[tuple[bytes, Cursor]]:
    """Yield the name and the body of each box that the cursor holds, to its last byte.

    Sizes stand in four bytes or, after a 1, in eight; a box without a size ("to the end") is refused.
    """
    while not cursor.done:
        size, name = cursor.number(4), cursor.take(4)
        head = 8
        if size == 1:
            size, head = cursor.number(8), 16
        cursor.demand(size >= head, "a box without a size")
        yield name, cursor.part(size - head)


def version(body: Cursor, *allowed: int) -> tuple[int, int]:
    """Return version and flags of a full box; refuse other versions than these."""
    number, flags = body.number(1), body.number(3)
    body.demand(number in allowed, "a box of another version")
    return number, flags
