"""Answers to begin from: the same in every language, each short enough for one slot."""

from __future__ import annotations

import pytest

from holdfire.conversation.reply import MOST_TEXT
from holdfire.desk.answering import LANGUAGES, template, templates
from holdfire.errors import UserError


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_answers_and_each_fits(language: str) -> None:
    found = templates(language)
    assert [one.name for one in found] == [one.name for one in templates("en")]
    for one in found:
        # Half of a slot is left for what the person adds.
        assert 0 < len(one.text.encode()) <= MOST_TEXT // 2, one.name
        assert one.title


def test_a_language_is_found_by_its_first_part_and_english_stands_in() -> None:
    assert templates("be-BY") == templates("be") != templates("en")
    assert templates("") == templates("xx") == templates("en")


def test_an_unknown_answer_is_said() -> None:
    with pytest.raises(UserError):
        template("nothing", "en")
