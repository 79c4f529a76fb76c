"""The main journey in Firefox ESR with scripts off, driven over its own plain protocol."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.served import Served

with warnings.catch_warnings():
    # Warnings of its own, from the compiler and from old habits; none of ours can arise here.
    warnings.simplefilter("ignore")
    from marionette_driver import By
    from marionette_driver.marionette import Marionette

pytestmark = pytest.mark.browser

FIREFOX = shutil.which("firefox-esr")
SECONDS = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if FIREFOX is None:
        pytest.skip("Firefox is missing: install the system's `firefox-esr` to run this test.")
    profile, port = tmp_path_factory.mktemp("profile"), free_port()
    (profile / "user.js").write_text(
        f'user_pref("marionette.port", {port});\nuser_pref("javascript.enabled", false);\n'
        'user_pref("svg.disabled", true);\nuser_pref("gfx.downloadable_fonts.enabled", false);\n'
    )
    command = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            driver = Marionette(host="127.0.0.1", port=port)
            driver.start_session()
            yield driver
            driver.delete_session()
        finally:
            process.terminate()
            process.wait(SECONDS)


def wait_for_port(port: int) -> None:
    for _ in range(SECONDS * 5):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("Firefox did not start")


class Person:
    """Presses and reads in Firefox."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def press(self, selector: str, reaches: str) -> None:
        """Press what the selector finds; wait until the page that comes has this heading."""
        self.driver.find_element(By.CSS_SELECTOR, selector).click()
        for _ in range(SECONDS * 10):
            if self.heading == reaches:
                return
            time.sleep(0.1)
        pytest.fail(f"{self.heading!r} came, not {reaches!r}")

    @property
    def heading(self) -> str:
        found = self.driver.find_elements(By.TAG_NAME, "h1")
        text: str = found[0].text if found else ""
        return text

    @property
    def text(self) -> str:
        found: str = self.driver.find_element(By.TAG_NAME, "body").text
        return found


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
