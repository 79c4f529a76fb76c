"""Which pages hold something: SQLite's page count and free list, read from the sealed pages (docs/formats/vault.md §6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfire.sealing.page import damaged
from holdfire.vault.layout import PAGE_SIZE
from holdfire.vault.pages import USABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from holdfire.vault.pages import PageArea

#: SQLite leaves out the page that holds the byte at 1 GiB: locks once lay there.
LOCK_PAGE = (1 << 30) // PAGE_SIZE
_PAGE_COUNT, _FIRST_TRUNK = 28, 32


@dataclass(frozen=True)
class PageUse:
    """`count` pages are counted; of these, `leaves` (indices from 0) are free and hold nothing."""

    count: int
    leaves: frozenset[int]

    def holding(self) -> Iterator[int]:
        """Yield the index of every page that must open."""
        return (index for index in range(self.count) if index not in self.leaves and index != LOCK_PAGE)


def page_use(pages: PageArea) -> PageUse:
    """Read the page count and the free list; there must be no transaction.

    Raises:
        TamperError: A page of the list does not open, or the list makes no sense.
    """
    head = pages.read(0)
    count = _number(head, _PAGE_COUNT)
    if not 0 < count <= pages.count:
        raise damaged()
    leaves: set[int] = set()
    seen: set[int] = set()
    trunk = _number(head, _FIRST_TRUNK)
    while trunk:
        if trunk in seen or not 1 < trunk <= count:
            raise damaged()
        seen.add(trunk)
        page = pages.read(trunk - 1)
        listed = _number(page, 4)
        if listed > USABLE // 4 - 2:
            raise damaged()
        leaves.update(_number(page, 8 + 4 * place) - 1 for place in range(listed))
        trunk = _number(page, 0)
    if leaves and not 0 < min(leaves) <= max(leaves) < count:
        raise damaged()
    return PageUse(count, frozenset(leaves))


def _number(page: bytes, offset: int) -> int:
    return int.from_bytes(page[offset : offset + 4], "big")
