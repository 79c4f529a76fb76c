"""Firearms in the measure or the words; a warning denied is no warning."""

from __future__ import annotations

from holdfire.law.checks.firearms import ID
from orders_drawn import complete, findings


def test_a_measure_is_enough() -> None:
    assert "No warning is noted" in findings(complete(measure="firearms"))[ID].found


def test_shots_that_kill_are_named_before_all() -> None:
    assert "kill" in findings(complete(words="Warn them, then shoot to kill."))[ID].found


def test_a_warning_counts_only_where_nothing_denies_it() -> None:
    assert "mentions a warning" in findings(complete(words="Warn them, then open fire."))[ID].found
    assert "No warning" in findings(complete(words="Применить оружие без предупреждения."))[ID].found


def test_what_needs_no_lawyer_is_said() -> None:
    assert (
        "do not fire at people who threaten no life" in findings(complete(measure="firearms"))[ID].see_lawyer
    )
