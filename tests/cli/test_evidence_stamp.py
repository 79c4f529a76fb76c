"""`holdfire evidence timestamp` and `authorities` as a person runs them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, is_refused, run
from simulators.authority import Calendar, Maker, OpensslAuthority, openssl_verifies
from simulators.network import Answer, Server, proxying, serving

NOW = datetime.now(UTC)


class Office:
    """Two authorities and a calendar behind one door on this computer."""

    def __init__(self, folder: Path) -> None:
        self.first = OpensslAuthority(folder / "tsa")
        self.first_root, self.second_root = folder / "tsa" / "root.pem", folder / "second.pem"
        self.second = Maker(begins=NOW - timedelta(1), ends=NOW + timedelta(30))
        self.second_root.write_bytes(self.second.pem)
        self.calendar = Calendar("http://proof.example")
        self.server = Server("", 0)

    def respond(self, path: str, body: bytes) -> Answer:
        if path == "/first":
            return 200, self.first.answer(body)
        if path == "/digest":
            return 200, self.calendar.promise(body)
        return 200, self.second.answer(body, NOW)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    one = Office(tmp_path_factory.mktemp("office"))
    with serving(one.respond) as one.server:
        yield one


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path, office: Office) -> Path:
    """A vault with two items, and all three on the list."""
    folder = tmp_path_factory.mktemp("vault")
    file = folder / "notes"
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    opened = ("--vault", file, "--passphrase-file", phrase)
    assert "Nobody yet." in run("evidence", "authorities", "list", *opened).out
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(name, "utf-8")
        assert run("evidence", "add", folder / name, *opened).code == 0
    is_refused(run("evidence", "timestamp", 1, "--queue", *opened), 1, "Nobody is chosen")
    for name, root in (("first", office.first_root), ("second", office.second_root)):
        ran = run(
            "evidence", "authorities", "add", name, f"{office.server.address}/{name}", "--root", root, *opened
        )
        assert ran.code == 0, ran
        assert "SHA-256" in ran.out
        assert "begins with http:" in ran.err
    assert (
        run("evidence", "authorities", "add", "proofs", office.server.address, "--calendar", *opened).code
        == 0
    )
    return file


class Desk:
    """The commands on a copy of that vault, and the office."""

    def __init__(self, vault: Path, phrase: Path, office: Office) -> None:
        self.vault, self.phrase, self.office = vault, phrase, office
        office.server.asked.clear()

    def __call__(self, *arguments: object) -> Ran:
        return run("evidence", *arguments, "--vault", self.vault, "--passphrase-file", self.phrase)

    def said(self, *arguments: object) -> list[str]:
        ran = self("timestamp", 1, *arguments, "--json")
        assert ran.code == 0, ran
        document: Any = ran.document()
        return [one["state"] for one in document["items"][0]["stamps"]]


@pytest.fixture
def desk(vault: Path, phrase: Path, office: Office) -> Desk:
    return Desk(vault, phrase, office)


def test_asked_sent_and_told(desk: Desk, tmp_path: Path) -> None:
    assert desk.said("--queue") == ["waiting", "waiting", "waiting"]
    assert desk.office.server.asked == []
    stopped = desk("timestamp", 1, "--send")  # away from a terminal nobody can say yes
    assert stopped.code == 1
    assert "To first at 127.0.0.1" in stopped.err
    assert "they see its address" in stopped.err
    assert desk.office.server.asked == []
    ran = desk("timestamp", 1, "--send", "--yes", "--json")
    assert ran.code == 0, ran
    document: Any = ran.document()
    stamps = document["items"][0]["stamps"]
    assert [one["state"] for one in stamps] == ["right", "promised", "right"]
    assert abs(datetime.fromisoformat(stamps[0]["time"]) - datetime.now(UTC)) < timedelta(minutes=5)
    statement = stamps[0]["statement"].encode()
    answer = (desk.office.first.folder / "answer.tsr").read_bytes()
    assert openssl_verifies(tmp_path, answer, statement, desk.office.first.pem)
    told = desk("timestamp", 1, 2).out
    assert "This stood at the latest on" in told
    assert "Item 2\n  No stamp was asked for." in told


def test_carried_by_hand(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "stick"
    out.mkdir()
    assert desk.said("--authority", "first", "--ots", "--out", out) == ["waiting", "waiting"]
    names = sorted(one.suffix for one in out.iterdir())
    assert names == [".digest", ".tsq"]
    for one in list(out.iterdir()):
        assert one.stat().st_mode & 0o777 == 0o600
        answer = (
            desk.office.first.answer(one.read_bytes())
            if one.suffix == ".tsq"
            else desk.office.calendar.promise(one.read_bytes())
        )
        one.with_name(f"{one.name}.answer").write_bytes(answer)
    files = [argument for one in out.glob("*.answer") for argument in ("--in", one)]
    assert desk.said(*files) == ["right", "promised"]
    assert desk.office.server.asked == []
    is_refused(desk("timestamp", 2, *files), 1, "belongs to something else")
    several = desk("timestamp", 1, 2, *files)  # each answer finds its own item
    assert several.code == 0
    assert "Item 2\n  No stamp was asked for." in several.out


def test_through_a_proxy_which_is_remembered(desk: Desk, tmp_path: Path) -> None:
    with proxying({"hidden.onion": desk.office.server.port}) as proxy:
        desk("authorities", "add", "hidden", "http://hidden.onion/first", "--root", desk.office.first_root)
        desk("timestamp", 1, 2, "--authority", "hidden")
        straight = desk("timestamp", 1, "--send", "--yes", "--json")
        assert (straight.code, straight.out) == (1, "")
        assert "reached through Tor only" in straight.err
        ran = desk("timestamp", 1, "--send", "--yes", "--proxy", f"127.0.0.1:{proxy.port}")
        assert ran.code == 0, ran
        assert "not yours" in ran.err
        assert desk("timestamp", 2, "--send", "--yes").code == 0
        assert [one for _, one in proxy.asked] == ["hidden.onion:80"] * 2


def test_the_list(desk: Desk, tmp_path: Path) -> None:
    document: Any = desk("authorities", "list", "--known", "--json").document()
    assert [one["name"] for one in document["authorities"]] == ["first", "proofs", "second"]
    assert all(one["source"].startswith("https://") for one in document["known"])
    assert "none was tried from here" in desk("authorities", "list", "--known").out
    assert desk("authorities", "remove", "First").code == 0
    is_refused(desk("authorities", "remove", "first"), 1, "Nobody on your list")
    assert desk("authorities", "add", "x", "https://example.org").code == 2
    assert (
        desk("authorities", "add", "x", "https://example.org", "--calendar", "--root", desk.phrase).code == 2
    )
    is_refused(
        desk("authorities", "add", "x", "https://example.org", "--root", desk.phrase), 1, "no certificates"
    )
