"""How long each page takes with 10,000 records in the open vault, and how much memory the app then holds."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime
from functools import partial

from bench.measure import Measure, bench_folder, seconds, small
from bench.running_app import HOLDFIRE, MIB, RunningApp
from holdfire.journeys.guide_here import load_guide
from holdfire.vault.records import JSON, Kind
from holdfire.vault.vault import Vault
from holdfire.web.app import routes

PHRASE = "seven grey owls sing low"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILLINGS = {
    "question": "moment",
    "action": "ask-in-writing",
    "heading": "delay",
    "source": "us-ucmj-92",
    "occasion": "others",
    "instrument": "un-1948-udhr",
    "provision": "by-const-7",
    "what": "forums",
    "kind": "harm",
}
#: Of something that is kept or was just written: an order, a letter, evidence, a desk of one's own.
OF_ONE = (
    "{number:int}",
    "{letter}",
    "{request}",
    "/letters/write",
    "/evidence/kept",
    "/desk/card",
    "/desk/record",
)
#: Files to take away, not pages: typst sets the PDF while the person waits. And the link that is used up.
NO_PAGES = ("/pass-on/guide.{form}", "/evidence/guide.pdf", "/start/")


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else ""


NOTE = Kind[str]("bench-note", 1, lambda text: text, _text, words=_text)


def main() -> list[Measure]:
    """Ask for every page of a running app in turns, after all answers are given and a plan is kept."""
    records, rounds = (200, 2) if small() else (10_000, 15)
    with bench_folder() as folder:
        path = folder / "notes.dat"
        Vault.create(path, [PHRASE], 128 * MIB)
        with Vault.open(path, PHRASE) as vault, vault.transaction():
            for number in range(records):
                text = f"note {number} of a day with some words that say what was ordered, by whom, and what was asked"
                vault.records.add(NOTE, text, NOW)
        with RunningApp(*HOLDFIRE, "open", "--no-window") as app:
            app.first_page_ms()
            send(app, "/open", path=str(path), phrase=PHRASE)
            give_all_answers(app)
            send(app, "/keep", keep="answers")
            send(app, "/plan/ask-in-writing/add")
            give_all_answers(app)
            figures = time_pages(app, rounds)
            memory = app.resident_mib()
            most = app.resident_mib("VmHWM")
    slowest = sorted(figures, key=lambda page: -figures[page])
    middle = statistics.median(figures.values())
    return [
        Measure(f"slowest of {len(figures)} pages, {records:,} records: {slowest[0]}", figures[slowest[0]], "ms", bound=50),
        *(Measure(f"next: {page}", figures[page], "ms", bound=50) for page in slowest[1:4]),
        Measure("the middle page", middle, "ms", figures["/static/page.css"], "the stylesheet, same server", bound=50),
        Measure("memory after every page was seen", memory, "MiB", bound=120),
        Measure("memory at most, opening's 256 MiB for Argon2id counted", most, "MiB"),
    ]  # fmt: skip


def give_all_answers(app: RunningApp) -> None:
    """Answer every question with its first choice."""
    for question in load_guide().book.questions:
        send(app, f"/question/{question.id}", answer=question.choices[0].id)


def time_pages(app: RunningApp, rounds: int) -> dict[str, float]:
    """Return the median of each page in milliseconds, with the request, in turns."""
    found = {route.path for route in routes() if "GET" in (route.methods or ())}
    pages = [
        path for path in found if not path.startswith(NO_PAGES) and not any(one in path for one in OF_ONE)
    ]
    paths = sorted(path.format(**FILLINGS) for path in pages)
    figures: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(rounds):
        for path in paths:
            figures[path].append(seconds(partial(ask_page, app, path)) * 1_000)
    return {path: statistics.median(taken) for path, taken in figures.items()}


def send(app: RunningApp, path: str, /, **fields: str) -> None:
    """Send a form that must be taken."""
    status, page = app.ask("POST", path, **fields)
    if status != 200 or not page:
        raise RuntimeError(f"{path} answered {status}")


def ask_page(app: RunningApp, path: str) -> None:
    """Ask for a page that must be there."""
    status, _ = app.ask("GET", path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
