"""Threat 8. An adversary with the file, its dates, and the passphrase of one compartment could compare the date of the
last change with the newest record they see: a newer date would prove that another compartment was used. So every
attempt, even a wrong one, moves the date of the file, no slot holds a date, and unlocking alone changes no byte.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import HoldfireError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.workload import PASSPHRASE
from vault import independent_reader as reader

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = 1_500_000_000


@pytest.mark.parametrize("passphrase", [PASSPHRASE, "another compartment", "wrong", ""])
def test_every_attempt_moves_the_date_of_the_file(new_file: Path, passphrase: str) -> None:
    os.utime(new_file, (LONG_AGO, LONG_AGO))
    before = time.time()
    with suppress(HoldfireError):
        Vault.open(new_file, passphrase, profile=TEST).lock()
    # File systems cut the clock to their own grain and the kernel to its tick.
    assert new_file.stat().st_mtime > before - 2


@pytest.mark.parametrize("passphrase", [PASSPHRASE, "another compartment", "wrong"])
def test_an_attempt_alone_changes_no_byte(new_file: Path, passphrase: str) -> None:
    before = new_file.read_bytes()
    with suppress(HoldfireError):
        Vault.open(new_file, passphrase, profile=TEST).lock()
    assert new_file.read_bytes() == before


def test_a_slot_holds_a_key_a_size_and_no_date(new_file: Path) -> None:
    data = new_file.read_bytes()
    master = reader.master_key(PASSPHRASE, data[:32], reader.TEST)
    layout = reader.Layout(len(data))
    opened = []
    for slot in (1, 2, 3, 4):
        for copy in ("A", "B"):
            place = layout.slot_place(slot, copy)
            with suppress(reader.DamagedError):
                opened.append(
                    reader.open_slot(
                        reader.derived_key(master, f"slot {slot}"), data[place : place + 4_096], slot, copy
                    )
                )
    assert len(opened) == 2
    for plaintext in opened:
        assert plaintext[:2] == b"\0\1"
        assert plaintext[34:] == len(data).to_bytes(8, "big") + bytes(4_026)


def test_a_compartment_keeps_no_count_of_its_openings(new_file: Path) -> None:
    def pages() -> bytes:
        opened = reader.read_vault(new_file.read_bytes(), PASSPHRASE, reader.TEST)
        return opened.connection.serialize("main")

    before = pages()
    for _ in range(5):
        Vault.open(new_file, PASSPHRASE, profile=TEST).lock()
    assert pages() == before
