"""A backup holds the same, shares nothing with its source that could be compared, and leaves out what was not asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import FullError, NothingOpenedError, TamperError, UserError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.backup import backup
from holdfire.vault.check import check
from holdfire.vault.device import Device
from holdfire.vault.freelist import page_use
from holdfire.vault.layout import SMALLEST
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from holdfire.vault.records import Kind


class SmallDisk(Device):
    """A real file on a disk that is full after 16 MiB."""

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        if offset + len(data) > 16 << 20:
            raise FullError("The disk is full.")
        super().write(offset, data)


def fill(path: Path, note: Kind[str], now: datetime, size: int) -> dict[str, tuple[str, bytes]]:
    """Put a note and an item into each compartment, and shred another item, so that there are free pages."""
    filled = {}
    for word in ("one", "two"):
        content = os.urandom(size)
        with Vault.open(path, word, profile=TEST) as vault:
            vault.records.add(note, f"note of {word}", now)
            item = vault.blobs.add([os.urandom(1 << 20)], now)
            vault.blobs.add([content], now)
            vault.blobs.shred(item.id)
        filled[word] = f"note of {word}", content
    return filled


@pytest.mark.parametrize("size", [None, SMALLEST + (32 << 20)])
def test_everything_asked_for_is_carried(
    path: Path, tmp_path: Path, note: Kind[str], now: datetime, size: int | None
) -> None:
    filled = fill(path, note, now, 500_000)
    out = tmp_path / "backup.vault"
    told: list[tuple[int, int]] = []
    backup(
        path, ["two", "one"], out, size, profile=TEST, progress=lambda done, total: told.append((done, total))
    )
    assert out.stat().st_size == (size or SMALLEST)
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    for word, (text, content) in filled.items():
        with Vault.open(out, word, profile=TEST) as vault:
            assert [record.value for record in vault.records.all(note)] == [text]
            assert [vault.blobs.read(item.id) for item in vault.blobs.all()] == [content]
            assert check(vault).slots_ok
            vault.blobs.add([bytes(3 << 20)], now)
    out.unlink()


def test_nothing_else_is_carried_and_nothing_can_be_compared(
    path: Path, tmp_path: Path, note: Kind[str], now: datetime
) -> None:
    fill(path, note, now, 100_000)
    out = tmp_path / "backup.vault"
    backup(path, ["one"], out, profile=TEST)
    with pytest.raises(NothingOpenedError):
        Vault.open(out, "two", profile=TEST)
    with path.open("rb") as first, out.open("rb") as second:
        sectors = {first.read(4096) for _ in range(SMALLEST // 4096)}
        assert not any(second.read(4096) in sectors for _ in range(SMALLEST // 4096))
    with Vault.open(path, "one", profile=TEST) as old, Vault.open(out, "one", profile=TEST) as new:
        assert old.storage
        assert new.storage
        assert old.storage.compartment.key != new.storage.compartment.key
        leaves = page_use(old.storage.pages).leaves
        assert leaves
        for index in leaves:
            with pytest.raises(TamperError):
                new.storage.pages.read(index)
    out.unlink()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["wrong"], NothingOpenedError),
        (["one", "wrong"], NothingOpenedError),
        (["one", "one"], UserError),
        ([], UserError),
    ],
)
def test_a_passphrase_that_does_not_do_leaves_no_file(
    path: Path, tmp_path: Path, words: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        backup(path, words, tmp_path / "backup.vault", profile=TEST)
    assert not (tmp_path / "backup.vault").exists()
    Vault.open(path, "one", profile=TEST).lock()


def test_a_size_too_small_for_what_is_there_is_refused(
    tmp_path: Path, note: Kind[str], now: datetime
) -> None:
    large, out = tmp_path / "large.vault", tmp_path / "small.vault"
    Vault.create(large, ["one", "two"], 2 * SMALLEST, profile=TEST)
    fill(large, note, now, 20 << 20)
    with pytest.raises(UserError, match="too small"):
        backup(large, ["one"], out, SMALLEST, profile=TEST)
    assert not out.exists()
    large.unlink()


def test_a_full_disk_or_a_damaged_page_leaves_no_file(
    path: Path, tmp_path: Path, note: Kind[str], now: datetime
) -> None:
    out = tmp_path / "backup.vault"
    with pytest.raises(FullError):
        backup(path, ["one"], out, profile=TEST, make_device=SmallDisk.create)
    assert not out.exists()
    fill(path, note, now, 100_000)
    with Vault.open(path, "one", profile=TEST) as vault:
        assert vault.storage
        last = max(page_use(vault.storage.pages).holding())
        vault.storage.pages.overwrite(last, os.urandom(16_384))
    with pytest.raises(TamperError):
        backup(path, ["one"], out, profile=TEST)
    assert not out.exists()


def test_an_existing_file_stays(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup.vault"
    out.write_text("precious")
    with pytest.raises(UserError, match="already a file"):
        backup(path, ["one"], out, profile=TEST)
    with pytest.raises(UserError, match="already a file"):
        backup(path, ["one"], path, profile=TEST)
    assert out.read_text() == "precious"
    Vault.open(path, "one", profile=TEST).lock()
