"""What around the file could betray it: the file system, a synchronised folder, swap. Said before a vault is made."""

from __future__ import annotations

import sys
from pathlib import Path

from holdfire.language import mark

#: These keep old blocks when a file is changed in place, so that one image shows what changed. btrfs: see `device`.
KEEPING = {"apfs", "bcachefs", "btrfs", "f2fs", "nilfs2", "overlay", "refs", "zfs"}
#: How folders begin that a program copies to somebody else's computer.
SYNCHRONISED = (
    "com~apple~clouddocs", "creative cloud files", "dropbox", "google drive", "googledrive", "icloud", "megasync", "mobile documents",
    "my drive", "nextcloud", "onedrive", "owncloud", "pcloud", "proton drive", "seafile", "synology drive", "syncthing", "tresorit",
    "yandex.disk", "yandexdisk", "облако", "яндекс.диск", "яндекс диск",
)  # fmt: skip
_MARKS = (".dropbox", ".dropbox.cache", ".owncloudsync.log", ".stfolder", ".sync")

KEEPS_OLD = mark(
    "The file system here keeps old versions of blocks. One image of this disk can show which part of the vault was used, "
    "and so that a compartment exists. An ordinary disk (ext4, exFAT, NTFS) is safer."
)
IS_SYNCHRONISED = mark(
    "This folder seems to be copied to other computers by a program. Whoever keeps the copies can compare old and new ones and "
    "see which part of the vault changed. Choose a folder that is not synchronised."
)
SWAP_IS_ON = mark(
    "This computer moves memory to its disk (swap, hibernation). While the vault is open, its key and pages can get there. "
    "Switch swap off, or use a system that forgets, such as Tails."
)
SHADOW_COPIES = mark(
    "Windows can keep earlier versions of files (restore points, file history). They can show which part of the vault changed. "
    "Switch them off for this disk."
)


def warnings_for(
    path: Path,
    *,
    mounts: Path = Path("/proc/self/mountinfo"),
    swaps: Path = Path("/proc/swaps"),
    platform: str = sys.platform,
) -> tuple[str, ...]:
    """Return what a person should know before making a vault at `path`, as sentences; empty when nothing was seen.

    Looks at names and at what the system tells; an empty answer promises nothing.
    """
    place = path.absolute().resolve()
    found = []
    if file_system(place, mounts) in KEEPING or platform == "darwin":
        found.append(KEEPS_OLD)
    if is_synchronised(place):
        found.append(IS_SYNCHRONISED)
    if platform in {"darwin", "win32"} or swap_is_on(swaps):
        found.append(SWAP_IS_ON)
    if platform == "win32":
        found.append(SHADOW_COPIES)
    return tuple(found)


def file_system(place: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str | None:
    """Return the type of the file system that holds `place`, an absolute path; None where the system does not say."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    best, kind = -1, None
    for line in lines:
        # proc(5): … mount point is the fifth field; after a lone dash comes the type.
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:  # noqa: PLR2004 — see above
            continue
        point = Path(fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        # The last of several mounts on one point is the one that is seen.
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


def is_synchronised(place: Path) -> bool:
    """Say whether a folder above `place` is named or marked like one that a program synchronises."""
    named = any(part.casefold().startswith(SYNCHRONISED) for part in place.parent.parts)
    return named or any((folder / mark_file).exists() for folder in place.parents for mark_file in _MARKS)


def swap_is_on(swaps: Path = Path("/proc/swaps")) -> bool:
    """Say whether memory can be moved to a disk; swap that stays in memory (zram) does not count."""
    try:
        lines = swaps.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    return any(line.strip() and "/zram" not in line.split()[0] for line in lines[1:])
