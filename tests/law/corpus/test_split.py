"""Every line of a text stands in exactly one article, and articles begin where the text begins them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.law.corpus.article import GOES_ON, Article
from holdfire.law.corpus.split import MOST_CHARACTERS, MOST_PIECE, PASSAGE, split


@dataclass(frozen=True)
class Plain:
    """A line as `documents` gives it."""

    text: str
    page: int | None = None
    role: str = "text"


def lines(text: str) -> list[Plain]:
    return [Plain(line) for line in text.strip().split("\n")]


def named(articles: tuple[Article, ...]) -> list[tuple[str, str]]:
    return [(one.name, one.heading) for one in articles]


BEGINNINGS = (
    "Article {}. The State", "Статья {}", "§ {}. Use of force", "Артыкул {}. Права", "Artículo {}.- Nadie", "{}. The",
    "{}) then", "Chapter {}", "Глава {}", "Section {}", "Пункт {}", "Article {} of this Law", "Annex", "words of it",
    "РАЗДЕЛ", "{}.{}. They", "",
)  # fmt: skip
a_line = st.builds(
    lambda form, number, page, role: Plain(form.format(number, number), page, role),
    st.sampled_from(BEGINNINGS),
    st.integers(1, 12),
    st.none() | st.integers(1, 3),
    st.sampled_from(["text", "text", "text", "heading", "article"]),
)


@given(
    st.lists(a_line, max_size=40)
    | st.lists(st.builds(Plain, st.text(st.characters(exclude_characters="\n"))))
)
def test_every_line_stands_in_exactly_one_article(given_lines: list[Plain]) -> None:
    articles = split(given_lines)
    assert [line for one in articles for line in one.lines] == [line.text for line in given_lines]
    assert all(one.lines for one in articles)
    at = 0
    for one in articles:
        assert one.page == given_lines[at].page
        at += len(one.lines)


def test_a_constitution_in_russian() -> None:
    articles = split(lines("""
Конституция Республики Беларусь
Мы, народ Республики Беларусь, исходя из ответственности
РАЗДЕЛ I
ОСНОВЫ КОНСТИТУЦИОННОГО СТРОЯ
Статья 1. Республика Беларусь – унитарное государство.
Она обладает верховенством, как сказано в
статье 3 настоящей Конституции.
Статья 2. Человек является высшей ценностью.
РАЗДЕЛ II
ЛИЧНОСТЬ
Статья 21
Обеспечение прав и свобод является целью государства.
"""))  # fmt: skip
    assert named(articles) == [
        ("", "Конституция Республики Беларусь"),
        ("РАЗДЕЛ I", "ОСНОВЫ КОНСТИТУЦИОННОГО СТРОЯ"),
        ("Статья 1", ""),
        ("Статья 2", ""),
        ("РАЗДЕЛ II", "ЛИЧНОСТЬ"),
        ("Статья 21", ""),
    ]
    assert articles[2].text.endswith("настоящей Конституции.")


def test_a_code_has_headings() -> None:
    articles = split(lines("""
§ 253. Interference with State and Federal law
The President shall take such measures as he considers necessary.
§ 254. Proclamation to disperse
Whenever the President considers it necessary, he shall by proclamation order the insurgents to disperse.
"""))  # fmt: skip
    assert [(one.key, one.heading) for one in articles] == [
        ("section:253", "Interference with State and Federal law"),
        ("section:254", "Proclamation to disperse"),
    ]


def test_sections_that_begin_again_in_each_article_divide_it() -> None:
    articles = split(lines("""
Article I
Section 1
All legislative Powers
Section 2
The House
Article II
Section 1
The executive Power
Amendment XIV
Section 1
All persons born
"""))  # fmt: skip
    assert [one.key for one in articles] == ["article:1", "article:2", "amendment:14"]
    assert "All persons born" in articles[2].text


def test_a_decree_has_points_and_lists_inside_them_begin_none() -> None:
    articles = split(lines("""
Устав внутренней службы
19. Приказы отдаются по команде.
Начальник обязан:
1. быть твёрдым;
2. быть ясным;
20. Приказ должен быть ясным.
20.1. Он отдаётся письменно.
22. Отдав приказ, начальник проверяет его исполнение.
"""))  # fmt: skip
    assert [one.key for one in articles] == ["", "point:19", "point:20", "point:20-1", "point:22"]
    assert "2. быть ясным;" in articles[1].text


def test_an_annex_counts_from_one_again() -> None:
    articles = split(lines("1. Approve it.\n2. Repeal that.\n3. It begins today.\nANNEX\n1. Scope\n2. Terms"))
    assert [one.key for one in articles] == ["point:1", "point:2", "point:3", "", "point:1", "point:2"]


def test_without_numbers_headings_part_it_and_without_them_length() -> None:
    by_heading = split([Plain("Title", role="heading"), Plain("words"), Plain("Other", role="heading")])
    assert named(by_heading) == [("", "Title"), ("", "Other")]
    long = split([Plain("x" * 500) for _ in range(20)])
    assert len(long) > 3
    assert all(len(one.text) <= PASSAGE for one in long)


def test_what_the_format_calls_an_article_is_one() -> None:
    articles = split(
        [
            Plain("Preamble words"),
            Plain("1. Freedom", role="article"),
            Plain("Everyone is free."),
            Plain("2. Order", role="article"),
        ]
    )
    assert [one.key for one in articles] == ["", "point:1", "point:2"]


def test_a_very_long_article_goes_on_in_another_piece() -> None:
    articles = split([Plain("Article 1"), *(Plain("y" * 900) for _ in range(40)), Plain("Article 2")])
    assert [one.key for one in articles] == ["article:1", GOES_ON, GOES_ON, "article:2"]
    assert all(len(one.text) <= MOST_PIECE for one in articles)


def test_one_mention_does_not_make_articles_of_a_list_of_points() -> None:
    articles = split(lines("1. One\nArticle 7. Quoted\n2. Two\n3. Three"))
    assert [one.key for one in articles] == ["point:1", "point:2", "point:3"]


def test_a_text_without_bound_is_refused() -> None:
    endless = (Plain("x" * 1_000_000) for _ in range(10**9))
    with pytest.raises(UserError, match=f"{MOST_CHARACTERS:,}"):
        split(endless)


def test_nothing_gives_nothing() -> None:
    assert split([]) == ()
