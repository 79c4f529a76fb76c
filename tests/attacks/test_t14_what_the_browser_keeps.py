"""T14: the browser keeps pages.

An adversary who looks at the browser afterwards could find pages, titles or the address. Pages are not stored, titles are
neutral, and in a private window nothing of them is on the disk afterwards. (Going back after Leave shows "Locked": see
tests/browser.)
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.web.window import _SILENT
from simulators.served import Served

CHROMIUM = shutil.which("chromium")


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as running:
        yield running


def traces(folder: Path, words: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    """Return where a word stands in any file of a browser's folder, as it is or as UTF-16."""
    found = []
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            held = file.read_bytes()
            found += [(str(file.relative_to(folder)), word) for word in words
                      if word in held or word.decode().encode("utf-16-le") in held]  # fmt: skip
    return found


def visit(served: Served, folder: Path, *private: str) -> str:
    """Open the launch link in a fresh Chromium and return what it showed."""
    assert CHROMIUM
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", *_SILENT, *private,
               "--virtual-time-budget=1000", "--dump-dom", served.launch()]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_private_window_leaves_nothing_of_us_on_the_disk(served: Served, tmp_path: Path) -> None:
    assert "Before you begin" in visit(served, tmp_path, "--incognito")
    words = (served.host.encode(), b"Before you begin", b"/start/")
    assert traces(tmp_path, words) == []


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_search_would_find_what_a_normal_profile_keeps(served: Served, tmp_path: Path) -> None:
    visit(served, tmp_path)
    assert traces(tmp_path, (served.host.encode(),))


def test_no_page_may_be_stored_and_every_title_is_neutral(served: Served) -> None:
    served.come_in()
    for path in (
        "/",
        "/guide",
        "/guide/ask-in-writing",
        "/order-for-tomorrow",
        "/questions",
        "/result",
        "/care",
        "/open",
    ):
        answer = served.get(path)
        assert answer.header("cache-control") == "no-store"
        titles = re.findall(r"<title>([^<]*)</title>", answer.text)
        assert titles == ["Notes"]
