"""Letters in a vault: kept, made again, handed in, answered; and what an order's record lends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args

import pytest

from holdfire.errors import UserError
from holdfire.journeys.keep_letter import (
    LETTER,
    REQUEST,
    answers_from,
    answers_offered,
    answers_so_far,
    change_request,
    deadlines_here,
    hand_in,
    keep_languages,
    keep_letter,
    keep_once,
)
from holdfire.journeys.write_letter import Draft, compose_here
from holdfire.letters.answers import judge_answers
from holdfire.letters.clock import Answered, Service, answer, standing
from holdfire.letters.text import as_text
from holdfire.letters.texts import CHANNELS
from holdfire.orders.moment import Moment
from holdfire.orders.order import Channel, Order, Person
from holdfire.vault.vault import Vault

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = NOW.date()


def draft(kind: str = "written-order", **answers: object) -> Draft:
    return Draft(kind, ("en", "ru"), judge_answers(answers))


def test_a_kept_letter_is_made_again_from_its_answers() -> None:
    vault = Vault.in_memory()
    kept = keep_letter(vault, draft(order_words="Go to the square."), NOW)
    again = vault.records.get(LETTER, kept.id).value
    assert again == kept.value
    assert compose_here(again, TODAY) == compose_here(kept.value, TODAY)
    assert [record.id for record in vault.records.search("squa", LETTER)] == [kept.id]
    changed = keep_letter(vault, draft(order_words="Go."), NOW, record=kept.id, expected=1)
    assert changed.version == 2
    assert vault.records.get(LETTER, kept.id, version=1).value == kept.value


def test_answers_serve_in_the_next_letter_but_not_a_refusal_or_a_motive() -> None:
    vault = Vault.in_memory()
    keep_letter(
        vault,
        draft(**{"from": "A", "to": "B", "refusal": "No.", "motive": "Because.", "own_words": "X"}),
        NOW,
    )
    keep_letter(vault, draft(**{"from": "C"}), NOW)
    known = answers_so_far(vault)
    assert known.text("from", "en") == "C"
    assert known.text("to", "en") == "B"
    assert not any(known.knows(name) for name in ("refusal", "motive", "own_words"))


def test_what_is_true_of_one_order_is_offered_in_letters_about_that_one_alone() -> None:
    vault = Vault.in_memory()
    about = {
        "order_place": "yard",
        "facts": ["Blows."],
        "questions": ["Which?"],
        "requests": ["Look."],
        "earlier": ["17"],
    }
    known = judge_answers({"from": "A", "limitation": "No course.", **about})
    keep_letter(vault, replace(draft(), answers=known, order="one"), NOW)
    same, other = (
        answers_offered(vault, "duty-note", ("one", Order())),
        answers_offered(vault, "duty-note", ("two", Order(place="gate"))),
    )
    assert all(same.knows(name) for name in about)
    assert (
        other.values == judge_answers({"from": "A", "limitation": "No course.", "order_place": "gate"}).values
    )
    assert (
        answers_offered(vault, "duty-note").values
        == judge_answers({"from": "A", "limitation": "No course."}).values
    )
    assert (
        answers_offered(vault, "duty-note", ("one", Order(place="gate"))).text("order_place", "en") == "gate"
    )


def test_to_whom_a_letter_goes_is_taken_from_the_same_kind_or_from_the_order() -> None:
    vault = Vault.in_memory()
    keep_letter(vault, draft("written-order", to="Major Heron"), NOW)
    keep_letter(vault, draft("complaint", to="The prosecutor"), NOW)
    order = ("one", Order(giver=Person("Crane", "colonel")))
    offered = {
        kind: answers_offered(vault, kind, order).text("to", "en")
        for kind in ("written-order", "complaint", "leave")
    }
    assert offered == {"written-order": "colonel, Crane", "complaint": "The prosecutor", "leave": None}
    assert answers_offered(vault, "written-order").text("to", "en") == "Major Heron"


def test_how_an_order_came_is_told_in_each_language_of_the_letter() -> None:
    told = {channel: answers_from(Order(channel=channel)) for channel in get_args(Channel)}
    assert not told.pop("other").values
    assert set(told) == set(CHANNELS.split())
    for language in ("en", "ru", "be"):
        assert len({answers.text("order_channel", language) for answers in told.values()}) == len(told)
    text = as_text(compose_here(Draft("written-order", ("en", "ru"), told["radio"]), TODAY))
    assert "How it was given: by radio" in text
    assert "Каким способом отдан: по радио" in text


def test_a_form_in_one_language_leaves_the_others_as_they_were() -> None:
    before = judge_answers(
        {
            "to": {"en": "The commander", "ru": "Командиру"},
            "from": {"en": "A", "ru": "А"},
            "order_words": "Go.",
        }
    )
    typed = judge_answers({"to": "The commander", "from": "B", "order_words": "Go.", "date": "today"})
    kept = keep_languages(typed, before, "en")
    assert (kept.text("to", "ru"), kept.text("from", "ru")) == ("Командиру", "B")
    assert kept.text("date", "ru") == "today"
    assert "to" not in keep_languages(judge_answers({}), before, "en").values


def test_the_very_same_letter_is_kept_once() -> None:
    vault = Vault.in_memory()
    first = keep_once(vault, draft(to={"en": "A", "ru": "Б"}, provisions=["iccpr-21"]), NOW)
    assert keep_once(vault, draft(to={"en": "A", "ru": "Б"}, provisions=["iccpr-21"]), NOW) == first
    assert keep_once(vault, draft(to="A"), NOW).id != first.id
    assert vault.records.count(LETTER) == 2


def test_a_letter_handed_in_starts_the_packs_clock_or_waits_for_ones_own_day() -> None:
    vault = Vault.in_memory()
    letter = keep_letter(vault, draft("complaint"), NOW)
    service = Service(TODAY, to="Prosecutor", how="registry", number="17/3", taken_by="clerk")
    first = hand_in(vault, letter.id, service, NOW, deadline="by-appeals-answer")
    assert first.value.clock.due == date(2026, 12, 8)
    assert first.value.clock.rests_on == "by-appeals-answer"
    second = hand_in(vault, letter.id, service, NOW, deadline="by-appeals-answer", case=1)
    assert second.value.clock.due == date(2026, 12, 23)
    assert standing(hand_in(vault, letter.id, service, NOW).value.clock, TODAY).state == "open"
    for wrong in ("none", "by-const-40-answer"):
        with pytest.raises(UserError, match="no such time"):
            hand_in(vault, letter.id, service, NOW, deadline=wrong)
    assert vault.records.count(REQUEST) == 3


def test_an_answer_is_kept_with_the_request_and_found_by_its_words() -> None:
    vault = Vault.in_memory()
    letter = keep_letter(vault, draft(), NOW)
    request = hand_in(vault, letter.id, Service(TODAY, to="Major", number="17/3"), NOW)
    clock = answer(request.value.clock, Answered(TODAY, "refused", "There will be no paper."))
    changed = change_request(vault, request, clock, NOW)
    assert changed.value.letter == letter.id
    assert vault.records.get(REQUEST, request.id).value.clock == clock
    assert [record.id for record in vault.records.search("no paper", REQUEST)] == [request.id]
    with pytest.raises(UserError, match="changed elsewhere"):
        change_request(vault, request, clock, NOW)


def test_only_times_that_can_be_counted_and_reach_the_country_are_offered() -> None:
    offered = {one.id for one in deadlines_here("by")}
    assert "by-appeals-answer" in offered
    assert not any(name.startswith("us-") for name in offered)
    assert "by-const-40-answer" not in offered


def test_an_order_lends_its_words_and_never_what_the_person_did_or_who_heard_it() -> None:
    order = Order(
        words="Никого не пропускать.", gist="GIST", understanding="MINE", giver=Person("Ivanov", "major", "", "2nd"),
        place="yard", heard=Moment.on(TODAY), witnesses=("WITNESS",), own_acts="DEED", purpose="AIM", followed="AFTER",
        number="7",
    )  # fmt: skip
    lent = answers_from(order)
    letter = compose_here(Draft("written-order", ("en", "ru"), lent, order="1"), TODAY)
    text = as_text(letter)
    for word in ("Никого не пропускать.", "major, Ivanov, 2nd", "yard", "2026-11-23"):
        assert word in text
    for word in ("GIST", "MINE", "WITNESS", "DEED", "AIM", "AFTER"):
        assert word not in text
    assert answers_from(Order()).values == {}


def test_with_a_country_only_what_reaches_it_is_cited_and_of_its_day() -> None:
    answers = judge_answers({"provisions": ["us-242", "iccpr-21"]})
    assert compose_here(Draft("complaint", ("en",), answers, "us"), TODAY).cited == ("us-242", "iccpr-21")
    with pytest.raises(UserError, match="no provision 'us-242'"):
        compose_here(Draft("complaint", ("en",), answers, "by"), TODAY)
    with pytest.raises(UserError, match="does not stand"):
        compose_here(
            Draft("complaint", ("en",), judge_answers({"provisions": ["iccpr-21"]})), date(1970, 1, 1)
        )
