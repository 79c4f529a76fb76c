"""GIF (version 89a) as our writer leaves it: frames, their times, a loop, and neither comment nor other extension."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.strict.reading import Cursor

_LOOP: Final = b"\x0bNETSCAPE2.0\x03\x01"
_TABLE: Final = 0x80


def check_gif(data: bytes) -> None:
    """Raise `UncleanError` unless the file holds pictures, their times and at most one loop."""
    cursor = Cursor(data, "GIF")
    cursor.demand(cursor.take(6) in {b"GIF87a", b"GIF89a"}, "no start")
    cursor.take(4)
    flags = cursor.number(1)
    cursor.take(2)
    _colours(cursor, flags)
    pictures = loops = 0
    while (kind := cursor.number(1)) != 0x3B:
        if kind == 0x2C:
            _picture(cursor)
            pictures += 1
            continue
        cursor.demand(kind == 0x21, "a block that is none of ours")
        label = cursor.number(1)
        if label == 0xF9:
            cursor.exactly(b"\x04", "a control of another length")
            cursor.demand(cursor.number(1) & 0xE0 == 0, "reserved bits in use")
            cursor.take(3)
        else:
            cursor.demand(label == 0xFF and not loops and not pictures, "an extension that is none of ours")
            cursor.exactly(_LOOP, "an extension that is none of ours")
            cursor.take(2)
            loops += 1
        cursor.exactly(b"\x00", "a block that does not end")
    cursor.demand(pictures, "no picture")
    cursor.finish()


def _colours(cursor: Cursor, flags: int) -> None:
    if flags & _TABLE:
        cursor.take(3 << ((flags & 7) + 1))


def _picture(cursor: Cursor) -> None:
    cursor.take(8)
    _colours(cursor, cursor.number(1))
    cursor.demand(2 <= cursor.number(1) <= 8, "pixels of an unknown width")
    while length := cursor.number(1):
        cursor.take(length)
