"""A passphrase becomes keys, the same ones whenever it is the same passphrase, and never cheaply by accident."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import StorageError, UserError
from holdfire.sealing.passphrase import STANDARD, TEST, Key, derive_key, derive_master, free_memory

if TYPE_CHECKING:
    from pathlib import Path

SALT = bytes(range(32))


def test_the_two_ways_unicode_writes_a_letter_give_the_same_key() -> None:
    assert derive_master("\u0443\u0306сё", SALT, TEST) == derive_master("\u045eсё", SALT, TEST)
    assert derive_master("caf\u00e9", SALT, TEST) == derive_master("cafe\u0301", SALT, TEST)


@settings(deadline=None)
@given(st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_any_text_gives_a_key_that_depends_on_the_salt(passphrase: str, salt: bytes) -> None:
    key = derive_master(passphrase, salt, TEST)
    assert len(key) == 32
    assert key != derive_master(passphrase, bytes(b ^ 1 for b in salt), TEST)


def test_case_and_spaces_count() -> None:
    assert len({derive_master(word, SALT, TEST) for word in ("rain", "Rain", "rain ", " rain")}) == 4


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(UserError, match="empty"):
        derive_master("", SALT, TEST)


def test_too_little_memory_is_refused_and_the_work_not_made_weaker() -> None:
    with pytest.raises(StorageError, match="too little free memory"):
        derive_master("rain", SALT, replace(TEST, needs=1 << 60))


def test_the_profile_of_a_persons_vault_is_the_one_of_the_format() -> None:
    assert (STANDARD.memory_kib, STANDARD.passes, STANDARD.lanes) == (262_144, 3, 4)
    assert STANDARD.needs == 400 << 20


def test_free_memory_is_what_linux_calls_available(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  8000000 kB\nMemFree: 100 kB\nMemAvailable:   409600 kB\n")
    assert free_memory(meminfo) == 400 << 20


def test_labels_keep_keys_apart() -> None:
    key = Key(bytes(32))
    assert derive_key(key, "holdfire vault 1 db") != derive_key(key, "holdfire vault 1 journal")
    assert derive_key(key, "holdfire vault 1 db") == derive_key(key, "holdfire vault 1 db")
