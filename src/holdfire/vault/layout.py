"""Where everything lies in the file: numbers of the size alone (docs/formats/vault.md §1)."""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.errors import UserError
from holdfire.language import mark

SALT_SIZE = 32
SECTOR = 4096
COMPARTMENTS = 4
SLOT_SIZE = 4096
#: The copies of a slot, by name, and where the first of each lies.
COPIES = {b"A": 4096, b"B": 20_480}
HEAD_SIZE = 36_864

PAGE_SIZE = 16_384
#: A journal block lies this far from the next, so that no two share a sector of the disk.
STRIDE = 20_480
FEWEST_BLOCKS, MOST_BLOCKS = 256, 4096

SMALLEST = 64 << 20


@dataclass(frozen=True)
class Region:
    """A quarter of the file: `pages` database pages from `start`, `blocks` journal blocks from `journal`."""

    start: int
    size: int
    pages: int
    journal: int
    blocks: int


def slot_place(slot: int, copy: bytes) -> int:
    """Return the offset of a copy (`b"A"` or `b"B"`) of slot 1 to 4."""
    return COPIES[copy] + (slot - 1) * SLOT_SIZE


def region(number: int, size: int) -> Region:
    """Return region 1 to 4 of a file of `size` bytes.

    Raises:
        UserError: The file is too small to be a vault.
    """
    if size < SMALLEST:
        raise UserError(
            mark("A vault takes at least 64 MiB; this is smaller."),
            mark("Choose a larger size, or another file."),
        )
    each = (size - HEAD_SIZE) // COMPARTMENTS // SECTOR * SECTOR
    blocks = min(MOST_BLOCKS, max(FEWEST_BLOCKS, each // 16 // STRIDE))
    start = HEAD_SIZE + (number - 1) * each
    return Region(
        start=start,
        size=each,
        pages=(each - blocks * STRIDE) // PAGE_SIZE,
        journal=start + each - blocks * STRIDE,
        blocks=blocks,
    )
