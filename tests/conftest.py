"""How every test runs: hypothesis repeats itself, takes its time, and does more at night; one Chromium serves all."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

settings.register_profile("day", max_examples=40, deadline=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
settings.register_profile("night", max_examples=1_000, deadline=None, print_blob=True,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "day"))

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


#: The loop of the browser, once there is one.
BROWSING = pytest.StashKey[asyncio.AbstractEventLoop]()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: install the system's `chromium` to run the browser tests.")
    with sync_playwright() as players:  # one for the whole run: it allows no second beside it
        browser = players.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        its = asyncio._get_running_loop()
        yield browser
        asyncio._set_running_loop(its)
        browser.close()


@pytest.fixture(autouse=True)
def temporary_files_for_the_next_test() -> Iterator[None]:
    """Give back what `harden` takes from a whole process, for tests that call the program inside this one."""
    before = tempfile.tempdir
    yield
    tempfile.tempdir = before


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Function) -> None:
    """Let what runs a loop of its own run, in tests and in what prepares them: while the browser of earlier tests is open, its loop counts as running in this thread."""
    running = asyncio._get_running_loop()
    if running is not None:
        item.config.stash[BROWSING] = running
    asyncio._set_running_loop(
        item.config.stash.get(BROWSING, None) if "chromium" in item.fixturenames else None
    )
