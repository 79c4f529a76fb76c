"""A person at a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from simulators.served import Served


@dataclass
class Visit:
    """A person at a browser: the app, the page, and everything the page asked for."""

    served: Served
    page: Page
    context: BrowserContext
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.served.address + path)

    def come_in(self) -> None:
        self.page.goto(self.served.launch())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.served.address)

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        # Asked of the browser, not of the page: scripts are off.
        session = self.context.new_cdp_session(self.page)
        sizes = session.send("Page.getLayoutMetrics")
        session.detach()
        return int(sizes["cssContentSize"]["width"] - sizes["cssLayoutViewport"]["clientWidth"])


Visiting = Callable[..., Visit]
