"""Take the README's five pictures from the real app, in the system's Chromium with scripts off. Run by `make pictures`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
#: A made-up person's answers, by question.
ANSWERS = {
    "moment": "order-later", "state": "frightened", "task": "force", "service": "interior", "bond": "contract",
    "command": "few", "war": "no", "suspicion": "no", "device": "me", "secrecy": "no",
}  # fmt: skip


def main() -> None:
    """Start the app, walk through it, and keep what it looks like."""
    command = [sys.executable, "-m", "holdfire.cli.main", "open", "--no-window"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as app:
        try:
            address = next(line.strip() for line in app.stdout or () if line.startswith("http"))
            with sync_playwright() as players:
                browser = players.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
                context = browser.new_context(
                    viewport={"width": 1024, "height": 760}, java_script_enabled=False
                )
                walk(context.new_page(), address)
                browser.close()
        finally:
            app.terminate()


def walk(page: Page, address: str) -> None:
    """Visit the five pages."""
    page.goto(address)
    take(page, "first")
    home = address.split("/start/", maxsplit=1)[0]
    for path, name in (("/order-for-tomorrow", "order-for-tomorrow"), ("/guide/ask-in-writing", "action")):
        page.goto(home + path)
        take(page, name)
    for question, answer in ANSWERS.items():
        page.goto(f"{home}/question/{question}")
        if question == "task":
            take(page, "question")
        page.locator(f'input[value="{answer}"]').check()
        page.locator('main button[value="next"]').first.click()
    page.goto(f"{home}/result")
    take(page, "result")


def take(page: Page, name: str) -> None:
    """Keep the top of a page as a picture."""
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
