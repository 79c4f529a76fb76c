"""Another passphrase for the same compartment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.passphrase import STANDARD, Profile, derive_master
from holdfire.vault.container import slot_key, try_slots, unlock, write_copy
from holdfire.vault.device import Device, Disk
from holdfire.vault.layout import SALT_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def change_passphrase(
    path: Path,
    old: str,
    new: str,
    *,
    profile: Profile = STANDARD,
    open_device: Callable[[Path], Disk] = Device.open,
) -> None:
    """Let `new` open the compartment instead of `old`; at every instant one of the two opens it.

    The compartment's own key stays: whoever learnt it, or has an old image and the old passphrase, can still read. After a
    leak, make a new vault.

    Raises:
        NothingOpenedError: `old` opens nothing.
        UserError: `new` is empty, or already opens something here, so that the two could not be told apart.
    """
    disk = open_device(path)
    try:
        compartment = unlock(disk, old, profile)
        master = derive_master(new, disk.read(0, SALT_SIZE), profile)
        if try_slots(disk, master):
            raise UserError(mark("This passphrase cannot be used here."), mark("Choose a different one."))
        key = slot_key(master, compartment.slot)
        # B first and read back: whatever happens, A still opens with the old one, or B with the new.
        for copy in (b"B", b"A"):
            write_copy(disk, compartment.slot, copy, key, compartment.key)
    finally:
        disk.close()
