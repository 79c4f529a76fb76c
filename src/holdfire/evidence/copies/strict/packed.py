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


def without_fill(sample: bytes) -> bytes:
    """Return a block of AAC with zeros where its first elements only fill room: encoders write their names there.

    ISO/IEC 14496-3, 4.4.2: an element of data (4) or filling (6) can be read without decoding sound as long as
    nothing else came before. Filling that widens the sound (spectral bands) is kept.
    """
    width = min(len(sample), 1024) * 8
    bits = int.from_bytes(sample[: width // 8], "big")
    at, cleared = 0, bits

    def field(start: int, count: int) -> int:
        return bits >> (width - start - count) & ((1 << count) - 1)

    while at + 24 < width and (kind := field(at, 3)) in {4, 6}:
        if kind == 6:
            count, start = field(at + 3, 4), at + 7
            if count == 15:
                count, start = 14 + field(start, 8), start + 8
            spares = count and field(start, 4) in {0, 1}
            first = start + 4
        else:
            count, start = field(at + 8, 8), at + 16
            if count == 255:
                count, start = 255 + field(start, 8), start + 8
            start = -(-start // 8) * 8 if field(at + 7, 1) else start
            spares, first = bool(count), start
        end = start + 8 * count
        if end > width:
            break
        if spares:
            cleared &= ~(((1 << (end - first)) - 1) << (width - end))
        at = end
    return cleared.to_bytes(width // 8, "big") + sample[width // 8 :]
