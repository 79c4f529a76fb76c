"""The size a picture announces, read before a decoder gets to see it: a bomb is refused while it is still small."""

from __future__ import annotations

from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import damaged


def announced_size(data: bytes, form: Form) -> tuple[int, int]:
    """Return width and height as the header says; 0, 0 where the decoder itself reads the size first and safely.

    Raises:
        CopyRefusedError: The header is not one.
    """
    if form is Form.WEBP:
        return _webp(data)
    if form is Form.JXL:
        return _jxl(data)
    return 0, 0


def _webp(data: bytes) -> tuple[int, int]:
    name = data[12:16]
    if name == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if name == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise damaged()


class _Bits:
    """Bits of a JPEG XL codestream, the lowest of each byte first (ISO/IEC 18181-1, B.2)."""

    def __init__(self, data: bytes) -> None:
        self.left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self.left & ((1 << count) - 1)
        self.left >>= count
        return value

    def length(self) -> int:
        return self.take((9, 13, 18, 30)[self.take(2)]) + 1


#: Width : height, for the seven shapes of a JPEG XL size header (ISO/IEC 18181-1, D.2).
_SHAPES = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def _jxl(data: bytes) -> tuple[int, int]:
    start = 0 if data[:2] == b"\xff\x0a" else _codestream(data)
    bits = _Bits(data[start + 2 : start + 18])
    small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if small else bits.length()
    shape = bits.take(3)
    if shape:
        wide, tall = _SHAPES[shape - 1]
        return height * wide // tall, height
    return (bits.take(5) + 1) * 8 if small else bits.length(), height


def _codestream(data: bytes) -> int:
    """Return where the codestream begins in a JPEG XL container, or its first part."""
    at = 12
    while at + 16 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"jxlc":
            return at + (16 if size == 1 else 8)
        if name == b"jxlp":
            return at + (20 if size == 1 else 12)
        step = int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size
        if step < 8:
            break
        at += step
    raise damaged()
