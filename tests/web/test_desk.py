"""A desk's day by pages alone, over a real relay: read, label, answer, fetch, publish; nothing goes out before the box is ticked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from holdfire.conversation.card_code import code_of
from holdfire.conversation.kinds import Kind
from holdfire.journeys import exchange, keep_desk, keep_own_desk, write_message
from holdfire.journeys.keep_evidence import add_evidence, read_evidence
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.journeys.kept_desk import OWN
from holdfire.journeys.kept_talk import put
from holdfire.reach.relay import RelayWay
from holdfire.typesetting.code import draw_code
from holdfire.vault.vault import Vault
from simulators.desk_threads import FORCE
from simulators.relay_server import RelayServer, relaying
from simulators.sending import finished
from simulators.served import BEGIN, Served

FILM = b"film" * 700_000  # three pieces
THREAD = "/desk/threads/1"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RelayServer]:
    with relaying(tmp_path / "relay", "--price", "0") as running:
        yield running


@pytest.fixture
def desk(opened: Served, server: RelayServer) -> Served:
    """A desk in the vault that is open."""
    room = Room(server.origin, server.head_key, server.grant())

    def make(vault: Vault) -> None:
        made, _root = keep_own_desk.new_desk(vault, "Lawyers", "", [room], "first", BEGIN)
        with RelayWay(server.origin) as way:
            keep_own_desk.settle(made.value, room, way.ask)

    in_vault(opened, make)
    return opened


@pytest.fixture
def member() -> Iterator[Vault]:
    with Vault.in_memory() as vault:
        yield vault


def in_vault(served: Served, act: Callable[..., Any], *arguments: object) -> Any:
    session = served.program.session
    return session._thread.submit(act, session.vault, *arguments).result(60)


def done(served: Served, path: str, **fields: str) -> str:
    """Tick the box, send a form, and return what the page says when it is done."""
    answer = served.post(path, {"sure": "yes", **fields})
    assert "progress" in answer.text, answer.text
    finished(served)
    return served.get("/progress").text


def write(member: Vault, served: Served, server: RelayServer, kind: Kind, text: str, form: dict[str, str], files: list[int]) -> None:  # fmt: skip
    """Have a member send a message."""
    own = in_vault(served, own_desk).value
    if not keep_desk.all_desks(member):
        keep_desk.add_desk(member, own.document, BEGIN)
        keep_desk.confirm_desk(member, 1, own.card.words, BEGIN)
    write_message.write(member, 1, kind, text, form, BEGIN, attachments=files, language="ru")
    with RelayWay(server.origin) as way:
        found = exchange.look(exchange.errand(member, 1, server.origin), way.ask)
        exchange.take_in(member, found, BEGIN)
        assert exchange.send(member, found, way.ask, lambda: BEGIN) == 1


def test_a_vault_without_a_desk_is_told_what_one_is(opened: Served) -> None:
    assert "holdfire desk init" in opened.get("/desk").text
    assert "Your desk" not in opened.get("/").text
    assert "holdfire desk init" in opened.post("/desk/day", proxy="", sure="yes").text


def test_nothing_goes_out_before_the_box_is_ticked(desk: Served, server: RelayServer) -> None:
    assert "Your desk" in desk.get("/").text
    assert "Nothing has come yet" in desk.get("/desk").text
    server.stop()
    for do in ("pull", "publish"):
        assert "the box was not ticked" in desk.post("/desk/day", proxy="", do=do).text
    assert "Please mend this" in desk.post("/desk/day", proxy="nowhere", sure="yes").text
    assert "could not be reached" in done(desk, "/desk/day", proxy="", do="pull")
    server.start()


def test_a_whole_day(desk: Served, server: RelayServer, member: Vault, tmp_path: Path) -> None:
    assert "Published." in done(desk, "/desk/day", proxy="", do="publish")
    add_evidence(member, [FILM], BEGIN, title="A film")
    write(member, desk, server, Kind.FORCE, "Planted words", FORCE, [1])
    assert "New messages: 1." in done(desk, "/desk/day", proxy="", do="pull")
    assert "Nothing new." in done(desk, "/desk/day", proxy="", do="pull")
    assert "WARNING" in desk.get("/desk").text
    assert THREAD in desk.post("/desk", words="Planted").text
    assert "No thread is here." in desk.post("/desk", words="nowhere").text

    thread = desk.get(THREAD).text
    assert "Planted words" in thread
    assert re.search(r"With what means\?</dt><dd[^>]*>gas", thread)
    assert "the box was not ticked" in desk.post(f"{THREAD}/files").text
    assert "evidence 1" in done(desk, f"{THREAD}/files")
    assert "SHA-256" in desk.get("/desk/record").text
    assert in_vault(desk, read_evidence, 1, 0, len(FILM)) == FILM
    assert "Fetch the files" not in desk.get(THREAD).text

    begun = desk.get(re.findall(r'href="(/desk/threads/1\?template=[^"]+)"', thread)[0]).text
    assert re.search(r"<textarea[^>]*>\n[^<]*[а-я]{4}", begun)
    kept = desk.post(f"{THREAD}/answer", text="Planted answer").text
    assert "the box was not ticked" in kept
    assert "Planted answer" in kept
    assert "There is nothing in this answer" in desk.post(f"{THREAD}/answer", text=" ", sure="yes").text
    assert "It stands in the record." in done(desk, f"{THREAD}/answer", text="Planted answer")
    for what, detail in (("LABEL", "urgent"), ("NOTE", "a note"), ("ASSIGN", "second")):
        assert "It stands in the record." in done(desk, f"{THREAD}/act", what=what, detail=detail)
    assert "Choose what to do" in desk.post(f"{THREAD}/act", what="LABEL", detail="", sure="yes").text
    inbox = desk.get("/desk").text
    assert all(word in inbox for word in ("urgent", "for second", "answer not read yet"))
    told = desk.get("/desk/record").text
    assert all(word in told for word in ("Planted answer", "urgent", "a note", "answered", "noted"))

    assert "bytes of title" in desk.post("/desk/bulletin", title="x" * 161).text
    assert "next edition" in desk.post("/desk/bulletin", title="Planted title").text
    done(desk, "/desk/day", proxy="", do="publish")
    with RelayWay(server.origin) as way:
        found = exchange.look(exchange.errand(member, 1, server.origin), way.ask)
        news = exchange.take_in(member, found, BEGIN)
    assert [one.text for one in news.replies] == ["Planted answer"]
    assert [one.title for one in news.bulletins] == ["Planted title"]
    server.stop()
    disk = b"".join(path.read_bytes() for path in (tmp_path / "relay").rglob("*") if path.is_file())
    # A bulletin is for everyone with the card, and not secret.
    assert [
        word for word in (b"Planted words", b"Planted answer", b"film" * 4, b"urgent") if word in disk
    ] == []
    server.start()


def test_a_vault_from_a_backup_publishes_when_that_is_said(desk: Served) -> None:
    def go_back(vault: Vault) -> None:
        record = own_desk(vault)
        before = replace(record.value.relays[0], number=0, hash=bytes(32))
        put(vault, OWN, record, record.value.with_relay(before), BEGIN)

    done(desk, "/desk/day", proxy="", do="publish")
    in_vault(desk, go_back)
    refused = done(desk, "/desk/day", proxy="", do="publish")
    assert "this vault did not publish" in refused
    assert "tick the box that says so" in refused
    assert "Published." in done(desk, "/desk/day", proxy="", do="publish", restored="yes")
    assert in_vault(desk, own_desk).value.relays[0].number == 2


def test_an_ended_conversation_takes_no_answer(desk: Served, server: RelayServer, member: Vault) -> None:
    done(desk, "/desk/day", proxy="", do="publish")
    write(member, desk, server, Kind.QUESTION, "Who are you?", {}, [])
    done(desk, "/desk/day", proxy="", do="pull")
    done(desk, f"{THREAD}/act", what="END", detail="")
    assert "This conversation was ended" in desk.get(THREAD).text
    assert "was ended" in desk.post(f"{THREAD}/answer", text="Hello", sure="yes").text


def test_the_card_is_saved_as_it_is(desk: Served) -> None:
    answer = desk.ask("GET", "/desk/card")
    assert answer.header("content-disposition") == 'attachment; filename="card"'
    own = in_vault(desk, own_desk).value
    assert own.card.words in desk.get("/desk").text
    assert own.card.name in answer.text


def test_the_code_of_the_card_is_drawn(desk: Served) -> None:
    code = str(code_of(in_vault(desk, own_desk).value.card))
    page = desk.get("/desk").text
    assert code.replace("&", "&amp;") in page
    assert 'src="/desk/card.svg"' in page
    answer = desk.ask("GET", "/desk/card.svg")
    assert (answer.header("content-type") or "").startswith("image/svg+xml")
    assert answer.text.encode() == draw_code(code, "svg")


def test_two_members_are_brought_together_who_both_asked(
    desk: Served, server: RelayServer, member: Vault
) -> None:
    done(desk, "/desk/day", proxy="", do="publish")
    write(member, desk, server, Kind.INTRODUCTION, "", {"meet": "An officer"}, [])
    with Vault.in_memory() as second:
        write(second, desk, server, Kind.INTRODUCTION, "", {"meet": "A conscript"}, [])
    done(desk, "/desk/day", proxy="", do="pull")
    at = "/desk/introduce"
    assert at in desk.get("/desk").text
    asked = desk.get(at).text
    assert "An officer" in asked
    assert "A conscript" in asked
    assert "Choose two of them" in desk.get(f"{at}?thread=1").text
    assert "They asked to meet" in desk.get(f"{at}?thread=1&thread=2").text
    both = {"first": "1", "second": "2", "text": "Noon.", "other": "Midday."}
    assert (
        "Nothing is written to the member of thread 2"
        in desk.post(at, {**both, "other": "", "do": "read"}).text
    )
    read = desk.post(at, {**both, "do": "read"}).text
    assert "Как узнать друг друга" in read
    assert "the box was not ticked" in desk.post(at, {**both, "do": "send"}).text
    assert "Both answers stand in the record" in done(desk, at, **both, do="send")
    for number, word in ((1, "Noon."), (2, "Midday.")):
        assert word in desk.get(f"/desk/threads/{number}").text
    done(desk, "/desk/day", proxy="", do="publish")
    with RelayWay(server.origin) as way:
        found = exchange.look(exchange.errand(member, 1, server.origin), way.ask)
        told = exchange.take_in(member, found, BEGIN).replies
    assert "Noon." in told[0].text


def test_a_thread_is_written_down_for_a_lawyer_once_the_record_knows(
    desk: Served, server: RelayServer, member: Vault
) -> None:
    done(desk, "/desk/day", proxy="", do="publish")
    write(member, desk, server, Kind.QUESTION, "Planted question", {}, [])
    done(desk, "/desk/day", proxy="", do="pull")
    assert f"{THREAD}/refer" in desk.get(THREAD).text
    assert "Ask a question" in desk.get(f"{THREAD}/refer").text
    assert "Choose at least one message" in desk.get(f"{THREAD}/refer/read").text
    read = desk.get(f"{THREAD}/refer/read?messages=1").text
    assert "Planted question" in read
    assert "not yet: this is for the desk alone" in read
    assert "Save as PDF" not in read
    assert desk.ask("GET", f"{THREAD}/refer/notes.txt?messages=1").status == 404
    record = f"{THREAD}/refer/record"
    assert "Whether the member agreed was not said" in desk.post(record, messages="1", sure="yes").text
    assert "the box was not ticked" in desk.post(record, messages="1", agreed="yes").text
    assert desk.ask("GET", f"{THREAD}/refer/notes.txt?messages=1").status == 404
    assert "It stands in the record." in done(desk, record, messages="1", agreed="yes")
    assert "Save as PDF" in desk.get(f"{THREAD}/refer/read?messages=1").text
    saved = desk.ask("GET", f"{THREAD}/refer/notes.txt?messages=1")
    assert saved.header("content-disposition") == 'attachment; filename="notes.txt"'
    assert "Planted question" in saved.text
    assert "yes, the desk says" in saved.text
    # With the answers it is another paper, of which the record knows nothing.
    assert desk.ask("GET", f"{THREAD}/refer/notes.txt?messages=1&answers=yes").status == 404
    assert desk.ask("GET", f"{THREAD}/refer/notes.pdf?messages=1").status == 200
    assert "gave it out in writing" in desk.get("/desk/record").text
