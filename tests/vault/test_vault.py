"""An open vault has the settings that keep it safe, says what went wrong, and locks for good."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import InUseError, NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.check import check
from holdfire.vault.refusals import LockedError, MissingError, NewerError
from holdfire.vault.shred import compact
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from holdfire.vault.records import Kind


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("locking_mode", "exclusive"),
        ("temp_store", 2),
        ("cache_size", -32_768),
        ("cache_spill", 0),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("journal_mode", "persist"),
        ("cell_size_check", 1),
        ("trusted_schema", 0),
        ("foreign_keys", 1),
        ("page_size", 16_384),
        ("auto_vacuum", 0),
        ("encoding", "UTF-8"),
        ("user_version", 3),
        ("application_id", 0x48465631),
    ],
)
def test_every_setting_is_in_force(unlock: Callable[[], Vault], setting: str, value: object) -> None:
    assert unlock().connection.execute(f"PRAGMA {setting}").get == value


def test_the_page_count_is_bounded_by_the_area(unlock: Callable[[], Vault]) -> None:
    vault = unlock()
    assert vault.storage
    assert vault.connection.execute("PRAGMA max_page_count").get == vault.storage.pages.count
    assert vault.connection.reserve_bytes("main") == 28


def test_compartments_are_apart_and_keep_what_was_saved(
    unlock: Callable[[str], Vault], note: Kind[str], now: datetime
) -> None:
    for word in ("one", "two"):
        vault = unlock(word)
        vault.records.add(note, f"this is {word}", now)
        vault.lock()
    for word in ("one", "two"):
        vault = unlock(word)
        assert [record.value for record in vault.records.all(note)] == [f"this is {word}"]
        vault.lock()


def test_a_second_opener_and_a_wrong_word_are_refused(path: Path, unlock: Callable[[str], Vault]) -> None:
    vault = unlock("one")
    with pytest.raises(InUseError):
        Vault.open(path, "two", profile=TEST)
    vault.lock()
    with pytest.raises(NothingOpenedError):
        Vault.open(path, "three", profile=TEST)
    unlock("two")


def test_after_locking_nothing_works_and_locking_again_does_nothing(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()
    record = vault.records.add(note, "hello", now)
    item = vault.blobs.add([b"x"], now)
    vault.lock()
    vault.lock()
    for use in (
        lambda: vault.records.get(note, record.id),
        lambda: vault.records.add(note, "more", now),
        lambda: vault.blobs.read(item.id),
        lambda: vault.blobs.add([b"y"], now),
        vault.used,
        lambda: check(vault),
        lambda: vault.connection,
    ):
        with pytest.raises(LockedError):
            use()


def test_used_grows_and_stays_below_the_whole(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()
    before, total = vault.used()
    vault.records.add(note, "x" * 200_000, now)
    after, same = vault.used()
    assert before < after < total == same


def test_a_transaction_saves_all_or_nothing(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()

    def half() -> None:
        with vault.transaction():
            vault.records.add(note, "half", now)
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert vault.records.count(note) == 0
    with vault.transaction():
        vault.records.add(note, "one", now)
        vault.records.add(note, "two", now)
    assert vault.records.count(note) == 2


def test_an_error_swallowed_inside_a_transaction_takes_it_back(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()

    def swallow() -> None:
        with vault.transaction():
            vault.records.add(note, "half", now)
            with contextlib.suppress(MissingError):
                vault.records.save(note, "00" * 16, "no such", now)

    with pytest.raises(RuntimeError, match="swallowed"):
        swallow()
    assert vault.records.count(note) == 0


def test_items_and_raw_pages_wait_until_a_transaction_ends(
    unlock: Callable[[], Vault], note: Kind[str], now: datetime
) -> None:
    vault = unlock()
    item = vault.blobs.add([b"x"], now)
    with vault.transaction():
        vault.records.add(note, "x", now)
        for use in (
            lambda: vault.blobs.shred(item.id),
            lambda: vault.blobs.add([b"x"], now),
            lambda: check(vault),
            lambda: compact(vault),
        ):
            with pytest.raises(RuntimeError, match="transaction"):
                use()
    assert vault.blobs.read(item.id) == b"x"


def test_a_vault_in_memory_does_the_same_and_leaves_no_file(
    note: Kind[str], now: datetime, tmp_path: Path
) -> None:
    with Vault.in_memory() as vault:
        record = vault.records.add(note, "look around", now)
        assert vault.records.search("look", note) == (record,)
        item = vault.blobs.add([b"abc"], now)
        assert vault.blobs.read(item.id) == b"abc"
        vault.blobs.shred(item.id)
        assert check(vault).pages == 0
        assert vault.path is None
        used, total = vault.used()
        assert 0 < used < total
    assert not list(tmp_path.iterdir())
    with pytest.raises(LockedError):
        vault.records.count(note)


def test_a_newer_schema_is_refused_and_nothing_changed(path: Path, unlock: Callable[[], Vault]) -> None:
    vault = unlock()
    vault.connection.execute("PRAGMA user_version=4")
    vault.lock()
    before = path.read_bytes()
    with pytest.raises(NewerError, match="newer version"):
        unlock()
    assert path.read_bytes() == before
