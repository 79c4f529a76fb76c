"""Logs keep entries in order beside what was signed, read openings only when asked, and leave nothing when they go."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import TamperError
from holdfire.vault.logs import GivenHead, StoredLog
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from holdfire.vault.vault import Storage

SEED = b"the very seed of thirty-two bytes"


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        yield made


def log_of(vault: Vault, entries: int) -> str:
    """Return a log with so many entries, told apart by their number."""
    made = vault.logs.add(StoredLog(SEED, b"head 0", b"signature 0"))
    for number in range(entries):
        told = b"%d of %s" % (number, made.encode())
        assert (
            vault.logs.append(made, b"event " + told, b"openings " + told, b"head", b"sig " + told) == number
        )
    return made


def rows(vault: Vault, table: str) -> int:
    found: int = vault.connection.execute(f"SELECT count(*) FROM {table}").get  # noqa: S608 - of our own
    return found


def everything(storage: Storage) -> Iterator[bytes]:
    """Yield each page and each journal block that its key opens."""
    for page in range(storage.pages.count):
        with suppress(TamperError):
            yield storage.pages.read(page)
    for number in range(storage.journal.count):
        with suppress(TamperError):
            yield storage.journal.open_block(number)


def test_entries_come_back_in_order_each_log_its_own(vault: Vault) -> None:
    first, second = log_of(vault, 3), log_of(vault, 2)
    assert first != second
    for made, size in ((first, 3), (second, 2)):
        told = [b"%d of %s" % (number, made.encode()) for number in range(size)]
        assert vault.logs.entries(made) == [(b"event " + one, b"sig " + one) for one in told]
        assert [vault.logs.openings(made, number) for number in range(size)] == [
            b"openings " + one for one in told
        ]
        with pytest.raises(MissingError):
            vault.logs.openings(made, size)


def test_the_last_head_replaces_the_one_before(vault: Vault) -> None:
    made = log_of(vault, 0)
    assert vault.logs.get(made) == StoredLog(SEED, b"head 0", b"signature 0")
    vault.logs.append(made, b"", b"", b"head 1", b"signature 1")
    assert vault.logs.get(made) == StoredLog(SEED, b"head 1", b"signature 1")


def test_heads_that_were_given_stay_in_order(vault: Vault, now: datetime) -> None:
    one, other = log_of(vault, 1), log_of(vault, 1)
    given = tuple(GivenHead(now, whom, b"head", whom.encode()) for whom in ("a court", "Пётр"))
    for head in given:
        vault.logs.give(one, head)
    assert vault.logs.given(one) == given
    assert vault.logs.given(other) == ()


def test_an_entry_is_there_with_the_rest_of_its_transaction_or_not_at_all(vault: Vault) -> None:
    made = log_of(vault, 1)

    def breaks() -> None:
        with vault.transaction():
            vault.logs.append(made, b"event", b"", b"head", b"sig")
            raise KeyError

    with pytest.raises(KeyError):
        breaks()
    assert len(vault.logs.entries(made)) == 1


@pytest.mark.parametrize("named", ["00" * 16, "ff", "no id"])
def test_a_log_that_is_not_there_is_said(vault: Vault, named: str, now: datetime) -> None:
    log_of(vault, 1)
    for ask in (
        lambda: vault.logs.get(named),
        lambda: vault.logs.entries(named),
        lambda: vault.logs.openings(named, 0),
        lambda: vault.logs.append(named, b"", b"", b"", b""),
        lambda: vault.logs.give(named, GivenHead(now, "", b"", b"")),
        lambda: vault.logs.given(named),
        lambda: vault.logs.delete(named),
    ):
        with pytest.raises(MissingError):
            ask()


def test_a_deleted_log_leaves_no_byte_behind(unlock: Callable[[], Vault], now: datetime) -> None:
    vault = unlock()
    assert vault.storage is not None
    gone, kept = log_of(vault, 40), log_of(vault, 3)
    vault.logs.give(gone, GivenHead(now, "the court of the ford", b"head", b"signature"))
    vault.logs.delete(gone)
    assert rows(vault, "entries") == 43
    vault.logs.clear()
    assert [rows(vault, table) for table in ("logs", "entries", "openings", "heads")] == [1, 3, 3, 0]
    assert len(vault.logs.entries(kept)) == 3
    for found in everything(vault.storage):
        assert gone.encode() not in found
        assert b"the court of the ford" not in found


def test_what_an_interrupted_deletion_left_goes_at_unlock_and_its_number_is_not_given(
    unlock: Callable[[], Vault],
) -> None:
    vault = unlock()
    gone = log_of(vault, 20)
    vault.logs.delete(gone)
    fresh = log_of(vault, 1)
    assert len(vault.logs.entries(fresh)) == 1
    vault.lock()
    vault = unlock()
    assert [rows(vault, table) for table in ("logs", "entries", "openings")] == [1, 1, 1]
    assert len(vault.logs.entries(fresh)) == 1


def test_the_smallest_vault_can_take_and_delete_the_longest_entries(unlock: Callable[[], Vault]) -> None:
    vault = unlock()
    made = vault.logs.add(StoredLog(SEED, b"", b""))
    for number in range(24):
        vault.logs.append(made, bytes([number]) * 65_536, bytes([number]) * 19 * 16_384, b"", b"")
    vault.logs.delete(made)
    vault.logs.clear()
    assert [rows(vault, table) for table in ("logs", "entries", "openings")] == [0, 0, 0]
