"""Words of hurting people, and force against people who are held."""

from __future__ import annotations

import pytest

from holdfire.law.checks.ill_treatment import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize("words", ["Teach them a lesson.", "Поставить на колени и проучить.", "Прессаваць усіх, біць.",
                                   "Dales una paliza."])  # fmt: skip
def test_words_of_hurting_are_quoted(words: str) -> None:
    found = findings(complete(words=words))[ID]
    assert found.words == words
    assert "do not guess" in found.found


def test_force_against_people_who_are_held_is_enough() -> None:
    assert ID in findings(complete(words="Detain them.", measure="force"))
    assert ID not in findings(complete(words="Detain them.", measure="detain"))
