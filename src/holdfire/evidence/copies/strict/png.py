"""PNG as our writer leaves it: header, pixels, end; for an animation also its control chunks, and nothing else."""

from __future__ import annotations

import zlib
from typing import Final

from holdfire.evidence.copies.strict.reading import Cursor

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHANNELS: Final = {0: 1, 2: 3, 6: 4}
_FIXED: Final = {b"acTL": 8, b"fcTL": 26, b"IEND": 0}


def check_png(data: bytes) -> None:
    """Raise `UncleanError` unless the file holds pixels of eight bits, their checksums, and not one byte more."""
    cursor = Cursor(data, "PNG")
    cursor.exactly(_SIGNATURE, "no start")
    name, head = _chunk(cursor)
    cursor.demand(name == b"IHDR" and len(head) == 13, "no header")
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    cursor.demand(
        width and height and head[8] == 8 and head[9] in _CHANNELS and head[10:] == bytes(3),
        "other pixels than ours",
    )
    channels = _CHANNELS[head[9]]
    streams: list[tuple[int, list[bytes]]] = [(height * (width * channels + 1), [])]
    named, before, order = 0, b"IHDR", 0
    while name != b"IEND":
        name, body = _chunk(cursor)
        cursor.demand(
            name in {b"IDAT", b"fdAT"} or len(body) == _FIXED.get(name), "a chunk that is none of ours"
        )
        cursor.demand(name != b"acTL" or before == b"IHDR", "an animation that begins late")
        if name in {b"fcTL", b"fdAT"}:
            cursor.demand(int.from_bytes(body[:4], "big") == order, "chunks out of order")
            order += 1
        if name == b"fcTL":
            named += 1
            wide, tall = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
            cursor.demand(wide <= width and tall <= height, "a frame larger than the picture")
            if named > 1:
                streams.append((tall * (wide * channels + 1), []))
        elif name == b"IDAT":
            cursor.demand(
                before in {b"IHDR", b"IDAT", b"acTL", b"fcTL"} and len(streams) == 1, "pixels out of order"
            )
            streams[0][1].append(body)
        elif name == b"fdAT":
            cursor.demand(before in {b"fcTL", b"fdAT"} and len(streams) > 1, "pixels out of order")
            streams[-1][1].append(body[4:])
        before = name
    cursor.finish()
    for length, parts in streams:
        _pixels(cursor, length, parts)


def _chunk(cursor: Cursor) -> tuple[bytes, bytes]:
    length, name = cursor.number(4), cursor.take(4)
    body = cursor.take(length)
    cursor.demand(cursor.number(4) == zlib.crc32(body, zlib.crc32(name)), "a checksum that does not fit")
    return name, body


def _pixels(cursor: Cursor, length: int, parts: list[bytes]) -> None:
    """Refuse a packed stream that is longer or shorter than the pixels: room after them is a hiding place."""
    unpacker = zlib.decompressobj()
    left = length
    try:
        for part in parts:
            rest = part
            while rest:
                left -= len(unpacker.decompress(rest, max(left, 0) + 1))
                cursor.demand(left >= 0, "more pixels than the size says")
                rest = unpacker.unconsumed_tail
            cursor.demand(not unpacker.unused_data, "bytes behind the pixels")
    except zlib.error:
        cursor.demand(kept=False, fault="pixels that do not unpack")
    cursor.demand(left == 0 and unpacker.eof, "fewer pixels than the size says")
