"""The plan a person keeps: theirs to order, without an answer in it, and slow where a step is final."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_answers import answers, guide
from holdfire.errors import UserError
from holdfire.guide.plan import (
    MOST_AT_FIRST,
    MOST_NOTE,
    Plan,
    PlanItem,
    add,
    annotate,
    decode_plan,
    encode_plan,
    known_actions,
    make_plan,
    move,
    put_back,
    remove,
    set_date,
    tick,
)
from holdfire.guide.questions import Answers
from holdfire.guide.reasoner import assess
from holdfire.guide.rules import PLACES, STEP_NO_RETURN

BOOK = guide().book
RULES = {rule.action: rule for rule in BOOK.rules}
TODAY = date(2026, 11, 22)
days = st.dates(date(2020, 1, 1), date(2100, 1, 1))
notes = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
items = st.builds(
    PlanItem,
    action=st.sampled_from(sorted(RULES)),
    place=st.sampled_from(PLACES),
    done=st.booleans(),
    note=notes,
    on=st.none() | days,
    ask_again=st.none() | days,
)
plans = st.lists(items, max_size=8, unique_by=lambda item: item.action).map(lambda found: Plan(tuple(found)))
filled = plans.filter(lambda plan: bool(plan.items))


@given(answers())
def test_a_plan_begins_short_with_what_fits_and_what_that_needs_first(given_answers: Answers) -> None:
    assessment = assess(given_answers, BOOK)
    planned = [item.action for item in make_plan(assessment, TODAY).items]
    assert len(planned) <= MOST_AT_FIRST
    open_ones = {option.action: option for option in assessment.options if option.place in {"now", "prepare"}}
    assert planned == [action for action in open_ones if action in planned]
    for number, action in enumerate(planned):
        assert set(RULES[action].needs) <= set(planned[:number])
        fits = open_ones[action].fitting or open_ones[action].heading == "every"
        assert fits or any(action in RULES[other].needs for other in planned)


@given(answers(state=frozenset({"might-hurt"})))
def test_who_might_hurt_someone_gets_no_plan(given_answers: Answers) -> None:
    assert make_plan(assess(given_answers, BOOK), TODAY) == Plan()


@given(answers())
def test_a_plan_holds_no_answer_and_no_reason(given_answers: Answers) -> None:
    plan = encode_plan(make_plan(assess(given_answers, BOOK), TODAY))
    items = plan["items"]
    assert isinstance(items, list)
    for item in items:
        assert set(item) == {"action", "place", "done", "note", "on", "ask_again"}
        assert item["note"] == ""
        assert item["action"] in RULES


@given(answers())
def test_what_cannot_be_taken_back_is_asked_again_after_a_night(given_answers: Answers) -> None:
    plan = make_plan(assess(given_answers, BOOK), TODAY)
    for rule in BOOK.rules:
        plan = add(plan, rule, TODAY)
    for item in plan.items:
        if RULES[item.action].step < STEP_NO_RETURN:
            assert item.ask_again is None
            assert tick(plan, item.action, done=True, today=TODAY).item(item.action).done
            continue
        assert item.ask_again == TODAY + timedelta(days=1)
        with pytest.raises(UserError, match="asked again after a night"):
            tick(plan, item.action, done=True, today=TODAY)
        assert tick(plan, item.action, done=True, today=TODAY + timedelta(days=1)).item(item.action).done


@given(st.sampled_from(sorted(RULES)))
def test_adding_a_final_step_by_hand_waits_a_night_too(action: str) -> None:
    item = add(Plan(), RULES[action], TODAY).item(action)
    assert (item.ask_again is not None) == (RULES[action].step >= STEP_NO_RETURN)
    assert item.place == "prepare"


@given(plans)
def test_a_plan_survives_the_vault(plan: Plan) -> None:
    assert decode_plan(encode_plan(plan)) == plan


@given(filled, st.data(), st.integers(-20, 20))
def test_moving_loses_nothing_and_the_ends_hold(plan: Plan, data: st.DataObject, by: int) -> None:
    action = data.draw(st.sampled_from([item.action for item in plan.items]))
    position = plan.items.index(plan.item(action))
    moved = move(plan, action, by)
    assert sorted(moved.items, key=lambda item: item.action) == sorted(
        plan.items, key=lambda item: item.action
    )
    assert moved.items.index(plan.item(action)) == min(max(position + by, 0), len(plan.items) - 1)
    others = [item for item in plan.items if item.action != action]
    assert [item for item in moved.items if item.action != action] == others


@given(filled, st.data())
def test_what_was_taken_out_can_be_put_back(plan: Plan, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(plan.items))
    without = remove(plan, item.action)
    assert item not in without.items
    assert len(without.items) == len(plan.items) - 1
    assert put_back(without, item, plan.items.index(item)) == plan


@given(plans, st.sampled_from(sorted(RULES)))
def test_adding_what_is_there_changes_nothing(plan: Plan, action: str) -> None:
    once = add(plan, RULES[action], TODAY)
    assert add(once, RULES[action], TODAY + timedelta(days=9)) == once


@given(filled, st.data(), notes, days)
def test_a_note_and_a_day_change_that_item_alone(
    plan: Plan, data: st.DataObject, note: str, day: date
) -> None:
    item = data.draw(st.sampled_from(plan.items))
    changed = set_date(annotate(plan, item.action, note), item.action, day)
    assert changed.item(item.action).note == note.replace("\r\n", "\n").strip()
    assert changed.item(item.action).on == day
    assert set_date(changed, item.action, None).item(item.action).on is None
    others = [one for one in plan.items if one is not item]
    assert [one for one in changed.items if one.action != item.action] == others


@given(plans, days)
def test_due_is_what_is_dated_and_not_done(plan: Plan, today: date) -> None:
    for item in plan.items:
        assert (item in plan.due(today)) == (not item.done and item.on is not None and item.on <= today)


def test_a_note_has_a_bound() -> None:
    plan = add(Plan(), RULES["own-judgment"], TODAY)
    assert annotate(plan, "own-judgment", "x" * MOST_NOTE).items[0].note
    with pytest.raises(UserError, match="at most"):
        annotate(plan, "own-judgment", "x" * (MOST_NOTE + 1))


@pytest.mark.parametrize(
    "change",
    [remove, lambda plan, action: move(plan, action, 1), lambda plan, action: annotate(plan, action, "x")],
)
def test_what_is_not_in_the_plan_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(UserError, match="not in the plan"):
        change(Plan(), "own-judgment")


@given(plans)
def test_an_action_that_no_pack_explains_any_more_is_left_out(plan: Plan) -> None:
    kept = known_actions(plan, {"own-judgment"})
    assert all(item.action == "own-judgment" for item in kept.items)
    assert known_actions(plan, RULES) == plan
