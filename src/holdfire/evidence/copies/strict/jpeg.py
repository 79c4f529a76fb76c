"""JPEG (ITU-T T.81) as our writer leaves it: one baseline picture, one neutral JFIF header, and nothing else."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.strict.reading import Cursor

_JFIF: Final = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_SOF0, _DHT, _DQT, _SOS = 0xC0, 0xC4, 0xDB, 0xDA
_ORDER: Final = {_DQT: (_SOF0, _DQT), _SOF0: (_DHT,), _DHT: (_DHT, _SOS)}


def check_jpeg(data: bytes) -> tuple[int, int, int]:
    """Return width, height and number of colours; raise `UncleanError` at anything but pixels and their tables."""
    cursor = Cursor(data, "JPEG")
    cursor.exactly(b"\xff\xd8", "no start")
    cursor.exactly(_JFIF, "another header than the neutral one")
    size = (0, 0, 0)
    allowed: tuple[int, ...] = (_DQT,)
    while True:
        cursor.exactly(b"\xff", "bytes between segments")
        marker = cursor.number(1)
        cursor.demand(marker in allowed, "a segment that may not stand here")
        body = cursor.part(cursor.number(2) - 2)
        if marker == _SOS:
            _scan(body, size[2])
            break
        if marker == _DQT:
            _quantisation(body)
        elif marker == _DHT:
            _huffman(body)
        else:
            size = _frame(body)
        allowed = _ORDER[marker]
    end = data.find(b"\xff", cursor.at)
    while end != -1 and data[end + 1 : end + 2] == b"\x00":
        end = data.find(b"\xff", end + 2)
    cursor.demand(end != -1 and data[end : end + 2] == b"\xff\xd9", "a marker among the pixels")
    cursor.at = end + 2
    cursor.finish()
    return size


def _frame(body: Cursor) -> tuple[int, int, int]:
    body.exactly(b"\x08", "other than eight bits")
    height, width, colours = body.number(2), body.number(2), body.number(1)
    body.demand(height and width and colours in {1, 3}, "no size")
    for number in range(1, colours + 1):
        body.demand(body.number(1) == number, "colours under other numbers")
        body.demand(body.number(1) in {0x11, 0x22} and body.number(1) in {0, 1}, "an unknown sampling")
    body.finish()
    return width, height, colours


def _quantisation(body: Cursor) -> None:
    while not body.done:
        body.demand(body.number(1) in {0, 1}, "an unknown table")
        body.take(64)


def _huffman(body: Cursor) -> None:
    while not body.done:
        body.demand(body.number(1) in {0x00, 0x01, 0x10, 0x11}, "an unknown table")
        body.take(sum(body.take(16)))


def _scan(body: Cursor, colours: int) -> None:
    body.demand(body.number(1) == colours, "a scan of other colours")
    for number in range(1, colours + 1):
        body.demand(body.number(1) == number and body.number(1) in {0x00, 0x11}, "a scan of other tables")
    body.exactly(b"\x00\x3f\x00", "a scan in steps")
    body.finish()
