"""Evidence is kept whole with its log, found, noted, checked and destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from holdfire.errors import UserError
from holdfire.evidence.accounts.account import Account
from holdfire.evidence.custody.check import check
from holdfire.evidence.custody.event import opened, read
from holdfire.journeys.delete_evidence import delete_evidence
from holdfire.journeys.keep_account import add_account, keep_account
from holdfire.journeys.keep_evidence import (
    EVIDENCE,
    add_evidence,
    all_evidence,
    change_notes,
    custody_log,
    exported_head,
    find_evidence,
    log_event,
    read_evidence,
    same_bytes,
    stream_evidence,
)
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault

NOW = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 700


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        yield made


def keep(vault: Vault, content: bytes = PHOTO, **known: Any) -> int:
    return add_evidence(vault, [content[:100], content[100:]], NOW, **known).value.number


def test_a_file_is_kept_whole_with_its_hash_its_kind_and_its_first_event(vault: Vault) -> None:
    keep(vault, name="IMG_1.jpg", capture={"place": "the square", "source": "Heron"})
    kept = find_evidence(vault, 1).value
    assert (kept.title, kept.form, kept.size, kept.sha256) == (
        "IMG_1.jpg",
        "jpeg",
        len(PHOTO),
        sha256(PHOTO).hexdigest(),
    )
    assert b"".join(stream_evidence(vault, 1)) == PHOTO
    assert read_evidence(vault, 1, 70_000, 5) == PHOTO[70_000:70_005]
    log = custody_log(vault, 1)
    check(log)
    event = read(log.entries[0].event, 0)
    said = opened(event, 0, [*log.entries[0].openings.values()])
    assert (event.action, said["hash_after"], said["where"], said["exact"]) == (
        "receive",
        kept.sha256,
        "the square",
        "2026-03-01T14:05:09Z",
    )
    assert (said["custodian_from"], said["authority"]) == ("Heron", "unknown")


def test_numbers_are_never_given_twice(vault: Vault) -> None:
    assert [keep(vault), keep(vault, b"two")] == [1, 2]
    delete_evidence(vault, 2, NOW)
    assert keep(vault, b"three") == 3
    assert [one.value.number for one in all_evidence(vault)] == [1, 3]


def test_the_same_bytes_are_noticed(vault: Vault) -> None:
    keep(vault)
    keep(vault)
    keep(vault, b"other")
    again = same_bytes(vault, sha256(PHOTO).hexdigest())
    assert again is not None
    assert again.value.number == 1
    assert same_bytes(vault, sha256(b"nothing like it").hexdigest()) is None


def test_a_copy_names_its_parent_by_a_salted_hash_and_both_logs_say_so(vault: Vault) -> None:
    keep(vault)
    keep(vault, b"cleaned", kind="copy", copy_of=1, steps=("scrub", "cover"))
    copy = find_evidence(vault, 2).value
    of_copy, of_parent = custody_log(vault, 2), custody_log(vault, 1)
    said = opened(read(of_copy.entries[0].event, 0), 0, [*of_copy.entries[0].openings.values()])
    copying = of_parent.entries[1]
    assert said["parent"] == sha256(copying.openings["hash_before"]).hexdigest() != sha256(PHOTO).hexdigest()
    assert opened(read(copying.event, 1), 1, [*copying.openings.values()])["hash_after"] == copy.sha256
    assert said["steps"] == ["scrub", "cover"]
    assert [read(one.event, place).action for place, one in enumerate(of_parent.entries)] == [
        "receive",
        "redact",
    ]


def test_notes_are_kept_in_versions_and_nothing_else_changes(vault: Vault) -> None:
    keep(vault, capture={"place": "here", "risk": "me"})
    changed = change_notes(vault, 1, NOW, title="The gate", capture={"place": "", "method": "by hand"})
    assert changed.version == 2
    said = {name: text for name, text in changed.value.capture.items() if text != "unknown"}
    assert (changed.value.title, said) == ("The gate", {"risk": "me", "method": "by hand"})
    assert change_notes(vault, 1, NOW, capture={"risk": "me"}) == find_evidence(vault, 1)
    assert change_notes(vault, 1, NOW, title="The gate").version == 2
    with pytest.raises(UserError, match="no note called"):
        change_notes(vault, 1, NOW, capture={"home": "there"})


def test_an_import_that_breaks_leaves_nothing(vault: Vault) -> None:
    def breaks() -> Iterator[bytes]:
        yield bytes(5 << 20)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very error of the source
        add_evidence(vault, breaks(), NOW)
    assert (all_evidence(vault), vault.blobs.all()) == ((), ())
    assert rows(vault) == [0, 0, 0, 0, 0]


def rows(vault: Vault) -> list[int]:
    """Return how many rows stand where an item and its log are kept."""
    counts = (
        "SELECT count(*) FROM chunks",
        "SELECT count(*) FROM logs",
        "SELECT count(*) FROM entries",
        "SELECT count(*) FROM openings",
        "SELECT count(*) FROM heads",
    )
    return [vault.connection.execute(count).get for count in counts]


def test_what_is_destroyed_leaves_neither_bytes_nor_record_nor_log(vault: Vault) -> None:
    keep(vault)
    exported_head(vault, 1, custody_log(vault, 1).head, NOW, "the court")
    log = find_evidence(vault, 1).value.log
    remains = delete_evidence(vault, 1, NOW)
    assert (remains.copies, remains.given_to) == ((), ("the court",))
    assert vault.records.count(EVIDENCE) == 0
    with pytest.raises(MissingError):
        vault.logs.get(log)
    assert rows(vault) == [0, 0, 0, 0, 0]
    with pytest.raises(UserError, match="no evidence 1"):
        find_evidence(vault, 1)


def with_events(vault: Vault) -> None:
    keep(vault)
    for why in ("first", "second", "third"):
        log_event(vault, 1, "transfer", {"why": why}, NOW)


def test_events_are_appended_durably_and_in_order(vault: Vault) -> None:
    with_events(vault)
    log = custody_log(vault, 1)
    check(log)
    assert [
        opened(read(one.event, place), place, [*one.openings.values()])["why"]
        for place, one in enumerate(log.entries)
    ] == ["unknown", "first", "second", "third"]


@pytest.mark.parametrize(
    "said",
    [{"title": "ул. Ленина, д. 5"}, {"capture": {"limits": "his wife"}}, {"capture": {"place": "кв. 3"}}],
)
def test_notes_on_a_record_of_official_conduct_hold_no_private_life(said: dict[str, Any]) -> None:
    with Vault.in_memory() as vault:
        add_evidence(vault, [b"{}"], NOW, title="Record of official conduct (1)", kind="accountability")
        before = find_evidence(vault, 1)
        with pytest.raises(UserError):
            change_notes(vault, 1, NOW, **said)
        assert find_evidence(vault, 1) == before
        change_notes(vault, 1, NOW, title="For the inquiry", capture={"place": "the square"})
        add_evidence(vault, [b"a film"], NOW)
        change_notes(vault, 2, NOW, **said)


def test_an_account_that_outlives_its_evidence_is_told() -> None:
    with Vault.in_memory() as vault:
        add_account(vault, Account("incident", {"place": "the square"}), NOW)
        kept = keep_account(vault, 1, NOW).value.number
        assert delete_evidence(vault, kept, NOW).accounts == (1,)
        assert delete_evidence(vault, add_evidence(vault, [b"a film"], NOW).value.number, NOW).accounts == ()
