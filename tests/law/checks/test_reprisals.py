"""Threats against those who ask or decline."""

from __future__ import annotations

import pytest

from holdfire.law.checks.reprisals import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize("words", ["Whoever refuses, goes.", "Кто откажется, пойдет под суд.", "Хто адмовіцца, той здраднік.",
                                   "Quien se niegue, se arrepentirá."])  # fmt: skip
def test_a_threat_is_quoted(words: str) -> None:
    assert findings(complete(words=words))[ID].words == words
