"""JPEG pictures inside another file, kept as they are but for the segments that can hold words."""

from __future__ import annotations

from collections.abc import Iterator

from holdfire.evidence.copies.refusals import damaged

_ADOBE = 0xEE  # says how the colours were turned; without it a CMYK picture is shown inverted
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))


def without_segments(photo: bytes) -> bytes:
    """Return a JPEG without application segments (but Adobe's colour word), comments, or bytes after its end.

    Raises:
        CopyRefusedError: It is no JPEG.
    """
    return b"".join(part for marker, part in _segments(photo) if _wanted(marker, part))


def only_pixels(photo: bytes) -> bool:
    """Return whether a JPEG holds no such segment."""
    return all(_wanted(marker, part) for marker, part in _segments(photo))


def _wanted(marker: int, part: bytes) -> bool:
    if marker == _ADOBE:
        return len(part) == 16 and part[4:9] == b"Adobe"
    return not (marker == 0xFE or 0xE0 <= marker <= 0xEF or marker == 0)


def _segments(photo: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and bytes of each segment, pixels with the scan they belong to; bytes after the end as marker 0."""
    if photo[:2] != b"\xff\xd8":
        raise damaged()
    yield 0xD8, photo[:2]
    at = 2
    while at + 4 <= len(photo) and photo[at] == 0xFF and photo[at + 1] != 0xD9:
        marker = photo[at + 1]
        end = at + 2 + int.from_bytes(photo[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = photo.find(b"\xff", end)
            while end != -1 and (photo[end + 1 : end + 2] == b"\0" or photo[end + 1 : end + 2] in _RESTARTS):
                end = photo.find(b"\xff", end + 2)
        if end == -1 or end > len(photo):
            raise damaged()
        yield marker, photo[at:end]
        at = end
    if photo[at : at + 2] != b"\xff\xd9":
        raise damaged()
    yield 0xD9, b"\xff\xd9"
    if at + 2 < len(photo):
        yield 0, photo[at + 2 :]


_RESTARTS = frozenset(bytes((marker,)) for marker in _STANDALONE)
