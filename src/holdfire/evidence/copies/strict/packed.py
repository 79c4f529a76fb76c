"""Which units of H.264, H.265 and AAC are shown or heard, and how boxes are put together; shared by writer and reader."""

from __future__ import annotations

from typing import Final

#: Slices, parameter sets, and marks between pictures (ITU-T H.264, table 7-1). Not: 6, words beside the picture;
#: 12, filling; 13 to 23, other views and layers; 24 on, whatever a maker likes.
SHOWN_H264: Final = frozenset((1, 2, 3, 4, 5, 7, 8, 9, 10, 11))
#: The same of ITU-T H.265, table 7-1. Not: 38, filling; 39 and 40, words beside the picture; 41 on, reserved or free.
SHOWN_H265: Final = frozenset((*range(10), *range(16, 22), *range(32, 38)))
#: Kinds of sound in ISO/IEC 14496-1, table 5: AAC of MPEG-4 and the three of MPEG-2.
HEARD: Final = frozenset((b"\x40", b"\x66", b"\x67", b"\x68"))


def nal_kind(first: int, *, h265: bool) -> int:
    """Return the kind of a unit from its first byte."""
    return first >> 1 & 0x3F if h265 else first & 0x1F


def box(name: bytes, body: bytes) -> bytes:
    """Return a box of ISO/IEC 14496-12."""
    return (8 + len(body)).to_bytes(4, "big") + name + body


def full_box(name: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box with version and flags."""
    return box(name, bytes((version,)) + flags.to_bytes(3, "big") + body)
