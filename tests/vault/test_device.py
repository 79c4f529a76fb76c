"""The file is one person's, one program's, and never replaces another."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from holdfire.errors import InUseError, StorageError, UserError
from holdfire.vault.device import Device

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    device = Device.create(tmp_path / "file")
    device.write(0, bytes(100))
    device.write(50, bytearray(b"here"))
    device.write(54, memoryview(b"too"))
    device.sync()
    assert device.size == 100
    assert device.read(48, 11) == b"\0\0heretoo\0\0"
    assert device.read(99, 50) == b"\0"
    device.close()
    device.close()


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("precious")
    with pytest.raises(UserError, match="already a file"):
        Device.create(path)
    assert path.read_text() == "precious"


@posix_only
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Device.create(tmp_path / "file").close()
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_missing_file_or_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no vault at"):
        Device.open(tmp_path / "none")
    with pytest.raises(UserError, match="no vault at"):
        Device.open(tmp_path)
    with pytest.raises(UserError, match="folder"):
        Device.create(tmp_path / "none" / "file")


def test_a_second_opener_in_this_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    first = Device.create(path)
    with pytest.raises(InUseError):
        Device.open(path)
    first.close()
    Device.open(path).close()


def test_a_second_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    first = Device.create(path)
    program = (
        "import pathlib, sys\n"
        "from holdfire.errors import InUseError\n"
        "from holdfire.vault.device import Device\n"
        "try: Device.open(pathlib.Path(sys.argv[1]))\n"
        "except InUseError: print('in use')\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True
    )
    first.close()
    assert said.stdout == "in use\n"


def test_opening_sets_the_date_to_now(tmp_path: Path) -> None:
    path = tmp_path / "file"
    Device.create(path).close()
    os.utime(path, (1, 1))
    Device.open(path).close()
    assert path.stat().st_mtime > 1_000_000_000


@posix_only
def test_a_write_protected_file_is_said() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "file"
        path.write_bytes(bytes(10))
        path.chmod(0o444)
        root = os.geteuid() == 0
        if root:
            # Root may write everything; the test needs somebody who may not.
            os.seteuid(65_534)
        try:
            with pytest.raises(StorageError, match="write-protected"):
                Device.open(path)
        finally:
            if root:
                os.seteuid(0)


def test_a_disk_that_fails_is_said(tmp_path: Path) -> None:
    device = Device.create(tmp_path / "file")
    device.close()
    with pytest.raises(StorageError, match="disk could not be read or written"):
        device.write(0, b"x")
    with pytest.raises(StorageError, match="disk could not be read or written"):
        device.read(0, 1)
    with pytest.raises(StorageError, match="disk could not be read or written"):
        device.sync()
