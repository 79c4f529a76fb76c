"""A member writes to a desk and reads its answer by pages alone, over a real relay; nothing goes out before the box is ticked."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import TITLES, Kind
from holdfire.journeys import fetch_files, keep_own_desk, run_desk
from holdfire.journeys.keep_evidence import add_evidence, read_evidence
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.journeys.kept_talk import DESK
from holdfire.reach.relay import RelayWay
from holdfire.vault.refusals import LockedError
from holdfire.vault.vault import Vault
from simulators.relay_server import RelayServer, relaying
from simulators.sending import finished
from simulators.served import BEGIN, Served

FILM = b"film" * 700_000  # three pieces
AT = "/messages/1"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RelayServer]:
    with relaying(tmp_path / "relay", "--price", "0") as running:
        yield running


@pytest.fixture
def desk(server: RelayServer) -> Iterator[Vault]:
    """A desk that has published once."""
    with Vault.in_memory() as vault:
        room = Room(server.origin, server.head_key, server.grant())
        made, _root = keep_own_desk.new_desk(vault, "Lawyers", "We tell nobody.", [room], "first", BEGIN)
        with RelayWay(server.origin) as way:
            keep_own_desk.settle(made.value, room, way.ask)
        publish(vault, server)
        yield vault


def publish(desk: Vault, server: RelayServer) -> None:
    with RelayWay(server.origin) as way:
        for _ in run_desk.publish(desk, server.origin, way.ask, BEGIN):
            pass


def take_card(served: Served, desk: Vault) -> str:
    """Take the desk's card in by page and return what the page says."""
    return served.upload("/messages/card", "card", own_desk(desk).value.document).text


def exchange(served: Served) -> str:
    """Send what waits, look for answers, and return what the page says when that is done."""
    served.post(f"{AT}/exchange", proxy="", sure="yes")
    finished(served)
    return served.get("/progress").text


def add_film(served: Served) -> None:
    session = served.program.session
    assert session.vault is not None
    session._thread.submit(add_evidence, session.vault, [FILM], BEGIN, title="A film").result(60)


def test_nothing_is_shown_without_a_vault(served: Served) -> None:
    for path in ("/messages", AT, f"{AT}/write", f"{AT}/write/order"):
        assert served.ask("GET", path).header("location") == "/open", path


def test_without_a_desk_the_page_says_what_one_is(opened: Served) -> None:
    page = opened.get("/messages").text
    assert "You know no desk yet." in page
    assert "/guide/contact-rights-groups" in page
    assert opened.upload("/messages/card", "card", b"no card").status == 422
    assert opened.get(AT).status == 404 or "There is no desk 1 here" in opened.get(AT).text


def test_a_card_proves_nothing_until_its_words_are_typed(opened: Served, desk: Vault) -> None:
    page = take_card(opened, desk)
    assert "It proves nothing yet" in page
    assert "We tell nobody." in page
    words = own_desk(desk).value.card.words
    assert "not confirmed" in opened.get("/messages").text
    wrong = opened.post(f"{AT}/words", words=" ".join(reversed(words.split())))
    assert wrong.status == 422
    refused = opened.post(f"{AT}/write/question", text="Hello")
    assert "Nobody has compared the eight words" in refused.text
    assert "These are the words of this desk." in opened.post(f"{AT}/words", words=words).text
    assert "not confirmed" not in opened.get("/messages").text


def test_what_contact_means_here_stands_first(opened: Served, desk: Vault) -> None:
    take_card(opened, desk)
    assert "In some places the contact alone is punished" in opened.get(AT).text
    page = opened.post(f"{AT}/contact", ban="banned", source="Order 12").text
    assert f"You noted on {BEGIN:%Y-%m-%d}: contact with this desk is forbidden (Order 12)." in page
    assert "is forbidden (Order 12)" in opened.get(f"{AT}/write").text


def test_a_whole_exchange(opened: Served, desk: Vault, server: RelayServer, tmp_path: Path) -> None:
    take_card(opened, desk)
    opened.post(f"{AT}/words", words=own_desk(desk).value.card.words)
    add_film(opened)
    kinds = opened.get(f"{AT}/write").text
    assert all(f"/write/{kind.name.lower().replace('_', '-')}" in kinds for kind in TITLES)
    missing = opened.post(f"{AT}/write/order", text="Planted words")
    assert missing.status == 422
    assert "Planted words" in missing.text
    filled: dict[str, Any] = {"ask-ordered": "fire", "text": "Planted words", "files": "1", "language": "ru"}
    kept = opened.post(f"{AT}/write/order", **filled).text
    assert "Nothing was sent." in kept
    assert "A film" in kept

    opened.post(f"{AT}/exchange", proxy="")
    with RelayWay(server.origin) as way:
        assert run_desk.look(desk, server.origin, way.ask, BEGIN).messages == 0
    assert "Please mend this" in opened.post(f"{AT}/exchange", proxy="nowhere", sure="yes").text
    assert "Sent: 1." in exchange(opened)

    with RelayWay(server.origin) as way:
        assert run_desk.look(desk, server.origin, way.ask, BEGIN).messages == 1
        assert run_desk.show(desk, 1).thread.language == "ru"
        for _ in fetch_files.accept(desk, 1, server.origin, way.ask, BEGIN):
            pass
        came = run_desk.show(desk, 1).messages[0]
        assert (came.kind, came.text, came.form) == (Kind.ORDER, "Planted words", {"ordered": "fire"})
        assert read_evidence(desk, came.files[0].evidence, 0, len(FILM)) == FILM
        run_desk.do(desk, Act.REPLY, 1, "Planted answer", way.ask, BEGIN)
    publish(desk, server)

    answered = exchange(opened)
    assert "The desk has message 1." in answered
    assert "Planted answer" in opened.get(AT).text
    assert "received by the desk" in opened.get(AT).text
    server.stop()
    assert "could not be reached" in exchange(opened)
    disk = b"".join(path.read_bytes() for path in (tmp_path / "relay").rglob("*") if path.is_file())
    assert not [word for word in (b"Planted", b"film" * 4) if word in disk]


def test_a_message_is_taken_back_and_a_desk_deleted(opened: Served, desk: Vault) -> None:
    take_card(opened, desk)
    opened.post(f"{AT}/words", words=own_desk(desk).value.card.words)
    opened.post(f"{AT}/write/question", text="Not this")
    assert "Not this" not in opened.post(f"{AT}/back/1").text
    assert "Nothing was deleted" in opened.post(f"{AT}/forget").text
    assert "You know no desk yet." in opened.post(f"{AT}/forget", sure="yes").text


def test_leaving_does_not_wait_for_a_relay_that_never_answers(opened: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Vault.in_memory() as vault:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        room = Room(origin, b"k" * 32, b"g" * 32)
        keep_own_desk.new_desk(vault, "Lawyers", "", [room], "first", BEGIN)
        take_card(opened, vault)
        opened.post(f"{AT}/words", words=own_desk(vault).value.card.words)
        opened.post(f"{AT}/exchange", proxy="", sure="yes")
        asked, _ = silent.accept()
        with asked:
            assert asked.recv(1)  # the question itself
            assert "Leaving stops it. What went stays sent" in opened.get("/progress").text
            held = opened.program.session.vault
            assert held is not None
            opened.post("/leave")
            looked = opened.program.session._thread.submit(held.records.count, DESK)
            assert isinstance(looked.exception(10), LockedError)
            until(lambda: not asked.recv(1 << 16))  # then the way is closed


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; far less than a way to a relay waits for an answer."""
    for _ in range(200):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
