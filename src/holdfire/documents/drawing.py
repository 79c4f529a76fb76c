"""A picture or a page of a PDF as a plain, small JPEG, drawn by a process that has no keys (decisions 0080, 0095)."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import Final

from holdfire.documents.confinement import command, surroundings

#: What can be drawn, by content: pictures and PDF.
DRAWN: Final = frozenset(("jpeg", "png", "gif", "webp", "tiff", "avif", "pdf"))
#: Bytes of a file that is drawn: it is in memory, here and in the other process.
MOST_BYTES: Final = 64 << 20
#: The longer side of a small picture, and of one to look at, in pixels.
SMALL_EDGE: Final = 160
LARGE_EDGE: Final = 1_400
_MOST_DRAWN: Final = 4 << 20
_MOST_PAGES: Final = 1_000_000
#: The process ends itself after 20 seconds of computing; one that waits for nothing is ended here.
_SECONDS: Final = 60
_BEGINS, _ENDS = b"\xff\xd8\xff", b"\xff\xd9"


@dataclass(frozen=True)
class Drawing:
    """What was drawn.

    Attributes:
        jpeg: The picture, without anything but pixels.
        pages: How many pages the file has; 1 for a picture.
    """

    jpeg: bytes
    pages: int


def draw(content: bytes, form: str, edge: int, page: int = 1) -> Drawing | None:
    """Return a file as a picture, its longer side at most `edge` pixels, or None where it cannot be drawn.

    Whatever a hostile file does to the libraries that decode it, it does in a process that can open nothing; what
    comes back is believed to be bytes, and is decoded again by whoever shows it.

    Args:
        content: The file.
        form: What its content shows it to be, one of `DRAWN`.
        edge: Pixels of the longer side.
        page: Which page of a PDF, from 1; the last for any beyond it.
    """
    if form not in DRAWN or len(content) > MOST_BYTES:
        return None
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module, no word from outside
            command("holdfire.documents.drawing_child", form, str(edge), str(page)),
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _judged(done.stdout)


def _judged(untrusted: bytes) -> Drawing | None:
    count, _, jpeg = untrusted.partition(b"\n")
    if not (count.isdigit() and len(count) < len(str(_MOST_PAGES)) and len(jpeg) <= _MOST_DRAWN):
        return None
    if not (jpeg.startswith(_BEGINS) and jpeg.endswith(_ENDS)):
        return None
    return Drawing(jpeg, max(1, int(count)))
