"""The web page of the guide in a real browser: narrow and wide, light and dark, without a script or a request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from guide_answers import guide
from holdfire.guide.export.document import make_document
from holdfire.guide.export.export import export
from holdfire.guide.export.html import html_file

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("export") / "reader.html"
    file.write_bytes(export(guide(), "html"))
    return file.as_uri()


@pytest.mark.parametrize("width", [320, 1024])
def test_the_page_needs_no_sideways_scrolling_and_asks_for_nothing(
    chromium: Browser, address: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="An order is for tomorrow").first.click()
    assert page.url.endswith("#page-order-for-tomorrow")
    assert [url for url in asked if not url.startswith(address)] == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(chromium: Browser, tmp_path: Path, scheme: Literal["light", "dark"]) -> None:
    # Every kind of block, but not every page of it: axe takes most of a minute for the whole guide.
    whole = make_document(guide())
    shown = ("first", "page-care", "page-facts", "contents", "reading", "heading-time-off", "choices", "law")
    chapters = tuple(chapter for chapter in whole.chapters if chapter.anchor in shown)
    assert len(chapters) == len(shown)
    file = tmp_path / "reader.html"
    file.write_bytes(html_file(replace(whole, chapters=chapters)))
    page = chromium.new_page(color_scheme=scheme)
    page.goto(file.as_uri())
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.close()
