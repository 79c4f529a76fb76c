"""A package as it was received, read by name: a folder, a tar file, or a sealed file; hostile until shown otherwise.

Nothing is unpacked and nothing written. A folder is walked without following a link; what is not a plain file under a name
that packages have is reported, and never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from holdfire.evidence.package.archive import index
from holdfire.evidence.package.layout import FOLDERS, MOST_FILES, STEP, Piece, known
from holdfire.evidence.package.refusals import ChangedFileError, CrowdedError, PackageError, StrangeFileError

#: Strange things that are named; that there is one already says no.
_MOST_STRANGE: Final = 20
_MOST_SHOWN: Final = 60


@dataclass(frozen=True)
class Opened:
    """What was found: the files by name, and everything that does not belong there."""

    files: Mapping[str, Piece]
    faults: tuple[PackageError, ...] = ()


def in_folder(folder: Path) -> Opened:
    """Return the package that lies in a folder.

    Raises:
        CrowdedError: There are more files than a package has.
        OSError: It cannot be read.
    """
    files: dict[str, Piece] = {}
    faults: list[PackageError] = []
    for name, plain, size in _walk(folder):
        if plain and known(name):
            files[name] = Piece(name, size, "", _reader(folder, name))
        elif len(faults) < _MOST_STRANGE:
            faults.append(StrangeFileError(shown(name)))
    return Opened(files, tuple(faults))


def in_archive(read_at: Callable[[int, int], bytes], size: int) -> Opened:
    """Return the package that a tar file holds; of a sealed one, `AgeFile.read` and `AgeFile.size` are given.

    Raises:
        ArchiveError: It is none, or was packed anew.
        CrowdedError: There are more files than a package has.
    """
    files: dict[str, Piece] = {}
    faults: list[PackageError] = []
    for one in index(read_at, size):
        if one.name in files:
            faults.append(StrangeFileError(one.name))
        files[one.name] = one
    return Opened(files, tuple(faults[:_MOST_STRANGE]))


def content(one: Piece) -> Iterator[bytes]:
    """Yield the whole of a file, piece by piece; ChangedFileError when it ends too early."""
    place = 0
    while place < one.size:
        found = one.read(place, min(STEP, one.size - place))
        if not found:
            raise ChangedFileError(one.name)
        yield found
        place += len(found)


def shown(untrusted_name: str) -> str:
    """Return a name so that it can be shown: short, and every sign but plain ones as its number."""
    return ascii(untrusted_name[:_MOST_SHOWN])


def _walk(folder: Path) -> Iterator[tuple[str, bool, int]]:
    """Yield each thing in a folder: its name, whether it is a plain file, its size."""
    seen = 0
    waiting = [""]
    while waiting:
        above = waiting.pop()
        with os.scandir(folder / above) as entries:
            for entry in entries:
                seen += 1
                if seen > MOST_FILES:
                    raise CrowdedError
                name = f"{above}/{entry.name}" if above else entry.name
                # A package has one level of folders; whatever else stands there is not entered.
                if name in FOLDERS and entry.is_dir(follow_symlinks=False):
                    waiting.append(name)
                elif entry.is_file(follow_symlinks=False):
                    yield name, True, entry.stat(follow_symlinks=False).st_size
                else:
                    yield name, False, 0


def _reader(folder: Path, name: str) -> Callable[[int, int], bytes]:
    # The mode is looked at again once it is open: between the walk and now a link or a pipe could have been put there.
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )

    def read(place: int, size: int) -> bytes:
        number = os.open(folder / name, flags)
        try:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise StrangeFileError(shown(name))
            os.lseek(number, place, os.SEEK_SET)
            return os.read(number, size)
        finally:
            os.close(number)

    return read
