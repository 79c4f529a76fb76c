from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guide_answers import answers, guide
from holdfire.guide.conditions import AllOf, Answered, AnyOf, Condition, Facts, Not
from holdfire.guide.gates import exposure
from holdfire.guide.questions import Answers

QUESTIONS = {question.id: question for question in guide().book.questions}
leaves = st.sampled_from(sorted(QUESTIONS)).flatmap(
    lambda name: st.builds(
        Answered,
        st.just(name),
        st.sets(st.sampled_from([choice.id for choice in QUESTIONS[name].choices]), min_size=1).map(
            lambda s: tuple(sorted(s))
        ),
    )
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def facts(given_answers: Answers) -> Facts:
    return Facts(given_answers, exposure(given_answers))


@given(conditions, answers())
def test_every_judgement_names_the_questions_that_decided_it(
    condition: Condition, given_answers: Answers
) -> None:
    judged = condition.judge(facts(given_answers))
    assert judged.questions
    kept = {name: given_answers[name] for name in judged.questions if name in given_answers}
    assert condition.judge(facts(kept)).holds == judged.holds


@given(conditions, answers())
def test_not_turns_yes_and_no_and_leaves_unknown(condition: Condition, given_answers: Answers) -> None:
    judged, turned = condition.judge(facts(given_answers)), Not(condition).judge(facts(given_answers))
    assert turned.holds is (None if judged.holds is None else not judged.holds)


@given(conditions)
def test_silence_never_satisfies_a_condition(condition: Condition) -> None:
    assert condition.judge(facts({})).holds is None


@given(conditions, conditions, answers())
def test_all_and_any_mirror_each_other(one: Condition, two: Condition, given_answers: Answers) -> None:
    both = AllOf((one, two)).judge(facts(given_answers)).holds
    either = AnyOf((Not(one), Not(two))).judge(facts(given_answers)).holds
    assert both is (None if either is None else not either)
