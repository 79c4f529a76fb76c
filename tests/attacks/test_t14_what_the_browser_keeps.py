"""T14: the browser keeps pages.

An adversary who looks at the browser afterwards could find pages, titles or the address. Pages are not stored, titles are
neutral, and in a private window nothing of them is on the disk afterwards. (Going back after Leave shows "Locked": see
tests/browser.)
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from holdfire.web.window import _SILENT
from simulators.served import Served

CHROMIUM, XVFB = shutil.which("chromium"), shutil.which("Xvfb")


def needs_a_window(test: Callable[..., None]) -> Callable[..., None]:
    """Skip a test, saying why, where no real window can be opened: a headless browser heeds no privacy."""
    missing = pytest.mark.skipif(not (CHROMIUM and XVFB), reason="Chromium or Xvfb is not installed")
    marked: Callable[..., None] = pytest.mark.browser(missing(test))
    return marked


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


def visit(served: Served, folder: Path, *private: str) -> None:
    """Open the launch link in a window of a fresh Chromium on a pretended screen, and close it."""
    assert CHROMIUM
    assert XVFB
    screen = f":{os.getpid() % 30_000 + 100}"
    command = [
        CHROMIUM,
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder}",
        *_SILENT,
        *private,
        served.launch(),
    ]
    with subprocess.Popen(
        [XVFB, screen, "-screen", "0", "800x600x24", "-nolisten", "tcp"], stderr=subprocess.DEVNULL
    ) as pretended:
        socket = Path("/tmp/.X11-unix") / f"X{screen[1:]}"  # noqa: S108 -- where X servers put theirs
        wait_until(socket.exists)
        window = subprocess.Popen(
            command, env={**os.environ, "DISPLAY": screen, "HOME": str(folder)}, stderr=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: served.program.door.occupied)
            time.sleep(2)  # as a person would look; what a browser writes, it writes within seconds
        finally:
            window.terminate()
            window.wait()
            pretended.terminate()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for another program; a minute is a bound, not a measure."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass within a minute")


@needs_a_window
def test_a_private_window_leaves_nothing_of_us_on_the_disk(served: Served, tmp_path: Path) -> None:
    visit(served, tmp_path, "--incognito")
    assert traces(tmp_path, (served.host.encode(), b"Before you begin", b"/start/")) == []


@needs_a_window
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
