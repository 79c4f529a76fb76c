"""The review: it never fails, cites only what stood on the order's day, gives no verdict, and leaves nobody without a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.journeys.law_here import load_law
from holdfire.journeys.record_order import countries, load_review, review_order
from holdfire.law.bearing import parse_bearings
from holdfire.law.content import ReviewContent
from holdfire.law.finding import Cited, Finding
from holdfire.law.provisions import in_force
from holdfire.law.review import CHECKS, review
from holdfire.law.words import TOPICS
from holdfire.orders.intake import read_order
from holdfire.orders.moment import Moment, parse_moment
from holdfire.orders.order import Order
from holdfire.pack.reader import read
from orders_drawn import ORDERS, PROVISIONS, complete, findings, made_up, shipped_words

COUNTRIES = st.sampled_from([None, "by", "us", "no such country"])
VERDICT = re.compile(
    r"\b(un)?lawful|\bil?legal\b|\bcriminal\b|\bforbidden\b|\bmust not\b|\binvalid\b", re.IGNORECASE
)
EMPTY = {"too-little-known", "who-may-order", "written-signed-dated", "legal-basis", "purpose"}
FOUR = (
    "Разогнать толпу, всех задержать, журналистов и врачей не пускать, детей тоже. Маски надеть. Никому не рассказывать.",
    "Clear the square by any means, shoot to kill if they come near, no body cameras. Whoever refuses is a traitor.",
    "Разагнаць натоўп, страляць, біць усіх. Ніякіх папер. Загад зверху.",
    "Dispersen la manifestación, disparen si hace falta, sin placas, y borren las cámaras.",
)


def own_sentences(finding: Finding) -> Iterator[str]:
    """What the check itself says, without the words of the order and of provisions."""
    yield finding.title
    yield finding.found
    yield from (*finding.unknown, *finding.ask, finding.see_lawyer)
    yield from (risk for risk in finding.risk if isinstance(risk, str))


def cited(finding: Finding) -> list[Cited]:
    risks = [risk for risk in finding.risk if isinstance(risk, Cited)]
    return [*finding.speaks_for, *finding.speaks_against, *risks]


@given(ORDERS, COUNTRIES)
def test_no_order_breaks_it_and_no_finding_is_idle(order: Order, country: str | None) -> None:
    found = review_order(order, country)
    assert [one.check for one in found] == [
        check for check in CHECKS if check in {one.check for one in found}
    ]
    for one in found:
        assert one.ask or one.unknown or one.words
        assert one.see_lawyer
        assert one.found
        for sentence in own_sentences(one):
            assert not VERDICT.search(sentence), sentence


@given(ORDERS, COUNTRIES)
def test_only_what_may_have_stood_on_the_day_is_cited(order: Order, country: str | None) -> None:
    law = load_law()
    for one in review_order(order, country):
        for provision in cited(one):
            entry = law.provisions[provision.provision_id]
            assert entry.usable
            assert entry.jurisdiction in law.reaching(country)
            assert provision.in_force is not False
            if order.heard is not None and order.heard.day is not None:
                assert provision.in_force is in_force(entry, order.heard.day, country)
            if order.heard is None:
                assert provision.in_force is None


@given(ORDERS)
def test_the_words_of_a_finding_are_the_orders_own(order: Order) -> None:
    fields = [order.words, order.gist, order.purpose, order.against]
    for one in findings(order).values():
        for piece in one.words.split(" … ") if one.words else []:
            assert any(piece in field for field in fields)


@given(ORDERS, st.randoms(use_true_random=False))
def test_neither_the_order_of_provisions_nor_of_bearings_decides_what_is_found(
    order: Order, chance: object
) -> None:
    shuffled = list(PROVISIONS)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    content = shipped_words()
    turned = ReviewContent(content.words, dict(reversed(list(content.bearings.items()))), content.belongs)
    assert review(order, shuffled, "by", turned) == review(order, PROVISIONS, "by", content)


def test_the_order_of_fields_in_a_file_does_not_matter() -> None:
    lines = [
        "words: Clear the square.",
        "heard: 2020-08-11",
        "measure: force",
        "purpose: none was said",
        "signed: no",
    ]
    there, back = (read_order("\n".join(one).encode(), "order.yaml") for one in (lines, lines[::-1]))
    assert review_order(there, "by") == review_order(back, "by")


def test_an_empty_order_comes_to_gaps_and_questions() -> None:
    found = {one.check: one for one in review_order(Order(), None)}
    assert set(found) == EMPTY
    assert "Too little is known" in found["too-little-known"].found
    assert all(one.words == "" and one.ask and one.unknown for one in found.values())


@pytest.mark.parametrize("check", list(CHECKS))
def test_every_check_can_be_silent(check: str) -> None:
    assert check not in findings(complete(), "by")


@pytest.mark.parametrize("text", FOUR)
def test_hard_words_are_recognised_in_four_languages(text: str) -> None:
    found = findings(complete(words=text))
    assert {"peaceful", "dispersal"} <= set(found)
    assert all(found[check].words for check in ("peaceful", "dispersal"))
    assert len(found) >= 5


def test_the_day_of_the_order_chooses_the_law() -> None:
    def against(written: str) -> dict[str, bool | None]:
        order = complete(purpose="", heard=parse_moment(written))
        return {one.provision_id: one.in_force for one in findings(order, "by")["purpose"].speaks_against}

    assert against("2009-12-31") == {"ended": True}
    assert against("2012-06-01") == {"against-all": True, "ended": True}
    assert against("2020-08-11") == {"against-all": True}
    assert against("2021-05-17") == {"against-all": True, "against-by": True}
    assert against("2021-05") == {"against-all": True, "against-by": None}
    assert against("2015") == {"against-all": True, "ended": True}
    assert against("2016") == {"against-all": True}


def test_what_began_and_ended_within_the_only_known_month_is_not_ruled_out() -> None:
    brief = made_up("against-all", in_force_from=date(2020, 3, 10), in_force_until=date(2020, 3, 20))

    def against(written: str) -> list[bool | None]:
        order = complete(purpose="", heard=parse_moment(written))
        (finding,) = review(order, [brief], "by", shipped_words())
        return [one.in_force for one in finding.speaks_against]

    assert against("2020-03") == [None]
    assert against("2020-03-15") == [True]
    assert against("2020-04") == against("2020-03-21") == []


def test_a_country_brings_its_own_provisions_and_questions_and_no_other_gets_them() -> None:
    order = complete(purpose="")
    ours, theirs = findings(order, "by")["purpose"], findings(order, "us")["purpose"]
    assert [one.provision_id for one in ours.speaks_for] == ["for-all", "for-by"]
    assert [one.provision_id for one in theirs.speaks_for] == ["for-all"]
    assert "Ask in by?" in ours.ask
    assert "Ask in by?" not in theirs.ask
    assert findings(order, "no such country")["purpose"] == findings(order)["purpose"]


def test_a_country_that_left_a_treaty_is_not_offered_it_afterwards() -> None:
    law = load_law()
    left = {one.id for one in law.provisions.values() if any(gone.country == "by" for gone in one.left)}
    order = replace(Order(), words="Hold everyone.", measure="detain", heard=Moment.on(date(2026, 1, 1)))
    named = {one.provision_id for finding in review_order(order, "by") for one in cited(finding)}
    assert left
    assert not named & left


def test_a_not_in_the_sentence_is_said() -> None:
    plain, denied = (
        findings(complete(words=text))["firearms"] for text in ("Shoot at them.", "Do not shoot at them.")
    )
    assert not any("“not”" in text for text in plain.unknown)
    assert "“not”" in denied.unknown[0]


def test_a_long_order_is_quoted_in_pieces() -> None:
    order = complete(words="word " * 2_000 + "open fire " + "word " * 2_000)
    quoted = findings(order)["firearms"].words
    assert "open fire" in quoted
    assert len(quoted) < 400


def test_the_shipped_bearings_name_checks_and_provisions_that_there_are() -> None:
    content = load_review()
    assert set(content.bearings) == set(CHECKS) - {"too-little-known"}
    assert countries() == ("by", "us")
    for check, packs in content.bearings.items():
        assert packs[0].country is None, check
        assert packs[0].supports or packs[0].opposes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("checks: {shooting: {for: [one]}}", "shooting"),
        ("checks: {firearms: {for: [two]}}", "two"),
        ("checks: {firearms: {for: [one, one]}}", "twice"),
        ("checks: {firearms: {verdict: [one]}}", "verdict"),
        ("firearms: {for: [one]}", "not known here"),
    ],
)
def test_a_fault_in_a_file_of_bearings_is_named(text: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        parse_bearings([("by", read(text.encode(), "bearing.yaml"))], {"firearms"}, {"one"})
    assert said in refused.value.rule


def test_the_document_names_every_topic_and_check() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "formats" / "review.md").read_text("utf-8")
    assert " ".join(TOPICS) in document.replace("\n", " ")
    named = document.split("The checks: `")[1].split("`")[0]
    assert sorted(named.split()) == sorted(CHECKS)
