"""Open the pages in a private window, in the order of docs/decisions/0031.

1. Our own GTK window, run by the system's Python (`window_gtk.py`).
2. On Windows, pywebview in private mode, where it is installed.
3. Chromium, then Firefox, private, each with a throw-away profile in memory, deleted afterwards.
4. None: the caller prints the address. Never a normal profile: it keeps the address and the titles on disk.

The one-time address never stands in an argument list, which other people on this computer can read:
the window gets it through a pipe, a browser from a file that only this person can read.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from holdfire.sealing.token import new_token

_SYSTEM_PYTHON: Final = "/usr/bin/python3"
_SCRIPT: Final = Path(__file__).with_name("window_gtk.py")
#: Seconds our own window has to say that it stands.
_WINDOW_SECONDS: Final = 8.0
#: Folders that lie in memory, the person's own first.
_MEMORY: Final = (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm")  # noqa: S108 - a folder of our own, 0700
_CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
_FIREFOX: Final = ("firefox-esr", "firefox")
_SILENT: Final = (
    "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-breakpad", "--metrics-recording-only",
    "--password-store=basic",
)  # fmt: skip
_FIREFOX_SETTINGS: Final = {
    "javascript.enabled": "false",
    "browser.privatebrowsing.autostart": "true",
    # Without it even a private window plays a film of more than 8 MiB out of a hidden file on the disk.
    "browser.privatebrowsing.forceMediaMemoryCache": "true",
    "browser.shell.checkDefaultBrowser": "false",
    "browser.aboutwelcome.enabled": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "toolkit.telemetry.enabled": "false",
    "app.update.enabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
    "browser.startup.page": "0",
    "extensions.getAddons.cache.enabled": "false",
    "browser.safebrowsing.malware.enabled": "false",
    "browser.safebrowsing.phishing.enabled": "false",
}


@dataclass
class Window:
    """An open window: a process, and the folder that goes with it."""

    process: subprocess.Popen[bytes]
    folder: Path | None = None

    def wait(self) -> None:
        """Wait until the person closes it."""
        self.process.wait()

    def close(self) -> None:
        """Close it and delete its folder."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        if self.process.poll() is None:
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                self.process.terminate()
                self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def open_window(address: str) -> Window | None:
    """Open a private window at a one-time address; None where there is none to open."""
    if sys.platform == "win32":
        return _open_pywebview(address)
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    return _open_own(address) or _open_browser(address)


def _open_own(address: str) -> Window | None:
    if not Path(_SYSTEM_PYTHON).exists():
        return None
    process = _start([_SYSTEM_PYTHON, "-I", "-B", str(_SCRIPT)], answers=True)
    window = Window(process)
    with contextlib.suppress(OSError):
        _pipe(process.stdin).write(f"{address}\n".encode())
        _pipe(process.stdin).flush()
        if _says_ready(_pipe(process.stdout)):
            return window
    window.close()
    return None


def _open_browser(address: str) -> Window | None:
    browser = next((found for name in (*_CHROMIUM, *_FIREFOX) if (found := shutil.which(name))), None)
    folder = _folder_in_memory() if browser else None
    if browser is None or folder is None:
        return None
    first = folder / "notes.html"
    # The browser is led on by a page of its own; the guard answers such a step so that the cookie holds.
    page = f'<!doctype html><title>Notes</title><meta http-equiv="refresh" content="0;url={address}">'
    with os.fdopen(os.open(first, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(page)
    if Path(browser).name in _FIREFOX:
        lines = (f'user_pref("{name}", {value});\n' for name, value in _FIREFOX_SETTINGS.items())
        (folder / "user.js").write_text("".join(lines))
        command = [browser, "--no-remote", "--profile", str(folder), "--private-window", first.as_uri()]
    else:
        command = [browser, "--incognito", f"--user-data-dir={folder}", *_SILENT, first.as_uri()]
    return Window(_start(command, answers=False), folder)


def _open_pywebview(address: str) -> Window | None:
    """Open pywebview in a process of its own: it must own that process's first thread."""
    code = (
        "import sys, webview; webview.create_window('Notes', sys.stdin.readline().strip()); "
        "webview.start(private_mode=True, storage_path=sys.argv[1])"
    )
    folder = _folder_in_memory()
    if folder is None:
        return None
    process = _start([sys.executable, "-I", "-c", code, str(folder)], answers=True)
    with contextlib.suppress(OSError):
        _pipe(process.stdin).write(f"{address}\n".encode())
        _pipe(process.stdin).flush()
    try:
        process.wait(2)  # it ends at once where pywebview is missing
    except subprocess.TimeoutExpired:
        return Window(process, folder)
    Window(process, folder).close()
    return None


def _start(command: list[str], *, answers: bool) -> subprocess.Popen[bytes]:
    """Start a window in a process group of its own, so that Ctrl+C reaches us first."""
    pipe = subprocess.PIPE if answers else subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 - a fixed program, no shell, no text of the person's
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise OSError
    return end


def _says_ready(answers: IO[bytes]) -> bool:
    ready, _, _ = select.select([answers], [], [], _WINDOW_SECONDS)
    return bool(ready) and answers.readline().strip() == b"ready"


def _folder_in_memory() -> Path | None:
    """Return a fresh folder that only this person can enter, in memory where the system has such a place."""
    places = [place for place in _MEMORY if place]
    if sys.platform == "win32":
        places = [os.environ.get("LOCALAPPDATA", "")]
    for place in places:
        with contextlib.suppress(OSError):
            folder = Path(place) / f"notes-{new_token()[:16]}"
            folder.mkdir(mode=stat.S_IRWXU)
            return folder
    return None
