"""WebP (RFC 9649) as our writer leaves it: one picture or an animation, and no metadata chunk."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.strict.reading import Cursor

_ALPHA, _ANIMATION = 0x10, 0x02  # of the flags in VP8X; EXIF, XMP and ICC are the others and may not be set
_PIXELS: Final = (b"VP8 ", b"VP8L")


def check_webp(data: bytes) -> None:
    """Raise `UncleanError` unless the file holds pixels, their transparency, and the times of frames."""
    cursor = Cursor(data, "WebP")
    cursor.exactly(b"RIFF", "no start")
    cursor.demand(cursor.little(4) == len(data) - 8, "bytes after the end")
    cursor.exactly(b"WEBP", "no start")
    name, body = _chunk(cursor)
    if name in _PIXELS:
        _start(name, body)
        cursor.finish()
        return
    cursor.demand(name == b"VP8X", "a chunk that is none of ours")
    flags = body.number(1)
    cursor.demand(flags & ~(_ALPHA | _ANIMATION) == 0, "metadata announced")
    body.exactly(bytes(3), "reserved bytes in use")
    body.take(6)
    body.finish()
    if flags & _ANIMATION:
        name, body = _chunk(cursor)
        cursor.demand(name == b"ANIM", "an animation without its start")
        body.take(6)
        body.finish()
        while not cursor.done:
            name, body = _chunk(cursor)
            cursor.demand(name == b"ANMF", "a chunk that is none of ours")
            body.take(15)
            cursor.demand(body.number(1) & 0xFC == 0, "reserved bits in use")
            _picture(body)
    else:
        _picture(cursor)


def _picture(cursor: Cursor) -> None:
    name, body = _chunk(cursor)
    if name == b"ALPH":
        name, body = _chunk(cursor)
        cursor.demand(name == b"VP8 ", "transparency without its picture")
    cursor.demand(name in _PIXELS, "a chunk that is none of ours")
    _start(name, body)
    cursor.finish()


def _start(name: bytes, body: Cursor) -> None:
    if name == b"VP8L":
        body.exactly(b"\x2f", "pixels without their start")
    else:
        first = body.little(3)
        body.demand(first & 1 == 0, "a frame that needs another one")
        body.exactly(b"\x9d\x01\x2a", "pixels without their start")


def _chunk(cursor: Cursor) -> tuple[bytes, Cursor]:
    name, length = cursor.take(4), cursor.little(4)
    body = cursor.part(length)
    if length % 2:
        cursor.exactly(b"\x00", "padding in use")
    return name, body
