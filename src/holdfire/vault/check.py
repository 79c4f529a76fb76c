"""Reading everything once, to know early that something was damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfire.sealing.page import damaged
from holdfire.vault.container import read_copy
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import COPIES, PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from holdfire.vault.vault import Storage, Vault


@dataclass(frozen=True)
class CheckReport:
    """What was read and found good.

    Args:
        pages: Pages that were opened.
        free: Pages that are free and hold nothing to open.
        items: Items whose key and chunks are all there.
        slots_ok: Whether both copies of the slot were good before the vault was opened; the faulty one was written anew.
    """

    pages: int
    free: int
    items: int
    slots_ok: bool


def check(vault: Vault, progress: Callable[[int, int], None] | None = None) -> CheckReport:
    """Open both copies of the slot and every page of the compartment, then let SQLite check how they fit together.

    Checks the open compartment alone: the others, if there are any, are noise without their passphrase.

    Raises:
        TamperError: Something was damaged or altered.
    """
    storage = vault.storage
    pages = free = 0
    repaired = False
    if storage:
        _check_slot(storage)
        repaired = storage.compartment.repaired
        use = page_use(storage.pages)
        free = len(use.leaves)
        for index in use.holding():
            storage.pages.read(index)
            pages += 1
            if progress:
                progress((pages + free) * PAGE_SIZE, use.count * PAGE_SIZE)
    with vault.reading() as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise damaged()
    return CheckReport(pages=pages, free=free, items=_check_items(vault), slots_ok=not repaired)


def _check_slot(storage: Storage) -> None:
    compartment = storage.compartment
    copies = {read_copy(compartment.disk, compartment.slot, copy, compartment.slot_key) for copy in COPIES}
    if len(copies) != 1:
        raise damaged()


def _check_items(vault: Vault) -> int:
    """Count the items; each must have its key, and exactly its chunks."""
    with vault.reading() as connection:
        # 65,536 bytes a chunk and at least one; 2^32 places an item.
        faulty = connection.execute(
            "SELECT count(*) FROM items LEFT JOIN keys USING (number) WHERE key IS NULL OR max(1, (size + 65535) / 65536) <>"
            " (SELECT count(*) FROM chunks WHERE place >= items.number << 32 AND place < (items.number + 1) << 32)"
        ).get
        if faulty:
            raise damaged()
        found: int = connection.execute("SELECT count(*) FROM items").get
    return found
