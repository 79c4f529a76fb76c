"""Accounts for tests: a whole record of official conduct and its review, and one of each other kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from hypothesis import strategies as st

from holdfire.evidence.accounts.account import Account, Review, Value
from holdfire.evidence.accounts.form import MOST_ROWS, Field
from holdfire.evidence.accounts.forms import FORMS

CONDUCT: Final[dict[str, Value]] = {
    "service": "police",
    "unit": "second company",
    "post": "company commander",
    "name": "Heron",
    "act": "He gave the word to fire at people who sat.",
    "when": "2020-08-10 14:30",
    "place": "the square before the court, 5 Garden Street",
    "statements": (
        {"says": "He gave the word to fire.", "source": "I stood beside him", "near": "seen", "sure": "sure"},
        {
            "says": "Two people were hit.",
            "source": "a nurse who was there",
            "near": "witness",
            "sure": "fairly",
        },
    ),
    "alternatives": "none known",
    "quarrel": "no",
    "recipient": "court",
    "recipient_name": "The court of the region",
    "author": "Owl",
}


def conduct() -> Account:
    """A record of official conduct that lacks its review alone."""
    return Account("accountability", CONDUCT)


def reviewed(account: Account, reviewer: str = "Jay") -> Account:
    """The same, reviewed as it stands."""
    return replace(
        account, review=Review(reviewer, "lawyer", "2026-03-01", "every statement", account.fingerprint())
    )


_TEXT: Final = st.text("abc нет 12,;:\n«»—é", min_size=1, max_size=40).map(str.strip).filter(bool)
_LINE: Final = _TEXT.map(lambda text: " ".join(text.split()))


def _value(one: Field) -> st.SearchStrategy[str]:
    if one.shape == "choice":
        return st.sampled_from(sorted(one.choices))
    if one.shape == "moment":
        return st.sampled_from(["2020", "about 2020-08", "2020-08-11", "2020-08-11 14:30"])
    if one.shape == "evidence":
        return st.lists(st.integers(1, 99), min_size=1, max_size=4).map(
            lambda some: ", ".join(map(str, some))
        )
    return _TEXT if one.shape == "text" else _LINE


def _rows(one: Field) -> st.SearchStrategy[tuple[dict[str, str], ...]]:
    row = st.fixed_dictionaries({}, optional={column.id: _value(column) for column in one.columns})
    return st.lists(row.filter(bool), min_size=1, max_size=min(4, MOST_ROWS)).map(tuple)


def accounts(kind: str) -> st.SearchStrategy[Account]:
    """Accounts of a kind, any field of which may be unknown."""
    return st.fixed_dictionaries(
        {},
        optional={one.id: _rows(one) if one.shape == "rows" else _value(one) for one in FORMS[kind].fields()},
    ).map(lambda values: Account(kind, cast("dict[str, Value]", values)))
