"""Orders about gatherings, and what they say of the people there."""

from __future__ import annotations

import pytest

from holdfire.law.checks.peaceful import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("The protesters sit there peacefully.", "peaceful or unarmed"),
        ("The crowd is throwing stones.", "violence"),
        ("A crowd stands there.", "Nothing noted"),
    ],
)
def test_what_the_words_say_of_the_people_is_told_apart(words: str, said: str) -> None:
    found = findings(complete(words=words))[ID]
    assert said in found.found
    assert found.words == words


def test_a_measure_against_people_is_enough() -> None:
    assert findings(complete(measure="force"))[ID].words == ""
