"""Covered faces, missing numbers, plain clothes."""

from __future__ import annotations

import pytest

from holdfire.law.checks.hiding_identity import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize(
    "words", ["Badges off.", "Работать в масках.", "Без апазнавальных знакаў.", "Vayan de civil."]
)
def test_hiding_is_seen(words: str) -> None:
    assert findings(complete(words=words))[ID].words == words
