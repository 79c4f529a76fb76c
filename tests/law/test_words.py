"""Words are recognised whatever their capitals, accents and apostrophes; the file of words is judged strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.law.words import TOPICS, Words, parse_words
from holdfire.pack.folder import read_pack, shipped_packs
from holdfire.pack.reader import read
from orders_drawn import shipped_words


def words(*patterns: str, topic: str = "firearms") -> Words:
    return parse_words([read(f"languages: {{xx: {{{topic}: {list(patterns)}}}}}".encode(), "words.yaml")])


def found(pattern: str, text: str) -> list[str]:
    return [text[match.start : match.end] for match in words(pattern).matches(text)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("open fire", "OPEN   Fire, then open the fire door", ["OPEN   Fire"]),
        ("стрел*", "Стрелять! Выстрел. СТРЕЛЬБА", ["Стрелять", "СТРЕЛЬБА"]),
        ("ребен*", "ребёнок", ["ребёнок"]),
        ("жителей", "жителей", ["жителей"]),
        ("camara*", "las cámaras", ["cámaras"]),
        ("аб'яў*", "аб’яўлена, абʼяўлена", ["аб’яўлена", "абʼяўлена"]),
        ("gas", "gasoline gas.", ["gas"]),
        ("no", "nor no", ["no"]),
        ("на поражение", "на\nпоражение", ["на\nпоражение"]),
    ],
)
def test_a_pattern_finds_its_words(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("languages: {xx: {weapons: [gun]}}", "weapons"),
        ("languages: {xx: {firearms: [gu*]}}", "3 letters"),
        ("languages: {xx: {firearms: ['*']}}", "words"),
        ("languages: {xx: {firearms: ['(a+)+$']}}", "words"),
        ("languages: {xx: {firearms: ['a b c d e f']}}", "at most 5"),
        ("languages: {xx: {firearms: [gun, GUN]}}", "twice"),
        ("languages: {xx: {firearms: []}}", "at least 1"),
        ("words: {}", "not known here"),
    ],
)
def test_a_fault_is_named(text: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        parse_words([read(text.encode(), "words.yaml")])
    assert said in refused.value.rule


def test_every_language_has_every_topic() -> None:
    node = read_pack(shipped_packs() / "int").node("law/words.yaml")
    languages = dict(node.fields("languages")["languages"].pairs())
    assert list(languages) == ["en", "ru", "be", "es"]
    for name, language in languages.items():
        assert sorted(topic for topic, _ in language.pairs()) == sorted(TOPICS), name


@given(st.text())
def test_any_text_is_searched_and_matches_lie_in_it(text: str) -> None:
    for match in shipped_words().words.matches(text):
        assert 0 <= match.start < match.end <= len(text)
        assert text[match.start : match.end].strip()


@pytest.mark.parametrize("text", ["стрел" * 100_000, "a " * 100_000, "'" * 100_000, "x\u0301" * 100_000])
def test_a_huge_text_is_searched_to_its_end(text: str) -> None:
    # A search that doubles back would not come to this end in a lifetime.
    matches = list(shipped_words().words.matches(f"{text} open fire"))
    assert matches[-1].end == len(text) + len(" open fire")
