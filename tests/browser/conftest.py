"""One app and one Chromium for a whole module, scripts off, and a watch on every request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright

from holdfire.language import ENGLISH, MIRRORED
from simulators.served import Served
from simulators.visiting import Visit, Visiting

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: install the system's `chromium` to run the browser tests.")
    with sync_playwright() as players:
        browser = players.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visiting]:
    """Return what opens a fresh app in a fresh private context."""
    open_ones: list[tuple[Served, BrowserContext, list[str]]] = []

    def start(
        *,
        width: int = 1024,
        scheme: Literal["light", "dark"] = "light",
        mirrored: bool = False,
        scripts: bool = False,
        enter: bool = True,
    ) -> Visit:
        served = Served(language=MIRRORED if mirrored else ENGLISH)
        served.__enter__()
        context = chromium.new_context(
            java_script_enabled=scripts,
            bypass_csp=scripts,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
        )
        asked: list[str] = []

        def note(request: Request) -> None:
            asked.append(request.url)

        context.on("request", note)
        context.set_default_timeout(15_000)
        open_ones.append((served, context, asked))
        one = Visit(served, context.new_page(), context, asked)
        if enter:
            one.come_in()
        return one

    yield start
    for served, context, asked in open_ones:
        context.close()
        served.__exit__(None, None, None)
        assert not served.faults, served.faults
        outside = [url for url in asked if not url.startswith((served.address + "/", "file://", "about:"))]
        assert not outside, "a page asked for something from elsewhere"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
