"""Medics, the injured, and places of help."""

from __future__ import annotations

import pytest

from holdfire.law.checks.medics import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize(
    "words",
    ["Stop the ambulance.", "Врачей не пропускать.", "Параненых не аддаваць.", "Nadie va al hospital."],
)
def test_help_is_seen(words: str) -> None:
    assert findings(complete(words=words))[ID].words == words
