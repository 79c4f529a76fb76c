"""The main journey in Firefox ESR with scripts off, driven over its own plain protocol."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import originals
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.vault.vault import Vault
from simulators.firefox import SECONDS, By, Person, start_firefox
from simulators.served import BEGIN, Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with start_firefox(tmp_path_factory.mktemp("firefox")) as driver:
        yield driver


def test_from_the_first_page_to_a_plan_and_out_again(firefox: Any, tmp_path: Path) -> None:
    with Served() as served:
        person = Person(firefox)
        firefox.navigate(served.launch())
        assert person.heading == "Before you begin"
        assert firefox.title == "Notes"
        person.press('form[action="/look-around"] button', "What has happened?")
        questions = served.program.guide.book.questions
        firefox.navigate(f"{served.address}/question/{questions[0].id}")
        for question, following in zip(questions, [*questions[1:], None], strict=True):
            assert person.heading == question.title
            firefox.find_element(By.CSS_SELECTOR, "input[name=answer]").click()
            person.press("button[value=next]", following.title if following else "Check your answers")
        person.press('main a[href="/result"]', "What you can do")
        assert "Because:" in person.text
        person.press('a[href="/result/compare"]', "Four choices, side by side")
        firefox.go_back()
        person.press('a[href="/keep"]', "What shall be kept?")
        person.press("main form button", "Your plan")
        assert "Your plan is kept. Your answers are discarded." in person.text
        person.press(".leave button", "You have left. Everything is locked.")
        assert firefox.get_cookies() == []
        firefox.go_back()
        assert person.heading == "Locked"
        assert not served.faults


def test_scripts_are_really_off(firefox: Any, tmp_path: Path) -> None:
    page = tmp_path / "script.html"
    page.write_text(
        "<!doctype html><h1>off</h1><script>document.querySelector('h1').textContent = 'on'</script>"
    )
    firefox.navigate(page.as_uri())
    assert Person(firefox).heading == "off"


def test_a_press_on_a_picture_says_where_and_a_key_leads_to_the_numbers(firefox: Any) -> None:
    with Served() as served:
        person, session = Person(firefox), served.program.session
        firefox.navigate(served.launch())
        vault = session._thread.submit(Vault.in_memory).result()
        session.opened(vault, pretend=False)
        photo = originals.saved(originals.scene(1600, 1200), "JPEG")
        session._thread.submit(add_evidence, vault, (photo,), BEGIN).result()
        firefox.navigate(f"{served.address}/evidence/1/copy/cover")
        firefox.find_element(By.CSS_SELECTOR, "input[type=image]").click()
        shown(person, "The first corner is set, where the two lines cross: 50 hundredths from the left")
        firefox.find_element(By.CSS_SELECTOR, "input[type=image]").send_keys("\ue007")  # Enter
        shown(person, "by its four numbers")
        assert not served.faults


def shown(person: Person, words: str) -> None:
    """Wait until a page says this."""
    for _ in range(SECONDS * 10):
        if words in person.text:
            return
        time.sleep(0.1)
    pytest.fail(f"{words!r} never came: {person.text}")
