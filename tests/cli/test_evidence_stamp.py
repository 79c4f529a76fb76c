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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    """A vault with two items."""
    folder = tmp_path_factory.mktemp("vault")
    file, note = folder / "notes", folder / "a.txt"
    note.write_bytes(b"seen at the gate")
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    for _ in range(2):
        assert run("evidence", "add", note, "--vault", file, "--passphrase-file", phrase).code == 0
    return file


class Desk:
    """The commands on one vault, and an office on this computer that is authority and calendar."""

    def __init__(self, vault: Path, phrase: Path, folder: Path) -> None:
        self.vault, self.phrase, self.folder = vault, phrase, folder
        self.first = OpensslAuthority(folder / "tsa")
        self.second = Maker(begins=NOW - timedelta(1), ends=NOW + timedelta(30))
        self.calendar = Calendar("http://proof.example")
        self.office = Server("", 0)

    def respond(self, path: str, body: bytes) -> Answer:
        if path == "/first":
            return 200, self.first.answer(body)
        if path == "/digest":
            return 200, self.calendar.promise(body)
        return 200, self.second.answer(body, NOW)

    def __call__(self, *arguments: object) -> Ran:
        return run("evidence", *arguments, "--vault", self.vault, "--passphrase-file", self.phrase)

    def add(self) -> None:
        (self.folder / "second.pem").write_bytes(self.second.pem)
        for name, root in (
            ("first", self.folder / "tsa" / "root.pem"),
            ("second", self.folder / "second.pem"),
        ):
            ran = self("authorities", "add", name, f"{self.office.address}/{name}", "--root", root)
            assert ran.code == 0, ran
            assert "SHA-256" in ran.out
            assert "begins with http:" in ran.err
        assert self("authorities", "add", "proofs", self.office.address, "--calendar").code == 0

    def said(self, *arguments: object) -> list[str]:
        ran = self("timestamp", 1, *arguments, "--json")
        assert ran.code == 0, ran
        document: Any = ran.document()
        return [one["state"] for one in document["items"][0]["stamps"]]


@pytest.fixture
def desk(vault: Path, phrase: Path, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(vault, phrase, tmp_path)
    with serving(desk.respond) as desk.office:
        yield desk


def test_from_an_empty_list_to_stamps(desk: Desk, tmp_path: Path) -> None:
    assert "Nobody yet." in desk("authorities", "list").out
    is_refused(desk("timestamp", 1, "--queue"), 1, "Nobody is chosen")
    desk.add()
    assert desk.said("--queue") == ["waiting", "waiting", "waiting"]
    assert desk.office.asked == []
    stopped = desk("timestamp", 1, "--send")  # away from a terminal nobody can say yes
    assert stopped.code == 1
    assert "To first at 127.0.0.1" in stopped.err
    assert "they see its address" in stopped.err
    assert desk.office.asked == []
    ran = desk("timestamp", 1, "--send", "--yes", "--json")
    assert ran.code == 0, ran
    document: Any = ran.document()
    stamps = document["items"][0]["stamps"]
    assert [one["state"] for one in stamps] == ["right", "promised", "right"]
    assert abs(datetime.fromisoformat(stamps[0]["time"]) - datetime.now(UTC)) < timedelta(minutes=5)
    told = desk("timestamp", 1, 2).out
    assert "This stood at the latest on" in told
    assert "Item 2\n  No stamp was asked for." in told


def test_carried_by_hand(desk: Desk, tmp_path: Path) -> None:
    desk.add()
    out = tmp_path / "stick"
    out.mkdir()
    assert desk.said("--authority", "first", "--ots", "--out", out) == ["waiting", "waiting"]
    names = sorted(one.suffix for one in out.iterdir())
    assert names == [".digest", ".tsq"]
    for one in list(out.iterdir()):
        assert one.stat().st_mode & 0o777 == 0o600
        answer = (
            desk.first.answer(one.read_bytes())
            if one.suffix == ".tsq"
            else desk.calendar.promise(one.read_bytes())
        )
        one.with_name(f"{one.name}.answer").write_bytes(answer)
    files = [argument for one in out.glob("*.answer") for argument in ("--in", one)]
    assert desk.said(*files) == ["right", "promised"]
    assert desk.office.asked == []
    is_refused(desk("timestamp", 2, *files), 1, "belongs to something else")
    assert desk("timestamp", 1, 2, *files).code == 2


def test_what_is_said_verifies_with_public_tools(desk: Desk, tmp_path: Path) -> None:
    desk.add()
    desk("timestamp", 1, "--authority", "first", "--queue")
    desk("timestamp", 1, "--send", "--yes")
    document: Any = desk("timestamp", 1, "--json").document()
    statement = document["items"][0]["stamps"][0]["statement"].encode()
    answer = (tmp_path / "tsa" / "answer.tsr").read_bytes()
    assert openssl_verifies(tmp_path / "v", answer, statement, desk.first.pem)


def test_through_a_proxy_which_is_remembered(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / "tsa" / "root.pem"
    with proxying({"hidden.onion": desk.office.port}) as proxy:
        desk("authorities", "add", "hidden", "http://hidden.onion/first", "--root", root)
        desk("timestamp", 1, 2, "--queue")
        is_refused(desk("timestamp", 1, "--send", "--yes", "--json"), 1, "reached through Tor only")
        ran = desk("timestamp", 1, "--send", "--yes", "--proxy", f"127.0.0.1:{proxy.port}")
        assert ran.code == 0, ran
        assert "not yours" in ran.err
        assert desk("timestamp", 2, "--send", "--yes").code == 0
        assert [one for _, one in proxy.asked] == ["hidden.onion:80"] * 2


def test_the_list(desk: Desk, tmp_path: Path) -> None:
    desk.add()
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
