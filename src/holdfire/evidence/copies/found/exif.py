"""Exif (CIPA DC-008) inside any container: which way up the picture is, and what the tags tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from holdfire.evidence.copies.found.words import traces_in_iptc, traces_in_words
from holdfire.evidence.copies.working_copy import Trace

_ORIENTATION, _PREVIEW, _XMP, _IPTC, _PHOTOSHOP = 0x0112, 0x0201, 0x02BC, 0x83BB, 0x8649
_EXIF, _GPS, _INTEROP = 0x8769, 0x8825, 0xA005
_MEANING: Final = {
    **dict.fromkeys(
        (0x010F, 0x0110, 0x013C, 0x927C, 0xA431, 0xA433, 0xA434, 0xA435, 0xC614, 0xC62F), Trace.DEVICE
    ),
    **dict.fromkeys((0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292), Trace.TIME),
    **dict.fromkeys((0x013B, 0x8298, 0x9C9D, 0xA430, 0xC7A1), Trace.NAME),
    **dict.fromkeys((0x000B, 0x0131), Trace.PROGRAM),
    **dict.fromkeys((0x010D, 0x010E, 0x011D, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F), Trace.WORDS),
    **dict.fromkeys((0xA420, 0xC65D), Trace.HISTORY),
    _PREVIEW: Trace.PREVIEW,
}
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ENTRIES, _DIRECTORIES = 4_000, 64  # more than any camera writes; the rest of a hostile file is left unread
_UPRIGHT: Final = 1


@dataclass(frozen=True)
class Exif:
    """What a block of Exif says.

    Attributes:
        orientation: 1 to 8, as in Exif; 1 is upright.
        traces: What its tags tell.
        found: Whether a directory could be read at all.
    """

    orientation: int = _UPRIGHT
    traces: frozenset[Trace] = frozenset()
    found: bool = False


def read_exif(block: bytes) -> Exif:
    """Return what a TIFF structure says, with or without the word Exif before it; never raises."""
    untrusted = block.removeprefix(b"Exif\0\0")
    order: Literal["little", "big"] = "little" if untrusted[:2] == b"II" else "big"
    orientation, traces, seen = _UPRIGHT, set[Trace](), False
    for tag, value, first in _entries(untrusted, order):
        seen = True
        number = int.from_bytes(value[:2], order)
        if tag == _ORIENTATION and first and 1 <= number <= 8:
            orientation = number
        if tag == _GPS:
            traces.add(Trace.PLACE)
        elif tag == _XMP:
            traces |= traces_in_words(value)
        elif tag in {_IPTC, _PHOTOSHOP}:
            traces |= traces_in_iptc(value)
        elif tag in _MEANING:
            traces.add(_MEANING[tag])
    return Exif(orientation, frozenset(traces), seen)


def _entries(block: bytes, order: Literal["little", "big"]) -> Iterator[tuple[int, bytes, bool]]:
    """Yield tag, value, and whether it stands in the first directory, of every entry that can be reached."""

    def number(at: int, width: int) -> int:
        return int.from_bytes(block[at : at + width], order)

    first, count = number(4, 4), 0
    waiting, been = [first], set[int]()
    while waiting and len(been) < _DIRECTORIES:
        place = waiting.pop()
        if place in been or not 8 <= place < len(block) - 2:
            continue
        been.add(place)
        length = number(place, 2)
        for at in range(place + 2, min(place + 2 + 12 * length, len(block) - 11), 12):
            count += 1
            if count > _ENTRIES:
                return
            tag, size = number(at, 2), _SIZES.get(number(at + 2, 2), 0) * number(at + 4, 4)
            value = block[at + 8 : at + 8 + size] if size <= 4 else block[number(at + 8, 4) :][:size]
            yield tag, value, place == first
            if tag in {_EXIF, _GPS, _INTEROP}:
                waiting.append(number(at + 8, 4))
        if place + 2 + 12 * length + 4 <= len(block):
            waiting.append(number(place + 2 + 12 * length, 4))
