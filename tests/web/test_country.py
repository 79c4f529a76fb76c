"""Whose law binds the person is chosen once, kept in the vault, and offered wherever it counts."""

from __future__ import annotations

import re

from simulators.served import Served

PHRASE = "seven grey owls sing low"


def chosen(page: str) -> str:
    """Return the country that stands chosen on a page."""
    select = page.partition('<select id="country"')[2].partition("</select>")[0]
    found = re.findall(r'<option value="([^"]*)" selected', select)
    return str(found[0]) if found else ""


def test_nothing_is_chosen_before_the_person_chooses(opened: Served) -> None:
    opened.post("/orders/new", words="Clear the square.")
    for path in ("/settings", "/orders/1/review", "/letters/new"):
        assert chosen(opened.get(path).text) == "", path


def test_a_country_chosen_at_a_review_is_offered_everywhere(opened: Served) -> None:
    opened.post("/orders/new", words="Clear the square.", measure="firearms")
    assert "Конституция Республики Беларусь" not in opened.get("/orders/1/review").text
    review = opened.post("/orders/1/review", country="by").text
    assert chosen(review) == "by"
    for path in ("/settings", "/letters/new", "/orders/1/letter", "/orders/1/review"):
        assert chosen(opened.get(path).text) == "by", path


def test_looking_under_another_law_once_keeps_nothing(opened: Served) -> None:
    opened.post("/orders/new", words="Clear the square.")
    opened.post("/settings/country", country="by")
    assert chosen(opened.get("/orders/1/review?country=us").text) == "us"
    assert chosen(opened.get("/orders/1/review?country=").text) == ""
    assert chosen(opened.get("/orders/1/review").text) == "by"


def test_no_country_is_a_choice_too_and_a_letter_does_not_undo_it(opened: Served) -> None:
    opened.post("/settings/country", country="")
    opened.post("/letters/write", kind="leave", language="en", country="us")
    assert chosen(opened.get("/settings").text) == ""


def test_the_first_letter_s_country_and_languages_are_offered_again(opened: Served) -> None:
    opened.post("/letters/write", kind="leave", language="ru", second="en", country="by")
    page = opened.get("/letters/new").text
    assert chosen(page) == "by"
    assert re.search(r'id="language".*?<option value="ru" selected', page)
    assert re.search(r'id="second".*?<option value="en" selected', page, re.DOTALL)


def test_what_is_no_country_changes_nothing(opened: Served) -> None:
    opened.post("/settings/country", country="us")
    for wrong in ("zz", "../by"):
        opened.post("/settings/country", country=wrong)
    opened.post("/settings/country")
    assert chosen(opened.get("/settings").text) == "us"


def test_the_lock_and_the_country_do_not_undo_each_other(opened: Served) -> None:
    opened.post("/settings/minutes", minutes="15")
    opened.post("/settings/country", country="by")
    opened.post("/settings/minutes", minutes="10")
    page = opened.get("/settings").text
    assert chosen(page) == "by"
    assert re.search(r'value="10" selected', page)


def test_it_lies_in_the_vault(opened: Served) -> None:
    opened.post("/settings/country", country="by")
    path = str(opened.program.session.path)
    opened.post("/lock")
    opened.post("/open", path=path, phrase=PHRASE)
    assert chosen(opened.get("/settings").text) == "by"
