"""Clauses: numbered as the regulation numbers them, and every character of the source in exactly one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.rules.clauses import MOST_CHARACTERS, split_clauses
from holdfire.rules.regulation import Clause, cite


@dataclass(frozen=True)
class Line:
    text: str
    page: int | None = None
    role: str = "text"


def split(text: str) -> list[Clause]:
    return list(split_clauses([Line(line) for line in text.split("\n")], {"ст", "art"}))


def cited(text: str) -> list[str]:
    return [cite(clause) for clause in split(text)]


#: Beginnings that a clause can have, and text that only looks like one.
BEGINNINGS = ("", "1. ", "1) ", "1.2. ", "1.2.3 ", "12.", "(a) ", "а) ", "(iv) ", "i) ", "IV. ", "A. ", "Глава 3. ", "Статья 5 ",
              "Artículo 12.º ", "Section 4", "§ 3. ", "18.00 ", "2020 ", "И. И. ", "— ", "Приложение 1", "a: ")  # fmt: skip
LINES = st.lists(
    st.tuples(
        st.builds(
            "".join, st.tuples(st.sampled_from(BEGINNINGS), st.text("abЖя .;:!\u00a0(1)", max_size=30))
        ),
        st.sampled_from(["text", "heading", "article"]),
    ),
    max_size=30,
)


@given(LINES)
def test_every_character_is_in_exactly_one_clause_and_in_order(lines: list[tuple[str, str]]) -> None:
    clauses = list(split_clauses([Line(text, role=role) for text, role in lines]))
    assert "".join(clause.text for clause in clauses) == "".join(f"{text}\n" for text, _ in lines)
    assert [clause.place for clause in clauses] == list(range(1, len(clauses) + 1))


@given(LINES)
def test_sentences_lie_in_their_clause_one_behind_the_other(lines: list[tuple[str, str]]) -> None:
    for clause in split_clauses([Line(text, role=role) for text, role in lines]):
        last = 0
        for sentence in clause.sentences:
            assert last <= sentence.start < sentence.end <= len(clause.text)
            assert clause.text[sentence.start : sentence.end].strip()
            last = sentence.end


def test_parts_with_names_and_bare_numbers_nest_as_they_are_written() -> None:
    text = "Глава 1. Общие\n1. Один.\n2. Два:\nа) первое;\nб) второе.\nГЛАВА 2\nПрименение\nСтатья 5. Часовой\n5.1. Стоит.\n5.1.1 Смотрит."
    assert cited(text) == [
        "Глава 1", "Глава 1, 1", "Глава 1, 2", "Глава 1, 2, а)", "Глава 1, 2, б)", "ГЛАВА 2", "ГЛАВА 2, Статья 5",
        "ГЛАВА 2, Статья 5, 5.1", "ГЛАВА 2, Статья 5, 5.1.1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "Chapter 3. Force", "CHAPTER III", "Section 4", "Article 12. Posts", "§ 5. Posts", "Глава 3. Сила", "Раздел II. Пост",
        "Статья 12", "Пункт 3. Пост", "Артыкул 7. Пост", "Раздзел 2", "Artículo 12.º Objeto", "Art. 3. Objeto",
        "Capítulo II. De la guardia", "Apartado 4. Normas", "Annex B. Forms",
    ],
)  # fmt: skip
def test_parts_are_known_by_their_names_in_four_languages(line: str) -> None:
    last = split(line)[-1]
    assert last.number
    assert line.rsplit("\n", maxsplit=1)[-1].startswith(last.number)


@pytest.mark.parametrize(
    "line",
    ["Статья 5 настоящего устава применяется ко всем.", "Section 4 of this order applies.", "18.00 начинается развод.",
     "12 человек стоят на посту.", "2020 год.", "И. И. Иванов утвердил.", "3.5 километра до поста",
     "Rules on special means", "Arts and crafts"],
)  # fmt: skip
def test_what_only_looks_like_a_number_begins_no_clause(line: str) -> None:
    assert split(f"1. Один\n{line}")[-1].number == "1."


def test_a_roman_i_is_a_letter_after_h_and_a_number_otherwise() -> None:
    letters = "\n".join(f"({letter}) x;" for letter in "abcdefghij")
    assert cited(f"1. List:\n{letters}")[9] == "1, (i)"
    assert cited("1. List:\n(a) x:\n(i) y;\n(ii) z;\n(b) w.") == [
        "1",
        "1, (a)",
        "1, (a), (i)",
        "1, (a), (ii)",
        "1, (b)",
    ]


def test_items_know_the_stem_they_hang_on() -> None:
    clauses = split("5. The guard must not:\n(a) sleep;\n(b) when armed:\n(i) run;\n6. The gate is shut.")
    assert [clause.stem for clause in clauses] == [
        "", "The guard must not:", "The guard must not:", "The guard must not: when armed:", "",
    ]  # fmt: skip


def test_headings_stand_above_their_clauses() -> None:
    clauses = split("USE OF FORCE\n1. Only if needed.")
    assert (clauses[0].heading, clauses[1].headings) == ("USE OF FORCE", ("USE OF FORCE",))
    assert split("Chapter 2\nArrest\n1. Tell why.")[-1].headings == ("Arrest",)


def test_a_page_is_kept_and_text_without_numbers_is_cited_by_its_place() -> None:
    clauses = list(split_clauses([Line("First rule.", 3), Line("Second rule.", 4)]))
    assert [(cite(clause), clause.page) for clause in clauses] == [("¶ 1", 3), ("¶ 2", 4)]


@pytest.mark.parametrize("line", ["word " * 5_000, "x" * 20_000, "1. " + "я" * 9_000])
def test_a_long_clause_goes_on_in_pieces_under_the_same_number(line: str) -> None:
    clauses = split(line)
    assert all(len(clause.text) <= MOST_CHARACTERS for clause in clauses)
    assert {clause.number for clause in clauses} == {clauses[0].number}
    assert [clause.continued for clause in clauses] == [False] + [True] * (len(clauses) - 1)


def test_ten_thousand_levels_stay_shallow() -> None:
    deep = "\n".join(f"({letter}) x:" for letter in "a1iA" * 2_500)
    assert max(len(clause.above) for clause in split(deep)) <= 12
