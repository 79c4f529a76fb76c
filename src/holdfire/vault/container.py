"""The file as a whole: made full of noise, its slots written, tried and repaired (docs/formats/vault.md §§1–5)."""

from __future__ import annotations

import contextlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from holdfire.errors import NothingOpenedError, TamperError, UserError
from holdfire.language import mark
from holdfire.sealing.noise import draw, new_key, noise, random_bytes
from holdfire.sealing.page import Sealer, damaged
from holdfire.sealing.passphrase import KEY_SIZE, Key, Profile, derive_key, derive_master
from holdfire.vault import layout
from holdfire.vault.device import Device, Disk, sync_folder
from holdfire.vault.layout import COPIES, HEAD_SIZE, Region
from holdfire.vault.refusals import NewerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


FORMAT = 1
_PLAINTEXT = 4068
#: Creation syncs after so much, so that progress is true and the last sync is short.
_SYNC_EVERY = 64 << 20
#: χ² of 256 byte values: noise gives 255 ± 23, so noise above 600 is not to be expected in the age of the universe.
_UNEVEN = 600


@dataclass(frozen=True)
class Compartment:
    """An opened slot: its region and keys. `repaired` says that one copy of the slot had to be written anew."""

    disk: Disk
    slot: int
    region: Region
    key: Key = field(repr=False)
    slot_key: Key = field(repr=False)
    repaired: bool = False


@contextlib.contextmanager
def making(
    path: Path,
    passphrases: Sequence[str],
    size: int,
    profile: Profile,
    progress: Callable[[int, int], None] | None = None,
    make_device: Callable[[Path], Disk] = Device.create,
) -> Iterator[tuple[Compartment, ...]]:
    """Make a file of noise and offer a compartment for each passphrase, to be filled before the end of the block.

    The slots are written when the block ends well; otherwise the partial file is removed. The numbers of the slots are drawn
    at random, so that neither place nor order says which passphrase matters.

    Raises:
        UserError: No passphrase, more than four, two alike, an empty one, a size below 64 MiB, or a file already there.
        FullError: The disk has no room; nothing is left behind.
    """
    _check_passphrases(passphrases)
    layout.region(1, size)
    salt = random_bytes(layout.SALT_SIZE)
    masters = [derive_master(passphrase, salt, profile) for passphrase in passphrases]
    disk = make_device(path)
    try:
        _fill(disk, size, progress)
        disk.write(0, salt)
        slots = [1 + number for number in draw(layout.COMPARTMENTS, len(passphrases))]
        compartments = tuple(
            Compartment(disk, slot, layout.region(slot, size), new_key(), slot_key(master, slot))
            for slot, master in zip(slots, masters, strict=True)
        )
        yield compartments
        disk.sync()
        for compartment in compartments:
            for copy in COPIES:
                write_copy(disk, compartment.slot, copy, compartment.slot_key, compartment.key)
        disk.sync()
        disk.close()
        sync_folder(path.parent)
    except BaseException:
        disk.close()
        path.unlink(missing_ok=True)
        raise


def unlock(disk: Disk, passphrase: str, profile: Profile) -> Compartment:
    """Return the compartment that `passphrase` opens; the same work is done whether it is the real one, another, or wrong.

    Raises:
        NothingOpenedError: No compartment answers.
        TamperError: The file was cut or lengthened, or what opened makes no sense.
        UserError: The file cannot be a vault, or a newer Holdfire made it.
    """
    refuse_other_files(disk)
    master = derive_master(passphrase, disk.read(0, layout.SALT_SIZE), profile)
    opened = try_slots(disk, master)
    if not opened:
        raise NothingOpenedError(mark("Nothing opened."), mark("Check keyboard language and Caps Lock."))
    slot = min(slot for slot, _ in opened)
    copies = {copy: plaintext for (number, copy), plaintext in opened.items() if number == slot}
    plaintext = copies.get(b"A") or copies[b"B"]
    key = _parse(plaintext, disk.size)
    sealed_under = slot_key(master, slot)
    faulty = [copy for copy in COPIES if copies.get(copy) != plaintext]
    for copy in faulty:
        write_copy(disk, slot, copy, sealed_under, key)
    return Compartment(disk, slot, layout.region(slot, disk.size), key, sealed_under, repaired=bool(faulty))


def refuse_other_files(disk: Disk) -> None:
    """Refuse a file that cannot be a vault, because it is too small or its beginning is not like noise.

    Raises:
        UserError: It is none.
    """
    layout.region(1, disk.size)
    counts = Counter(disk.read(0, HEAD_SIZE))
    expected = HEAD_SIZE / 256
    if sum((counts[value] - expected) ** 2 / expected for value in range(256)) > _UNEVEN:
        raise UserError(mark("This file is not a vault."), mark("Choose the file you made with Holdfire."))


def try_slots(disk: Disk, master: Key) -> dict[tuple[int, bytes], bytes]:
    """Return what opens of the eight copies, by slot and copy; all eight are always tried, so that time tells nothing."""
    opened = {}
    for slot in range(1, layout.COMPARTMENTS + 1):
        sealer = Sealer(slot_key(master, slot))
        for copy, start in COPIES.items():
            sealed = disk.read(start + (slot - 1) * layout.SLOT_SIZE, layout.SLOT_SIZE)
            with contextlib.suppress(TamperError):
                opened[slot, copy] = sealer.open(sealed, _associated(slot, copy))
    return opened


def read_copy(disk: Disk, slot: int, copy: bytes, sealed_under: Key) -> bytes:
    """Return the plaintext of one copy.

    Raises:
        TamperError: It does not open.
    """
    sealed = disk.read(layout.slot_place(slot, copy), layout.SLOT_SIZE)
    return Sealer(sealed_under).open(sealed, _associated(slot, copy))


def write_copy(disk: Disk, slot: int, copy: bytes, sealed_under: Key, key: Key) -> None:
    """Seal `key` into one copy of a slot, sync, and read it back.

    Raises:
        TamperError: The disk does not return what was written.
    """
    plaintext = slot_plaintext(key, disk.size)
    disk.write(layout.slot_place(slot, copy), Sealer(sealed_under).seal(plaintext, _associated(slot, copy)))
    disk.sync()
    if read_copy(disk, slot, copy, sealed_under) != plaintext:
        raise damaged()


def slot_plaintext(key: Key, size: int) -> bytes:
    """Return what a slot seals: the format, the region's key, the size of the file, zeros."""
    return (FORMAT.to_bytes(2, "big") + key + size.to_bytes(8, "big")).ljust(_PLAINTEXT, b"\0")


def _parse(plaintext: bytes, size: int) -> Key:
    if plaintext[:2] != FORMAT.to_bytes(2, "big"):
        raise NewerError
    key = Key(plaintext[2 : 2 + KEY_SIZE])
    if plaintext[34:42] != size.to_bytes(8, "big"):
        # The areas are found from the size: in a cut file they would be looked for, and written, in wrong places.
        raise TamperError(
            mark("The vault file was cut short or lengthened since it was made."),
            mark("Nothing was changed. Copy it again from where it was whole, or go back to a backup."),
        )
    if plaintext != slot_plaintext(key, size):
        raise damaged()
    return key


def slot_key(master: Key, slot: int) -> Key:
    """Return the key under which slot 1 to 4 is sealed."""
    return derive_key(master, f"holdfire vault 1 slot {slot}")


def _associated(slot: int, copy: bytes) -> bytes:
    return b"slot" + bytes((slot,)) + copy


def _fill(disk: Disk, size: int, progress: Callable[[int, int], None] | None) -> None:
    """Write every byte: a file with holes, or with blocks promised but not written, would be a map of what is used."""
    done = 0
    for piece in noise(size):
        disk.write(done, piece)
        done += len(piece)
        if done % _SYNC_EVERY == 0:
            disk.sync()
        if progress:
            progress(done, size)
    disk.sync()


def _check_passphrases(passphrases: Sequence[str]) -> None:
    if not 1 <= len(passphrases) <= layout.COMPARTMENTS:
        raise UserError(
            mark("A vault has one to four compartments, each with its own passphrase."),
            mark("Give one to four passphrases."),
        )
    if len({unicodedata.normalize("NFC", passphrase) for passphrase in passphrases}) < len(passphrases):
        raise UserError(
            mark("Two of the passphrases are alike."),
            mark("Choose a different passphrase for each compartment."),
        )
