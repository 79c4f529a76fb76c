"""The shipped texts: every letter in every language, the same parts, nothing that decides for the person."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from holdfire.errors import ContentError, UserError
from holdfire.journeys.keep_letter import answers_from
from holdfire.journeys.packs_here import load_packs
from holdfire.letters.answers import Answers, judge_answers
from holdfire.letters.compose import compose
from holdfire.letters.kinds import KINDS, kind_called
from holdfire.letters.script import script
from holdfire.letters.shelf import Shelf
from holdfire.letters.text import as_text
from holdfire.letters.texts import parse_text
from holdfire.orders.order import Order, Person
from holdfire.pack.reader import read

SHELF = Shelf(load_packs())
KIND_IDS = [kind.id for kind in KINDS]
LANGUAGES = ("en", "ru", "be")
#: Words by which a letter would refuse, give a motive, or judge, in its own sentences.
DECIDES = re.compile(
    r"refus|will not|cannot carry out|lawful|illegal|conscien|protest|regime|"
    r"отказ|не буду|незакон|законн|совест|протест|режим|адмаў|адмов|не буду|незакон|законн|сумлен|пратэст|рэжым",
    re.IGNORECASE,
)


def test_all_texts_fit_together() -> None:
    SHELF.check()


@pytest.mark.parametrize("kind", KIND_IDS)
def test_every_letter_is_written_in_english_russian_and_belarusian(kind: str) -> None:
    assert set(SHELF.languages(kind)) == set(LANGUAGES)
    assert SHELF.languages(kind)[0] == "en"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KIND_IDS if kind != "conscience"])
def test_no_letter_refuses_judges_or_gives_a_motive_by_itself(kind: str, language: str) -> None:
    letter = compose([(SHELF.text(kind, language), SHELF.words(language))], Answers())
    said = DECIDES.findall(as_text(letter))
    assert said == []
    assert not letter.states_refusal
    assert not letter.states_motive


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_objection_of_conscience_says_that_its_title_is_a_motive(language: str) -> None:
    letter = compose([(SHELF.text("conscience", language), SHELF.words(language))], Answers())
    assert letter.states_motive
    assert not letter.states_refusal
    assert any("states a motive" in sentence for sentence in kind_called("conscience").before)


@pytest.mark.parametrize("country", [None, "us"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KIND_IDS)
def test_until_a_reviewer_is_named_every_letter_says_that_no_lawyer_has_checked_it(
    kind: str, language: str, country: str | None
) -> None:
    text, words = SHELF.text(kind, language, country), SHELF.words(language)
    assert text.checked_by is None
    letter = compose([(text, words)], Answers())
    assert words.labels["no-lawyer"] in as_text(letter)
    assert letter.unread == (language,)
    named = compose([(replace(text, checked_by="A. Reader", read_by="B. Reader"), words)], Answers())
    assert words.labels["no-lawyer"] not in as_text(named)
    assert "A. Reader" in as_text(named)
    assert (named.checked_by, named.unread) == (("A. Reader",), ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KIND_IDS)
def test_every_letter_can_be_said_aloud(kind: str, language: str) -> None:
    spoken = script(SHELF.text(kind, language))
    assert spoken.say
    assert all(sentence[-1] in ".?!" for sentence in (*spoken.say, *spoken.on_refusal))
    assert not re.search("[{}_]", " ".join(spoken.say))


@pytest.mark.parametrize("kind", KIND_IDS)
def test_russian_and_belarusian_sentences_do_not_show_the_writers_sex(kind: str) -> None:
    for language in ("ru", "be"):
        text = SHELF.text(kind, language)
        sentences = " ".join([*(part.text for part in text.parts), *text.say, *text.say_on_refusal])
        # A past tense in the first person would: «я получил», «я получила».
        assert not re.search(r"\b[Яя]\b", sentences)
        assert not re.search(
            r"\b(получила?|понял|поняла|атрымаў|атрымала|должен|должна|павінен|павінна)\b", sentences
        )


def test_a_country_has_its_own_form_where_it_differs() -> None:
    form, words = SHELF.text("complaint", "en", "us"), SHELF.words("en")
    assert "protected communication" not in as_text(compose([(form, words)], Answers()))
    stated = as_text(compose([(form, words)], judge_answers({"right": "10 USC 1034"})))
    assert "protected communication under: 10 USC 1034" in stated
    assert "right" not in {part.id for part in SHELF.text("complaint", "en").parts}
    assert SHELF.text("leave", "en", "us") == SHELF.text("leave", "en")


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match="not written in"):
        SHELF.text("leave", "fr")
    with pytest.raises(UserError, match="no letter called"):
        kind_called("resignation\x1b")


GOOD = """
kind: leave
language: en
title: Leave
checked_by: null
read_by: null
say: [Please.]
say_on_refusal: []
parts:
  - id: one
    text: Please.
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: leave", "kind: holiday", "one of these"),
        ("text: Please.", "own: refusal", "end of every letter"),
        ("text: Please.", "facts: {birthday: Born}", "no answer"),
        ("text: Please.", "facts: {questions: Ask}", "no answer"),
        ("text: Please.", "list: facts", "'text' is missing"),
        ("text: Please.", "list: facts\n    quote: order_words\n    text: x", "a part is one of"),
        ("text: Please.", "list: facts\n    text: x\n    blanks: 99", "at most 12"),
        ("text: Please.", "text: Please.\n    only: weather", "one of these"),
        ("    text: Please.", "    text: Please.\n  - id: one\n    text: Again.", "twice"),
        ("say: [Please.]", "say: []", "at least 1"),
        ("checked_by: null\n", "", "'checked_by' is missing"),
    ],
)
def test_a_broken_text_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    parse_text(read(GOOD.encode(), "letters/leave.yaml"))
    with pytest.raises(ContentError, match=said) as refused:
        parse_text(read(GOOD.replace(old, new, 1).encode(), "letters/leave.yaml"))
    assert refused.value.line > 0


def test_a_letter_file_in_a_wrong_place_or_without_its_words_is_refused() -> None:
    base = load_packs()[0]
    for file, content, said in (
        ("letters/holiday.yaml", GOOD, "is called KIND.yaml"),
        ("letters/fr/deeper/leave.yaml", GOOD, "is called KIND.yaml"),
        ("letters/fr/leave.yaml", GOOD, "words of 'fr' are missing"),
        ("letters/leave.yaml", GOOD.replace("language: en", "language: fr"), "not that of its place"),
    ):
        with pytest.raises(ContentError, match=said):
            Shelf([replace(base, files={**base.files, file: content.encode()})]).check()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KIND_IDS)
def test_a_letter_that_the_page_folds_says_the_same_as_the_one_folded_here(kind: str, language: str) -> None:
    answers = judge_answers({"order_words": "Очистить площадь.\n\nК шести. " * 20, "to": "Major K."})
    letter = compose([(SHELF.text(kind, language), SHELF.words(language))], answers)

    def words(text: str) -> list[str]:
        return [word for word in text.split() if "_" not in word]

    assert words(as_text(letter, width=None)) == words(as_text(letter))
    assert max(map(len, as_text(letter, width=40).splitlines())) <= 40
    assert max(map(len, as_text(letter).splitlines())) <= 76
    blanks = re.findall(r"_+", as_text(letter, width=None))
    assert max(map(len, blanks), default=0) <= 34, "a blank line fits into a narrow window"


def test_a_letter_that_answers_an_order_goes_to_whoever_gave_it() -> None:
    assert {kind.id for kind in KINDS if kind.to_giver} == {
        "written-order", "explanation", "clarification", "true-limitation",
    }  # fmt: skip
    order = Order(giver=Person(name="Major K.", post="commander"))
    assert answers_from(order, "written-order").text("to", "en") == "commander, Major K."
    assert answers_from(order, "complaint").text("to", "en") is None
