"""A PDF of drawn pages as `paper.bind` writes it: page, picture, page, picture, a table of places, and nothing else."""

from __future__ import annotations

import re
from typing import Final

from holdfire.evidence.copies.strict.jpeg import check_jpeg
from holdfire.evidence.copies.strict.reading import Cursor

_NUMBER: Final = rb"(0|[1-9][0-9]{0,9})"
_POINTS: Final = rb"([0-9]{1,5}\.[0-9]{2})"
_TREE: Final = re.compile(rb"<</Type/Pages/Kids\[([0-9 R]+)\]/Count " + _NUMBER + rb">>\nendobj\n")
_PAGE: Final = re.compile(
    rb"<</Type/Page/Parent 2 0 R/MediaBox\[0 0 " + _POINTS + rb" " + _POINTS
    + rb"\]/Resources<</XObject<</P " + _NUMBER + rb" 0 R>>>>/Contents " + _NUMBER + rb" 0 R>>\nendobj\n"
)  # fmt: skip
_CONTENT: Final = re.compile(
    rb"<</Length "
    + _NUMBER
    + rb">>\nstream\n("
    + _POINTS
    + rb" 0 0 "
    + _POINTS
    + rb" 0 0 cm /P Do)\nendstream\nendobj\n"
)
_PICTURE: Final = re.compile(
    rb"<</Type/XObject/Subtype/Image/Width " + _NUMBER + rb"/Height " + _NUMBER
    + rb"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length " + _NUMBER + rb">>\nstream\n"
)  # fmt: skip


def check_drawn_pdf(data: bytes) -> int:
    """Return the number of pages; raise `UncleanError` at a byte that the form does not ask for."""
    cursor = Cursor(data, "PDF")
    cursor.exactly(b"%PDF-1.4\n", "no start")
    places: list[int] = []
    _begin(cursor, places)
    cursor.exactly(b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n", "a catalogue with more in it")
    _begin(cursor, places)
    kids, count = _match(cursor, _TREE)
    pages = int(count)
    cursor.demand(
        pages and kids == b" ".join(b"%d 0 R" % (3 + 3 * number) for number in range(pages)),
        "a tree of other pages",
    )
    for _ in range(pages):
        _page(cursor, places)
    table = cursor.at
    lines = b"".join(b"%010d 00000 n \n" % place for place in places)
    total = len(places) + 1
    cursor.exactly(b"xref\n0 %d\n0000000000 65535 f \n%b" % (total, lines), "a table of other places")
    cursor.exactly(
        b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (total, table),
        "an end with more in it",
    )
    cursor.finish()
    return pages


def _page(cursor: Cursor, places: list[int]) -> None:
    _begin(cursor, places)
    own = len(places)
    wide, tall, picture, content = _match(cursor, _PAGE)
    cursor.demand(int(picture) == own + 2 and int(content) == own + 1, "a page of other parts")
    _begin(cursor, places)
    length, drawn, across, down = _match(cursor, _CONTENT)
    cursor.demand(int(length) == len(drawn) and (across, down) == (wide, tall), "a picture of another size")
    _begin(cursor, places)
    width, height, length = _match(cursor, _PICTURE)
    size = check_jpeg(cursor.take(int(length)))
    cursor.demand(size == (int(width), int(height), 3), "a picture of another size")
    cursor.exactly(b"\nendstream\nendobj\n", "bytes between objects")


def _begin(cursor: Cursor, places: list[int]) -> None:
    places.append(cursor.at)
    cursor.exactly(b"%d 0 obj\n" % len(places), "an object out of order")


def _match(cursor: Cursor, pattern: re.Pattern[bytes]) -> tuple[bytes, ...]:
    found = pattern.match(cursor.data, cursor.at)
    cursor.demand(found, "an object with more in it")
    assert found  # noqa: S101 - demanded in the line before; for the type checker
    cursor.at = found.end()
    return found.groups()
