"""What is large, kept outside the database under names drawn at random: in a folder, or in a bucket (`bucket.py`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

#: Nothing else that a host put there is a relay's to remove.
OURS: Final = re.compile(r"[0-9a-f]{64}")


class MissingObjectError(LookupError):
    """There is nothing of this name."""


class Objects(Protocol):
    """Keeps bytes under names of 64 hexadecimal digits; a name is given once."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under a new name; it is durable when this returns."""

    def get(self, name: str) -> bytes:
        """Return what stands under a name.

        Raises:
            MissingObjectError: There is nothing.
        """

    def remove(self, name: str) -> None:
        """Remove what stands under a name, if anything does."""

    def names(self) -> Iterator[str]:
        """Yield every name that is a relay's, also of what was written in part."""


class FolderObjects:
    """Objects as files of a folder.

    Args:
        folder: Is made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under a new name; it is durable when this returns."""
        # Under its own name at once: what a crash leaves half written is named by no row, and swept away.
        with (self._folder / name).open("xb", buffering=0) as file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
            # A file says when it was written, to the second; the relay keeps no more than days.
            os.utime(file.fileno(), (0, 0))
            os.fsync(file.fileno())
        # After the file: most file systems have written its name with it, and nothing is left to wait for.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, name: str) -> bytes:
        """Return what stands under a name.

        Raises:
            MissingObjectError: There is nothing.
        """
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            raise MissingObjectError(name) from error

    def remove(self, name: str) -> None:
        """Remove what stands under a name, if anything does."""
        (self._folder / name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Yield every name that is a relay's, also of what was written in part."""
        for path in self._folder.iterdir():
            if OURS.fullmatch(path.name):
                yield path.name
