"""A basis that is not named is asked for; one that is named needs a country to be compared."""

from __future__ import annotations

from holdfire.law.checks.legal_basis import ID
from orders_drawn import complete, findings


def test_no_basis_is_a_gap() -> None:
    assert findings(complete(basis=""), "by")[ID].found == "No legal basis is noted."


def test_a_rule_in_the_words_is_quoted() -> None:
    assert (
        findings(complete(words="Под статью 5 закона.", basis=""), "by")[ID].words == "Под статью 5 закона."
    )


def test_a_named_basis_without_a_known_country_cannot_be_compared() -> None:
    assert any("Whose law" in text for text in findings(complete())[ID].unknown)
    assert ID not in findings(complete(), "by")
