"""Checklists: found by topic, what must be done first, each step with its clause; and the log that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.journeys.rules_here import load_grammars
from holdfire.rules.checklist import MOST_STEPS, MOST_TOPICS, Chosen, choose_steps, topics_in
from holdfire.rules.clauses import split_clauses
from holdfire.rules.labels import label_clause
from holdfire.rules.log import MOST_WORDS, RESULTS, Entry, judge_words, standing
from holdfire.rules.regulation import cite
from holdfire.rules.stored import (
    decode_clause,
    decode_entry,
    decode_step,
    encode_clause,
    encode_entry,
    encode_step,
)

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
RULES = {
    "en": "Chapter 1. Weapons\n1. The guard may clean a weapon.\n2. The guard must count the cartridges.\n"
    "3. The guard must not:\n(a) lend the weapon unless ordered;\n(b) sell it.\n"
    "Chapter 2. Doors\n4. The guard must shut doors.\n5. The door is green.",
    "ru": "1. Часовой обязан беречь оружие.\n2. Выдача оружия без записи запрещается.\n3. Дверь закрывается.",
    "be": "1. Вартавы абавязаны берагчы зброю.\n2. Выдача зброі без запісу забараняецца.\n3. Дзверы зачыняюцца.",
    "es": "1. El centinela deberá cuidar el arma.\n2. No podrá prestar las armas.\n3. La puerta se cerrará.",
}


@dataclass(frozen=True)
class Line:
    text: str
    page: int | None = 7
    role: str = "text"


def clauses(text: str, language: str) -> list:  # type: ignore[type-arg]
    grammar = load_grammars()[language]
    lines = [Line(line) for line in text.split("\n")]
    return [label_clause(one, grammar.patterns) for one in split_clauses(lines, grammar.abbreviations)]


def choose(topics: str, language: str = "en", text: str | None = None) -> Chosen:
    return choose_steps(
        clauses(text or RULES[language], language), topics_in(topics), load_grammars()[language].endings
    )


def test_what_must_and_must_not_be_done_comes_before_conditions_in_the_order_of_the_rule() -> None:
    steps = choose("weapons").steps
    assert [(step.number, step.clause, step.is_condition) for step in steps] == [
        (1, "Chapter 1, 2", False),
        (2, "Chapter 1, 3, (a)", False),
        (3, "Chapter 1, 3, (b)", False),
        (4, "Chapter 1, 1", True),
    ]
    assert steps[1].text == "The guard must not: lend the weapon unless ordered;"
    assert steps[1].labels == ("prohibition", "exception")
    assert steps[0].page == 7


@pytest.mark.parametrize(
    ("language", "topic", "count"),
    [("en", "cartridge", 1), ("en", "CARTRIDGES", 1), ("ru", "оружие", 2), ("ru", "Оружием", 2), ("be", "зброя", 2),
     ("be", "зброю", 2), ("es", "armas", 2), ("es", "ARMA", 2), ("ru", "двери", 1)],
)  # fmt: skip
def test_a_topic_is_found_whatever_its_ending(language: str, topic: str, count: int) -> None:
    assert len(choose(topic, language).steps) == count


def test_several_topics_add_up_and_the_words_of_one_must_all_stand_there() -> None:
    assert len(choose("cartridges, doors").steps) == 2
    assert len(choose("count cartridges").steps) == 1
    assert choose("cartridges door").steps == ()


def test_the_title_of_the_regulation_makes_nothing_a_step_and_a_chapter_still_does() -> None:
    text = "RULES ON SPECIAL MEANS\n1. The driver must check the vehicle.\n2. Special means must be signed for.\n"
    found = clauses(text, "en")
    endings = load_grammars()["en"].endings
    named = choose_steps(found, ("special means",), endings, "Rules on  special means ")
    assert [step.text for step in named.steps] == ["Special means must be signed for."]
    assert len(choose_steps(found, ("special means",), endings, "Another name").steps) == 2


def test_every_step_is_a_sentence_of_the_clause_it_cites() -> None:
    by_place = {clause.place: clause for clause in clauses(RULES["en"], "en")}
    for step in choose("guard, weapons, doors").steps:
        clause = by_place[step.place]
        assert step.clause == cite(clause)
        assert step.text.removeprefix(clause.stem).strip() in " ".join(clause.text.split())


def test_a_list_that_is_too_long_says_how_much_it_left_out() -> None:
    text = "\n".join(f"{number}. The guard must report." for number in range(1, MOST_STEPS + 51))
    chosen = choose("report", text=text)
    assert (len(chosen.steps), chosen.left_out) == (MOST_STEPS, 50)


@pytest.mark.parametrize(
    "typed", ["", " ,; ", "—", ",".join(f"t{number}" for number in range(MOST_TOPICS + 1))]
)
def test_no_topic_and_too_many_are_refused(typed: str) -> None:
    with pytest.raises(UserError):
        topics_in(typed)


@given(st.text(max_size=60))
def test_no_topic_breaks_the_search(typed: str) -> None:
    try:
        topics = topics_in(typed)
    except UserError:
        return
    choose_steps(clauses(RULES["en"], "en"), topics, load_grammars()["en"].endings)


def test_a_clause_a_step_and_an_entry_come_back_as_they_were_kept() -> None:
    for language, text in RULES.items():
        for clause in clauses(text, language):
            assert decode_clause(encode_clause(clause)) == clause
    for step in choose("weapons").steps:
        assert decode_step(encode_step(step)) == step
    for result in (*RESULTS.values(), None):
        entry = Entry(1, 2, result, NOW, "words")
        assert decode_entry(encode_entry(entry)) == entry


ACTS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([*RESULTS.values(), None])), max_size=30)


@given(ACTS)
def test_taking_back_restores_what_stood_before(acts: list[tuple[int, str | None]]) -> None:
    expected: dict[int, list[str]] = {}
    entries = []
    for number, (step, result) in enumerate(acts, 1):
        entries.append(Entry(number, step, RESULTS.get(result or ""), NOW + timedelta(minutes=number)))
        if result is not None:
            expected.setdefault(step, []).append(result)
        elif expected.get(step):
            expected[step].pop()
    found = standing(reversed(entries))
    assert {step: entry.result for step, entry in found.items()} == {
        step: held[-1] for step, held in expected.items() if held
    }


def test_a_note_is_one_line_of_few_words() -> None:
    assert judge_words("  No whistle\nissued ") == "No whistle issued"
    with pytest.raises(UserError):
        judge_words("x" * (MOST_WORDS + 1))
