"""MP3 (ISO/IEC 11172-3 and 13818-3, layer III) as our writer leaves it: frames from the first byte to the last.

No tag, no frame of an encoder's own, no private or copyright bits, and zeros wherever no sound is packed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.evidence.copies.refusals import UncleanError

_RATES_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FIRST: Final = 3  # MPEG-1, in the two bits of the version
_MONO: Final = 3
#: Names that encoders and players write into a frame without sound: how it was made, and by what.
_OF_AN_ENCODER: Final = (b"Xing", b"Info", b"VBRI", b"LAME", b"Lavc", b"Lavf")


@dataclass(frozen=True)
class Frame:
    """One frame of layer III, where it lies and how it is laid out.

    Attributes:
        at: Its first byte.
        size: Its length.
        version: 3 for MPEG-1, 2 for MPEG-2, 0 for MPEG-2.5.
        hertz: Samples a second.
        mono: Whether there is one channel.
        guarded: Whether a checksum follows the header.
    """

    at: int
    size: int
    version: int
    hertz: int
    mono: bool
    guarded: bool

    @property
    def side(self) -> int:
        """Where the side information begins."""
        return self.at + (6 if self.guarded else 4)

    @property
    def main(self) -> int:
        """Where the packed sound begins."""
        first = self.version == _FIRST
        return self.side + ((17 if first else 9) if self.mono else (32 if first else 17))

    @property
    def samples(self) -> int:
        """How many samples of each channel it holds."""
        return 1152 if self.version == _FIRST else 576


def frame_at(data: bytes, at: int) -> Frame | None:
    """Return the frame whose header stands there, or None; a rate that is "free" is not understood."""
    head = int.from_bytes(data[at : at + 4], "big")
    version, layer, rate, hertz = head >> 19 & 3, head >> 17 & 3, head >> 12 & 15, head >> 10 & 3
    if (
        at + 4 > len(data)
        or head >> 21 != 0x7FF
        or layer != 1
        or version == 1
        or rate in {0, 15}
        or hertz == 3
    ):
        return None
    kilobits = (_RATES_1 if version == _FIRST else _RATES_2)[rate]
    speed = _HERTZ[version][hertz]
    size = (144 if version == _FIRST else 72) * kilobits * 1000 // speed + (head >> 9 & 1)
    found = Frame(at, size, version, speed, (head >> 6 & 3) == _MONO, not head >> 16 & 1)
    return found if found.main <= at + size <= len(data) else None


def of_an_encoder(data: bytes, frame: Frame) -> bool:
    """Return whether the frame holds an encoder's own words instead of sound."""
    block = data[frame.side : frame.at + frame.size]
    return any(name in block[:64] for name in _OF_AN_ENCODER) and not any(block[:4])


@dataclass(frozen=True)
class Packed:
    """Where a frame's sound lies among the packed sound of all frames, in bytes and bits.

    Attributes:
        start: The first byte; negative where it was lost with what came before.
        bits: How many bits there are.
        private: Which bits of the side information are private, as a mask over its first two bytes.
    """

    start: int
    bits: int
    private: int


def packed_in(data: bytes, frame: Frame, before: int) -> Packed:
    """Return where the sound of a frame lies; `before` is how many packed bytes the frames before it hold."""
    side = int.from_bytes(data[frame.side : frame.main], "big")
    width = 8 * (frame.main - frame.side)

    def field(at: int, bits: int) -> int:
        return side >> (width - at - bits) & ((1 << bits) - 1)

    channels = 1 if frame.mono else 2
    if frame.version == _FIRST:
        back, private, at, step, parts = 9, 5 if frame.mono else 3, 18 if frame.mono else 20, 59, 2 * channels
    else:
        back, private, at, step, parts = 8, 1 if frame.mono else 2, 9 if frame.mono else 10, 63, channels
    bits = sum(field(at + step * part, 12) for part in range(parts))
    mask = ((1 << private) - 1) << (16 - back - private)
    return Packed(before - field(0, back), bits, mask)


def checksum(data: bytes, frame: Frame) -> int:
    """Return the CRC-16 over the second half of the header and the side information (ISO/IEC 11172-3, 2.4.3.1)."""
    value = 0xFFFF
    for byte in data[frame.at + 2 : frame.at + 4] + data[frame.side : frame.main]:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (0x8005 if value & 0x8000 else 0)) & 0xFFFF
    return value


def bits_of_sound(packed: Sequence[Packed], length: int) -> Iterator[tuple[int, int]]:
    """Yield start and end, in bits, of every stretch in which sound is packed."""
    for one in packed:
        if one.start >= 0 and one.bits:
            yield 8 * one.start, min(8 * one.start + one.bits, 8 * length)


def check_mp3(data: bytes) -> None:
    """Raise `UncleanError` unless there is nothing but frames of sound, with zeros between what is packed."""
    at, main, packed, first = 0, bytearray(), list[Packed](), None
    while at < len(data):
        frame = frame_at(data, at)
        _demand(frame is not None, "bytes that are no frame")
        assert frame is not None  # noqa: S101 - demanded in the line before; for the type checker
        first = first or frame
        _demand((frame.version, frame.hertz) == (first.version, first.hertz), "frames of different kinds")
        _demand(not of_an_encoder(data, frame), "a frame of an encoder's own")
        _demand(data[at + 2] & 1 == 0 and data[at + 3] & 0x0C == 0, "private bits in use")
        if frame.guarded:
            _demand(int.from_bytes(data[at + 4 : at + 6], "big") == checksum(data, frame), "a wrong checksum")
        found = packed_in(data, frame, len(main))
        _demand(
            int.from_bytes(data[frame.side : frame.side + 2], "big") & found.private == 0,
            "private bits in use",
        )
        packed.append(found)
        main += data[frame.main : at + frame.size]
        at += frame.size
    _demand(packed, "no sound")
    reached = 0
    for start, end in sorted(bits_of_sound(packed, len(main))):
        if start > reached:
            _demand(_zeros(main, reached, start), "words between the sound")
        reached = max(reached, end)
    _demand(_zeros(main, reached, 8 * len(main)), "words after the sound")


def _zeros(main: bytearray, first: int, last: int) -> bool:
    block = int.from_bytes(main[first // 8 : -(-last // 8)], "big") >> (-last % 8)
    return block & ((1 << (last - first)) - 1) == 0


def _demand(kept: object, fault: str) -> None:
    if not kept:
        raise UncleanError("MP3", fault)
