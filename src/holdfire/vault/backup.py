"""A new vault with the same contents: how a vault is backed up, moved and made larger."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.passphrase import STANDARD, Profile
from holdfire.vault import container, layout
from holdfire.vault.device import Device, Disk
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import PAGE_SIZE
from holdfire.vault.pages import PageArea
from holdfire.vault.vault import Storage, Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from holdfire.vault.freelist import PageUse


class _Shared:
    """A disk that several compartments use; closing one leaves it open."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.read = disk.read
        self.write = disk.write
        self.sync = disk.sync

    @property
    def size(self) -> int:
        return self._disk.size

    def close(self) -> None:
        pass


def backup(
    source: Path,
    passphrases: Sequence[str],
    out: Path,
    size: int | None = None,
    *,
    profile: Profile = STANDARD,
    progress: Callable[[int, int], None] | None = None,
    open_device: Callable[[Path], Disk] = Device.open,
    make_device: Callable[[Path], Disk] = Device.create,
) -> None:
    """Make a new vault at `out` with the compartments that `passphrases` open, and those alone.

    New salt, new keys, new places, other noise: nothing in the two files can be compared.

    Args:
        source: The vault that is read; locked meanwhile.
        passphrases: One to four; each opens the same compartment in the new vault.
        out: Where nothing is yet.
        size: Of the new vault in bytes; the same as the source if not given.
        profile: What a derivation costs.
        progress: Called with bytes done and bytes to do.
        open_device: Opens the source.
        make_device: Makes the new file.

    Raises:
        NothingOpenedError: A passphrase opens nothing; no file was made.
        UserError: The new size is too small for what is there, or something is at `out`.
        TamperError: A page does not open; no file stays.
        FullError: The disk has no room; no file stays.
    """
    with contextlib.ExitStack() as stack:
        disk = open_device(source)
        stack.callback(disk.close)
        wanted = disk.size if size is None else size
        room = layout.region(1, wanted).pages
        opened: list[tuple[Storage, PageUse]] = []
        for passphrase in passphrases:
            vault = Vault.open(source, passphrase, profile=profile, open_device=lambda _: _Shared(disk))
            stack.callback(vault.lock)
            if vault.storage:
                opened.append((vault.storage, page_use(vault.storage.pages)))
        if any(use.count > room for _, use in opened):
            raise UserError(
                mark("A vault of this size is too small for what is in the compartments."),
                mark("Choose a larger size."),
            )
        done = wanted
        total = wanted + sum((use.count - len(use.leaves)) * PAGE_SIZE for _, use in opened)

        def tell(filled: int, _: int) -> None:
            if progress:
                progress(filled, total)

        with container.making(out, passphrases, wanted, profile, tell, make_device) as compartments:
            for (storage, use), compartment in zip(opened, compartments, strict=True):
                target = PageArea(compartment)
                for index in use.holding():
                    target.write(index, storage.pages.read(index))
                    done += PAGE_SIZE
                    tell(done, total)
        tell(total, total)
