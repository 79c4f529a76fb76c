"""Handing evidence over by the pages: choose, read first, make, save, tell the fingerprint, forget."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from typing import Any

import pytest

from holdfire.evidence.package.opened import in_archive
from holdfire.evidence.package.verify import verify
from holdfire.journeys.export_evidence import packages
from holdfire.journeys.keep_evidence import add_evidence, custody_log
from holdfire.sealing.age.file import AgeFile
from holdfire.sealing.age.x25519 import X25519Identity
from simulators.sending import finished
from simulators.served import Answer, Served

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3000
PERSON = X25519Identity.new()
WISH: dict[str, Any] = {
    "item": ["1"],
    "keys": str(PERSON.recipient()),
    "time": "day",
    "events": "all",
    "to": "The court",
}


def ask(served: Served, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what `act` says of the open vault, on its own thread."""
    session = served.program.session
    return session._thread.submit(lambda: act(session.vault, *args, **kwargs)).result()


@pytest.fixture
def kept(opened: Served) -> Served:
    """A photograph and a text."""
    now = opened.program.now()
    ask(
        opened,
        add_evidence,
        [PHOTO],
        now,
        title="Boots <b>",
        name="IMG_7731.jpg",
        capture={"place": "the square"},
    )
    ask(opened, add_evidence, [b"what was said"], now, title="Notes")
    return opened


def made(served: Served, **wish: Any) -> Answer:
    served.post("/evidence/export/make", {**WISH, **wish})
    finished(served)
    return served.get("/evidence/packages/1")


def saved(served: Served, name: str) -> bytes:
    """Return the bytes of the package as a browser saves them."""
    connection = http.client.HTTPConnection(served.host)
    connection.request("GET", "/evidence/packages/1/notes", headers={"Cookie": served.cookie})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200
    assert answer.getheader("content-disposition") == f'attachment; filename="{name}"'
    assert answer.getheader("content-length") == str(len(content))
    connection.close()
    return content


def test_nothing_is_shown_without_a_vault(served: Served) -> None:
    for path in ("/evidence/export", "/evidence/packages/1", "/evidence/packages/1/notes"):
        assert served.ask("GET", path).header("location") == "/open", path


def test_with_nothing_kept_it_says_so(opened: Served) -> None:
    assert "Nothing yet." in opened.get("/evidence/export").text


def test_an_item_leads_here_ticked(kept: Served) -> None:
    assert 'value="2" checked' not in kept.get("/evidence/export").text
    page = kept.get("/evidence/export?number=1").text
    ticks = re.findall(r'name="item" value="([0-9]+)"([^>]*)>', page)
    assert [(number, "checked" in rest) for number, rest in ticks] == [("1", True), ("2", False)]


def test_it_is_read_first_and_nobody_is_told(kept: Served) -> None:
    page = kept.get("/evidence/export").text
    assert "Boots &lt;b&gt;" in page
    page = kept.post("/evidence/export/read", {**WISH, "item": ["1", "2"]}).text
    for words in (
        "data/item-1.jpg",
        "The court",
        "These leave as they are: 1, 2",
        "Keys that open it: 1",
        "quantum",
    ):
        assert words in page, words
    assert "IMG_7731" not in page
    assert "the square" not in page
    assert ask(kept, custody_log, 1).tree.size == 1
    assert "the square" in kept.post("/evidence/export/read", {**WISH, "note": ["place"]}).text


def test_what_was_chosen_is_sent_on(kept: Served) -> None:
    page = kept.post(
        "/evidence/export/read", {**WISH, "numbers": "2", "names": "yes", "note": ["place", "clock"]}
    ).text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    assert hidden == [
        ("item", "1"), ("numbers", "2"), ("to", "The court"), ("keys", str(PERSON.recipient())), ("time", "day"),
        ("names", "yes"), ("note", "place"), ("note", "clock"), ("events", "all"),
    ]  # fmt: skip


def test_it_is_made_saved_and_verified_with_the_fingerprint_on_the_page(kept: Served) -> None:
    page = made(kept)
    assert "notes.age\ntar -xf package.tar\nholdfire evidence verify package<" in page.text
    fingerprint = re.search(r"<bdi dir=\"ltr\">((?:[0-9a-f]{8} ?){8})</bdi>", page.text)
    assert fingerprint
    content = saved(kept, "notes.age")
    opened = AgeFile(lambda place, size: content[place : place + size], len(content), [PERSON])
    assert verify(in_archive(opened.read, opened.size), announced=fingerprint[1]).items
    assert saved(kept, "notes.age") == content
    assert ask(kept, custody_log, 1).tree.size == 2


def test_an_open_one_is_a_tar_file_and_says_so(kept: Served) -> None:
    page = made(kept, keys="", open="yes").text
    assert "It is not sealed." in page
    content = saved(kept, "notes.tar")
    assert verify(in_archive(lambda place, size: content[place : place + size], len(content))).items


def test_forgetting_asks_twice(kept: Served) -> None:
    made(kept)
    assert "was not ticked" in kept.post("/evidence/packages/1/forget").text
    assert "is forgotten here" in kept.post("/evidence/packages/1/forget", sure="yes").text
    assert ask(kept, packages) == ()
    assert kept.get("/evidence/packages/1/notes").status != 200


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"keys": ""}, "There is no key"),
        ({"keys": "age1nonsense"}, "not the address of an age key"),
        ({"item": []}, "Nothing was chosen"),
        ({"item": ["9"]}, "no evidence 9"),
        ({"numbers": "1, x"}, "not a number"),
        ({"numbers": "1-999999999999"}, "not a number"),
        ({"numbers": "1-99999999"}, "no evidence 3"),
    ],
)
def test_what_cannot_be_meant_is_said(wish: dict[str, Any], said: str, kept: Served) -> None:
    for step in ("read", "make"):
        page = kept.post(f"/evidence/export/{step}", {**WISH, **wish})
        if step == "make" and page.status == 200:
            finished(kept)
            page = kept.get("/progress")
        assert said in page.text, step
    assert ask(kept, custody_log, 1).tree.size == 1


def test_the_guide_for_clerks_is_there_without_a_vault(served: Served) -> None:
    answer = served.get("/evidence/guide.pdf")
    assert answer.header("content-type") == "application/pdf"
