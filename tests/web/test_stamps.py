"""Stamps on the pages: who can be asked, asking without a network, sending when the box is ticked, carrying by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from holdfire.journeys.keep_evidence import add_evidence
from holdfire.journeys.kept_stamps import last_proxy
from holdfire.journeys.stamp_evidence import stamps_of
from simulators.authority import Calendar, Maker
from simulators.network import Answer, Server, proxying, serving
from simulators.sending import finished
from simulators.served import Served

NOW = datetime.now(UTC)
AT = "/evidence/1/stamps"


@pytest.fixture
def kept(opened: Served) -> Served:
    """An open vault with one item."""
    session = opened.program.session
    assert session.vault is not None
    asyncio.run(session.run(add_evidence, session.vault, [b"film"], NOW, title="A film"))
    return opened


@pytest.fixture
def clock() -> Maker:
    return Maker(begins=NOW - timedelta(1), ends=NOW + timedelta(30))


@pytest.fixture
def office(clock: Maker) -> Iterator[Server]:
    calendar = Calendar("http://proof.example")

    def respond(path: str, body: bytes) -> Answer:
        return 200, calendar.promise(body) if path == "/digest" else clock.answer(body, NOW)

    with serving(respond) as server:
        yield server


@pytest.fixture
def listed(kept: Served, clock: Maker, office: Server) -> Served:
    """With an authority and a calendar on the list."""
    put = kept.upload(
        "/evidence/authorities/authority",
        "root.pem",
        clock.pem,
        called="Old clock",
        address=f"{office.address}/tsr",
    )
    assert "It is on your list. Compare" in put.text
    assert "begins with http:" in put.text
    assert "CN=Root,O=Example" in put.text
    kept.post("/evidence/authorities/calendar", called="Proofs", address=office.address)
    return kept


def test_nothing_is_shown_without_a_vault(served: Served) -> None:
    for path in (AT, "/evidence/authorities", f"{AT}/1/request"):
        assert served.ask("GET", path).header("location") == "/open", path


def test_nobody_is_on_the_list_from_the_start(kept: Served) -> None:
    page = kept.get(AT).text
    assert "Nobody is on it from the start" in page
    assert "Send what waits" not in page
    listed = kept.get("/evidence/authorities").text
    assert "None is chosen for you, and none was tried from here" in listed
    assert "Take off the list" not in listed


def test_asked_sent_and_judged(listed: Served, office: Server) -> None:
    page = listed.post(f"{AT}/ask", names=["Old clock", "Proofs"])
    assert "Nothing was sent." in page.text
    assert page.text.count("not answered yet") == 2
    assert "127.0.0.1" in page.text  # where it would go
    assert office.asked == []
    assert "Nothing was sent: the box was not ticked." in listed.post(f"{AT}/send", proxy="").text
    assert office.asked == []
    listed.post(f"{AT}/send", proxy="", sure="yes")
    finished(listed)
    page = listed.get(AT)
    assert f"at the latest on {NOW:%Y-%m-%d}" in page.text
    assert "This proves nothing yet" in page.text
    assert [one.line.split()[1] for one in office.asked] == ["/tsr", "/digest"]
    assert "Nothing was written." in listed.post(f"{AT}/ask", names=["Old clock"]).text


def test_through_a_proxy_which_is_remembered(listed: Served, office: Server, clock: Maker) -> None:
    listed.upload(
        "/evidence/authorities/authority",
        "root.pem",
        clock.pem,
        called="Hidden",
        address="http://hidden.onion/",
    )
    listed.post(f"{AT}/ask", names=["Hidden"])
    with proxying({"hidden.onion": office.port}) as proxy:
        listed.post(f"{AT}/send", proxy=f"127.0.0.1:{proxy.port}", sure="yes")
        finished(listed)
        assert [one for _, one in proxy.asked] == ["hidden.onion:80"]
        session = listed.program.session
        assert session.vault is not None
        assert str(asyncio.run(session.run(last_proxy, session.vault))) == f"127.0.0.1:{proxy.port}"
    assert "This is no proxy." in listed.post(f"{AT}/send", proxy="nowhere", sure="yes").text


def test_what_went_wrong_is_said_and_the_request_waits(listed: Served, office: Server, clock: Maker) -> None:
    clock.__post_init__()  # another root, another key
    listed.post(f"{AT}/ask", names=["Old clock"])
    page = listed.post(f"{AT}/send", proxy="", sure="yes").text
    while "Sending" in page:
        page = listed.get("/progress").text
    assert "0 of 1 answered. Old clock: None of the root certificates" in page
    assert "not answered yet" in listed.get(AT).text


def test_carried_by_hand(listed: Served, office: Server, clock: Maker) -> None:
    listed.post(f"{AT}/ask", names=["Old clock"])
    request = listed.get(f"{AT}/1/request")
    name = (request.header("content-disposition") or "").split('"')[1]
    session = listed.program.session
    assert session.vault is not None
    [one] = asyncio.run(session.run(stamps_of, session.vault, 1))
    assert name == f"{one.value.stamp.digest.hex()[:8]}.tsq"
    answer = clock.answer(one.value.stamp.request, NOW)
    wrong = listed.upload("/evidence/stamps/answer", "x.tsr", b"noise", number="1")
    assert "This stamp belongs to something else." in wrong.text
    assert (
        "and kept beside its request"
        in listed.upload("/evidence/stamps/answer", "x.tsr", answer, number="1").text
    )
    assert office.asked == []


def test_deleted_with_a_box_and_nobody_off_the_list_without_one(listed: Served) -> None:
    listed.post(f"{AT}/ask", names=["Old clock"])
    assert "the box was not ticked" in listed.post(f"{AT}/1/remove").text
    assert "None yet." in listed.post(f"{AT}/1/remove", sure="yes").text
    assert "the box was not ticked" in listed.post("/evidence/authorities/remove", called="Proofs").text
    assert "Proofs" not in listed.post("/evidence/authorities/remove", called="Proofs", sure="yes").text


def test_every_item_is_listed_and_one_that_is_named_is_led_to(listed: Served) -> None:
    assert "A film" in listed.get("/evidence/stamps").text
    listed.post(f"{AT}/ask", names=["Old clock", "Proofs"])
    assert "0 answered, 2 waiting" in listed.get("/evidence/stamps").text
    assert listed.ask("GET", "/evidence/stamps?number=1").header("location") == AT
    assert "Nobody is chosen" in listed.post(f"{AT}/ask").text


def test_a_wrong_root_or_address_is_said(kept: Served, clock: Maker) -> None:
    where = "/evidence/authorities/authority"
    assert (
        "no certificates" in kept.upload(where, "x.pem", b"x", called="A", address="https://example.org").text
    )
    assert "no web address" in kept.upload(where, "x.pem", clock.pem, called="A", address="example").text
    assert "no web address" in kept.post("/evidence/authorities/calendar", called="A", address="ftp://x").text
