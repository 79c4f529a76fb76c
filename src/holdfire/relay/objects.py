"""What is large, kept outside the database under names made of its content: in a folder, or in a bucket (`bucket.py`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

_OURS: Final = re.compile(r"[0-9a-f]{64}(\.part)?")


class MissingObjectError(LookupError):
    """There is nothing of this name."""


class Objects(Protocol):
    """Keeps bytes under names of 64 hexadecimal digits; a name never gets other bytes."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`; it is durable when this returns."""

    def get(self, name: str) -> bytes:
        """Return what stands under a name.

        Raises:
            MissingObjectError: There is nothing.
        """

    def remove(self, name: str) -> None:
        """Remove what stands under a name, if anything does."""

    def names(self) -> Iterator[str]:
        """Yield every name, and those of what was written in part."""


class FolderObjects:
    """Objects as files of a folder.

    Args:
        folder: Is made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`; it is durable when this returns."""
        part = self._folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A file says when it was written, to the second; the relay keeps no more than days.
        os.utime(part, (0, 0))
        part.replace(self._folder / name)
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
        """Yield every name, and those of what was written in part."""
        for path in self._folder.iterdir():
            # Nothing else that a host put there is a relay's to remove.
            if _OURS.fullmatch(path.name):
                yield path.name
