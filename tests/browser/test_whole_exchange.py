"""Journey J7, whole: a desk and a member at two browsers, a film between them, and a relay's disk on which nothing of it can be found."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from command_line import PHRASE, run
from simulators.relay_server import RelayServer, relaying
from simulators.visiting import Visit, Visiting

pytestmark = pytest.mark.browser

MIB = 1 << 20
#: As random as a film is; a mark in every block, so that one block in clear on a disk is enough to be found.
MARK = b"Planted-In-The-Film"
BLOCK = 4_096
ASKED = "Planted question of a member"
ANSWER = "Planted answer of the desk"


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    file = tmp_path / "phrase"
    file.write_text(PHRASE, "utf-8")
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RelayServer]:
    with relaying(tmp_path / "relay") as running:
        yield running


def film(path: Path, size: int) -> str:
    """Write a film of this many bytes and return its SHA-256."""
    whole = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size // BLOCK):
            block = MARK + os.urandom(BLOCK - len(MARK))
            whole.update(block)
            file.write(block)
    return whole.hexdigest()


def press(page: Page, name: str) -> None:
    """Press a button or link, and wait until what comes of it stands there: a page of progress looks again by itself."""
    found = page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )
    with page.expect_navigation(wait_until="load"):
        found.first.click()
    page.wait_for_url(lambda url: "/progress" not in url, timeout=600_000)


def enter(visit: Visiting, vault: Path) -> Visit:
    """Open a vault at a browser of its own, at this hour."""
    one = visit()
    one.served.program.profile = None
    one.served.program.now = lambda: datetime.now(UTC)
    one.go("/open")
    one.page.locator("#path").fill(str(vault))
    one.page.locator("#phrase").fill(PHRASE)
    press(one.page, "Open")
    return one


def agreed(one: Visit, name: str, form: str) -> None:
    """Tick the box of a form, and press its button."""
    one.page.locator(f'form[action="{form}"] input[name="sure"]').check()
    press(one.page, name)


def exchange(visit: Visiting, server: RelayServer, folder: Path, phrase: Path, size: int) -> None:
    room = f"{64 + size * 5 // MIB}M"  # a quarter is one compartment's
    vaults = folder / "desk.dat", folder / "member.dat"
    for one in vaults:
        assert run("vault", "create", "--vault", one, "--size", room, "--passphrase-file", phrase).code == 0
    host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
    opening = ("--vault", vaults[0], "--passphrase-file", phrase)
    made = run("desk", "init", "Lawyers", *host, "--root", folder / "root", "--proxy", "none", "--yes", *opening)  # fmt: skip
    words = made.out.partition("Its eight words: ")[2].splitlines()[0]
    assert run("desk", "card", "--out", folder / "card", *opening).code == 0

    desk = enter(visit, vaults[0])
    desk.go("/desk")
    agreed(desk, "Read, then publish", "/desk/day")
    assert "Published." in desk.text

    member = enter(visit, vaults[1])
    page = member.page
    sha256 = film(folder / "VID_1.mp4", size)
    member.go("/evidence/add")
    page.locator("#file").set_input_files(folder / "VID_1.mp4")
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text("What still lies outside").first.wait_for(timeout=600_000)
    (folder / "VID_1.mp4").unlink()
    member.go("/messages")
    page.locator("#file").set_input_files(folder / "card")
    press(page, "Take it in")
    page.locator("#words").fill(words)
    press(page, "Compare")
    press(page, "Write a message")
    press(page, "Hand over evidence")
    page.get_by_label("What does it show?").fill("A street")
    page.locator("#text").fill(ASKED)
    page.locator('[name="files"]').check()
    press(page, "Keep it, and look once more")
    agreed(member, "Send and look", "/messages/1/exchange")
    assert "sent, no receipt yet" in member.text

    agreed(desk, "Read what came", "/desk/day")
    assert "New messages: 1." in desk.text
    desk.go("/desk/threads/1")
    assert ASKED in desk.text
    agreed(desk, "Fetch and check", "/desk/threads/1/files")
    assert "evidence 1" in desk.text
    desk.page.locator("#text").fill(ANSWER)
    agreed(desk, "Answer", "/desk/threads/1/answer")
    desk.go("/desk")
    agreed(desk, "Read, then publish", "/desk/day")

    agreed(member, "Send and look", "/messages/1/exchange")
    assert "received by the desk" in member.text
    assert ANSWER in member.text
    desk.go("/evidence/1")
    assert sha256 in re.sub(r"\s", "", desk.text)


def nothing_is_there(folder: Path) -> None:
    """Assert that the relay's disk has no word of it, and no more than it must keep."""
    held = 0
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        disk = path.read_bytes()
        held += len(disk)
        for word in (ASKED.encode(), ANSWER.encode(), MARK, b"A street", b"VID_1", b"Planted"):
            assert word not in disk, (path.name, word)
    # What the desk has fetched is gone from the relay.
    assert held < 8 * MIB


def test_a_film_goes_to_a_desk_and_an_answer_comes_back(
    visit: Visiting, server: RelayServer, phrase: Path, tmp_path: Path
) -> None:
    exchange(visit, server, tmp_path, phrase, 5 * MIB)
    server.stop()
    nothing_is_there(tmp_path / "relay")


@pytest.mark.nightly
def test_a_film_of_300_mib_goes_to_a_desk_and_an_answer_comes_back(
    visit: Visiting, server: RelayServer, phrase: Path, tmp_path: Path
) -> None:
    exchange(visit, server, tmp_path, phrase, 300 * MIB)
    server.stop()
    nothing_is_there(tmp_path / "relay")
