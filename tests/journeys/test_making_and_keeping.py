"""The journeys without their pages: what can be chosen, what is kept, what is undone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.guide import plan as plans
from holdfire.guide.plan import Plan
from holdfire.guide.questions import judge_answers
from holdfire.guide.reasoner import Assessment, assess
from holdfire.journeys.guide_here import load_guide
from holdfire.journeys.keep_letter import LETTER, REQUEST
from holdfire.journeys.keep_plan import (
    ANSWERS,
    PLAN,
    change_plan,
    delete_plan,
    discard_answers,
    keep_answers,
    keep_plan,
    read_answers,
    read_plan,
    undo_plan,
)
from holdfire.journeys.look_around import look_around
from holdfire.journeys.make_vault import LEAST_CHARACTERS, judge_passphrase, judge_place, make_vault
from holdfire.journeys.open_vault import open_vault
from holdfire.journeys.places import FILE_NAME, path_typed, places_here
from holdfire.journeys.record_order import list_orders, review_order
from holdfire.journeys.settings import SETTINGS, Settings, change_settings, read_settings
from holdfire.journeys.tend_vault import check_vault, compact_vault
from holdfire.journeys.write_letter import compose_here
from holdfire.language import MIRRORED
from holdfire.letters.clock import standing
from holdfire.letters.text import as_text
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault

NOW = datetime(2030, 5, 1, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
MEBIBYTE = 1024 * 1024


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as one:
        yield one


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    book = load_guide().book
    return assess(judge_answers({"state": ["clear"], "moment": ["thinking"]}, book.questions), book)


def test_a_plan_is_kept_once_and_read_again(vault: Vault, assessment: Assessment) -> None:
    kept = keep_plan(vault, assessment, TODAY, NOW)
    assert kept.value.items
    assert read_plan(vault) == kept
    assert vault.records.count(PLAN) == 1


def test_keeping_again_loses_no_note_tick_or_day(vault: Vault, assessment: Assessment) -> None:
    action = keep_plan(vault, assessment, TODAY, NOW).value.items[0].action
    other = load_guide().book.rules[-1]
    change_plan(vault, partial(plans.annotate, action=action, note="mine"), NOW)
    change_plan(vault, partial(plans.add, rule=other, today=TODAY), NOW)
    change_plan(vault, partial(plans.set_date, action=other.action, on=TODAY), NOW)
    again = keep_plan(vault, assessment, TODAY, NOW).value
    assert again.item(action).note == "mine"
    assert again.item(other.action).on == TODAY
    assert len({item.action for item in again.items}) == len(again.items)


def test_an_action_without_a_mark_of_ones_own_goes_when_the_answers_change(
    vault: Vault, assessment: Assessment
) -> None:
    keep_plan(vault, assessment, TODAY, NOW)
    nothing = replace(assessment, options=())
    assert keep_plan(vault, nothing, TODAY, NOW).value == Plan()


def test_undo_brings_back_what_was(vault: Vault, assessment: Assessment) -> None:
    before = keep_plan(vault, assessment, TODAY, NOW).value
    change_plan(vault, partial(plans.remove, action=before.items[0].action), NOW)
    assert undo_plan(vault, NOW).value == before


def test_there_is_nothing_to_undo_at_first(vault: Vault, assessment: Assessment) -> None:
    with pytest.raises(UserError):
        undo_plan(vault, NOW)
    keep_plan(vault, assessment, TODAY, NOW)
    with pytest.raises(UserError):
        undo_plan(vault, NOW)


def test_an_older_sight_of_the_plan_overwrites_nothing(vault: Vault, assessment: Assessment) -> None:
    first = keep_plan(vault, assessment, TODAY, NOW)
    action = first.value.items[0].action
    change_plan(vault, partial(plans.annotate, action=action, note="newer"), NOW, expected=first.version)
    with pytest.raises(UserError):
        change_plan(vault, partial(plans.annotate, action=action, note="older"), NOW, expected=first.version)
    kept = read_plan(vault)
    assert kept is not None
    assert kept.value.item(action).note == "newer"


def test_a_deleted_plan_leaves_no_version(vault: Vault, assessment: Assessment) -> None:
    keep_plan(vault, assessment, TODAY, NOW)
    keep_plan(vault, assessment, TODAY, NOW)
    delete_plan(vault)
    assert read_plan(vault) is None
    assert vault.records.count(PLAN) == 0


def test_notes_are_found_and_answers_are_not(vault: Vault, assessment: Assessment) -> None:
    action = keep_plan(vault, assessment, TODAY, NOW).value.items[0].action
    change_plan(vault, partial(plans.annotate, action=action, note="the grey heron"), NOW)
    keep_answers(vault, {"state": frozenset({"clear"})}, NOW)
    assert len(vault.records.search("heron", PLAN)) == 1
    assert not vault.records.search("clear", ANSWERS)


def test_kept_answers_replace_earlier_ones_and_go_whole(vault: Vault) -> None:
    keep_answers(vault, {"state": frozenset({"clear"}), "values": frozenset({"truth", "job"})}, NOW)
    keep_answers(vault, {"state": frozenset({"tired"})}, NOW)
    assert read_answers(vault) == {"state": frozenset({"tired"})}
    assert vault.records.count(ANSWERS) == 1
    discard_answers(vault)
    assert read_answers(vault) == {}


def test_settings_are_one_record(vault: Vault) -> None:
    assert read_settings(vault) == Settings(5)
    change_settings(vault, NOW, minutes=15, country="by")
    change_settings(vault, NOW, minutes=2)
    assert read_settings(vault) == Settings(2, "by")
    change_settings(vault, NOW, country="")
    assert read_settings(vault) == Settings(2, "")
    record = vault.records.all(SETTINGS)
    assert len(record) == 1
    assert record[0].version == 1, "which country it was does not stay"


def test_looking_around_shows_a_made_up_plan_and_order() -> None:
    with look_around(load_guide(), MIRRORED.say, TODAY, NOW) as vault:
        kept = read_plan(vault)
        assert kept is not None
        assert vault.path is None
        assert all(item.note.startswith("\u202e[Made-up note") for item in kept.value.items if item.note)
        assert kept.value.due(TODAY)
        order = list_orders(vault)[0].value.order
        assert "(Made up.)" in order.words
        assert review_order(order, None)
        letter = vault.records.all(LETTER)[0].value
        assert "(Made up.)" in as_text(compose_here(letter, TODAY))
        clock = vault.records.all(REQUEST)[0].value.clock
        assert standing(clock, TODAY).state == "waiting"
        check_vault(vault)
        assert compact_vault(vault) == 0


def test_a_made_vault_opens_with_each_of_its_passphrases(tmp_path: Path) -> None:
    path = tmp_path / "one.dat"
    seen: list[tuple[int, int]] = []
    phrases = ["seven grey owls sing low", "nine red herons walk home"]
    make_vault(
        path, phrases, 64 * MEBIBYTE, profile=TEST, progress=lambda done, total: seen.append((done, total))
    )
    assert path.stat().st_size == 64 * MEBIBYTE
    assert seen[-1][0] == seen[-1][1]
    for phrase in phrases:
        open_vault(str(path), phrase, profile=TEST).lock()


def test_two_compartments_need_two_passphrases(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        make_vault(tmp_path / "x", ["seven grey owls sing low"] * 2, 64 * MEBIBYTE, profile=TEST)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("passphrase", ["", "short", "a" * 40, "abababababababab"])
def test_a_passphrase_that_is_found_by_trying_is_refused(passphrase: str) -> None:
    with pytest.raises(UserError):
        judge_passphrase(passphrase)


@given(st.lists(st.characters(), min_size=LEAST_CHARACTERS, max_size=40, unique=True))
def test_a_long_phrase_in_any_script_is_taken(characters: list[str]) -> None:
    judge_passphrase("".join(characters))


@given(st.text(max_size=300))
def test_any_path_is_judged_with_a_sentence(path: str) -> None:
    with contextlib.suppress(UserError):
        assert isinstance(path_typed(path), Path)
    with contextlib.suppress(UserError):
        assert judge_place(path).parent.is_dir()


def test_a_place_is_judged(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    for wrong in ("", "relative.dat", str(tmp_path), str(tmp_path / "there"), str(tmp_path / "no" / "x")):
        with pytest.raises(UserError):
            judge_place(wrong)
    assert judge_place(str(tmp_path / "new.dat")) == tmp_path / "new.dat"


def test_a_place_is_offered_under_a_name_that_says_nothing() -> None:
    offered = places_here()
    assert offered
    assert all(place.path.name == FILE_NAME and place.free > 0 for place in offered)
    assert not offered[-1].removable
