"""Sentences end where they end: not at abbreviations, initials, hours or broken lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.journeys.rules_here import load_grammars
from holdfire.rules.sentences import split_sentences


def split(text: str, language: str) -> list[str]:
    abbreviations = load_grammars()[language].abbreviations
    return [text[start:end] for start, end in split_sentences(text, abbreviations)]


WHOLE = [
    ("ru", "Согласно ст. 5, п. 3 и т. д. часовой стоит на посту."),
    ("ru", "И. И. Иванов принял пост в г. Минске в 18.00 и сдал его 5 мая 2020 г. в парке."),
    ("ru", "Выдаётся оружие, т.е. пистолет, боеприпасы и т.п. имущество."),
    ("be", "Паводле арт. 5 і п. 3 вартавы стаіць на пасту ў г. Мінску."),
    ("en", "See Art. 5, No. 3 and para. 2, e.g. the log, before Sgt. Brown signs at 18.00 hours."),
    ("es", "Según el art. 5, núm. 3 y la pág. 4, el Sr. Pérez firma el libro, p. ej. a las 18.00."),
    ("en", "The guard must:  carry a whistle; a torch; a log."),
    ("en", "This line was broken by the width of the page it was printed on\nand goes on here."),
]


@pytest.mark.parametrize(("language", "text"), WHOLE)
def test_a_sentence_is_not_broken(language: str, text: str) -> None:
    assert split(text, language) == [text]


TWO = [
    ("ru", "Часовой стоит. Он не спит."),
    ("ru", "Стоять! Кто идёт?"),
    ("be", "Вартавы стаіць. Ён не спіць."),
    ("en", "He said “Stop.” Then he waited."),
    ("es", "El centinela espera. ¿Quién vive?"),
    ("en", "Carry a torch;\ncarry a whistle."),
    ("en", "Duties\nThe guard stands."),
    ("en", "The guard must:\n- stand."),
]


@pytest.mark.parametrize(("language", "text"), TWO)
def test_two_sentences_are_two(language: str, text: str) -> None:
    assert len(split(text, language)) == 2


@given(st.text("aЖ. \n;:!»-()1", max_size=200))
def test_nothing_but_white_space_lies_outside_the_sentences(text: str) -> None:
    found = list(split_sentences(text, {"a"}))
    inside = "".join(text[start:end] for start, end in found)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in found)
