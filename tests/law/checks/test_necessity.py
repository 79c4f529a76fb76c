"""Force without steps, and words without any limit."""

from __future__ import annotations

from holdfire.law.checks.necessity import ID
from orders_drawn import complete, findings


def test_words_without_limit_are_quoted() -> None:
    found = findings(complete(words="Clear it by any means."))[ID]
    assert "no limit" in found.found
    assert found.words == "Clear it by any means."


def test_force_asks_for_lesser_means() -> None:
    assert "lesser means" in findings(complete(words="Use tear gas."))[ID].found


def test_a_measure_that_compels_is_enough() -> None:
    assert findings(complete(measure="block"))[ID].words == ""
