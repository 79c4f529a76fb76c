"""Firefox ESR with scripts off, driven over its own plain protocol."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

with warnings.catch_warnings():
    # Warnings of its own, from the compiler and from old habits; none of ours can arise here.
    warnings.simplefilter("ignore")
    from marionette_driver import By
    from marionette_driver.errors import MarionetteException
    from marionette_driver.marionette import Marionette

__all__ = ["SECONDS", "By", "MarionetteException", "Person", "start_firefox"]

SECONDS = 60
_FIREFOX = shutil.which("firefox-esr")


@contextlib.contextmanager
def start_firefox(
    folder: Path, saved: Path | None = None, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Any]:
    """Yield the driver of a Firefox of its own; files go to `saved` without asking.

    Args:
        folder: Where its profile may lie.
        saved: Where what is downloaded goes.
        more: Settings besides, as `user.js` has them.
    """
    if _FIREFOX is None:
        pytest.skip("Firefox is missing: install the system's `firefox-esr` to run this test.")
    profile, port = folder / "profile", _free_port()
    profile.mkdir()
    prefs: dict[str, str] = {
        "marionette.port": str(port),
        "javascript.enabled": "false",
        "svg.disabled": "true",
        "gfx.downloadable_fonts.enabled": "false",
    }
    if saved is not None:
        prefs |= {
            "browser.download.folderList": "2",
            "browser.download.dir": f'"{saved}"',
            "browser.download.always_ask_before_handling_new_types": "false",
            "browser.helperApps.neverAsk.saveToDisk": '"application/pdf"',
            "pdfjs.disabled": "true",
        }
    prefs |= more
    (profile / "user.js").write_text(
        "".join(f'user_pref("{name}", {value});\n' for name, value in prefs.items())
    )
    command = [_FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for_port(port)
            driver = Marionette(host="127.0.0.1", port=port)
            driver.start_session()
            yield driver
            driver.delete_session()
        finally:
            process.terminate()
            process.wait(SECONDS)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait_for_port(port: int) -> None:
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
        """The heading of the page."""
        found = self.driver.find_elements(By.TAG_NAME, "h1")
        text: str = found[0].text if found else ""
        return text

    @property
    def text(self) -> str:
        """Everything that can be read."""
        found: str = self.driver.find_element(By.TAG_NAME, "body").text
        return found
