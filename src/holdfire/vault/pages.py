"""The database pages of a compartment, each sealed in its own place (docs/formats/vault.md §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfire.sealing.page import OVERHEAD, Bytes, Sealer
from holdfire.sealing.passphrase import derive_key
from holdfire.vault.layout import PAGE_SIZE

if TYPE_CHECKING:
    from holdfire.vault.container import Compartment

#: What of a page SQLite fills; the rest is nonce and tag.
USABLE = PAGE_SIZE - OVERHEAD


class PageArea:
    """The database pages of a compartment by index from 0, each 16,356 bytes."""

    def __init__(self, compartment: Compartment) -> None:
        self._read = compartment.disk.read
        self._write = compartment.disk.write
        self.sync = compartment.disk.sync
        sealer = Sealer(derive_key(compartment.key, "holdfire vault 1 db"))
        self._open = sealer.open
        self._seal_into = sealer.seal_into
        self._sealed = bytearray(PAGE_SIZE)
        self._start = compartment.region.start
        self.count = compartment.region.pages

    def read(self, index: int) -> bytes:
        """Return a page as it was written.

        Raises:
            TamperError: It was altered, or never written.
        """
        return self._open(
            self._read(self._start + index * PAGE_SIZE, PAGE_SIZE), b"db" + index.to_bytes(8, "big")
        )

    def write(self, index: int, page: Bytes) -> None:
        """Seal `page` (16,356 bytes) into its place."""
        self._seal_into(self._sealed, page, b"db" + index.to_bytes(8, "big"))
        self._write(self._start + index * PAGE_SIZE, self._sealed)

    def overwrite(self, index: int, piece: Bytes) -> None:
        """Put noise, 16,384 bytes, in the place of a page that nothing needs."""
        self._write(self._start + index * PAGE_SIZE, piece)
