"""A new MP4 (ISO/IEC 14496-12): head first, neutral in every field that is not needed to play."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.evidence.copies.film_read import Track
from holdfire.evidence.copies.strict.packed import box, full_box

_TYPE: Final = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
_UPRIGHT: Final = bytes.fromhex("000100000000000000000000000000000001000000000000000000000000000040000000")
_NO_LANGUAGE: Final = b"\x55\xc4\0\0"  # "und": a language tells where somebody comes from
_HERE: Final = box(b"dinf", full_box(b"dref", b"\0\0\0\1" + full_box(b"url ", b"", flags=1)))
_WIDE: Final = 1 << 32


@dataclass(frozen=True)
class NewTrack:
    """A track to write.

    Attributes:
        old: Where its times come from.
        entry: What describes its samples, written anew.
        chunks: For each chunk its place from the first sample on, and the sizes of its samples.
    """

    old: Track
    entry: bytes
    chunks: tuple[tuple[int, tuple[int, ...]], ...]


def write_film(unit: int, duration: int, tracks: Sequence[NewTrack], samples: bytearray) -> bytes:
    """Return the file: type, head, samples."""
    first = len(_TYPE) + len(_head(unit, duration, tracks, 0)) + 8
    # Joined at once: each `+` would hold the whole film in memory once more.
    return b"".join(
        (_TYPE, _head(unit, duration, tracks, first), _number(8 + len(samples)), b"mdat", samples)
    )


def _head(unit: int, duration: int, tracks: Sequence[NewTrack], first: int) -> bytes:
    times = bytes(8) + _number(unit) + _number(min(duration, _WIDE - 2))
    head = times + b"\0\1\0\0\1\0" + bytes(10) + _UPRIGHT + bytes(24) + _number(len(tracks) + 1)
    return box(
        b"moov",
        full_box(b"mvhd", head)
        + b"".join(_track(track, number, first) for number, track in enumerate(tracks, 1)),
    )


def _track(new: NewTrack, number: int, first: int) -> bytes:
    old = new.old
    sound = old.kind == b"soun"
    shown = bytes(8) + _number(number) + bytes(4) + _number(min(old.duration, _WIDE - 2)) + bytes(12)
    shown += (b"\1\0" if sound else bytes(2)) + bytes(2) + old.matrix + old.size
    media = bytes(8) + _number(old.unit) + _number(min(old.length, _WIDE - 2)) + _NO_LANGUAGE
    handler = bytes(4) + old.kind + bytes(12) + b"\0"
    about = full_box(b"smhd", bytes(4)) if sound else full_box(b"vmhd", bytes(8), flags=1)
    return box(
        b"trak",
        full_box(b"tkhd", shown, flags=3 if old.enabled else 2)
        + _edits(old)
        + box(
            b"mdia",
            full_box(b"mdhd", media)
            + full_box(b"hdlr", handler)
            + box(b"minf", about + _HERE + box(b"stbl", _tables(new, first))),
        ),
    )


def _edits(old: Track) -> bytes:
    if not old.edits:
        return b""
    lines = b"".join(
        min(length, _WIDE - 1).to_bytes(8, "big") + start.to_bytes(8, "big", signed=True) + _number(rate)
        for length, start, rate in old.edits
    )
    return box(b"edts", full_box(b"elst", _number(len(old.edits)) + lines, version=1))


def _tables(new: NewTrack, first: int) -> bytes:
    old = new.old
    sizes = [size for _, chunk in new.chunks for size in chunk]
    made = full_box(b"stsd", _number(1) + new.entry) + full_box(b"stts", _pairs(old.times))
    if old.shifts:
        signed = int(any(shift >= _WIDE // 2 for _, shift in old.shifts))
        made += full_box(b"ctts", _pairs(old.shifts), version=signed)
    if old.keys is not None:
        made += full_box(b"stss", _numbers(old.keys))
    runs, number = [], 1
    for count, group in itertools.groupby(len(chunk) for _, chunk in new.chunks):
        runs.append(_number(number) + _number(count) + _number(1))
        number += len(list(group))
    made += full_box(b"stsc", _number(len(runs)) + b"".join(runs))
    made += full_box(b"stsz", bytes(4) + _numbers(sizes))
    return made + full_box(b"stco", _numbers([first + place for place, _ in new.chunks]))


def _pairs(pairs: Sequence[tuple[int, int]]) -> bytes:
    return _number(len(pairs)) + b"".join(_number(one) + _number(other) for one, other in pairs)


def _numbers(numbers: Sequence[int]) -> bytes:
    return _number(len(numbers)) + b"".join(map(_number, numbers))


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")
