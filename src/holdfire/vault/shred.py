"""Making things unreadable for good: a compartment, a whole vault, or what a compartment no longer uses.

There is no passphrase that shreds. Examiners copy a device first, so it would destroy nothing, would show as a changed slot,
and could bring violence on its owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfire.sealing.noise import noise, random_bytes
from holdfire.sealing.passphrase import STANDARD, Profile
from holdfire.vault.container import refuse_other_files, unlock
from holdfire.vault.device import Device, Disk
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import COPIES, HEAD_SIZE, PAGE_SIZE, SLOT_SIZE, slot_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from holdfire.vault.vault import Vault


def shred(
    path: Path,
    passphrase: str,
    *,
    profile: Profile = STANDARD,
    open_device: Callable[[Path], Disk] = Device.open,
) -> None:
    """Destroy the key of the compartment that `passphrase` opens; the others, if there are any, are not touched.

    Raises:
        NothingOpenedError: No compartment answers; nothing was changed.
    """
    disk = open_device(path)
    try:
        slot = unlock(disk, passphrase, profile).slot
        for copy in COPIES:
            disk.write(slot_place(slot, copy), random_bytes(SLOT_SIZE))
        disk.sync()
    finally:
        disk.close()


def shred_all(path: Path, *, open_device: Callable[[Path], Disk] = Device.open) -> None:
    """Destroy the keys of every compartment, without a passphrase.

    Raises:
        UserError: The file cannot be a vault; it was not changed.
    """
    disk = open_device(path)
    try:
        refuse_other_files(disk)
        disk.write(0, random_bytes(HEAD_SIZE))
        disk.sync()
    finally:
        disk.close()


def compact(vault: Vault, progress: Callable[[int, int], None] | None = None) -> int:
    """Overwrite every page that is not in use, and the journal, with noise; return how many pages that were.

    What was deleted before cannot be read afterwards, also with the passphrase, as far as the disk writes in place.

    Raises:
        TamperError: The list of free pages does not open; nothing was changed.
    """
    storage = vault.storage
    if storage is None:
        return 0
    use = page_use(storage.pages)
    unused = [*sorted(use.leaves), *range(use.count, storage.pages.count)]
    for done, (index, piece) in enumerate(
        zip(unused, noise(len(unused) * PAGE_SIZE, PAGE_SIZE), strict=True)
    ):
        storage.pages.overwrite(index, piece)
        if progress:
            progress(done * PAGE_SIZE, len(unused) * PAGE_SIZE)
    storage.journal.overwrite()
    if progress:
        progress(len(unused) * PAGE_SIZE, len(unused) * PAGE_SIZE)
    return len(unused)
