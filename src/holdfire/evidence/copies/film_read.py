"""MP4 and QuickTime files as they come: their tracks of picture and sound, and where each sample lies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from holdfire.evidence.copies.refusals import CopyRefusedError, UncleanError, damaged, too_large
from holdfire.evidence.copies.sayings import CHANGES_PACKING, ELSEWHERE, IN_PIECES, SIZES_PACKED
from holdfire.evidence.copies.strict.boxes import boxes
from holdfire.evidence.copies.strict.reading import Cursor

SAMPLES: Final = 2_000_000  # of one track; eighteen hours of thirty a second
_TRACKS: Final = 64
_END_OF_LIST: Final = bytes(4)
_UNSHOWN: Final = frozenset(
    (b"meta", b"tmcd", b"text", b"sbtl", b"subt", b"hint", b"clcp", b"auxv", b"pict", b"odsm", b"sdsm")
)


@dataclass(frozen=True)
class Track:
    """One track of picture or sound.

    Attributes:
        kind: `vide` or `soun`.
        enabled: Whether players show it.
        duration: In units of the film.
        matrix: How the picture is turned, 36 bytes.
        size: Width and height as shown, eight bytes; zero for sound.
        edits: Entries of the edit list: length in units of the film, start in units of the track, rate.
        unit: Units of the track a second.
        length: In units of the track.
        entry: The name of the sample's packing and what describes it.
        times: Runs of count and length; `shifts` runs of count and shift, in the order of packing.
        shifts: Empty where samples are shown in the order they are packed.
        keys: Numbers of the samples from which playing can begin, from 1; None when all can.
        chunks: For each chunk where it begins and the sizes of its samples.
    """

    kind: bytes
    enabled: bool
    duration: int
    matrix: bytes
    size: bytes
    edits: tuple[tuple[int, int, int], ...]
    unit: int
    length: int
    entry: tuple[bytes, bytes]
    times: tuple[tuple[int, int], ...]
    shifts: tuple[tuple[int, int], ...]
    keys: tuple[int, ...] | None
    chunks: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Film:
    """What a file holds.

    Attributes:
        unit: Units of the film a second.
        duration: In these units.
        dated: Whether the head of the film says when it was made.
        tracks: Picture and sound.
        others: The kinds of tracks that are left out.
    """

    unit: int
    duration: int
    dated: bool
    tracks: tuple[Track, ...]
    others: frozenset[bytes]


def read_film(data: bytes) -> Film:
    """Return what a file holds, judged: every sample lies inside the file.

    Raises:
        CopyRefusedError: It is damaged or cut short, recorded in pieces, or too large.
    """
    heads = [block for name, block in outermost(data) if name == b"moov"]
    if any(name == b"moof" for name, _ in outermost(data)):
        raise CopyRefusedError(IN_PIECES)
    if len(heads) != 1:
        raise damaged()
    head = dict[bytes, Cursor]()
    tracks, others = list[Track](), set[bytes]()
    for count, (name, body) in enumerate(boxes(heads[0])):
        if count > _TRACKS * 4:
            raise too_large("tracks", _TRACKS)
        if name == b"trak":
            track = _track(body, len(data))
            if isinstance(track, Track):
                tracks.append(track)
            else:
                others.add(track)
        else:
            head.setdefault(name, body)
    if b"mvex" in head:
        raise CopyRefusedError(IN_PIECES)
    if b"mvhd" not in head or not tracks or len(tracks) > _TRACKS:
        raise damaged()
    dated, unit, duration = _times(head[b"mvhd"])
    return Film(unit, duration, dated, tuple(tracks), frozenset(others))


def outermost(data: bytes) -> Iterator[tuple[bytes, Cursor]]:
    """Yield the outermost boxes; the last may reach "to the end", and rubbish after a whole film is passed over."""
    at = 0
    while at + 8 <= len(data):
        size, name, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            return
        yield name, Cursor(data, "MP4", at + head, at + size)
        at += size


def children(body: Cursor) -> dict[bytes, Cursor]:
    """Return the boxes inside by name, the first of each; QuickTime may end a list with four zeros."""
    if body.data[max(body.at, body.end - 4) : body.end] == _END_OF_LIST:
        try:
            list(boxes(Cursor(body.data, "MP4", body.at, body.end)))
        except UncleanError:
            body = Cursor(body.data, "MP4", body.at, body.end - 4)
    found = dict[bytes, Cursor]()
    for name, inner in boxes(body):
        found.setdefault(name, inner)
    return found


def _times(body: Cursor) -> tuple[bool, int, int]:
    """Return whether a head box is dated, its units a second and its duration."""
    wide = 8 if body.number(1) == 1 else 4
    body.take(3)
    dated = bool(body.number(wide) | body.number(wide))
    unit, duration = body.number(4), body.number(wide)
    if not unit or duration == (1 << 8 * wide) - 1:
        raise damaged()
    return dated, unit, duration


def _track(body: Cursor, length: int) -> Track | bytes:
    """Return a track of picture or sound, or the kind of one that is left out."""
    parts = children(body)
    if b"tkhd" not in parts or b"mdia" not in parts:
        raise damaged()
    media = children(parts[b"mdia"])
    if b"hdlr" not in media or b"mdhd" not in media or b"minf" not in media:
        raise damaged()
    kind = media[b"hdlr"].take(12)[8:]
    if kind not in {b"vide", b"soun"}:
        return kind if kind in _UNSHOWN else b"meta"
    info = children(media[b"minf"])
    if b"stbl" not in info:
        raise damaged()
    if b"dinf" in info:
        _here(info[b"dinf"])
    table = children(info[b"stbl"])
    if not {b"stsd", b"stts", b"stsc"} <= table.keys():
        raise damaged()
    enabled, duration, matrix, size = _shown(parts[b"tkhd"])
    _, unit, media_length = _times(media[b"mdhd"])
    return Track(
        kind,
        enabled,
        duration,
        matrix,
        size,
        _edits(parts.get(b"edts")),
        unit,
        media_length,
        _entry(table[b"stsd"]),
        _pairs(table[b"stts"]),
        _pairs(table[b"ctts"]) if b"ctts" in table else (),
        tuple(_list(table[b"stss"], 4)) if b"stss" in table else None,
        _chunks(table, length),
    )


def _shown(body: Cursor) -> tuple[bool, int, bytes, bytes]:
    wide = 8 if body.number(1) == 1 else 4
    flags = body.number(3)
    body.take(2 * wide + 8)
    duration = body.number(wide)
    body.take(16)
    return bool(flags & 1), duration, body.take(36), body.take(8)


def _here(body: Cursor) -> None:
    """Refuse a track whose samples lie in another file."""
    for entry in (inner for name, inner in boxes(body) if name == b"dref"):
        entry.take(8)
        for _, place in boxes(entry):
            if place.number(4) & 1 == 0:
                raise CopyRefusedError(ELSEWHERE)


def _edits(body: Cursor | None) -> tuple[tuple[int, int, int], ...]:
    found = children(body).get(b"elst") if body else None
    if found is None:
        return ()
    wide = 8 if found.number(1) == 1 else 4
    found.take(3)
    edits = []
    for _ in range(_count(found, 2 * wide + 4)):
        length, start, rate = found.number(wide), found.take(wide), found.number(4)
        edits.append((length, int.from_bytes(start, "big", signed=True), rate))
    return tuple(edits)


def _entry(body: Cursor) -> tuple[bytes, bytes]:
    body.take(4)
    if body.number(4) != 1:
        raise CopyRefusedError(CHANGES_PACKING)
    ((name, inner),) = boxes(body)
    return name, inner.take(inner.end - inner.at)


def _count(body: Cursor, width: int) -> int:
    """Return a count that the box has room for, so that no number of the file asks for more memory than the file."""
    count = body.number(4)
    if count > SAMPLES:
        raise too_large("samples", SAMPLES)
    if count * width > body.end - body.at:
        raise damaged()
    return count


def _list(body: Cursor, width: int) -> list[int]:
    body.take(4)
    count = _count(body, width)
    block = body.take(count * width)
    return [int.from_bytes(block[at : at + width], "big") for at in range(0, len(block), width)]


def _pairs(body: Cursor) -> tuple[tuple[int, int], ...]:
    numbers = _list(body, 8)
    return tuple((one >> 32, one & 0xFFFFFFFF) for one in numbers)


def _sizes(table: dict[bytes, Cursor]) -> list[int]:
    if b"stsz" not in table:
        raise CopyRefusedError(SIZES_PACKED)
    body = table[b"stsz"]
    body.take(4)
    each = body.number(4)
    if not each:
        body.at -= 4
        return _list(body, 4)
    count = body.number(4)
    if count > SAMPLES * 16:
        raise too_large("samples", SAMPLES)
    return [each] * count


def _chunks(table: dict[bytes, Cursor], length: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return each chunk's place and the sizes of its samples; every one of them lies inside the file."""
    if b"stco" not in table and b"co64" not in table:
        raise damaged()
    places = _list(table[b"stco"], 4) if b"stco" in table else _list(table[b"co64"], 8)
    runs = [(one >> 64, one >> 32 & 0xFFFFFFFF) for one in _list(table[b"stsc"], 12)]
    sizes = iter(_sizes(table))
    chunks, run = [], 0
    for number, place in enumerate(places, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        if not runs:
            raise damaged()
        held = tuple(itertools.islice(sizes, runs[run][1]))
        if not held or place + sum(held) > length:
            raise damaged()
        chunks.append((place, held))
    if next(sizes, None) is not None:
        raise damaged()
    return tuple(chunks)
