"""Changing a passphrase: at every instant the old or the new one opens the compartment, and the other compartments stay."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import NothingOpenedError, StorageError, UserError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.device import Device
from holdfire.vault.passwd import change_passphrase
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from holdfire.vault.records import Kind


class Stopping(Device):
    """A real file whose power goes after so many writes; the last one is torn in the middle."""

    left = 0

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        if Stopping.left == 0:
            super().write(offset, bytes(data)[: len(data) // 2])
            raise StorageError("the power is gone")
        Stopping.left -= 1
        super().write(offset, data)


def opens(path: Path, passphrase: str) -> bool:
    try:
        Vault.open(path, passphrase, profile=TEST).lock()
    except NothingOpenedError:
        return False
    return True


def test_the_new_one_opens_what_the_old_one_did(path: Path, note: Kind[str], now: datetime) -> None:
    with Vault.open(path, "one", profile=TEST) as vault:
        vault.records.add(note, "mine", now)
    change_passphrase(path, "one", "uno", profile=TEST)
    assert not opens(path, "one")
    assert opens(path, "two")
    with Vault.open(path, "uno", profile=TEST) as vault:
        assert [record.value for record in vault.records.all(note)] == ["mine"]
        assert vault.storage
        assert not vault.storage.compartment.repaired


def test_a_power_cut_leaves_one_of_the_two(path: Path) -> None:
    words = ["one", "uno"]
    for done in count():
        Stopping.left = done
        try:
            change_passphrase(path, words[0], words[1], profile=TEST, open_device=Stopping.open)
        except StorageError:
            # Whichever is tried first wins: unlocking repairs the other copy.
            assert opens(path, words[done % 2]) or opens(path, words[1 - done % 2])
            words.sort(key=lambda word: not opens(path, word))
            assert opens(path, words[0])
            assert not opens(path, words[1])
            continue
        break
    assert done == 2
    assert opens(path, words[1])
    assert opens(path, "two")


def test_a_word_that_already_opens_something_is_refused(path: Path) -> None:
    before = path.read_bytes()
    for new in ("two", "one"):
        with pytest.raises(UserError, match="cannot be used here"):
            change_passphrase(path, "one", new, profile=TEST)
    with pytest.raises(UserError, match="empty"):
        change_passphrase(path, "one", "", profile=TEST)
    with pytest.raises(NothingOpenedError):
        change_passphrase(path, "wrong", "new", profile=TEST)
    assert path.read_bytes() == before
    assert opens(path, "one")
