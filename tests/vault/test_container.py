"""A vault is made whole or not at all; a slot opens to its passphrase, survives one bad copy, and says nothing else."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import FullError, NothingOpenedError, TamperError, UserError
from holdfire.sealing.page import Sealer
from holdfire.sealing.passphrase import TEST, derive_key, derive_master
from holdfire.vault import container
from holdfire.vault.device import Device
from holdfire.vault.layout import SMALLEST, region, slot_place
from holdfire.vault.refusals import NewerError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path


class SmallDisk(Device):
    """A real file on a disk that is full after 16 MiB."""

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        if offset + len(data) > 16 << 20:
            raise FullError("The disk is full.")
        super().write(offset, data)


def opened(path: Path, passphrase: str) -> container.Compartment:
    disk = Device.open(path)
    try:
        return container.unlock(disk, passphrase, TEST)
    finally:
        disk.close()


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes((byte ^ 0x40,)))


def test_each_passphrase_opens_its_own_compartment(path: Path) -> None:
    one, two = opened(path, "one"), opened(path, "two")
    assert one.slot != two.slot
    assert one.key != two.key
    assert one.region == region(one.slot, SMALLEST)
    assert not one.repaired


def test_a_wrong_passphrase_opens_nothing_and_moves_the_date(path: Path) -> None:
    os.utime(path, (1, 1))
    before = path.read_bytes()
    with pytest.raises(NothingOpenedError):
        opened(path, "three")
    assert path.read_bytes() == before
    assert path.stat().st_mtime > 1_000_000_000


def test_a_file_that_is_no_vault_is_said(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"ftypisom" * (SMALLEST // 8))
    with pytest.raises(UserError, match="not a vault"):
        opened(path, "one")
    path.write_bytes(b"short")
    with pytest.raises(UserError, match="64 MiB"):
        opened(path, "one")


@pytest.mark.parametrize("change", [-16_384, -1, 1, 4096])
def test_a_cut_or_lengthened_file_is_said_before_anything_is_written(path: Path, change: int) -> None:
    os.truncate(path, SMALLEST + change)
    if change < 0:
        with pytest.raises(UserError, match="64 MiB"):
            opened(path, "one")
        return
    before = path.read_bytes()
    with pytest.raises(TamperError, match="cut short or lengthened"):
        opened(path, "one")
    assert path.read_bytes() == before


def test_a_larger_vault_that_was_cut_is_said(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    Vault.create(path, ["one"], SMALLEST + 100_000, profile=TEST)
    os.truncate(path, SMALLEST + 50_000)
    with pytest.raises(TamperError, match="cut short"):
        opened(path, "one")


@pytest.mark.parametrize("copy", [b"A", b"B"])
@pytest.mark.parametrize("byte", [0, 11, 12, 50, 4079, 4080, 4095])
def test_one_bad_copy_is_written_anew(path: Path, copy: bytes, byte: int) -> None:
    whole = opened(path, "one")
    flip(path, slot_place(whole.slot, copy) + byte)
    assert opened(path, "one").repaired
    again = opened(path, "one")
    assert not again.repaired
    assert again.key == whole.key
    assert opened(path, "two").slot != again.slot


def test_two_bad_copies_open_nothing(path: Path) -> None:
    slot = opened(path, "one").slot
    for copy in (b"A", b"B"):
        flip(path, slot_place(slot, copy) + 100)
    with pytest.raises(NothingOpenedError):
        opened(path, "one")


def test_a_newer_format_is_said(path: Path) -> None:
    compartment = opened(path, "one")
    plaintext = bytearray(container.slot_plaintext(compartment.key, SMALLEST))
    plaintext[1] = 2
    with path.open("r+b") as file:
        for copy in (b"A", b"B"):
            file.seek(slot_place(compartment.slot, copy))
            file.write(
                Sealer(compartment.slot_key).seal(plaintext, b"slot" + bytes((compartment.slot,)) + copy)
            )
    with pytest.raises(NewerError):
        opened(path, "one")


def test_a_slot_with_something_after_the_size_is_damaged(path: Path) -> None:
    compartment = opened(path, "one")
    plaintext = bytearray(container.slot_plaintext(compartment.key, SMALLEST))
    plaintext[-1] = 1
    with path.open("r+b") as file:
        for copy in (b"A", b"B"):
            file.seek(slot_place(compartment.slot, copy))
            file.write(
                Sealer(compartment.slot_key).seal(plaintext, b"slot" + bytes((compartment.slot,)) + copy)
            )
    with pytest.raises(TamperError):
        opened(path, "one")


def test_a_slot_key_is_derived_as_the_format_says(path: Path) -> None:
    compartment = opened(path, "one")
    master = derive_master("one", path.read_bytes()[:32], TEST)
    assert compartment.slot_key == derive_key(master, f"holdfire vault 1 slot {compartment.slot}")


@pytest.mark.parametrize(
    ("passphrases", "words"),
    [
        ([], "one to four"),
        (["a", "b", "c", "d", "e"], "one to four"),
        (["a", "b", "a"], "alike"),
        (["\u00e9", "e\u0301"], "alike"),
        (["a", ""], "empty"),
    ],
)
def test_passphrases_that_do_not_do_are_refused_before_a_file_is_made(
    tmp_path: Path, passphrases: list[str], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        Vault.create(tmp_path / "vault", passphrases, SMALLEST, profile=TEST)
    assert not list(tmp_path.iterdir())


def test_too_small_a_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="64 MiB"):
        Vault.create(tmp_path / "vault", ["one"], SMALLEST - 1, profile=TEST)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FullError):
        Vault.create(tmp_path / "vault", ["one"], SMALLEST, profile=TEST, make_device=SmallDisk.create)
    assert not list(tmp_path.iterdir())


def test_an_existing_file_stays(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UserError, match="already a file"):
        Vault.create(path, ["one"], SMALLEST, profile=TEST)
    assert path.read_bytes() == before


def test_four_compartments_fit_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "vault"
    words = ["a", "b", "c", "d"]
    Vault.create(path, words, SMALLEST, profile=TEST, progress=lambda done, total: told.append((done, total)))
    assert {opened(path, word).slot for word in words} == {1, 2, 3, 4}
    assert told[-1] == (SMALLEST, SMALLEST)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_every_byte_was_written_and_every_region_looks_the_same(path: Path) -> None:
    assert path.stat().st_blocks * 512 >= SMALLEST
    for number in range(1, 5):
        each = region(number, SMALLEST)
        with path.open("rb") as file:
            file.seek(each.start)
            counts = Counter(file.read(1 << 20))
        expected = (1 << 20) / 256
        # χ² with 255 degrees of freedom is above 400 once in 10^8 runs.
        assert sum((counts[value] - expected) ** 2 / expected for value in range(256)) < 400
