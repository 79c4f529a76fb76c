"""People under eighteen, and places where they are."""

from __future__ import annotations

import pytest

from holdfire.law.checks.children import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize(
    "words", ["Search the school.", "Детей тоже.", "Школьнікаў таксама.", "También a los niños."]
)
def test_children_are_seen(words: str) -> None:
    assert findings(complete(words=words))[ID].words == words


def test_whom_it_is_aimed_at_is_read_too() -> None:
    assert findings(complete(against="teenagers"))[ID].words == "teenagers"
