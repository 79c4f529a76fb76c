"""From a passphrase to keys: Argon2id once, then HKDF for every key (docs/formats/vault.md §2).

The parameters belong to the vault's format: a profile sealed inside the slot could not be read in time.
"""

from __future__ import annotations

import ctypes
import os
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfire.errors import StorageError, UserError
from holdfire.language import mark

Key = NewType("Key", bytes)

KEY_SIZE = 32
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Profile:
    """What one derivation costs.

    Args:
        memory_kib: Memory that Argon2id fills, in KiB.
        passes: How often it goes over that memory.
        lanes: How many threads can share the work.
        needs: Free memory in bytes below which the work is refused, never made weaker; 0 asks nothing.
    """

    memory_kib: int
    passes: int
    lanes: int
    needs: int = 0


#: Every vault of a person: 256 MiB fits Tails and a laptop of 4 GB; 274 MiB in all were measured, so 400 are asked.
STANDARD = Profile(memory_kib=262_144, passes=3, lanes=4, needs=400 * MEBIBYTE)
#: For tests alone: as cheap as Argon2id allows.
TEST = Profile(memory_kib=32, passes=1, lanes=4)


def derive_master(passphrase: str, salt: bytes, profile: Profile = STANDARD) -> Key:
    """Return the 32-byte master key of `passphrase`, the same for every way Unicode has of writing it.

    Raises:
        UserError: The passphrase is empty.
        StorageError: Less memory is free than the profile needs.
    """
    if not passphrase:
        raise UserError(mark("The passphrase is empty."), mark("Type the passphrase, then try again."))
    free = free_memory()
    if free is not None and free < profile.needs:
        raise StorageError(
            mark("There is too little free memory to open the vault safely: {free} MiB of {needs} MiB."),
            mark("Close other programs, then try again."),
            free=free // MEBIBYTE,
            needs=profile.needs // MEBIBYTE,
        )
    # "surrogatepass": a passphrase from a badly set terminal must give some key, not an error that shows it.
    word = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    kdf = Argon2id(
        salt=salt,
        length=KEY_SIZE,
        iterations=profile.passes,
        lanes=profile.lanes,
        memory_cost=profile.memory_kib,
    )
    return Key(kdf.derive(word))


def derive_key(key: Key, label: str) -> Key:
    """Return the 32-byte key that `label` names under `key`; docs/formats/vault.md §2 lists every label."""
    return Key(HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=label.encode("ascii")).derive(key))


def free_memory(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Return how many bytes a program can still take without swapping; None where the system does not say."""
    if sys.platform == "win32":
        return _free_memory_of_windows()
    try:
        lines = meminfo.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return _free_memory_of_sysconf()
    for line in lines:
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            return int(amount.split()[0]) * 1024
    return _free_memory_of_sysconf()


def _free_memory_of_sysconf() -> int | None:
    """Ask POSIX; macOS does not count pages it could free, so nothing is known there."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


if sys.platform == "win32":

    def _free_memory_of_windows() -> int | None:
        class Status(ctypes.Structure):
            _fields_ = (
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                *((name, ctypes.c_ulonglong) for name in ("total", "free", "t2", "f2", "t3", "f3", "x")),
            )

        status = Status(length=ctypes.sizeof(Status))
        answered = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.free) if answered else None
