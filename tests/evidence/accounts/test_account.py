"""An account takes in what is known, keeps the rest unknown, and is written so that others can judge it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from accounts_drawn import CONDUCT, accounts, conduct, reviewed
from holdfire.errors import ContentError
from holdfire.evidence.accounts.account import Account, decode_account, encode_account
from holdfire.evidence.accounts.form import MOST_LINE, MOST_ROWS, UNKNOWN
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.intake import cell, read_account, read_form
from holdfire.evidence.accounts.obstacles import obstacles
from holdfire.evidence.accounts.schema import schema
from holdfire.evidence.accounts.written import as_text, draft_text, read_written, write_account

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "docs" / "formats" / "accounts.schema.json").read_text("utf-8")
)
ANY = st.sampled_from(sorted(FORMS)).flatmap(accounts)
HASH = "ab" * 32


def names_of(account: Account) -> dict[tuple[str, int], str]:
    return {
        (what, number): HASH if what == "evidence" else "an order" for what, number in account.references()
    }


def test_the_published_schema_is_the_one_of_the_forms() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert schema() == SCHEMA


@given(account=ANY)
def test_what_is_kept_comes_back(account: Account) -> None:
    assert decode_account(json.loads(json.dumps(encode_account(account)))) == account


@given(account=ANY)
def test_what_is_written_fits_the_schema_and_is_read_again(account: Account) -> None:
    written = write_account(reviewed(account), "2026-03-01", names_of(account), HASH)
    document = json.loads(written)
    assert not list(Draft202012Validator(SCHEMA).iter_errors(document))
    read = read_written(written)
    assert (read.kind, read.made, read.corrects) == (account.kind, "2026-03-01", HASH)
    for one in account.form.fields():
        assert one.id in read.fields
        assert (read.fields[one.id] == UNKNOWN) == (one.id in account.unknown())


@given(account=ANY, data=st.data())
def test_what_was_altered_is_refused_by_program_and_schema(account: Account, data: st.DataObject) -> None:
    document = json.loads(write_account(reviewed(account), "2026-03-01", names_of(account)))
    spoil = data.draw(st.sampled_from(["lost", "more", "home", "kind", "alleged"]))
    if spoil == "lost":
        document["fields"].pop(data.draw(st.sampled_from(sorted(document["fields"]))))
    elif spoil == "more":
        document["published"] = True
    elif spoil == "home":
        document["fields"]["home"] = "12 Garden Street"
    elif spoil == "kind":
        document["kind"] = "person"
    else:
        document["alleged"] = False
    assert list(Draft202012Validator(SCHEMA).iter_errors(document))
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    with pytest.raises(ValueError, match=r"^(other|no|not) "):
        read_written(text)


def test_a_record_of_conduct_says_that_it_is_alleged_wherever_it_is_read() -> None:
    account = reviewed(conduct())
    written = write_account(account, "2026-03-01", {})
    assert json.loads(written)["alleged"] is True
    for text in (as_text(read_written(written)), draft_text(account)):
        lines = text.splitlines()
        assert "ALLEGED" in lines[0]
        assert "Everything in this record is alleged" in lines[1]
        assert "Only for: The court of the region" in lines[2]
        assert text.count("It is alleged that") == len(account.rows("statements"))
    assert "Reviewed by: Jay" in as_text(read_written(written))


def test_numbers_of_this_vault_do_not_leave_it() -> None:
    rows = ({"who": "evidence 17", "what": "see Evidence 17 and order 4", "side": "for"},)
    account = Account("claim", {"claim": "so it is", "sources": rows})
    assert set(account.references()) == {("evidence", 17), ("order", 4)}
    text = write_account(
        account, "2026-03-01", {("evidence", 17): HASH, ("order", 4): "an order of 2020-08-10"}
    ).decode()
    assert "17" not in text
    assert "order 4" not in text
    assert text.count(HASH) == 2


@given(account=ANY)
def test_a_form_filled_in_again_with_what_it_shows_changes_nothing(account: Account) -> None:
    typed: dict[str, str] = {}
    for one in account.form.fields():
        typed[one.id] = account.text(one.id)
        for number, row in enumerate(account.rows(one.id), 1):
            typed |= {cell(one.id, number, column): text for column, text in row.items()}
    intake = read_form(account.kind, typed, account)
    if account.kind != "accountability":
        assert not intake.faults
    if not intake.faults:
        assert intake.account == account


@given(kind=st.sampled_from(sorted(FORMS)), typed=st.dictionaries(st.sampled_from(
    [one.id for form in FORMS.values() for one in form.fields()] + ["statements-1-says", "injuries-2-where"]), st.text(max_size=400)))  # fmt: skip
def test_a_form_never_stops_anybody(kind: str, typed: dict[str, str]) -> None:
    intake = read_form(kind, typed)
    assert {fault.field for fault in intake.faults} <= {*typed, "name"}
    encode_account(intake.account)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("when", "yesterday"),
        ("consent", "perhaps"),
        ("photographs", "the third"),
        ("person", "x" * (MOST_LINE + 1)),
        ("place", "a\nb"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_taken(field: str, text: str) -> None:
    intake = read_form("harm", {field: text, "happened": "He fell."})
    assert [fault.field for fault in intake.faults] == [field]
    assert dict(intake.account.values) == {"happened": "He fell."}


def test_an_empty_row_is_gone_and_others_move_up() -> None:
    before = conduct()
    rows = {cell("statements", 2, "says"): "Two people were hit."}
    after = read_form("accountability", rows, before).account
    assert after.rows("statements") == ({"says": "Two people were hit."},)


YAML = b"""
claim: They were all paid.
when: about 2020-08
sources:
  - {who: a newspaper, what: it was said on the radio, side: for, near: hearsay, sure: unsure}
  - {who: Heron, side: against, near: witness}
result: open
"""


def test_a_file_is_read() -> None:
    account = read_account(YAML, "claim.yaml", "claim")
    assert account.text("result") == "open"
    assert [row.get("side") for row in account.rows("sources")] == ["for", "against"]
    assert "because" in account.unknown()
    again = read_account(b"result: unknown\nsources: unknown\n", "more.yaml", "claim", account)
    assert again.text("claim") == "They were all paid."
    assert {"result", "sources"} <= set(again.unknown())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"unit: second company\nhome: here\n", 2),
        (b"unit: second company\nstatements:\n  - {says: his wife saw it}\n", 3),
        (b"service: police\npost: student\n", 2),
        (b"service: police\n\nname: Heron\n", 3),
        (b"statements:\n" + b"  - {says: so}\n" * (MOST_ROWS + 1), 2),
    ],
)
def test_a_file_is_refused_with_its_line(text: bytes, line: int) -> None:
    with pytest.raises(ContentError) as refused:
        read_account(text, "conduct.yaml", "accountability")
    assert refused.value.line == line
    assert "wife" not in str(refused.value)


@pytest.mark.parametrize("consent", ["", "not-asked"])
def test_harm_to_somebody_who_did_not_agree_stays_a_draft(consent: str) -> None:
    values = {"happened": "He fell."} | ({"consent": consent} if consent else {})
    assert [one.field for one in obstacles(Account("harm", values))] == ["consent"]
    assert not obstacles(Account("harm", {**values, "consent": "agreed"}))


def test_a_claim_is_never_called_by_a_name() -> None:
    words = " ".join(FORMS["claim"].field("result").choices.values())
    assert not any(word in words for word in ("fake", "lie", "false"))


def test_a_private_review_or_missing_reference_changes_the_print() -> None:
    assert conduct().fingerprint() != Account("accountability", {**CONDUCT, "rank": "major"}).fingerprint()
    assert conduct().fingerprint() == reviewed(conduct()).fingerprint()
