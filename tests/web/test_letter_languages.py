"""A page shows one language of a letter; what nobody changed there stays in the other."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from simulators.served import Served


def shown(page: str, name: str) -> str:
    """Return what stands in a field of a form."""
    found = re.search(
        rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"|<textarea[^>]* name="{name}"[^>]*>([^<]*)<', page
    )
    assert found, name
    return (found[1] or found[2] or "").strip()


def write(opened: Served, **fields: str) -> str:
    """Send the form of a letter, whose names have underscores, and return the page of the letter."""
    answer = opened.ask("POST", "/letters/write", urlencode(fields).encode())
    return opened.get(answer.header("location") or "").text


def test_how_an_order_came_stands_in_both_languages_of_a_letter(opened: Served) -> None:
    opened.post("/orders/new", words="Clear the square.", channel="radio")
    asked = opened.get("/letters/write?order=1&kind=written-order&language=en&second=ru").text
    offered = shown(asked, "order_channel")
    assert offered == "by radio"
    about = {"order": "1", "kind": "written-order", "language": "en", "second": "ru"}
    letter = write(opened, **about, order_channel=offered)
    assert "How it was given: by radio" in letter
    assert "Каким способом отдан: по радио" in letter
    changed = write(opened, **about, order_channel="by a note")
    assert changed.count("by a note") == 2


def test_a_letter_about_another_order_is_not_offered_what_was_true_of_the_first(opened: Served) -> None:
    opened.post("/orders/new", words="Clear the square.")
    opened.post("/orders/new", words="Guard the gate.")
    write(opened, order="1", kind="duty-note", language="en", facts="Blows.", order_place="the yard")
    asked = opened.get("/letters/write?order=2&kind=duty-note&language=en").text
    assert shown(asked, "facts") == shown(asked, "order_place") == ""
    again = opened.get("/letters/write?order=1&kind=duty-note&language=en").text
    assert (shown(again, "facts"), shown(again, "order_place")) == ("Blows.", "the yard")
