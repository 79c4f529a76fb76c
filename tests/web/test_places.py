"""Actions lead to the pages that carry them out, and a plan starts them there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from holdfire.guide.pages import PROGRAM_PAGES
from holdfire.journeys.guide_here import load_guide
from holdfire.letters.kinds import KINDS
from holdfire.web.app import routes
from holdfire.web.places import PLACES, STARTS
from simulators.reader import Reading
from simulators.served import Served

#: Pages that this version may still lack; each shows as a link once something answers there.
AWAITED = {"/law", "/rules", "/orders/1/packet"}
ACTIONS = load_guide().actions


def answered(path: str) -> bool:
    return any(
        route.path_regex.match(urlsplit(path).path) and "GET" in (route.methods or ()) for route in routes()
    )


def test_every_name_the_packs_can_use_is_a_place() -> None:
    assert PLACES.keys() == PROGRAM_PAGES


def test_every_place_and_start_exists() -> None:
    paths = {place.at or place.path for place in PLACES.values() if place.path}
    paths |= {start.path for starts in STARTS.values() for start in starts}
    assert {path for path in paths if not answered(path)} <= AWAITED
    kinds = {kind for path in paths for kind in parse_qs(urlsplit(path).query).get("kind", [])}
    assert kinds <= {kind.id for kind in KINDS}


def test_who_came_from_evidence_to_read_first_is_led_back(opened: Served) -> None:
    for page in ("/evidence", "/accounts"):
        assert 'href="/heading/document"' in opened.get(page).text
        assert f'href="{page}"' in opened.get("/heading/document").text


@pytest.mark.parametrize("action", STARTS)
def test_what_starts_an_action_is_among_the_pages_it_names(action: str) -> None:
    named = {PLACES[page].path for page in ACTIONS[action].here.pages}
    for start in STARTS[action]:
        path = urlsplit(start.path).path
        assert any(place and (path == place or path.startswith(f"{place}/")) for place in named), start.path


def test_every_kind_of_letter_that_answers_an_order_starts_some_action() -> None:
    started = {
        kind
        for starts in STARTS.values()
        for start in starts
        for kind in parse_qs(urlsplit(start.path).query).get("kind", [])
    }
    # An objection of conscience states a motive: no action of the essay leads to it by itself.
    assert {kind.id for kind in KINDS} - started == {"conscience"}


def test_every_action_that_names_a_page_of_orders_law_or_letters_is_started_or_led_there() -> None:
    doing = {"/orders", "/letters", "/oath", "/leave-days", "/rules"}
    for action in ACTIONS.values():
        if {PLACES[page].path for page in action.here.pages} & doing and action.id not in STARTS:
            # These write something that is not made here yet: their pages stay links, with no button.
            assert action.id in {
                "find-service-families", "join-unarmed", "noisy-resignation", "resign-together",
            }, action.id  # fmt: skip


def test_the_action_and_the_plan_start_the_letter_with_its_kind_chosen(opened: Served) -> None:
    start = "/letters/new?kind=written-order"
    assert start in Reading(opened.get("/guide/ask-in-writing").text).links
    opened.post("/plan/ask-in-writing/add")
    assert start in Reading(opened.get("/plan/ask-in-writing").text).links
    assert start in Reading(opened.get("/plan").text).links
    opened.post("/plan/ask-in-writing", do="tick", done="yes", version="1")
    assert start not in Reading(opened.get("/plan").text).links
    assert 'value="explanation" checked' in opened.get("/letters/new?kind=explanation").text


def test_a_letter_started_from_the_guide_is_about_the_last_order(opened: Served) -> None:
    opened.post("/orders/new", words="First words")
    opened.post("/orders/new", words="Second words")
    form = opened.get("/letters/new?kind=written-order").text
    assert form.index('<option value="2"') < form.index('<option value="1"') < form.index("About no order")
    assert "Second words" in opened.get("/letters/write?order=2&kind=written-order&language=en").text


def test_a_page_that_is_not_here_is_said_not_to_be() -> None:
    with Served() as app:
        app.come_in()
        text = app.get("/guide/survey-colleagues").text
        assert "Not in this version" in text
        assert "Start:" not in app.get("/guide/join-unarmed").text
