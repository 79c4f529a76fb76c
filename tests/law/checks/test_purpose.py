"""A purpose nobody stated is asked for."""

from __future__ import annotations

from holdfire.law.checks.purpose import ID
from orders_drawn import complete, findings


def test_no_purpose_is_a_gap() -> None:
    found = findings(complete(purpose=""))[ID]
    assert found.words == ""
    assert found.ask
