"""HEIC made plain before it is decoded: the main picture, its tiles and what a decoder needs, in a new file.

Exif, XMP, thumbnails, depth and other layers never reach the decoder in C: random changes in them made it crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.evidence.copies.bounds import PIXELS
from holdfire.evidence.copies.film_read import children, outermost
from holdfire.evidence.copies.packings import Packing, h265_settings
from holdfire.evidence.copies.refusals import CopyRefusedError, UncleanError, damaged, too_large
from holdfire.evidence.copies.sayings import PUT_TOGETHER
from holdfire.evidence.copies.strict.boxes import boxes
from holdfire.evidence.copies.strict.packed import box, full_box
from holdfire.evidence.copies.strict.reading import Cursor

#: Properties with the lengths they may have: size, turning, mirroring, cutting, depth; colours and settings apart.
_PROPERTIES: Final = {b"ispe": (12,), b"irot": (1,), b"imir": (1,), b"clap": (32,), b"pixi": (6, 8)}
_TILES: Final = 1_024
_ITEMS: Final = 4_096
_KIND: Final = box(b"ftyp", b"heic\0\0\0\0mif1heic")
_PROFILE: Final = 1 << 20


@dataclass(frozen=True)
class _Item:
    """A picture: its kind, its bytes, its properties, and the pictures it is made of."""

    kind: bytes
    data: bytes
    properties: tuple[tuple[bytes, bytes], ...]


def plain_heic(data: bytes) -> tuple[bytes, bool]:
    """Return a new file with the main picture alone, and whether there were others.

    Raises:
        CopyRefusedError: It is damaged, too large, or made in a way that is not understood.
    """
    try:
        head = next((body for name, body in outermost(data) if name == b"meta"), None)
        if head is None:
            raise damaged()
        head.take(4)
        parts = children(head)
        if not {b"pitm", b"iinf", b"iloc", b"iprp"} <= parts.keys():
            raise damaged()
        kinds = _kinds(parts[b"iinf"])
        main = _main(parts[b"pitm"])
        places = _places(parts[b"iloc"])
        properties = _properties(parts[b"iprp"])
        tiles = _tiles(parts.get(b"iref"), main) if kinds.get(main) == b"grid" else []
        held = parts.get(b"idat")
        store = held.take(held.end - held.at) if held else b""

        def item(number: int) -> _Item:
            kind, where = kinds.get(number), places.get(number)
            if kind is None or where is None:
                raise damaged()
            method, spans = where
            source = store if method else data
            if any(start + length > len(source) for start, length in spans):
                raise damaged()
            return _judged(
                _Item(
                    kind, b"".join(source[at : at + size] for at, size in spans), properties.get(number, ())
                )
            )

        first = item(main)
        others = [item(number) for number in tiles]
        _fits(first, others)
        return _written([first, *others]), sum(
            kind in {b"hvc1", b"grid"} for kind in kinds.values()
        ) > 1 + len(tiles)
    except UncleanError:
        raise damaged() from None


def _kinds(body: Cursor) -> dict[int, bytes]:
    wide = 2 if body.number(1) == 0 else 4
    body.take(3)
    if body.number(wide) > _ITEMS:
        raise too_large("parts", _ITEMS)
    found = {}
    for name, entry in boxes(body):
        version = entry.number(1)
        entry.take(3)
        if name == b"infe" and version in {2, 3}:
            number = entry.number(2 if version == 2 else 4)  # noqa: PLR2004 - ISO/IEC 14496-12, 8.11.6
            entry.take(2)
            found[number] = entry.take(4)
    return found


def _main(body: Cursor) -> int:
    wide = 2 if body.number(1) == 0 else 4
    body.take(3)
    return body.number(wide)


def _places(body: Cursor) -> dict[int, tuple[int, list[tuple[int, int]]]]:
    """Return for each item how its places count (0: from the start of the file, 1: inside `meta`) and where it lies."""
    version = body.number(1)
    body.take(3)
    sizes = body.number(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2  # noqa: PLR2004 - ISO/IEC 14496-12, 8.11.3
    found: dict[int, tuple[int, list[tuple[int, int]]]] = {}
    for _ in range(_bounded(body.number(wide))):
        number = body.number(wide)
        method = body.number(2) & 15 if version else 0
        elsewhere = body.number(2)
        start = body.number(base)
        spans = []
        for _ in range(_bounded(body.number(2))):
            body.take(index if version else 0)
            at = start + body.number(offset)
            spans.append((at, body.number(length)))
        if method in {0, 1} and not elsewhere:
            found[number] = (method, spans)
    return found


def _bounded(count: int) -> int:
    if count > _ITEMS:
        raise too_large("parts", _ITEMS)
    return count


def _properties(body: Cursor) -> dict[int, tuple[tuple[bytes, bytes], ...]]:
    """Return for each item the names and bodies of its properties."""
    held, found = list[tuple[bytes, bytes]](), dict[int, tuple[tuple[bytes, bytes], ...]]()
    for name, inner in boxes(body):
        if name == b"ipco":
            held += [(kind, one.take(one.end - one.at)) for kind, one in boxes(inner)]
        elif name == b"ipma":
            version, flags = inner.number(1), inner.number(3)
            for _ in range(_bounded(inner.number(4))):
                number = inner.number(4 if version else 2)
                links = [
                    inner.number(2) & 0x7FFF if flags & 1 else inner.number(1) & 0x7F
                    for _ in range(inner.number(1))
                ]
                found[number] = tuple(held[link - 1] for link in links if 0 < link <= len(held))
    return found


def _tiles(body: Cursor | None, main: int) -> list[int]:
    if body is None:
        raise damaged()
    wide = 4 if body.number(1) else 2
    body.take(3)
    for name, entry in boxes(body):
        if name == b"dimg" and entry.number(wide) == main:
            return [entry.number(wide) for _ in range(_bounded(entry.number(2)))]
    raise damaged()


def _judged(item: _Item) -> _Item:
    """Return the item with known properties alone, its settings written anew and its units of words left out."""
    kept, packing = list[tuple[bytes, bytes]](), None
    for name, body in item.properties:
        if name == b"hvcC":
            settings, prefix = h265_settings(Cursor(body, "HEIC"))
            packing = Packing(b"", prefix, h265=True)
            kept.append((name, settings))
        elif (name == b"colr" and len(body) <= _PROFILE) or len(body) in _PROPERTIES.get(name, ()):
            kept.append((name, body))
        elif name == b"clap":
            raise damaged()  # what was cut away would be shown
    if item.kind == b"hvc1":
        if packing is None:
            raise damaged()
        return _Item(item.kind, packing.filtered(item.data), tuple(kept))
    if item.kind != b"grid":
        raise CopyRefusedError(PUT_TOGETHER)
    return _Item(item.kind, item.data, tuple(kept))


def _fits(main: _Item, tiles: list[_Item]) -> None:
    """Refuse a picture that is too large, or whose tiles do not fill it."""
    for item in (main, *tiles):
        sizes = [body for name, body in item.properties if name == b"ispe"]
        if len(sizes) != 1:
            raise damaged()
        width, height = int.from_bytes(sizes[0][4:8], "big"), int.from_bytes(sizes[0][8:], "big")
        if width * height > PIXELS:
            raise too_large("pixels", PIXELS)
    if main.kind == b"grid":
        head = Cursor(main.data, "HEIC")
        head.exactly(b"\0", "another version")
        wide = 4 if head.number(1) & 1 else 2
        rows, columns = head.number(1) + 1, head.number(1) + 1
        width, height = head.number(wide), head.number(wide)
        head.finish()
        if rows * columns != len(tiles) or len(tiles) > _TILES or any(tile.kind != b"hvc1" for tile in tiles):
            raise damaged()
        if width * height > PIXELS:
            raise too_large("pixels", PIXELS)


def _written(items: list[_Item]) -> bytes:
    """Return a HEIF file (ISO/IEC 23008-12) of these; the first is the main one, the others are its tiles."""
    properties, links = list[bytes](), list[bytes]()
    for number, item in enumerate(items, 1):
        first = len(properties) + 1
        properties += [box(name, body) for name, body in item.properties]
        mine = b"".join((0x8000 | link).to_bytes(2, "big") for link in range(first, len(properties) + 1))
        links.append(number.to_bytes(2, "big") + bytes((len(item.properties),)) + mine)
    tiles = b"".join(number.to_bytes(2, "big") for number in range(2, len(items) + 1))
    refers = (
        full_box(b"iref", box(b"dimg", b"\0\1" + (len(items) - 1).to_bytes(2, "big") + tiles))
        if tiles
        else b""
    )
    entries = b"".join(
        full_box(b"infe", number.to_bytes(2, "big") + bytes(2) + item.kind + b"\0", 2)
        for number, item in enumerate(items, 1)
    )
    count = len(items).to_bytes(2, "big")

    def head(start: int) -> bytes:
        places, at = b"", start
        for number, item in enumerate(items, 1):
            places += (
                number.to_bytes(2, "big")
                + b"\0\0\0\1"
                + at.to_bytes(4, "big")
                + len(item.data).to_bytes(4, "big")
            )
            at += len(item.data)
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + full_box(b"pitm", b"\0\1")
            + full_box(b"iloc", b"\x44\0" + count + places)
            + full_box(b"iinf", count + entries)
            + refers
            + box(
                b"iprp",
                box(b"ipco", b"".join(properties))
                + full_box(b"ipma", len(items).to_bytes(4, "big") + b"".join(links), flags=1),
            ),
        )

    start = len(_KIND) + len(head(0)) + 8
    return _KIND + head(start) + box(b"mdat", b"".join(item.data for item in items))
