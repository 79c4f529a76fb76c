"""The keyboard of Chromium, as `simulators.hands` presses it."""

from __future__ import annotations

from playwright.sync_api import Page

from simulators.hands import Focus


class Chromium:
    """The keyboard of Chromium."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def leave_by_enter(self) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def focus(self) -> Focus:
        found = self.page.locator(":focus")
        if not found.count():
            return Focus("", "", "")
        field, link = (found.get_attribute(name) or "" for name in ("id", "href"))
        return Focus(field, " ".join(found.inner_text().split()), link)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()
