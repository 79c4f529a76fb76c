"""Accounts are drafts that nothing stops, and evidence once nothing stands in their way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from accounts_drawn import CONDUCT, conduct
from holdfire.errors import UserError
from holdfire.evidence.accounts.account import Account
from holdfire.evidence.accounts.written import read_written
from holdfire.journeys.keep_account import (
    ACCOUNT,
    account_versions,
    add_account,
    all_accounts,
    complete_account,
    delete_account,
    exported_account,
    find_account,
    keep_account,
    review_account,
    stands_in_way,
)
from holdfire.journeys.keep_evidence import (
    add_evidence,
    all_evidence,
    custody_log,
    find_evidence,
    stream_evidence,
)
from holdfire.journeys.record_order import add_order
from holdfire.orders.order import Order
from holdfire.vault.vault import Vault

NOW = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)
REVIEW = {"reviewer": "Jay", "role": "lawyer", "checked": "each statement against its source"}


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        yield made


def test_a_draft_lacks_what_it_likes_and_every_version_stays(vault: Vault) -> None:
    number = add_account(vault, Account("accountability"), NOW).value.number
    complete_account(vault, number, conduct(), NOW)
    complete_account(vault, number, conduct(), NOW)
    assert [len(one.value.account.values) for one in account_versions(vault, number)] == [len(CONDUCT), 0]


def test_conduct_becomes_evidence_after_its_review_alone(vault: Vault) -> None:
    number = add_account(vault, conduct(), NOW).value.number
    with pytest.raises(UserError, match="No second person"):
        keep_account(vault, number, NOW)
    with pytest.raises(UserError, match="No second person"):
        exported_account(vault, number, NOW, readable=True)
    assert not all_evidence(vault)
    review_account(vault, number, REVIEW, NOW)
    kept = keep_account(vault, number, NOW).value
    assert (kept.kind, kept.form) == ("accountability", "text")
    written = read_written(b"".join(stream_evidence(vault, kept.number)))
    assert written.review == {**REVIEW, "on": "2026-03-01"}
    assert written.fields["name"] == "Heron"
    assert len(custody_log(vault, kept.number).entries) == 1


@pytest.mark.parametrize("lacking", ["statements", "alternatives", "recipient", "service"])
def test_a_review_comes_after_what_must_be_mended(vault: Vault, lacking: str) -> None:
    values = {name: value for name, value in CONDUCT.items() if name != lacking}
    number = add_account(vault, Account("accountability", values), NOW).value.number
    with pytest.raises(UserError):
        review_account(vault, number, REVIEW, NOW)
    assert find_account(vault, number).value.account.review is None


@pytest.mark.parametrize(
    "said",
    [{"reviewer": "owl"}, {"reviewer": ""}, {"checked": "x" * 1001}, {"checked": "call +375 29 123 45 67"}],
)
def test_a_review_that_is_none_is_refused(vault: Vault, said: dict[str, str]) -> None:
    number = add_account(vault, conduct(), NOW).value.number
    with pytest.raises(UserError):
        review_account(vault, number, {**REVIEW, **said}, NOW)


def test_no_list_title_note_or_search_says_whom_it_is_about(vault: Vault) -> None:
    number = add_account(vault, conduct(), NOW).value.number
    review_account(vault, number, REVIEW, NOW)
    kept = keep_account(vault, number, NOW).value
    assert "Heron" not in str(vars(kept))
    assert not vault.records.search("Heron", ACCOUNT)
    assert [one.value.number for one in all_accounts(vault)] == [number]


def test_a_correction_is_new_evidence_that_names_the_earlier(vault: Vault) -> None:
    number = add_account(vault, Account("incident", {"place": "the square"}), NOW).value.number
    first = keep_account(vault, number, NOW).value
    with pytest.raises(UserError, match="already"):
        keep_account(vault, number, NOW)
    complete_account(vault, number, Account("incident", {"place": "the bridge"}), NOW)
    second = keep_account(vault, number, NOW).value
    assert find_account(vault, number).value.kept == (first.number, second.number)
    assert read_written(b"".join(stream_evidence(vault, second.number))).corrects == first.sha256
    assert read_written(b"".join(stream_evidence(vault, first.number))).fields["place"] == "the square"


def test_references_are_checked_and_become_what_others_can_check(vault: Vault) -> None:
    account = Account("incident", {"place": "the square", "happened": "See order 1.", "evidence": "1"})
    number = add_account(vault, account, NOW).value.number
    assert len(stands_in_way(vault, account)) == 2
    photo = add_evidence(vault, [b"photo"], NOW).value
    add_order(vault, Order(words="clear it"), NOW)
    kept = keep_account(vault, number, NOW).value
    document = json.loads(b"".join(stream_evidence(vault, kept.number)))
    assert document["fields"]["evidence"] == [photo.sha256]
    assert document["fields"]["happened"] == "See an order of an unknown day."


def test_what_leaves_is_what_was_kept_and_the_log_says_so(vault: Vault) -> None:
    number = add_account(vault, conduct(), NOW).value.number
    review_account(vault, number, REVIEW, NOW)
    with pytest.raises(UserError, match="not kept"):
        exported_account(vault, number, NOW, readable=False)
    kept = keep_account(vault, number, NOW).value
    content = exported_account(vault, number, NOW, readable=False)
    assert content == b"".join(stream_evidence(vault, kept.number))
    assert b"alleged" in exported_account(vault, number, NOW, readable=True)
    assert len(custody_log(vault, kept.number).entries) == 3
    changed = replace(conduct(), values={**CONDUCT, "rank": "major"})
    complete_account(vault, number, changed, NOW)
    with pytest.raises(UserError):
        exported_account(vault, number, NOW, readable=True)


def test_a_draft_is_deleted_and_its_evidence_stays(vault: Vault) -> None:
    number = add_account(vault, Account("claim", {"claim": "so"}), NOW).value.number
    kept = keep_account(vault, number, NOW).value
    assert delete_account(vault, number) == (kept.number,)
    assert find_evidence(vault, kept.number).value == kept
    with pytest.raises(UserError, match="no account"):
        find_account(vault, number)
    assert add_account(vault, Account("claim"), NOW).value.number == number + 1
