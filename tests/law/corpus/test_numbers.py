"""A number begins an article only where a text begins one; what a provision cites leads to the same key."""

from __future__ import annotations

import pytest

from holdfire.journeys.law_here import load_law
from holdfire.law.corpus.numbers import (
    article_begins,
    cited_keys,
    division_begins,
    plain_number,
    point_begins,
)


@pytest.mark.parametrize(
    ("line", "name", "key", "after"),
    [
        ("Article 7", "Article 7", "article:7", ""),
        ("Article 7. The State", "Article 7", "article:7", "The State"),
        ("Art. 7. Whoever", "Art. 7", "article:7", "Whoever"),
        ("ARTICLE IV", "ARTICLE IV", "article:4", ""),
        ("Article 8 – Right to respect", "Article 8", "article:8", "Right to respect"),
        ("Article 5 (Definitions)", "Article 5", "article:5", "(Definitions)"),
        ("## Article 9. Liberty", "Article 9", "article:9", "Liberty"),
        ("Статья 7. В Республике", "Статья 7", "article:7", "В Республике"),
        ("СТАТЬЯ 26-1", "СТАТЬЯ 26-1", "article:26-1", ""),
        ("Статья 26¹. Порядок", "Статья 26¹", "article:26-1", "Порядок"),
        ("Статья 26.1. Порядок", "Статья 26.1", "article:26-1", "Порядок"),
        ("Артыкул 7. Прынцып", "Артыкул 7", "article:7", "Прынцып"),
        ("Artículo 7.- Nadie", "Artículo 7", "article:7", "Nadie"),
        ("Artículo 7º. Todos", "Artículo 7º", "article:7", "Todos"),
        ("Artículo primero. Uno", "Artículo primero", "article:1", "Uno"),
        ("Artículo 7 bis. Otro", "Artículo 7 bis", "article:7-bis", "Otro"),
        ("§ 254. Proclamation to disperse", "§ 254", "section:254", "Proclamation to disperse"),
        ("§890. Art. 90. Willfully disobeying", "§890", "section:890", "Art. 90. Willfully disobeying"),
        ("Section 12", "Section 12", "section:12", ""),
        ("§ 2340A. Torture", "§ 2340A", "section:2340a", "Torture"),
        ("§ 632.4 Use of force", "§ 632.4", "section:632-4", "Use of force"),
        ("Article R434-5", "Article R434-5", "article:r434-5", ""),
        ("Rule 154. Orders", "Rule 154", "rule:154", "Orders"),
        ("Amendment XIV", "Amendment XIV", "amendment:14", ""),
        ("Пункт 3. Начальник", "Пункт 3", "point:3", "Начальник"),
    ],
)
def test_an_article_begins(line: str, name: str, key: str, after: str) -> None:
    begins = article_begins(line)
    assert begins is not None
    assert (begins.name, begins.key, begins.after) == (name, key, after)


@pytest.mark.parametrize(
    "line",
    [
        "Article 7 of this Law applies", "Article 7, paragraph 2", "Article 5 (1) of", "Articles 7 and 8",
        "art. 7", "Статья 7 настоящего Кодекса", "п. 3 ст. 7", "Статьи 7 и 8", "«Статья 7. Новая редакция»",
        "The Article 7", "Article", "Article seven", "Artículo", "7. Point", "", "Articleship 7. Of", "Section 12-B3x y",
    ],
)  # fmt: skip
def test_a_mention_begins_nothing(line: str) -> None:
    assert article_begins(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Chapter 2", "Chapter 2"), ("РАЗДЕЛ I", "РАЗДЕЛ I"), ("Глава 3. Права", "Глава 3"),
        ("TÍTULO PRELIMINAR", "TÍTULO PRELIMINAR"), ("Part A", "Part A"), ("Title 10—ARMED FORCES", "Title 10"),
        ("ПРИЛОЖЕНИЕ", "ПРИЛОЖЕНИЕ"), ("Preamble", "Preamble"), ("Раздзел II", "Раздзел II"),
        ("Part of it", ""), ("Часть статьи", ""), ("Chapter and verse", ""), ("chapter 2", ""), ("Annexes are", ""),
    ],
)  # fmt: skip
def test_a_division_begins_with_its_number(line: str, name: str) -> None:
    assert division_begins(line) == name


@pytest.mark.parametrize(
    ("line", "key", "style"),
    [
        ("19. Приказы", "point:19", "."),
        ("19.1. Они", "point:19-1", "."),
        ("3) что", "point:3", ")"),
        ("19¹. Х", "point:19-1", "."),
    ],
)
def test_a_point_begins(line: str, key: str, style: str) -> None:
    point = point_begins(line)
    assert point is not None
    assert (point.key, point.style) == (key, style)


@pytest.mark.parametrize("line", ["2020. Year", "19 people", "19.", "a) first", "1.5 metres"])
def test_other_numbers_are_no_points(line: str) -> None:
    assert point_begins(line) is None


@pytest.mark.parametrize(
    ("cited", "first"),
    [
        ("art. 7(1)(a),(e)", ["article:7"]), ("arts 34-35", ["article:34", "article:35"]),
        ("paras 29, 31, 33", ["point:29", "point:31", "point:33"]), ("principle IV", ["principle:4"]),
        ("10 USC 251-255", [f"section:{number}" for number in range(251, 256)]),
        ("32 CFR 632.4-632.5", ["section:632-4", "section:632-5"]), ("18 USC 2340A", ["section:2340a"]),
        ("art. 90 (10 USC 890)", ["article:90", "section:890"]), ("art. R434-5", ["article:r434-5"]),
        ("amend. XIV, sec. 1", ["amendment:14"]), ("part A, points 9-10", ["point:9", "point:10"]),
        ("art. 12 (number to confirm)", ["article:12"]), ("whole", []), ("on firearms", []), ("new wording of 2004", []),
        ("Law signed 27 October 2022; notified 8 November 2022", []), ("principles 9 and 11", ["principle:9", "principle:11"]),
    ],
)  # fmt: skip
def test_what_a_provision_cites_has_keys(cited: str, first: list[str]) -> None:
    assert [keys[0] for keys in cited_keys(cited)] == first


def test_most_shipped_provisions_can_be_looked_up() -> None:
    provisions = [one for one in load_law().provisions.values() if not one.comparator]
    found = [one for one in provisions if cited_keys(one.article)]
    # What cannot is "whole", "on dispersal", "preamble" and the like: it has no number.
    assert len(found) / len(provisions) > 0.9
    assert all(any(sign.isdigit() or sign in "IVX" for sign in one.article) for one in found)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("XIV", "14"),
        ("IX", "9"),
        ("XL", "40"),
        ("26¹", "26-1"),
        ("26.1", "26-1"),
        ("7 bis", "7-bis"),
        ("séptimo", "7"),
    ],
)
def test_numbers_are_written_in_one_way(written: str, plain: str) -> None:
    assert plain_number(written) == plain
