"""Where a vault can lie: the sticks that are plugged in, the home folder, and how much room there is."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

#: A name that says nothing of what it is; the person is free to choose another.
FILE_NAME: Final = "notes.dat"
#: Where systems put removable drives, with how many folders below it a drive lies.
_REMOVABLE: Final = (("/media", 2), ("/run/media", 2), ("/Volumes", 1))
MOST_DRIVES: Final = 8


@dataclass(frozen=True)
class Place:
    """A folder a vault can lie in.

    Attributes:
        path: Where the vault file would lie.
        free: Bytes free there.
        removable: Whether it is a stick or another drive that can be taken away.
    """

    path: Path
    free: int
    removable: bool


def path_typed(untrusted_path: str) -> Path:
    """Return the path a person typed, `~` being the home folder; UserError when no file can be called so."""
    try:
        path = Path(untrusted_path).expanduser()
        path.exists()
    except (OSError, RuntimeError, ValueError) as fault:
        raise UserError(mark("No file can have this name."), mark("Check the path.")) from fault
    return path


def places_here() -> tuple[Place, ...]:
    """Return the places that can be written to, sticks first, the home folder last."""
    folders = [(drive, True) for drive in _drives()] + [(Path.home(), False)]
    found = []
    for folder, removable in folders:
        free = room_at(folder)
        if free is not None and os.access(folder, os.W_OK):
            found.append(Place(folder / FILE_NAME, free, removable))
    return tuple(found)


def room_at(folder: Path) -> int | None:
    """Return the bytes free in `folder`, or None when there is no such folder."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def vaults_here() -> tuple[Path, ...]:
    """Return the files that lie where this program suggests; nothing is opened to find out."""
    return tuple(place.path for place in places_here() if place.path.is_file())


def _drives() -> list[Path]:
    """Return the folders where removable drives are mounted."""
    found: list[Path] = []
    for root, depth in _REMOVABLE:
        level = [Path(root)]
        for _ in range(depth):
            level = [child for folder in level for child in _folders(folder)]
            found.extend(folder for folder in level if os.path.ismount(folder))
    return found[:MOST_DRIVES]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink())
    except OSError:
        return []
