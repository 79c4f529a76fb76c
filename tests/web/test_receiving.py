"""Files of any size go through a page into the vault, whole or not at all, and end when the person leaves."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfire.journeys.keep_evidence import Evidence, all_evidence
from holdfire.vault.vault import Vault
from holdfire.web.app import routes, streams
from holdfire.web.receiving import MOST_WAITING
from simulators.feeding import Feeding, begun_file, field, file, send
from simulators.served import Served

ADD = "/evidence/add"
PHRASE = "seven grey owls sing low"
PIECE = bytes(range(256)) * 4_096


def kept(served: Served) -> list[Evidence]:
    """Everything that is kept."""
    session = served.program.session
    found = session._thread.submit(all_evidence, session.vault or _nothing()).result()
    return [record.value for record in found]


def chunks(served: Served) -> int:
    """How many chunks the vault holds, of whatever."""
    session = served.program.session
    vault = session.vault or _nothing()
    count: int = session._thread.submit(
        lambda: vault.connection.execute("SELECT count(*) FROM chunks").get
    ).result()
    return count


def arrived(served: Served) -> int:
    """How many bytes of a file have come so far; the vault itself cannot be asked meanwhile."""
    work = served.program.session.work
    return work.done if work else 0


def _nothing() -> Vault:
    raise AssertionError("no vault is open")


def until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")


def reopen(served: Served, vault_file: Path) -> None:
    served.post("/lock")
    served.come_in()
    assert "What has happened?" in served.post("/open", path=str(vault_file), phrase=PHRASE).text


def test_a_file_arrives_with_the_fields_before_it(opened: Served) -> None:
    content = PIECE * 3 + b"the end"
    status, where, _ = send(
        opened, ADD, field("title", "Площадь"), field("place", "the bridge"), file(content, "a b.bin")
    )
    assert (status, where) == (303, "/evidence/kept?number=1")
    one = kept(opened)[0]
    assert (one.title, one.name, one.size, one.capture["place"]) == (
        "Площадь",
        "a b.bin",
        len(content),
        "the bridge",
    )
    assert one.sha256 == hashlib.sha256(content).hexdigest()
    page = opened.get(where).text
    assert "Kept as item 1" in page
    assert one.sha256[:32] in page


def test_several_files_of_one_form_are_kept_one_by_one_and_a_second_one_is_noticed(opened: Served) -> None:
    _, where, _ = send(opened, ADD, field("title", "Gate"), file(b"one"), file(b"", "empty"), file(b"one"))
    assert where == "/evidence/kept?number=1&number=2&number=3"
    assert [(one.title, one.size) for one in kept(opened)] == [("Gate", 3), ("Gate (2)", 0), ("Gate (3)", 3)]
    assert "the very same file already, as item 1" in opened.get(where).text


@pytest.mark.parametrize("parts", [(), (file(b"", ""),), (field("title", "x"),)])
def test_without_a_file_the_page_says_so_at_its_field(opened: Served, parts: tuple[bytes, ...]) -> None:
    status, _, text = send(opened, ADD, *parts)
    assert (status, "No file was chosen." in text, 'id="file-wrong"' in text) == (422, True, True)
    assert kept(opened) == []


@pytest.mark.parametrize(
    "parts",
    [
        (file(b"abc"), field("title", "too late")),
        (file(b"abc", name="other"),),
        (field("title", "x" * 70_000), file(b"abc")),
        (b"no form",),
        (field("title", "a"), b"X-Endless: " + b"x" * 100_000),
    ],
)  # fmt: skip
def test_a_form_that_no_browser_sends_keeps_nothing_more(opened: Served, parts: tuple[bytes, ...]) -> None:
    status, where, _ = send(opened, ADD, *parts)
    assert status == 303
    assert "did not come whole" in opened.get(where).text
    assert [one.size for one in kept(opened)] in ([], [3])


def test_a_title_that_is_too_long_is_said_at_its_field(opened: Served) -> None:
    status, _, text = send(opened, ADD, field("title", "x" * 201), file(PIECE))
    assert (status, 'id="title-wrong"' in text) == (422, True)
    assert (kept(opened), chunks(opened)) == ([], 0)


def test_a_browser_that_goes_away_leaves_nothing_half(opened: Served) -> None:
    with Feeding(opened, ADD, 1 << 30) as browser:
        browser.send(field("title", "a"), file(b"whole", "first"), begun_file("second"), *[PIECE] * 9)
        until(lambda: arrived(opened) >= 9 << 20)
    until(lambda: not opened.program.session.busy)
    assert [one.name for one in kept(opened)] == ["first"]
    assert chunks(opened) == 1
    assert "did not come whole" in opened.get("/evidence").text


def test_other_pages_show_how_far_it_is(opened: Served) -> None:
    with Feeding(opened, ADD, 20 << 20) as browser:
        browser.send(begun_file(), *[PIECE] * 10)
        until(lambda: (work := opened.program.session.work) is not None and work.percent >= 40)
        page = opened.get("/evidence").text
        assert "Taking your file in" in page
        assert "of 100 parts done" in page
    until(lambda: not opened.program.session.busy)


def test_leaving_stops_it_and_nothing_half_stays(opened: Served, vault_file: Path) -> None:
    with Feeding(opened, ADD, 1 << 30) as browser:
        browser.send(begun_file(), *[PIECE] * 9)
        until(lambda: opened.program.session.busy)
        assert opened.ask("POST", "/leave", b"").status == 200
        until(lambda: not opened.program.session.busy)
        assert opened.program.session.vault is None
    reopen(opened, vault_file)
    assert (kept(opened), chunks(opened)) == ([], 0)


def test_an_upload_that_stands_still_does_not_keep_the_vault_open(opened: Served, vault_file: Path) -> None:
    with Feeding(opened, ADD, 1 << 30) as browser:
        browser.send(begun_file(), *[PIECE] * 9)
        until(lambda: arrived(opened) >= 9 << 20)
        for turn in range(10, 13):  # what comes counts as use
            opened.clock.seconds += 200
            browser.send(PIECE)
            until(lambda turn=turn: arrived(opened) >= turn << 20)  # type: ignore[misc]
        assert opened.program.session.vault is not None
        opened.clock.seconds += 301
        until(lambda: opened.program.session.vault is None)
    until(lambda: not opened.program.session.busy)
    reopen(opened, vault_file)
    assert (kept(opened), chunks(opened)) == ([], 0)


def test_a_vault_that_is_full_says_so_and_keeps_what_was_there(opened: Served) -> None:
    send(opened, ADD, file(b"first"))
    status, _, text = send(opened, ADD, file(PIECE * 40))
    assert status == 422
    assert 'id="file-wrong"' in text
    assert [one.size for one in kept(opened)] == [5]
    assert chunks(opened) == 1


def test_it_never_waits_whole_in_memory(opened: Served) -> None:
    """The vault's thread is held: the browser is let send no more than may wait, and the pipes between."""
    session = opened.program.session
    held, sent = threading.Event(), 0
    session._thread.submit(held.wait)
    try:
        with Feeding(opened, ADD, 1 << 30) as browser:
            browser.patience(2)
            with contextlib.suppress(TimeoutError):
                browser.send(begun_file())
                for _ in range(200):
                    browser.send(PIECE)
                    sent += len(PIECE)
    finally:
        held.set()
    assert MOST_WAITING - len(PIECE) <= sent < 4 * MOST_WAITING
    until(lambda: not session.busy)
    assert kept(opened) == []


def test_it_needs_the_cookie_and_our_own_origin_like_every_form(opened: Served) -> None:
    for headers in ({"Origin": "http://example.org"}, {"Origin": ""}, {"Cookie": "notes=x"}):
        assert send(opened, ADD, file(b"a"), **headers)[0] == 403
    assert kept(opened) == []
    assert streams() <= {route.path for route in routes()}
