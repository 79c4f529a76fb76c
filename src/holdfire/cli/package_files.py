"""Write a package out: beside its place until it is whole, going on where an earlier try broke off.

A sealed file goes on after its last whole chunk, a folder after its last whole file (docs/formats/package.md §4).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from holdfire.errors import StorageError, UserError
from holdfire.language import mark

if TYPE_CHECKING:
    from holdfire.evidence.package.layout import Piece
    from holdfire.journeys.export_evidence import KeptPackage
    from holdfire.vault.vault import Vault

_MODE: Final = 0o600
_OPEN_MODE: Final = 0o644
_STEP: Final = 1 << 20
Progress = Callable[[int, int], None]


def write_sealed(vault: Vault, kept: KeptPackage, out: Path, told: Progress) -> int:
    """Write a package as one sealed file and return its size; on an error the part stays, to go on with.

    Raises:
        UserError: There is a file at `out`.
        StorageError: The disk refused.
    """
    from holdfire.journeys.export_evidence import archive_of, sealing_of  # noqa: PLC0415

    archive, sealing = archive_of(vault, kept), sealing_of(kept)
    if sealing is None:
        raise ValueError("this package is not sealed")
    size = sealing.size(archive.size)
    refuse_taken(out)
    with _written(out) as stream:
        number = sealing.whole(lambda place, size: _read(stream, place, size))
        if number < 0:
            stream.seek(0)
            stream.write(sealing.beginning)
            number = 0
        stream.seek(sealing.place(number))
        stream.truncate()
        for chunk in sealing.chunks(archive.pieces, number):
            stream.write(chunk)
            told(stream.tell(), size)
    return size


def write_folder(vault: Vault, kept: KeptPackage, out: Path, told: Progress) -> int:
    """Write a package as a folder and return the bytes of its files; what is there already and right stays.

    Raises:
        UserError: Something stands there that is not of this package.
        StorageError: The disk refused.
    """
    from holdfire.journeys.export_evidence import pieces_of  # noqa: PLC0415

    pieces = pieces_of(vault, kept)
    total, done = sum(one.size for one in pieces), 0
    with _spoken():
        _judge_folder(out, {one.name for one in pieces})
        # The items first: the signature of the list comes when everything it speaks of is there.
        for one in reversed(pieces):
            path = out / one.name
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            if not _is_there(path, one):
                with _written(path, _OPEN_MODE) as stream:
                    stream.truncate(0)
                    for piece in _content(one):
                        stream.write(piece)
                _forget_time(path)
            done += one.size
            told(done, total)
        for folder in (*{(out / one.name).parent for one in pieces}, out):
            _forget_time(folder)
    return total


def refuse_taken(out: Path) -> None:
    """Raise UserError when there is a file or folder at `out`: nothing is ever overwritten."""
    if os.path.lexists(out):
        raise UserError(
            mark("There is a file called {name} already."),
            mark("Choose another name with --out."),
            name=out.name,
        )


@contextlib.contextmanager
def _written(out: Path, mode: int = _MODE) -> Iterator[BinaryIO]:
    """Give a file beside `out` to write or to go on with; it takes that name when all is on the disk."""
    part = out.with_name(f"{out.name}.part")
    with _spoken():
        # No link is followed: one that stands there would have something else overwritten.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(part, flags, mode), "r+b") as stream:  # noqa: PTH123 -- a number, not a path
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        refuse_taken(out)
        part.rename(out)
        _sync(out.parent)


def _read(stream: BinaryIO, place: int, size: int) -> bytes:
    stream.seek(place)
    return stream.read(size)


def _content(one: Piece) -> Iterator[bytes]:
    for place in range(0, one.size, _STEP):
        yield one.read(place, min(_STEP, one.size - place))


def _is_there(path: Path, one: Piece) -> bool:
    """Return whether a file is there whole; UserError when another one has its name."""
    if not os.path.lexists(path):
        return False
    digest = sha256()
    if not path.is_symlink() and path.is_file() and path.stat().st_size == one.size:
        with path.open("rb") as stream:
            while piece := stream.read(_STEP):
                digest.update(piece)
        if digest.hexdigest() == one.sha256:
            return True
    raise UserError(
        mark("There is another file called {name} in that folder."),
        mark("Choose an empty place with --out."),
        name=path.name,
    )


def _judge_folder(out: Path, names: set[str]) -> None:
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        refuse_taken(out)
    for path in out.rglob("*"):
        name = path.relative_to(out).as_posix()
        if not (path.is_dir() or name in names or name.removesuffix(".part") in names):
            raise UserError(
                mark("The folder {name} holds something else."),
                mark("Choose an empty place with --out."),
                name=out.name,
            )


def _forget_time(path: Path) -> None:
    # Some disks keep no time before 1980; then theirs stays.
    with contextlib.suppress(OSError):
        os.utime(path, (0, 0))


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextlib.contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            mark("The package could not be written: {why}."),
            mark("What was written is kept; go on with it, or choose another place with --out."),
            why=error.strerror or "the disk refused",
        ) from None
