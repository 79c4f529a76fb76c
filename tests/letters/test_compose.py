"""Composing: what may be cited, what stays blank, what is stated, and that answers stay what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError, UserError
from holdfire.journeys.law_here import load_law
from holdfire.journeys.packs_here import load_packs
from holdfire.letters.answers import (
    FIELDS,
    MANY,
    Answers,
    join_answers,
    judge_answers,
    parse_answers,
    plain_answers,
)
from holdfire.letters.citing import Citable
from holdfire.letters.compose import compose
from holdfire.letters.kinds import KINDS
from holdfire.letters.letter import Facts, Items, Letter, Paragraph, Quote
from holdfire.letters.preview import NO_MOTIVE, NO_REFUSAL, OWN_MOTIVE, OWN_REFUSAL, preview
from holdfire.letters.shelf import Shelf
from holdfire.pack.reader import read

SHELF = Shelf(load_packs())


@dataclass(frozen=True)
class Norm:
    """A provision as the law packs hold it, as far as letters look at it."""

    id: str
    level: str = "text"
    comparator: bool = False
    instrument: str = "Constitution of the Republic of Belarus"
    article: str = "arts 2 and 3"
    paraphrase: str = "People come first."


def made(
    kind: str,
    answers: dict[str, Any],
    *languages: str,
    norms: tuple[Norm, ...] = (),
    ended: tuple[str, ...] = (),
) -> Letter:
    texts = [(SHELF.text(kind, code), SHELF.words(code)) for code in languages or ("en",)]
    return compose(texts, judge_answers(answers), norms, ended)


def words_of(letter: Letter) -> list[str]:
    """Every text of a letter, as written."""
    found: list[str] = []
    for side in letter.sides:
        for block in side.blocks:
            match block:
                case Paragraph(text=text):
                    found.append(text)
                case Facts(rows=rows):
                    found += [value for _, value in rows if value]
                case Quote(text=text):
                    found += [text] if text else []
                case Items(lines=lines):
                    found += lines
    return found


# What may be cited.


def test_a_provision_whose_wording_was_read_is_cited_in_every_language_of_the_letter() -> None:
    letter = made("explanation", {"provisions": ["n"]}, "en", "ru", norms=(Norm("n"),))
    assert letter.cited == ("n",)
    english, russian = (next(b for b in side.blocks if b.id == "provisions") for side in letter.sides)
    assert isinstance(english, Items)
    assert isinstance(russian, Items)
    assert english.lines == (
        "Constitution of the Republic of Belarus, arts 2 and 3. In substance, in other words: People come first.",
    )
    assert russian.lines == ("Конституция Республики Беларусь, ст. 2 и 3.",)
    assert letter.untranslated == ()


@pytest.mark.parametrize("level", ["text-earlier-version", "citation", "instrument"])
def test_what_nobody_read_is_cited_only_with_the_persons_own_copy_of_the_wording(level: str) -> None:
    norm = Norm("n", level)
    with pytest.raises(UserError, match="Nobody has read the present wording of n") as refused:
        made("explanation", {"provisions": ["n"]}, norms=(norm,))
    assert "wordings" in refused.value.hint
    letter = made("explanation", {"provisions": ["n"], "wordings": {"n": "Exact #words."}}, norms=(norm,))
    assert any("«Exact #words.»" in text for text in words_of(letter))
    assert not any("People come first" in text for text in words_of(letter))


@pytest.mark.parametrize(
    ("norm", "said"),
    [
        (Norm("n", comparator=True), "law of another state"),
        (Norm("n", "not-verified"), "not checked at all"),
    ],
)
def test_comparators_and_the_unchecked_are_never_cited_whatever_the_person_holds(
    norm: Norm, said: str
) -> None:
    for answers in ({"provisions": ["n"]}, {"provisions": ["n"], "wordings": {"n": "Wording."}}):
        with pytest.raises(UserError, match=said):
            made("explanation", answers, norms=(norm,))


def test_what_does_not_stand_on_the_day_or_is_unknown_is_refused() -> None:
    with pytest.raises(UserError, match="does not stand"):
        made("complaint", {"provisions": ["n"]}, norms=(Norm("n"),), ended=("n",))
    with pytest.raises(UserError, match="no provision 'm'"):
        made("complaint", {"provisions": ["m"]}, norms=(Norm("n"),))


def test_a_letter_that_cites_nothing_does_not_mind_what_another_cites() -> None:
    assert made("leave", {"provisions": ["unknown"]}).cited == ()


def test_of_all_the_law_here_only_what_was_read_passes() -> None:
    provisions: tuple[Citable, ...] = tuple(load_law().provisions.values())
    text = [(SHELF.text("explanation", "en"), SHELF.words("en"))]
    passed = set()
    for one in load_law().provisions.values():
        try:
            passed |= set(compose(text, Answers(provisions=(one.id,)), provisions).cited)
        except UserError:
            continue
    assert passed == {one.id for one in load_law().provisions.values() if one.citable}
    assert len(passed) > 100


def test_what_has_no_name_in_the_language_is_told() -> None:
    letter = made(
        "complaint",
        {"provisions": ["n"]},
        "ru",
        norms=(Norm("n", instrument="Posse Comitatus Act", article="18 USC 1385"),),
    )
    assert letter.untranslated == ("n",)
    assert "Posse Comitatus Act, 18 USC 1385." in words_of(letter)
    assert any("in English" in note.said() for note in preview(letter).before)


# What stays blank, what is stated.


@pytest.mark.parametrize("kind", [kind.id for kind in KINDS])
def test_with_nothing_answered_every_letter_stands_and_nothing_is_invented(kind: str) -> None:
    letter = made(kind, {}, "en", "be")
    for side in letter.sides:
        for block in side.blocks:
            if isinstance(block, Facts):
                assert all(value is None for _, value in block.rows)
            elif isinstance(block, Quote):
                assert block.text is None
            elif isinstance(block, Items):
                assert block.lines == ()
    assert {"to", "from", "date"} <= set(letter.blanks)
    assert len(preview(letter).blanks) == len(letter.blanks)


@pytest.mark.parametrize("kind", [kind.id for kind in KINDS])
def test_a_refusal_and_a_motive_stand_only_where_the_person_added_them_and_the_preview_says_so(
    kind: str,
) -> None:
    bare = preview(made(kind, {"order_words": "Go."}))
    assert NO_REFUSAL in [note.sentence for note in bare.states]
    letter = made(kind, {"refusal": "I will not go.", "motive": "They are my neighbours."})
    assert letter.added == ("refusal", "motive")
    assert {"I will not go.", "They are my neighbours."} <= set(words_of(letter))
    stated = [note.sentence for note in preview(letter).states]
    assert OWN_REFUSAL in stated
    assert OWN_MOTIVE in stated
    assert NO_REFUSAL not in stated
    assert NO_MOTIVE not in stated


def test_the_date_of_a_letter_is_the_persons_words_or_blank() -> None:
    def date_of(letter: Letter) -> str | None:
        signing = next(block for block in letter.sides[0].blocks if block.id == "signing")
        assert isinstance(signing, Facts)
        return dict(signing.rows)["Date"]

    assert date_of(made("leave", {})) is None
    assert date_of(made("leave", {"date": "the day after the parade"})) == "the day after the parade"


# Two languages.


def test_two_sides_have_the_same_blocks_and_say_which_is_the_translation() -> None:
    letter = made(
        "written-order",
        {"to": {"en": "Major", "ru": "Майору"}, "from": "A", "order_words": "Иди."},
        "ru",
        "en",
    )
    first, second = letter.sides
    assert [block.id for block in first.blocks] == [block.id for block in second.blocks]
    assert (first.caption, second.caption) == ("", "Translation, for reading only")
    assert [side.blocks[0].rows[0][1] for side in letter.sides if isinstance(side.blocks[0], Facts)] == [
        "Майору",
        "Major",
    ]


def test_an_answer_given_in_one_language_only_stands_on_both_sides() -> None:
    letter = made("leave", {"leave_kind": {"be": "працоўны"}}, "en", "be")
    assert words_of(letter).count("працоўны") == 2


def test_three_languages_or_the_same_twice_are_refused() -> None:
    for languages in (("en", "ru", "be"), ("en", "en")):
        with pytest.raises(UserError, match="one language, or two"):
            made("leave", {}, *languages)


def test_texts_that_do_not_fit_are_refused() -> None:
    texts = [(SHELF.text("leave", "en"), SHELF.words("en")), (SHELF.text("ally", "ru"), SHELF.words("ru"))]
    with pytest.raises(UserError, match="different parts"):
        compose(texts, Answers())


# Answers.

#: Every sign but those no letter can hold.
SIGNS = st.characters(
    exclude_categories=["Cc", "Cs", "Cn"],
    exclude_characters="\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
)
TEXTS = st.text(SIGNS, min_size=1, max_size=60).filter(str.strip)
ANSWERS = st.fixed_dictionaries({}, optional={
    name: st.lists(TEXTS, min_size=1, max_size=3) if name in MANY else TEXTS for name in FIELDS
})  # fmt: skip


@given(kind=st.sampled_from([kind.id for kind in KINDS]), given_answers=ANSWERS)
def test_the_same_answers_make_the_same_letter_and_every_word_of_it_is_the_persons(
    kind: str, given_answers: dict[str, Any]
) -> None:
    letter = made(kind, given_answers, "en", "ru")
    again = compose([(SHELF.text(kind, code), SHELF.words(code)) for code in ("en", "ru")],
                    judge_answers(plain_answers(judge_answers(given_answers))))  # fmt: skip
    assert letter == again
    known = {
        text.strip()
        for value in given_answers.values()
        for text in ([value] if isinstance(value, str) else value)
    }
    fixed = {part.text for code in ("en", "ru") for part in SHELF.text(kind, code).parts}
    assert set(words_of(letter)) <= known | fixed


@given(earlier=ANSWERS, later=ANSWERS)
def test_answers_serve_again_and_the_later_one_wins(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    joined = join_answers(judge_answers(earlier), judge_answers(later))
    assert set(joined.values) == set(earlier) | set(later)
    assert all(joined.values[name] == judge_answers(later).values[name] for name in later)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"birthday": "1 May"}, "no answer called 'birthday'"),
        ({"to": 5}, "shape"),
        ({"to": {"english": "x"}}, "shape"),
        ({"to": {3: "x"}}, "shape"),
        ({"questions": ["x"] * 101}, "shape"),
        ({"questions": [["x"]]}, "shape"),
        ({"wordings": "all"}, "shape"),
        ({"to": "x" * 4001}, "longer than 4000"),
        ({"to": "a\u202eb"}, "U\\+202E"),
        ({"to": "a\x00b"}, "U\\+0000"),
        ({"to": "a\tb"}, "U\\+0009"),
        ({"to": "a\ud800b"}, "U\\+D800"),
        ({"wordings": {"n": "a\x1bb"}}, "U\\+001B"),
    ],
)
def test_what_no_letter_can_hold_is_refused_without_repeating_it(answers: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said) as refused:
        judge_answers(answers)
    assert "x" * 50 not in str(refused.value)


def test_empty_answers_are_unknown() -> None:
    assert judge_answers({"to": "  ", "from": None, "questions": ["", " "], "date": {"en": ""}}).values == {}


def test_a_file_of_answers_is_read_strictly() -> None:
    node = read(
        b"to: {en: Major, ru: x}\nquestions: [a, b]\nprovisions: [n, n]\nwordings: {n: Wording}\n", "a.yaml"
    )
    answers = parse_answers(node)
    assert answers.text("to", "en") == "Major"
    assert answers.lines("questions", "be") == ("a", "b")
    assert answers.provisions == ("n",)
    with pytest.raises(ContentError, match="a map of answers"):
        parse_answers(read(b"[a, b]", "a.yaml"))
