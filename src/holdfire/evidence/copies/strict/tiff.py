"""TIFF 6.0 as our writer leaves it: pictures with the tags that pixels need, and every byte of the file accounted for."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.strict.reading import Cursor

#: Tag → its name in TIFF 6.0; none of them holds words.
_TAGS: Final = {
    254: "NewSubfileType",
    256: "ImageWidth",
    257: "ImageLength",
    258: "BitsPerSample",
    259: "Compression",
    262: "PhotometricInterpretation",
    273: "StripOffsets",
    277: "SamplesPerPixel",
    278: "RowsPerStrip",
    279: "StripByteCounts",
    284: "PlanarConfiguration",
    317: "Predictor",
    338: "ExtraSamples",
    339: "SampleFormat",
}
_OFFSETS, _COUNTS = 273, 279
_WIDTHS: Final = {3: 2, 4: 4}  # numbers of two and of four bytes; texts and fractions may not stand here
_SLACK: Final = 15  # zeros before a page: libtiff begins each at an even place, Pillow at a sixteenth


def check_tiff(data: bytes) -> None:
    """Raise `UncleanError` unless the file is strips, known tags, and no gap in which more could lie."""
    cursor = Cursor(data, "TIFF")
    cursor.exactly(b"II*\x00", "no start")
    used = [(0, 8)]
    places = []
    place, pictures = cursor.little(4), 0
    while place:
        cursor.demand(all(place != start for start, _ in used), "a circle")
        directory = Cursor(data, "TIFF", place)
        values: dict[int, list[int]] = {}
        for _ in range(directory.little(2)):
            tag, numbers = _entry(directory, used)
            cursor.demand(tag in _TAGS and tag not in values, "a tag that is none of ours")
            values[tag] = numbers
        following = directory.little(4)
        used.append((place, directory.at))
        places.append(place)
        cursor.demand(
            len(values.get(_OFFSETS, [])) == len(values.get(_COUNTS, [1])) > 0, "strips that do not fit"
        )
        used += [(at, at + count) for at, count in zip(values[_OFFSETS], values[_COUNTS], strict=True)]
        place, pictures = following, pictures + 1
    cursor.demand(pictures, "no picture")
    _no_gap(cursor, used, places)


def _entry(directory: Cursor, used: list[tuple[int, int]]) -> tuple[int, list[int]]:
    tag, kind, count = directory.little(2), directory.little(2), directory.little(4)
    directory.demand(kind in _WIDTHS, "a tag that holds words")
    width = _WIDTHS[kind]
    if width * count <= 4:
        values = directory.part(4)
    else:
        place = directory.little(4)
        values = Cursor(directory.data, "TIFF", place, place + width * count)
        used.append((place, place + width * count))
    numbers = [values.little(width) for _ in range(count)]
    if width * count <= 4:
        values.demand(not any(values.take(values.end - values.at)), "padding in use")
    return tag, numbers


def _no_gap(cursor: Cursor, used: list[tuple[int, int]], places: list[int]) -> None:
    reached = 0
    for start, end in sorted(used):
        cursor.demand(reached <= start, "two things in one place")
        gap = cursor.data[reached:start]
        if len(gap) >= 8 and gap[-8:-4] == b"II*\x00":
            # Pillow writes each further page as a file of its own, with a head that points to its directory.
            pointed = int.from_bytes(gap[-4:], "little")
            cursor.demand({pointed, pointed + start - 8} & set(places), "a head that points nowhere")
            gap = gap[:-8]
        cursor.demand(len(gap) <= _SLACK and not any(gap), "bytes that belong to nothing")
        reached = end
    # Pillow fills the last of several pages up to a sixteenth.
    filled = reached if len(places) == 1 else -(-reached // 16) * 16
    cursor.demand(
        len(cursor.data) in {reached, filled} and not any(cursor.data[reached:]), "bytes after the end"
    )
