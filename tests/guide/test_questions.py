"""The private questions: closed, seventeen, and a judge that lets nothing else through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_answers import answers, guide
from holdfire.errors import ContentError, UserError
from holdfire.guide.questions import OPEN_ANSWERS, Answers, Choice, judge_answers, parse_questions
from holdfire.pack.reader import read

QUESTIONS = guide().book.questions
BY_ID = {question.id: question for question in QUESTIONS}


def test_the_seventeen_questions_in_order() -> None:
    assert [question.id for question in QUESTIONS] == [
        "moment", "state", "task", "country", "service", "bond", "command", "war", "suspicion", "device", "trust", "others", "losses",
        "away", "secrecy", "values", "limits",
    ]  # fmt: skip
    assert [question.id for question in QUESTIONS if question.many > 1] == [
        "trust",
        "others",
        "losses",
        "values",
        "limits",
    ]
    assert BY_ID["values"].many == 2


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_each_says_why_it_is_asked_and_takes_only_closed_answers(question: object) -> None:
    found = BY_ID[question.id]  # type: ignore[attr-defined]
    assert found.why
    assert len(found.choices) >= 2
    assert not {choice.id for choice in found.choices} & set(OPEN_ANSWERS)
    assert len({choice.text for choice in found.choices}) == len(found.choices)


def test_the_law_question_offers_each_installed_country_and_another() -> None:
    ids = [choice.id for choice in BY_ID["country"].choices]
    assert set(ids) == {*guide().book.countries, "another"}
    assert ids[-1] == "another"


@given(answers())
def test_what_can_be_answered_is_judged_as_it_was_given(given_answers: Answers) -> None:
    assert judge_answers(given_answers, QUESTIONS) == given_answers


@given(answers(), st.sampled_from(sorted(BY_ID)), st.sampled_from(sorted(OPEN_ANSWERS)))
def test_not_knowing_and_not_saying_are_like_not_being_asked(
    given_answers: Answers, question: str, word: str
) -> None:
    without = {name: chosen for name, chosen in given_answers.items() if name != question}
    assert judge_answers({**given_answers, question: [word]}, QUESTIONS) == without
    assert judge_answers({**given_answers, question: []}, QUESTIONS) == without


@given(
    st.dictionaries(
        st.text(max_size=20) | st.sampled_from(sorted(BY_ID)),
        st.lists(st.text(max_size=20), max_size=5),
        max_size=5,
    )
)
def test_nothing_but_closed_answers_comes_through(untrusted: dict[str, list[str]]) -> None:
    try:
        judged = judge_answers(untrusted, QUESTIONS)
    except UserError as error:
        assert (bool(error.hint), str(error).isascii()) == (True, True)  # noqa: PT017 -- what is not refused is judged below
        return
    for question, chosen in judged.items():
        assert chosen <= {choice.id for choice in BY_ID[question].choices}


@pytest.mark.parametrize(
    ("untrusted", "said"),
    [
        ({"weather": ["fine"]}, "no question 'weather'"),
        ({"moment": ["today", "danger"]}, "1 answers at most"),
        ({"moment": ["yesterday"]}, "'yesterday' is no answer"),
        ({"country": ["atlantis"]}, "'atlantis' is no answer"),
        ({"values": ["no-harm", "family", "job"]}, "2 answers at most"),
        ({"trust": ["nobody", "lawyer"]}, "excludes the others"),
        ({"limits": ["nothing", "leaving"]}, "excludes the others"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(untrusted: dict[str, list[str]], said: str) -> None:
    with pytest.raises(UserError, match=said):
        judge_answers(untrusted, QUESTIONS)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("[{id: a, text: A}, {id: a, text: B}]", "twice"),
        ("[{id: dont-know, text: A}]", "open answer"),
        ("[]", "at least 1"),
        ("[{id: a, text: A, notes: [{on: [x]}]}]", "because or a caution"),
        ("[{id: a, text: A, alone: perhaps}]", "true, false"),
        ("[{id: a, text: A, unit: 5}]", "not known here"),
    ],
)  # fmt: skip
def test_a_question_that_breaks_a_rule_is_refused_with_its_line(choices: str, said: str) -> None:
    node = read(
        f"questions:\n  - id: q\n    title: T\n    why: W\n    choices: {choices}\n".encode(), "q.yaml"
    )
    with pytest.raises(ContentError, match=said) as caught:
        parse_questions(node, ())
    assert caught.value.line in {2, 5}


def test_a_country_pack_may_not_take_the_place_of_another() -> None:
    node = read(
        b"questions:\n  - {id: country, title: T, why: W, choices: [{id: another, text: A}]}\n", "q.yaml"
    )
    assert [choice.id for choice in parse_questions(node, (Choice("by", "Belarus"),))[0].choices] == [
        "by",
        "another",
    ]
    with pytest.raises(ContentError, match="twice"):
        parse_questions(node, (Choice("another", "Elsewhere"),))
