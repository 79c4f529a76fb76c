"""Write a file that a command was asked for: whole or not at all, readable by its owner alone, in place of nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from holdfire.errors import StorageError, UserError
from holdfire.language import mark

_MODE: Final = 0o600


def write_file(pieces: Iterable[bytes], out: Path) -> tuple[int, str]:
    """Write a file beside its place and move it there when it is whole; return its size and SHA-256.

    Raises:
        UserError: There is such a file already.
        StorageError: The disk refused; nothing is left behind.
    """
    if out.exists():
        raise taken(out)
    part = out.with_name(f"{out.name}.part")
    size, digest = 0, hashlib.sha256()
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _MODE)
    except FileExistsError:
        raise taken(part) from None
    except OSError as error:
        raise _refused(error) from None
    try:
        with open(number, "wb") as stream:  # noqa: PTH123 -- a number, not a path
            for piece in pieces:
                stream.write(piece)
                digest.update(piece)
                size += len(piece)
            stream.flush()
            os.fsync(stream.fileno())
        if out.exists():
            raise taken(out)
        part.replace(out)
    except OSError as error:
        raise _refused(error) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return size, digest.hexdigest()


def taken(out: Path) -> UserError:
    """Return the refusal to write over a file."""
    return UserError(
        mark("There is a file called {name} already."), mark("Choose another name with --out."), name=out.name
    )


def _refused(error: OSError) -> StorageError:
    return StorageError(
        mark("The file could not be written: {why}."),
        mark("Choose another place with --out."),
        why=error.strerror or "the disk refused",
    )
