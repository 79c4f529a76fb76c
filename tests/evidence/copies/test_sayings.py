"""What people read of a copy: each step has words for the page on which only its stable word is kept."""

from __future__ import annotations

from holdfire.evidence.copies.sayings import STEP_WORDS, STEPS


def test_every_step_has_words_for_people() -> None:
    assert {name for name, _ in STEPS} == STEP_WORDS.keys()
