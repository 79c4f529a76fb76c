"""Gatherings that are ended, and whether people are told first."""

from __future__ import annotations

from holdfire.journeys.record_order import review_order
from holdfire.law.checks.dispersal import ID
from orders_drawn import complete, findings


def test_dispersal_without_a_word_to_the_people() -> None:
    found = findings(complete(words="Разогнать митинг."))[ID]
    assert "told first" in found.found
    assert any("told to leave" in text for text in found.unknown)


def test_a_call_to_leave_is_seen() -> None:
    found = findings(complete(words="Announce the order to disperse, then clear the square."))[ID]
    assert not any("told to leave, by whom" in text for text in found.unknown)


def test_force_on_a_gathering_is_enough() -> None:
    assert ID in findings(complete(words="The crowd is in front.", measure="force"))
    assert ID not in findings(complete(words="The crowd is in front."))


def test_the_law_of_the_united_states_asks_for_the_proclamation() -> None:
    found = {one.check: one for one in review_order(complete(words="Disperse the crowd."), "us")}[ID]
    assert any("10 USC 254" in text for text in found.unknown)
    assert "us-254" in [one.provision_id for one in found.speaks_against]
