"""The claims of the reasoner (writing rules §2), over the rules that are shipped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guide_answers import answers, guide
from holdfire.guide.actions import FEIGNING
from holdfire.guide.gates import exposure
from holdfire.guide.questions import Answers
from holdfire.guide.reasoner import Assessment, Option, assess
from holdfire.guide.rules import PLACES, STEP_NO_RETURN, STEP_OTHERS_LEARN, Rule

BOOK = guide().book
RULES = {rule.action: rule for rule in BOOK.rules}
#: From least to most exposed; unknown lies between "some" and "high" because it tightens gates.
RISING_SUSPICION = (frozenset({"no"}), frozenset({"small"}), frozenset({"warned"}), frozenset({"arrest"}))
RISING_DEVICE = (frozenset({"me"}), frozenset({"home"}), frozenset({"service"}), frozenset({"watched"}))


def by_id(assessment: Assessment) -> dict[str, Option]:
    return {option.action: option for option in assessment.options}


def nearness(option: Option) -> int:
    return PLACES.index(option.place)


@given(answers())
def test_all_55_actions_are_there_once_each_with_a_reason(given_answers: Answers) -> None:
    options = assess(given_answers, BOOK).options
    assert sorted(option.action for option in options) == sorted(RULES)
    for option in options:
        assert option.because
        if option.place != "now":
            assert option.limits
            assert option.change


@given(answers())
def test_prerequisites_always_come_first_and_are_never_farther(given_answers: Answers) -> None:
    options = assess(given_answers, BOOK).options
    position = {option.action: number for number, option in enumerate(options)}
    placed = by_id(assess(given_answers, BOOK))
    for option in options:
        for need in option.needs:
            assert position[need] < position[option.action]
            assert nearness(placed[need]) <= nearness(option)


@given(answers(), st.sampled_from(["suspicion", "device"]), st.data())
def test_raising_exposure_never_raises_a_more_exposing_action(
    given_answers: Answers, question: str, data: st.DataObject
) -> None:
    ladder = RISING_SUSPICION if question == "suspicion" else RISING_DEVICE
    low = data.draw(st.integers(0, 2))
    high = data.draw(st.integers(low + 1, 3))
    before = by_id(assess({**given_answers, question: ladder[low]}, BOOK))
    after = by_id(assess({**given_answers, question: ladder[high]}, BOOK))
    for action, rule in RULES.items():
        if rule.heading != "exposed" and rule.step > 1:
            assert nearness(after[action]) >= nearness(before[action]), action


@given(answers(suspicion=frozenset({"warned"})))
def test_who_is_exposed_is_shown_nothing_that_others_learn_but_counsel_and_protection(
    given_answers: Answers,
) -> None:
    for option in assess(given_answers, BOOK).options:
        if option.step >= STEP_OTHERS_LEARN and option.heading != "exposed":
            assert option.place != "now"
            if "counsel" not in RULES[option.action].kinds:
                assert nearness(option) >= PLACES.index("later")


@given(answers(state=frozenset({"might-hurt"})))
def test_the_care_gate_leaves_nothing_open(given_answers: Answers) -> None:
    assessment = assess(given_answers, BOOK)
    assert assessment.care
    assert assessment.cards[0] == "care"
    assert not assessment.at("now")
    assert not assessment.at("prepare")


@given(answers(state=frozenset({"tired"})))
def test_who_is_worn_out_takes_no_step_of_no_return_today(given_answers: Answers) -> None:
    for option in assess(given_answers, BOOK).options:
        if option.step >= STEP_NO_RETURN:
            assert nearness(option) >= PLACES.index("later")


@given(answers())
def test_a_step_of_no_return_waits_a_night_unless_in_danger(given_answers: Answers) -> None:
    for option in assess(given_answers, BOOK).at("now"):
        if option.step >= STEP_NO_RETURN:
            assert given_answers["moment"] == {"danger"}
            assert given_answers["state"] <= {"clear", "frightened"}


@given(answers())
def test_feigning_is_never_recommended_and_its_truth_ranks_above_it(given_answers: Answers) -> None:
    assessment = assess(given_answers, BOOK)
    position = {option.action: number for number, option in enumerate(assessment.options)}
    placed = by_id(assessment)
    for action in FEIGNING:
        assert placed[action].place == "not"
        truthful = guide().actions[action].truthful
        assert truthful is not None
        for other in truthful.actions:
            if placed[other].place != "not":
                assert position[other] < position[action]


@given(answers())
def test_in_each_place_the_heading_every_comes_first(given_answers: Answers) -> None:
    assessment = assess(given_answers, BOOK)
    for place in PLACES:
        every = [option.heading == "every" for option in assessment.at(place)]
        assert every == sorted(every, reverse=True)
    if not assessment.care:
        assert [option.action for option in assessment.options[:2]] == ["own-judgment", "prepare-ahead"]


@given(answers(suspicion=frozenset({"arrest"})) | answers(device=frozenset({"watched"})))
def test_nobody_watched_is_told_to_hand_the_guide_to_another_now(given_answers: Answers) -> None:
    assert by_id(assess(given_answers, BOOK))["pass-guide-on"].place != "now"


@given(answers(task=frozenset({"firearms"})) | answers(task=frozenset({"custody"})))
def test_the_life_card_stands_on_top(given_answers: Answers) -> None:
    assert "life" in assess(given_answers, BOOK).cards


@given(answers())
def test_nothing_is_sent_without_a_checked_desk(given_answers: Answers) -> None:
    if "lawyer" not in given_answers.get("trust", ()):
        for option in assess(given_answers, BOOK).at("now"):
            assert "sending" not in RULES[option.action].kinds
    for option in assess(given_answers, BOOK, checked_desk=False).at("now"):
        opened = by_id(assess(given_answers, BOOK, checked_desk=True))[option.action]
        assert opened.place == "now"


@given(answers(war=frozenset({"yes"})))
def test_in_war_no_movements_and_no_uniform(given_answers: Answers) -> None:
    for option in assess(given_answers, BOOK).options:
        if RULES[option.action].kinds & {"movements", "uniform"}:
            assert option.place == "not"


@given(answers(), st.sampled_from(["leaving", "speaking", "together", "sending"]))
def test_what_is_ruled_out_stays_out(given_answers: Answers, ruled_out: str) -> None:
    for option in assess({**given_answers, "limits": frozenset({ruled_out})}, BOOK).options:
        if ruled_out in RULES[option.action].kinds:
            assert option.place == "not"


@given(answers())
def test_the_same_answers_give_the_same_result(given_answers: Answers) -> None:
    again = dict(reversed(list(given_answers.items())))
    assert assess(given_answers, BOOK) == assess(again, BOOK)


@given(answers(), st.randoms(use_true_random=False))
def test_stories_and_wording_move_nothing(given_answers: Answers, chance: object) -> None:
    """What people read, and what was common in history, stands in pages the reasoner never sees."""
    renamed = replace(
        BOOK,
        rules=tuple(replace(rule, because=f"{rule.action} happened {chance} times") for rule in BOOK.rules),
    )
    before, after = assess(given_answers, BOOK), assess(given_answers, renamed)
    assert [(one.action, one.place) for one in before.options] == [
        (one.action, one.place) for one in after.options
    ]


@pytest.mark.parametrize(
    ("question", "choice"),
    [(question.id, choice.id) for question in BOOK.questions for choice in question.choices],
)
def test_every_answer_matters_to_something(question: str, choice: str) -> None:
    """Somewhere, giving this answer says something that not giving it does not."""
    situations: tuple[Answers, ...] = (
        {},
        {name: chosen for name, chosen in CALM.items() if name != question},
        {name: chosen for name, chosen in PRESSED.items() if name != question},
    )
    assert any(
        assess({**situation, question: frozenset({choice})}, BOOK).options != assess(situation, BOOK).options
        for situation in situations
    )


@pytest.mark.parametrize("question", [question.id for question in BOOK.questions])
def test_two_answers_to_a_question_differ(question: str) -> None:
    """No two choices are the same answer in other words."""
    choices = next(one.choices for one in BOOK.questions if one.id == question)
    seen = [
        tuple(
            assess({**situation, question: frozenset({choice.id})}, BOOK).options
            for situation in (CALM, PRESSED)
        )
        for choice in choices
    ]
    for number, one in enumerate(seen):
        for other in range(number):
            assert one != seen[other], (choices[number].id, choices[other].id)


CALM: Answers = {
    name: frozenset({chosen})
    for name, chosen in {
        "moment": "thinking", "state": "clear", "task": "guard", "country": "us", "service": "police",
        "bond": "career", "command": "few", "war": "no", "suspicion": "no", "device": "me", "trust": "colleagues",
        "others": "nobody", "losses": "income", "away": "day", "secrecy": "no", "values": "no-harm", "limits": "nothing",
    }.items()
}  # fmt: skip
PRESSED: Answers = {
    **CALM,
    **{
        name: frozenset({chosen})
        for name, chosen in {
            "moment": "today", "state": "frightened", "task": "force", "bond": "conscription", "command": "nobody",
            "suspicion": "small", "trust": "home", "others": "live-with", "away": "no", "secrecy": "yes",
        }.items()
    },
}  # fmt: skip


def test_a_calm_officer_with_an_order_can_begin_tonight() -> None:
    now = [option.action for option in assess({**CALM, "moment": frozenset({"order-later"})}, BOOK).at("now")]
    assert now[:2] == ["own-judgment", "prepare-ahead"]
    assert {"document-orders", "ask-in-writing", "test-against-constitution"} <= set(now)


def test_a_watched_conscript_is_shown_protection_and_no_open_step() -> None:
    watched = {**PRESSED, "device": frozenset({"service"}), "suspicion": frozenset({"warned"})}
    now = {option.action for option in assess(watched, BOOK).at("now")}
    assert "seek-protection" not in {option.action for option in assess(watched, BOOK).at("not")}
    assert not now & {"like-minded-network", "pass-information", "warn-of-force"}


def test_someone_in_danger_with_counsel_may_go_public_today() -> None:
    danger: Answers = {
        **CALM, "moment": frozenset({"danger"}), "suspicion": frozenset({"arrest"}), "trust": frozenset({"lawyer"}),
    }  # fmt: skip
    assert by_id(assess(danger, BOOK))["go-public-exposed"].place == "now"


@given(answers())
@example({})
@settings(max_examples=30)
def test_unknown_is_said_and_never_taken_for_no(given_answers: Answers) -> None:
    assessment = assess(given_answers, BOOK)
    assert set(assessment.unanswered) == {question.id for question in BOOK.questions} - set(given_answers)
    if not {"suspicion", "device"} <= set(given_answers):
        assert exposure(given_answers) in {"unknown", "high"}
        for option in assessment.at("now"):
            assert option.step < STEP_OTHERS_LEARN or option.heading == "exposed"


def test_a_rule_is_no_page() -> None:
    """The reasoner is given rules, and a rule has no field for a story, a count or a success."""
    assert {field for field in Rule.__dataclass_fields__ if "histor" in field or "common" in field} == set()
    assert set(Rule.__dataclass_fields__) == {
        "action", "number", "heading", "step", "pace", "kinds", "needs", "serves", "because", "reasons", "bounds",
    }  # fmt: skip
