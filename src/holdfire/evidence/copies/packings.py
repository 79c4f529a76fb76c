"""How picture and sound are packed inside a film: which parts of a sample are shown or heard, and which are words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.evidence.copies.film_read import children
from holdfire.evidence.copies.refusals import CopyRefusedError, damaged
from holdfire.evidence.copies.sayings import KIND_OF_SOUND, PACKED_OTHERWISE
from holdfire.evidence.copies.strict.packed import (
    HEARD,
    SHOWN_H264,
    SHOWN_H265,
    box,
    full_box,
    nal_kind,
    without_fill,
)
from holdfire.evidence.copies.strict.reading import Cursor

_NCLX: Final = frozenset((b"nclx", b"nclc"))


@dataclass(frozen=True)
class Packing:
    """What describes the samples of one track, written anew, and how they are filtered.

    Attributes:
        entry: The box that describes them.
        prefix: Bytes of the length before each unit of a picture; 0 for sound, which is kept whole.
        h265: Which of the two kinds of units these are.
    """

    entry: bytes
    prefix: int = 0
    h265: bool = False

    def filtered(self, sample: bytes) -> bytes:
        """Return a sample without units that hold words: encoder's settings, times, captions, makers' data."""
        if not self.prefix:
            return without_fill(sample)
        shown = SHOWN_H265 if self.h265 else SHOWN_H264
        kept, at = [], 0
        while at < len(sample):
            end = at + self.prefix + int.from_bytes(sample[at : at + self.prefix], "big")
            if end > len(sample) or end == at + self.prefix:
                raise damaged()
            if nal_kind(sample[at + self.prefix], h265=self.h265) in shown:
                kept.append(sample[at:end])
            at = end
        return b"".join(kept)


def packing_of(kind: bytes, name: bytes, entry: bytes) -> Packing:
    """Return how the samples of a track are packed.

    Args:
        kind: `vide` or `soun`.
        name: The four letters of the packing.
        entry: What describes the samples, without its head.

    Raises:
        CopyRefusedError: The packing is not one of those whose words are known.
    """
    body = Cursor(entry, "MP4")
    if kind == b"vide" and name in {b"avc1", b"avc3", b"hvc1", b"hev1"}:
        return _picture(name, body)
    if kind == b"soun" and name == b"mp4a":
        return _sound(body)
    raise CopyRefusedError(
        PACKED_OTHERWISE,
        name="".join(chr(byte) if 32 < byte < 127 else "?" for byte in name),  # noqa: PLR2004 - what can be printed
    )


def _picture(name: bytes, body: Cursor) -> Packing:
    body.take(24)
    size = body.take(4)
    body.take(50)
    held = children(body)
    h265 = name in {b"hvc1", b"hev1"}
    config = held.get(b"hvcC" if h265 else b"avcC")
    if config is None:
        raise damaged()
    settings, prefix = h265_settings(config) if h265 else _h264(config)
    entry = (
        bytes(6)
        + b"\0\1"
        + bytes(16)
        + size
        + b"\0\x48\0\0" * 2
        + bytes(4)
        + b"\0\1"
        + bytes(32)
        + b"\0\x18\xff\xff"
    )
    parts = [box(b"hvcC" if h265 else b"avcC", settings)]
    if (colours := held.get(b"colr")) and colours.take(4) in _NCLX:
        parts.append(
            box(b"colr", b"nclx" + colours.take(6) + (colours.take(1) if not colours.done else b"\0"))
        )
    if shape := held.get(b"pasp"):
        parts.append(box(b"pasp", shape.take(8)))
    return Packing(box(name, entry + b"".join(parts)), prefix, h265)


def _h264(config: Cursor) -> tuple[bytes, int]:
    """Return an `avcC` with its parameter sets alone (ISO/IEC 14496-15, 5.3.3.1), and the width of lengths."""
    head = config.take(5)
    count = config.number(1)
    sets = _sets(config, count & 0x1F, 7)
    pictures = config.number(1)
    more = _sets(config, pictures, 8)
    # What may follow for high profiles repeats what the sets say; players read it there.
    made = head + bytes((count,)) + sets + bytes((pictures,)) + more
    return made, (head[4] & 3) + 1


def _sets(config: Cursor, count: int, kind: int) -> bytes:
    made = b""
    for _ in range(count):
        unit = config.take(config.number(2))
        if not unit or nal_kind(unit[0], h265=False) != kind:
            raise damaged()
        made += len(unit).to_bytes(2, "big") + unit
    return made


def h265_settings(config: Cursor) -> tuple[bytes, int]:
    """Return an `hvcC` with its parameter sets alone (ISO/IEC 14496-15, 8.3.3.1), and the width of lengths."""
    head = config.take(22)
    arrays = []
    for _ in range(config.number(1)):
        kind = config.number(1)
        units = [config.take(config.number(2)) for _ in range(config.number(2))]
        if kind & 0x3F in {32, 33, 34}:
            if any(not unit or nal_kind(unit[0], h265=True) != kind & 0x3F for unit in units):
                raise damaged()
            packed = b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)
            arrays.append(bytes((kind,)) + len(units).to_bytes(2, "big") + packed)
    return head + bytes((len(arrays),)) + b"".join(arrays), (head[21] & 3) + 1


def _sound(body: Cursor) -> Packing:
    """Return AAC as ISO describes it; QuickTime's two longer forms of the entry are read, and left."""
    body.take(8)
    version = body.number(2)
    body.take(6)
    channels = body.number(2)
    body.take(6)
    rate = body.take(4)
    body.take({0: 0, 1: 16, 2: 36}.get(version, 1 << 30))
    held = children(body)
    if b"esds" not in held and b"wave" in held:
        held = children(held[b"wave"])
    if b"esds" not in held or version == 2:  # noqa: PLR2004 - its rate stands elsewhere
        raise CopyRefusedError(KIND_OF_SOUND)
    settings = _settings(held[b"esds"])
    entry = bytes(6) + b"\0\1" + bytes(8) + channels.to_bytes(2, "big") + b"\0\x10" + bytes(4) + rate
    return Packing(box(b"mp4a", entry + full_box(b"esds", settings)))


def _settings(body: Cursor) -> bytes:
    """Return the descriptors of ISO/IEC 14496-1 that a decoder needs, without the rest."""
    body.take(4)
    stream = _descriptor(body, 3)
    stream.take(2)
    flags = stream.number(1)
    stream.take(2 if flags & 0x80 else 0)
    if flags & 0x60:
        raise damaged()
    decoder = _descriptor(stream, 4)
    kind = decoder.take(1)
    if kind not in HEARD:
        raise CopyRefusedError(KIND_OF_SOUND)
    rates = decoder.take(12)
    config = _descriptor(decoder, 5)
    special = config.take(config.end - config.at)
    inner = kind + b"\x15" + rates[1:4] + rates[4:] + b"\5" + bytes((len(special),)) + special
    outer = bytes(3) + b"\4" + bytes((len(inner),)) + inner + b"\6\1\2"
    if len(outer) > 127:  # noqa: PLR2004 - lengths of one byte
        raise damaged()
    return b"\3" + bytes((len(outer),)) + outer


def _descriptor(body: Cursor, tag: int) -> Cursor:
    if body.number(1) != tag:
        raise damaged()
    length = 0
    for _ in range(4):
        byte = body.number(1)
        length = length << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    return body.part(length)
