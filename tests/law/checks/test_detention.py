"""People held, searched or questioned, and on which ground."""

from __future__ import annotations

import pytest

from holdfire.law.checks.detention import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize("measure", ["detain", "search", "question"])
def test_a_measure_is_enough(measure: str) -> None:
    assert "No ground" in findings(complete(measure=measure))[ID].found


def test_a_ground_is_seen_and_all_of_them_asks_how_they_are_told_apart() -> None:
    assert "mentions a ground" in findings(complete(words="Arrest the suspect."))[ID].found
    assert any("told apart" in text for text in findings(complete(words="Задержать всех."))[ID].unknown)
