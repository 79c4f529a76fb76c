"""Gaps about the giver, authority only hinted at, and measures that need an authority."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfire.law.checks.who_may_order import ID
from holdfire.orders.order import Person
from orders_drawn import complete, findings


def test_an_unknown_giver_is_a_gap() -> None:
    assert len(findings(complete(giver=Person()))[ID].unknown) >= 3


def test_a_hint_at_authority_is_quoted_unless_the_superior_is_noted() -> None:
    order = complete(words="This comes from above. Do it.")
    assert findings(order)[ID].words == "This comes from above."
    assert ID not in findings(replace(order, superior="the governor, by name"))


@pytest.mark.parametrize("measure", ["detain", "firearms", "search"])
def test_a_measure_that_reaches_into_rights_asks_whether_the_post_may_order_it(measure: str) -> None:
    assert any("this measure" in text for text in findings(complete(measure=measure))[ID].unknown)
