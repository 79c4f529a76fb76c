"""The file on the disk: locked, read and written in place, synced.

Everything above talks to a `Disk`, so that a test disk can stand in and lose power at any write.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, Protocol

from holdfire.errors import FullError, InUseError, StorageError, UserError
from holdfire.language import mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: A byte that no file reaches, so that the lock on Windows keeps nobody from reading.
LOCK_BYTE = 1 << 62
# linux/fs.h; btrfs keeps every old block without it.
_GET_FLAGS, _SET_FLAGS, _NO_COW = 0x80086601, 0x40086602, 0x00800000


class Disk(Protocol):
    """What the vault needs of a file."""

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer only at the end."""

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write all of `data` at `offset`; it is safe from a power cut only after `sync`.

        `data` may change once this returns: a disk that remembers writes must copy it.
        """

    def sync(self) -> None:
        """Return once everything written is on the medium."""

    @property
    def size(self) -> int:
        """Size in bytes."""

    def close(self) -> None:
        """Let go of the file and its lock; idempotent."""


class Device:
    """A file opened for this process alone.

    Opening sets the modification time to now, even if no passphrase will fit: a date newer than the last record of one
    compartment would otherwise tell of another (docs/formats/vault.md §5).
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        try:
            _lock(descriptor)
            with _spoken():
                os.utime(descriptor)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path) -> Device:
        """Open the file at `path` for reading and writing.

        Raises:
            UserError: There is no such file.
            InUseError: Another program has it open.
            StorageError: It cannot be read and written.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | _BINARY)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise UserError(
                mark("There is no vault at {path}."),
                mark("Look for the file, or make a new vault."),
                path=path,
            ) from None
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise StorageError(
                    mark("The file {path} is write-protected; an open vault must be able to write."),
                    mark("Copy it to a place where you may write, or remove the protection."),
                    path=path,
                ) from None
            raise _spoken_error(error) from None
        return cls(descriptor)

    @classmethod
    def create(cls, path: Path) -> Device:
        """Make an empty file at `path` that only its owner may read, never replacing one that is there.

        Raises:
            UserError: Something is already at `path`, or its folder does not exist.
            StorageError: The file cannot be made.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        except FileExistsError:
            raise UserError(
                mark("There is already a file at {path}; nothing was changed."),
                mark("Choose another name."),
                path=path,
            ) from None
        except (FileNotFoundError, NotADirectoryError):
            raise UserError(
                mark("The folder of {path} does not exist."), mark("Make the folder first."), path=path
            ) from None
        except OSError as error:
            raise _spoken_error(error) from None
        _forbid_copy_on_write(descriptor)
        return cls(descriptor)

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer only at the end."""
        try:
            return _pread(self._descriptor, size, offset)
        except OSError as error:
            raise _spoken_error(error) from None

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write all of `data` at `offset`.

        Raises:
            FullError: The disk has no room.
            StorageError: The disk refused.
        """
        try:
            written = _pwrite(self._descriptor, data, offset)
            while written < len(data):
                written += _pwrite(self._descriptor, memoryview(data)[written:], offset + written)
        except OSError as error:
            raise _spoken_error(error) from None

    def sync(self) -> None:
        """Return once everything written is on the medium, not only in the drive's own memory."""
        try:
            _sync(self._descriptor)
        except (OSError, ValueError) as error:
            # Python checks the number of a closed file by itself here, and says ValueError.
            raise _spoken_error(error) from None

    @property
    def size(self) -> int:
        """Size in bytes."""
        return os.fstat(self._descriptor).st_size

    def close(self) -> None:
        """Let go of the file and its lock; idempotent."""
        if self._descriptor >= 0:
            # The number is forgotten at once: the system may give it to another file, which a late write would hit.
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Return once the names in `folder` are on the medium; does nothing on Windows, which has no way to ask."""
    if sys.platform == "win32":
        return
    with _spoken():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _spoken_error(error: OSError | ValueError) -> StorageError:
    number = error.errno if isinstance(error, OSError) else errno.EBADF
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return FullError(
            mark("The disk is full."), mark("Make room on the disk, or choose another disk, then try again.")
        )
    return StorageError(
        mark("The disk could not be read or written: {reason}."),
        mark("Check the disk and its cable. If it fails again, copy the vault file to another disk."),
        reason=os.strerror(number or errno.EIO),
    )


@contextlib.contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _spoken_error(error) from None


def _in_use() -> InUseError:
    return InUseError(mark("This vault is open elsewhere."), mark("Close it there."))


if sys.platform == "win32":
    _BINARY = os.O_BINARY

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, LOCK_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise _in_use() from None

    def _pread(descriptor: int, size: int, offset: int) -> bytes:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, size)

    def _pwrite(descriptor: int, data: bytes | bytearray | memoryview, offset: int) -> int:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.write(descriptor, data)

    # Python's fsync on Windows is FlushFileBuffers.
    _sync = os.fsync

    def _forbid_copy_on_write(descriptor: int) -> None:
        """NTFS writes in place."""

else:
    _BINARY = 0
    _pread = os.pread
    _pwrite = os.pwrite

    def _lock(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _in_use() from None

    if sys.platform == "darwin":

        def _sync(descriptor: int) -> None:
            # fsync on macOS leaves data in the drive's cache.
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)

        def _forbid_copy_on_write(descriptor: int) -> None:
            """APFS has no switch for it; `surroundings` warns."""

    else:
        _sync = os.fdatasync

        def _forbid_copy_on_write(descriptor: int) -> None:
            """Ask for blocks written in place, which only btrfs answers and only before the first byte is there."""
            flags = bytearray(8)
            with contextlib.suppress(OSError):
                fcntl.ioctl(descriptor, _GET_FLAGS, flags)
                wanted = int.from_bytes(flags[:4], sys.byteorder) | _NO_COW
                fcntl.ioctl(descriptor, _SET_FLAGS, wanted.to_bytes(8, sys.byteorder))
