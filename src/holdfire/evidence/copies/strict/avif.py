"""AVIF as our writer leaves it: one picture, at most one for its transparency, and what a decoder needs."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.strict.boxes import boxes, version
from holdfire.evidence.copies.strict.reading import Cursor

_TOP: Final = [b"ftyp", b"meta", b"mdat"]
_META: Final = {b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp", b"iref"}
#: Properties: size, depth, the decoder's settings, colours as numbers, and that a picture is transparency.
_PROPERTIES: Final = {b"ispe": 12, b"pixi": None, b"av1C": 4, b"colr": 11, b"auxC": None}
_ALPHA: Final = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\x00"
_HANDLER: Final = bytes(4) + b"pict" + bytes(12)


def check_avif(data: bytes) -> None:
    """Raise `UncleanError` unless every box is known and every byte of the pixels belongs to a picture."""
    cursor = Cursor(data, "AVIF")
    top = list(boxes(cursor))
    cursor.demand([name for name, _ in top] == _TOP, "a box that is none of ours")
    (_, kind), (_, meta), (_, pixels) = top
    kind.exactly(b"avif" + bytes(4), "another type")
    while not kind.done:
        cursor.demand(kind.take(4) in {b"avif", b"mif1", b"miaf", b"MA1A", b"MA1B"}, "another type")
    version(meta, 0)
    places: list[tuple[int, int]] = []
    for name, body in boxes(meta):
        cursor.demand(name in _META, "a box that is none of ours")
        if name == b"hdlr":
            version(body, 0)
            body.exactly(_HANDLER, "another handler")
            body.demand(not any(body.take(body.end - body.at)), "a handler with a name")
        elif name == b"iloc":
            places = _places(body)
        elif name == b"iinf":
            _items(body)
        elif name == b"iprp":
            _properties(body)
    _whole(pixels, places)


def _places(body: Cursor) -> list[tuple[int, int]]:
    version(body, 0)
    body.exactly(b"\x44\x00", "places of another width")
    found = []
    for _ in range(body.number(2)):
        body.take(4)
        body.exactly(b"\x00\x01", "a picture in pieces")
        start, length = body.number(4), body.number(4)
        found.append((start, start + length))
    body.finish()
    return found


def _items(body: Cursor) -> None:
    version(body, 0)
    count = body.number(2)
    body.demand(1 <= count <= 2, "other things than one picture and its transparency")
    for name, item in boxes(body):
        body.demand(name == b"infe", "a box that is none of ours")
        version(item, 2)
        item.take(4)
        item.exactly(b"av01", "an item that is no picture")
        item.demand(
            item.take(item.end - item.at) in {b"\x00", b"Color\x00", b"Alpha\x00"}, "an item with a name"
        )


def _properties(body: Cursor) -> None:
    for name, inner in boxes(body):
        body.demand(name in {b"ipco", b"ipma"}, "a box that is none of ours")
        if name == b"ipma":
            continue
        for kind, held in boxes(inner):
            body.demand(kind in _PROPERTIES, "a property that is none of ours")
            length = _PROPERTIES[kind]
            body.demand(length is None or held.end - held.at == length, "a property of another length")
            if kind == b"colr":
                held.exactly(b"nclx", "a colour profile")
            elif kind == b"auxC":
                version(held, 0)
                held.exactly(_ALPHA, "an unknown layer")
                held.finish()
            elif kind == b"pixi":
                version(held, 0)
                held.take(held.number(1))
                held.finish()


def _whole(pixels: Cursor, places: list[tuple[int, int]]) -> None:
    reached = pixels.at
    for start, end in sorted(places):
        pixels.demand(start == reached, "bytes that belong to no picture")
        reached = end
    pixels.demand(reached == pixels.end, "bytes that belong to no picture")
