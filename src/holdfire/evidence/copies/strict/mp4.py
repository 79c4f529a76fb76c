"""MP4 as our writer leaves it: type, head, samples; neutral dates, names and languages; every sample's units known."""

from __future__ import annotations

import itertools
from typing import Final

from holdfire.evidence.copies.strict.boxes import boxes, version
from holdfire.evidence.copies.strict.packed import HEARD, SHOWN_H264, SHOWN_H265, nal_kind, without_fill
from holdfire.evidence.copies.strict.reading import Cursor

_TYPE: Final = b"isom\0\0\2\0isomiso2mp41"
_TRACK: Final = ([b"tkhd", b"mdia"], [b"tkhd", b"edts", b"mdia"])
_HERE: Final = bytes.fromhex("0000001c6472656600000000000000010000000c75726c2000000001")
_TABLES: Final = (b"stsd", b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stco")
_NEEDED: Final = frozenset((b"stsd", b"stts", b"stsc", b"stsz", b"stco"))


def check_mp4(data: bytes) -> None:
    """Raise `UncleanError` unless every box is known, every field that could tell something is neutral, and all bytes are samples."""
    cursor = Cursor(data, "MP4")
    (_, kind), (_, head), (_, body) = _named(cursor, [b"ftyp", b"moov", b"mdat"])
    kind.exactly(_TYPE, "another type")
    kind.finish()
    samples: list[tuple[int, int]] = []
    parts = list(boxes(head))
    head.demand(len(parts) > 1 and parts[0][0] == b"mvhd", "a head without its start")
    head.demand(all(name == b"trak" for name, _ in parts[1:]), "a box that is none of ours")
    _film(parts[0][1], len(parts))
    for number, (_, track) in enumerate(parts[1:], 1):
        samples += _track(track, number)
    reached = body.at
    for start, end in sorted(samples):
        body.demand(start == reached, "bytes that belong to no sample")
        reached = end
    body.demand(reached == body.end, "bytes that belong to no sample")


def _named(cursor: Cursor, names: list[bytes]) -> list[tuple[bytes, Cursor]]:
    found = list(boxes(cursor))
    cursor.demand([name for name, _ in found] == names, "a box that is none of ours")
    return found


def _film(body: Cursor, following: int) -> None:
    version(body, 0)
    body.exactly(bytes(8), "a date")
    body.take(8)
    body.exactly(b"\0\1\0\0\1\0" + bytes(10), "a field in use")
    body.take(36)
    body.exactly(bytes(24), "a field in use")
    body.demand(body.number(4) == following, "another number of tracks")
    body.finish()


def _track(track: Cursor, number: int) -> list[tuple[int, int]]:
    parts = list(boxes(track))
    track.demand([name for name, _ in parts] in _TRACK, "a box that is none of ours")
    shown, media = parts[0][1], parts[-1][1]
    _, flags = version(shown, 0)
    shown.demand(flags in {2, 3}, "another flag")
    shown.exactly(bytes(8), "a date")
    shown.demand(shown.number(4) == number, "another number")
    shown.exactly(bytes(4), "a field in use")
    shown.take(4)
    shown.exactly(bytes(12), "a field in use")
    shown.demand(shown.take(2) in {b"\1\0", b"\0\0"}, "a field in use")
    shown.exactly(bytes(2), "a field in use")
    shown.take(44)
    shown.finish()
    if len(parts) == 3:
        ((_, edits),) = _named(parts[1][1], [b"elst"])
        version(edits, 1)
        edits.take(20 * edits.number(4))
        edits.finish()
    (_, times), (_, handler), (_, info) = _named(media, [b"mdhd", b"hdlr", b"minf"])
    version(times, 0)
    times.exactly(bytes(8), "a date")
    times.take(8)
    times.exactly(b"\x55\xc4\0\0", "a language")
    times.finish()
    version(handler, 0)
    handler.exactly(bytes(4), "a field in use")
    kind = handler.take(4)
    handler.demand(kind in {b"vide", b"soun"}, "a track of something else")
    handler.exactly(bytes(13), "a handler with a name")
    handler.finish()
    about = b"vmhd" if kind == b"vide" else b"smhd"
    (_, neutral), (_, here), (_, tables) = _named(info, [about, b"dinf", b"stbl"])
    neutral.exactly(b"\0\0\0\1" + bytes(8) if kind == b"vide" else bytes(8), "a field in use")
    neutral.finish()
    here.exactly(_HERE, "another place")
    here.finish()
    return _samples(tables, kind)


def _samples(tables: Cursor, kind: bytes) -> list[tuple[int, int]]:
    """Return where each sample lies, after a look at the units in it."""
    held = list(boxes(tables))
    names = [name for name, _ in held]
    tables.demand(
        names == [name for name in _TABLES if name in names] and set(names) >= _NEEDED,
        "a table that is none of ours",
    )
    table = dict(held)
    for body in table.values():
        version(body, 0, 1)
    table[b"stsd"].exactly(b"\0\0\0\1", "more than one packing")
    prefix, h265 = _entry(table[b"stsd"], kind)
    for name, width in ((b"stts", 8), (b"ctts", 8), (b"stss", 4)):
        if name in table:
            table[name].take(width * table[name].number(4))
            table[name].finish()
    table[b"stsz"].exactly(bytes(4), "sizes of another kind")
    sizes, places = _numbers(table[b"stsz"]), _numbers(table[b"stco"])
    runs = [
        (table[b"stsc"].number(4), table[b"stsc"].number(8) >> 32) for _ in range(table[b"stsc"].number(4))
    ]
    table[b"stsc"].finish()
    counts: list[int] = []
    for (first, count), (following, _) in itertools.pairwise([*runs, (len(places) + 1, 0)]):
        tables.demand(first == len(counts) + 1 and following > first and count, "chunks out of order")
        counts += [count] * min(following - first, len(places) + 1)
    tables.demand(len(counts) == len(places) and sum(counts) == len(sizes), "samples that do not fit")
    found, rest = [], iter(sizes)
    for place, count in zip(places, counts, strict=True):
        at = place
        for size in itertools.islice(rest, count):
            found.append((at, at + size))
            if not prefix:
                sample = tables.data[at : at + size]
                tables.demand(without_fill(sample) == sample, "words that fill room")
            else:
                _units(Cursor(tables.data, "MP4", at, at + size), prefix, h265=h265)
            at += size
    return found


def _numbers(body: Cursor) -> list[int]:
    count = body.number(4)
    block = body.take(4 * count)
    body.finish()
    return [int.from_bytes(block[at : at + 4], "big") for at in range(0, len(block), 4)]


def _units(sample: Cursor, prefix: int, *, h265: bool) -> None:
    shown = SHOWN_H265 if h265 else SHOWN_H264
    while not sample.done:
        unit = sample.part(sample.number(prefix))
        sample.demand(nal_kind(unit.number(1), h265=h265) in shown, "words beside the picture")


def _entry(body: Cursor, kind: bytes) -> tuple[int, bool]:
    """Return the width of lengths before units (0 for sound), and whether they are of H.265."""
    ((name, entry),) = boxes(body)
    entry.exactly(bytes(6) + b"\0\1", "a field in use")
    if kind == b"soun":
        entry.demand(name == b"mp4a", "an unknown packing")
        entry.exactly(bytes(8), "a field in use")
        entry.take(2)
        entry.exactly(b"\0\x10" + bytes(4), "a field in use")
        entry.take(4)
        ((_, settings),) = _named(entry, [b"esds"])
        version(settings, 0)
        _sound(settings)
        return 0, False
    entry.demand(name in {b"avc1", b"avc3", b"hvc1", b"hev1"}, "an unknown packing")
    entry.exactly(bytes(16), "a field in use")
    entry.take(4)
    entry.exactly(
        b"\0\x48\0\0" * 2 + bytes(4) + b"\0\1" + bytes(32) + b"\0\x18\xff\xff", "a compressor with a name"
    )
    parts = list(boxes(entry))
    h265 = name in {b"hvc1", b"hev1"}
    allowed = [b"hvcC" if h265 else b"avcC", b"colr", b"pasp"]
    names = [part for part, _ in parts]
    entry.demand(
        names and names == [one for one in allowed if one in names] and names[0] == allowed[0],
        "a box that is none of ours",
    )
    for part, held in parts[1:]:
        if part == b"colr":
            held.exactly(b"nclx", "a colour profile")
        held.take(7 if part == b"colr" else 8)
        held.finish()
    return _sets(parts[0][1], h265=h265), h265


def _sets(config: Cursor, *, h265: bool) -> int:
    head = config.take(22 if h265 else 5)
    if h265:
        for _ in range(config.number(1)):
            kind = config.number(1) & 0x3F
            config.demand(kind in {32, 33, 34}, "words among the settings")
            for _ in range(config.number(2)):
                config.demand(
                    nal_kind(config.part(config.number(2)).number(1), h265=True) == kind,
                    "a set of another kind",
                )
    else:
        for kind, mask in ((7, 0x1F), (8, 0xFF)):
            for _ in range(config.number(1) & mask):
                config.demand(
                    nal_kind(config.part(config.number(2)).number(1), h265=False) == kind,
                    "a set of another kind",
                )
    config.finish()
    return (head[-1] & 3) + 1


def _sound(settings: Cursor) -> None:
    settings.exactly(b"\3", "no settings")
    stream = settings.part(settings.number(1))
    settings.finish()
    stream.exactly(bytes(3) + b"\4", "a field in use")
    decoder = stream.part(stream.number(1))
    stream.exactly(b"\6\1\2", "more settings")
    stream.finish()
    decoder.demand(decoder.take(1) in HEARD, "an unknown sound")
    decoder.take(12)
    decoder.exactly(b"\5", "no settings")
    decoder.take(decoder.number(1))
    decoder.finish()
