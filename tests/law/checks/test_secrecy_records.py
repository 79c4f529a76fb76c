"""Silence, and records changed, left out or destroyed."""

from __future__ import annotations

from holdfire.law.checks.secrecy_records import ID
from orders_drawn import complete, findings


def test_silence_and_records_are_told_apart() -> None:
    assert "silence" in findings(complete(words="Not a word to anybody."))[ID].found
    assert "touches records" in findings(complete(words="Регистраторы выключить."))[ID].found
    assert "touches records" in findings(complete(measure="records"))[ID].found


def test_a_secretary_is_no_secret() -> None:
    assert ID not in findings(complete(words="Report to the secretary."))
