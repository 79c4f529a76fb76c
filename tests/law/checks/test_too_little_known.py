"""Without words or a day, it asks for them."""

from __future__ import annotations

from holdfire.law.checks.too_little_known import ID
from orders_drawn import complete, findings


def test_without_words_too_little_is_known() -> None:
    found = findings(complete(words="", gist=""))[ID]
    assert "Too little is known" in found.found
    assert any("exact words" in text for text in found.unknown)


def test_without_a_day_dates_cannot_be_compared() -> None:
    found = findings(complete(heard=None))[ID]
    assert "day" in found.found
    assert not any("exact words" in text for text in found.unknown)


def test_a_gist_is_enough_to_begin_with() -> None:
    assert ID not in findings(complete(words="", gist="We are to stand by the door."))
