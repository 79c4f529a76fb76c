"""What was sworn beside an order, and what leave is known: said as far as it was read, never as a verdict."""

from __future__ import annotations

import re

from holdfire.journeys.law_here import load_law
from holdfire.law.bonds import BOND_WORDS, CHECKS_OF, QUESTIONS, TEXTS_OF
from holdfire.law.review import CHECKS
from holdfire.web.pages.resting import LOOK_UP
from simulators.reader import Reading
from simulators.served import Served

WORDS = "Open fire if they stay. Delete the video. Children are no reason to wait. Detain all who film."


def test_every_check_bears_on_something_sworn() -> None:
    assert {check for checks in CHECKS_OF.values() for check in checks} == CHECKS.keys()
    assert CHECKS_OF.keys() == BOND_WORDS.keys() == QUESTIONS.keys() == TEXTS_OF.keys()


def test_what_an_oath_binds_to_is_told_only_where_its_wording_was_read() -> None:
    oaths = load_law().oaths.values()
    assert all(bool(oath.binds_to) == (oath.gist is not None) for oath in oaths)


def test_an_oath_nobody_read_is_not_told(opened: Served) -> None:
    text = opened.get("/oath?country=by").text
    assert "Nobody here has read its wording" in text
    assert "Edict No. 133" in text
    assert "pravo.by" in text


def test_an_oath_stands_in_our_words_with_its_exact_source(served: Served) -> None:
    text = served.get("/oath?country=us").text
    assert "In our own words." in text
    assert "10 USC 502(a)" in text
    assert "/source/us-oath-enlist" in Reading(text).links
    assert "so to lawful orders" in text, "what the pack says to mind is shown"


def test_beside_an_order_each_bond_has_its_findings_rules_and_questions(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS, heard="2030-05-01", measure="firearms")
    text = opened.get("/oath?country=us&order=1").text
    people = text.partition('<h3 id="people">')[2].partition("<h3")[0]
    assert "#firearms" in people
    assert "#children" in people
    assert "Ask yourself:" in people
    assert "Wording read" in people
    superiors = text.partition('<h3 id="superiors">')[2].partition("<h3")[0]
    assert "#children" not in superiors
    assert "/orders/1/letter?kind=explanation" in Reading(text).links


def test_each_finding_is_on_the_part_of_the_review_it_leads_to(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS, heard="2030-05-01", measure="firearms")
    links = [link for link in Reading(opened.get("/oath?country=us&order=1").text).links if "#" in link]
    found = {link for link in links if "/review?" in link}
    assert len(found) > 6
    for link in found:
        path, _, place = link.partition("#")
        assert f'<h2 id="{place}">' in opened.get(path).text, link


def test_no_verdict_is_given(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    text = re.sub(
        r'<span lang="en" dir="ltr">.*?</span>|<[^>]*lang="en".*?</', "", opened.get("/oath?order=1").text
    )
    assert not re.search(r"\b(un)?lawful\b|\bbreaks? (your|the) oath\b|\billegal", text)
    assert "This is no verdict" in text


def test_the_country_of_the_vault_counts(opened: Served) -> None:
    opened.post("/settings/country", country="us")
    assert "10 USC 502(a)" in opened.get("/oath").text


def test_what_no_pack_knows_of_leave_is_said_and_what_to_look_up(served: Served) -> None:
    for path in ("/leave-days", "/leave-days?country=by", "/leave-days?country=us"):
        text = served.get(path).text
        assert "has no rule on leave" in text or "No country is chosen" in text
        assert all(each in text for each in LOOK_UP)
        assert "/letters/new?kind=leave" in Reading(text).links


def test_what_absence_can_cost_is_shown_where_a_pack_knows_it(served: Served) -> None:
    text = served.get("/leave-days?country=us").text
    assert "What absence without leave can cost" in text
    assert "Wording read" in text
