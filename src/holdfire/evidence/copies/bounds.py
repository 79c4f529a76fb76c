"""What one file may cost, so that a hostile one is refused before it fills memory or takes the night."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Final

from holdfire.evidence.copies.refusals import too_large

#: Bytes of a whole file; a copy is made in memory, because nothing in clear goes to disk.
FILE_BYTES: Final = 1 << 30
#: Bytes of a picture, a paper or an office file.
STILL_BYTES: Final = 256 << 20
#: Pixels of all frames of a picture together; 120 million of three bytes are 360 MB, and a second copy of them.
PIXELS: Final = 120_000_000
#: Pictures in one file, or frames of an animation.
FRAMES: Final = 2_000
#: Pages of a PDF: at 25 a second these take eighty seconds.
PAGES: Final = 2_000
#: Pixels of one page: A1 at 150 dots an inch is 17 million.
PAGE_PIXELS: Final = 40_000_000
#: Bytes of one part of an office file, unpacked.
PART_BYTES: Final = 64 << 20
#: Parts of an office file.
PARTS: Final = 5_000
#: Paragraphs and cells of an office file.
BLOCKS: Final = 100_000
#: Frames of a film in which something is covered; half an hour of 30 a second.
FILM_FRAMES: Final = 54_000


#: Told how many of how many steps are done; 0 of all where nobody knows.
Progress = Callable[[int, int], None]


def untold(_done: int, _total: int, /) -> None:
    """Tell nobody."""


def whole(untrusted: bytes | BinaryIO) -> bytes:
    """Return all bytes of a stream.

    Raises:
        CopyRefusedError: There are more than may be held in memory.
    """
    data = untrusted if isinstance(untrusted, bytes) else untrusted.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise too_large("bytes", FILE_BYTES)
    return data
