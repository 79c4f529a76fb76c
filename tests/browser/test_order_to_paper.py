"""Journey J1: from an empty vault to a request for a signed order on paper, by keyboard alone, in two browsers."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from holdfire.vault.vault import Vault
from simulators.chromium import Chromium
from simulators.firefox import By, MarionetteException, Person, start_firefox
from simulators.hands import Focus, Hands, from_an_order_to_a_letter
from simulators.served import Served
from simulators.visiting import Visiting

pytestmark = pytest.mark.browser

MOST_SECONDS = 300


def empty_vault(served: Served) -> None:
    session = served.program.session
    session.opened(session._thread.submit(Vault.in_memory).result(), pretend=False)


def is_the_request_in_two_languages(pdf: bytes) -> bool:
    """Say whether English and Russian stand beside each other on the first page."""
    command = ["pdftotext", "-layout", "-l", "1", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    both = [line for line in text.splitlines() if re.search(r"[A-Za-z]{3}.*   .*[а-яё]{3}", line)]
    return "площадь должна быть" in " ".join(text.split()) and len(both) > 10


def report(browser: str, hands: Hands, seconds: float) -> None:
    print(
        f"\n{browser}: {len(hands.pages)} pages, {hands.choices} choices, {hands.keys} keys; by the model "
        f"{hands.seconds:.0f} s for someone who seldom types; the browser itself took {seconds:.1f} s\n"
        + " → ".join(hands.pages)
    )


def test_in_chromium(visit: Visiting) -> None:
    one = visit()
    empty_vault(one.served)
    one.go("/")
    hands, begun = Hands(Chromium(one.page)), time.monotonic()
    from_an_order_to_a_letter(hands)
    with one.page.expect_download() as download:
        one.page.keyboard.press("Enter")
    hands.keys += 1
    report("Chromium", hands, time.monotonic() - begun)
    assert download.value.suggested_filename == "notes.pdf"
    assert is_the_request_in_two_languages(Path(download.value.path()).read_bytes())
    assert hands.seconds < MOST_SECONDS


def test_in_firefox(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    with start_firefox(tmp_path, saved) as driver, Served() as served:
        driver.navigate(served.launch())
        empty_vault(served)
        driver.navigate(served.address)
        hands, begun = Hands(FirefoxKeyboard(driver)), time.monotonic()
        from_an_order_to_a_letter(hands)
        hands.keyboard.press("Enter")
        hands.keys += 1
        file = wait_for_file(saved)
        report("Firefox", hands, time.monotonic() - begun)
        assert is_the_request_in_two_languages(file.read_bytes())
        assert hands.seconds < MOST_SECONDS
        assert not served.faults


def wait_for_file(folder: Path) -> Path:
    for _ in range(300):
        done = [one for one in folder.glob("notes*.pdf") if one.stat().st_size]
        if done and not list(folder.glob("*.part")):
            return done[0]
        time.sleep(0.1)
    pytest.fail("nothing was saved")


class FirefoxKeyboard:
    """The keyboard of Firefox."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.keys = {"Tab": "\ue004", "Enter": "\ue007"}

    def press(self, key: str) -> None:
        self.driver.get_active_element().send_keys(self.keys[key])

    def type(self, text: str) -> None:
        self.driver.get_active_element().send_keys(text)

    def leave_by_enter(self) -> None:
        before = self.driver.find_element(By.TAG_NAME, "main")
        self.press("Enter")
        for _ in range(600):
            try:
                before.is_displayed()
            except MarionetteException:  # it went with its page
                if self.heading():
                    return
            time.sleep(0.1)
        pytest.fail(f"no other page came after {self.heading()}")

    def focus(self) -> Focus:
        one = self.driver.get_active_element()
        field, link = (one.get_attribute(key) or "" for key in ("id", "href"))
        return Focus(field, " ".join(one.text.split()) if one.tag_name != "body" else "", link)

    def heading(self) -> str:
        return Person(self.driver).heading
