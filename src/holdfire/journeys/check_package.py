"""Open a package as it was received, whatever it came as: a folder, a tar file, or a sealed file and a key."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from holdfire.errors import UserError
from holdfire.evidence.custody.head import SignedHead
from holdfire.evidence.package.archive import TOP
from holdfire.evidence.package.layout import BAGIT, MOST_EXTRACT
from holdfire.evidence.package.opened import Opened, in_archive, in_folder
from holdfire.evidence.package.verify import head_of, heads
from holdfire.journeys.keep_evidence import find_evidence
from holdfire.language import mark
from holdfire.sealing.age.file import AgeFile
from holdfire.sealing.age.keys import identities
from holdfire.sealing.age.wrapping import Identity
from holdfire.vault.vault import Vault

_AGE: Final = (b"age-encryption.org/", b"-----BEGIN AGE")
_MOST_KEYS: Final = 1 << 20


def keys_in(file: Path) -> tuple[Identity, ...]:
    """Return the secret keys of a key file, as `age-keygen` writes it; UserError when there is none in it."""
    with file.open("rb") as stream:
        untrusted = stream.read(_MOST_KEYS)
    try:
        return identities(untrusted.decode("utf-8"))
    except UnicodeDecodeError:
        raise UserError(mark("There is no key in this file."), mark("Is it the right file?")) from None


@contextlib.contextmanager
def received(path: Path, keys: Sequence[Identity] = ()) -> Iterator[Opened]:
    """Give the package that lies at `path`; nothing is unpacked.

    Raises:
        UserError: It is sealed and no key opens it, or it is no file or folder.
        TamperError: It is damaged, or no package.
    """
    if path.is_dir():
        inner = path / TOP.rstrip("/")
        # Who unpacked the archive and names the folder above means the one inside.
        yield in_folder(inner if inner.is_dir() and not (path / BAGIT).exists() else path)
        return
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise UserError(mark("This is neither a file nor a folder."), mark("Name the package itself."))

        def read_at(place: int, size: int) -> bytes:
            os.lseek(number, place, os.SEEK_SET)
            return os.read(number, size)

        yield _one_file(read_at, status.st_size, keys)
    finally:
        os.close(number)


def kept_package(vault: Vault, number: int, keys: str = "") -> Opened:
    """Return the package that is kept as evidence `number`, as it was received; nothing is unpacked.

    Args:
        vault: It lies there.
        number: Of the evidence.
        keys: Secret keys as `age-keygen` writes them; they are used once and not kept.

    Raises:
        UserError: There is no such evidence, or it is sealed and no key opens it.
        TamperError: It is damaged, or no package.
    """
    kept = find_evidence(vault, number).value
    return _one_file(
        lambda place, size: vault.blobs.read(kept.item, place, size),
        kept.size,
        identities(keys) if keys.strip() else (),
    )


def _one_file(read_at: Callable[[int, int], bytes], size: int, keys: Sequence[Identity]) -> Opened:
    if not read_at(0, 64).lstrip().startswith(_AGE):
        return in_archive(read_at, size)
    if not keys:
        raise UserError(
            mark("This package is sealed."),
            mark("Give the file that holds your key, too: `--identity FILE`."),
        )
    opened = AgeFile(read_at, size, keys)
    return in_archive(opened.read, opened.size)


def held_in(path: Path) -> tuple[SignedHead, ...]:
    """Return the custody heads that an earlier package, or an extract of a custody log, holds.

    Raises:
        TamperError: One is not signed by the key it names, or the file is no extract.
    """
    if path.is_dir():
        with received(path) as opened:
            return heads(opened)
    with path.open("rb") as stream:
        return (head_of(stream.read(MOST_EXTRACT)),)
