"""Passing for somebody else, starting violence, planting things."""

from __future__ import annotations

import pytest

from holdfire.law.checks.provocation import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize(
    "words", ["Blend in and start a fight.", "Затеряться в толпе.", "Падкінуць ім.", "Mezclarse con ellos."]
)
def test_provocation_is_seen(words: str) -> None:
    found = findings(complete(words=words))[ID]
    assert found.words == words
    assert "can mean" in found.found
