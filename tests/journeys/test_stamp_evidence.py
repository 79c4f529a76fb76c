"""Evidence is stamped by authorities on this computer, over a real connection, through a proxy, and by files carried by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from holdfire.errors import PeerError, UserError
from holdfire.evidence.custody.refusals import RolledBackError
from holdfire.evidence.stamps.refusals import OtherHashError, UntrustedError
from holdfire.evidence.stamps.stamp import files
from holdfire.journeys.keep_evidence import add_evidence, custody_log, find_evidence, log_event
from holdfire.journeys.kept_stamps import (
    STAMP,
    add_authority,
    all_authorities,
    forget_stamps,
    keep_proxy,
    last_proxy,
    remove_authority,
)
from holdfire.journeys.stamp_evidence import (
    NotAllAnsweredError,
    _where,
    errands,
    judge,
    queue,
    remove,
    send,
    stamps_of,
    take_in_file,
)
from holdfire.reach.way import Proxy
from holdfire.vault.vault import Vault
from simulators.authority import Calendar, Maker, OpensslAuthority, openssl_verifies
from simulators.network import Answer, Server, proxying, serving

NOW = datetime.now(UTC)
PROOF = "http://proof.example"


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        add_evidence(made, [b"film"], NOW, title="A film")
        yield made


class Town:
    """Two authorities and a calendar, each at its own door."""

    def __init__(self, folder: Path) -> None:
        self.first, self.second = (
            OpensslAuthority(folder / "a"),
            Maker(begins=NOW - timedelta(1), ends=NOW + timedelta(30)),
        )
        self.calendar = Calendar(PROOF)
        self.servers: dict[str, Server] = {}

    @contextmanager
    def open(self, vault: Vault) -> Iterator[Town]:
        with ExitStack() as stack:
            for name, respond in (
                ("First", self._first),
                ("Second", self._second),
                ("Calendar", self._calendar),
            ):
                self.servers[name] = stack.enter_context(serving(respond))
            add_authority(
                vault, "First", "authority", f"{self.servers['First'].address}/tsr", self.first.pem, NOW
            )
            add_authority(vault, "Second", "authority", self.servers["Second"].address, self.second.pem, NOW)
            add_authority(vault, "Calendar", "calendar", f"{self.servers['Calendar'].address}/", b"", NOW)
            yield self

    def _first(self, _: str, body: bytes) -> Answer:
        return 200, self.first.answer(body)

    def _second(self, _: str, body: bytes) -> Answer:
        return 200, self.second.answer(body, NOW)

    def _calendar(self, path: str, body: bytes) -> Answer:
        if path == "/digest":
            return 200, self.calendar.promise(body)
        kept = self.calendar.kept(bytes.fromhex(path.removeprefix("/timestamp/")))
        return (404, b"pending") if kept is None else (200, kept)


ALL = ("First", "Second", "Calendar")


def states(vault: Vault, now: datetime = NOW) -> list[str]:
    return [one.verdict.state for one in judge(vault, 1, now)]


def test_asked_without_a_network_sent_later_and_judged(vault: Vault, tmp_path: Path) -> None:
    with Town(tmp_path).open(vault) as town:
        queue(vault, 1, ALL, NOW)
        assert states(vault) == ["waiting"] * 3
        assert not any(one.asked for one in town.servers.values())
        assert send(vault, 1, None, NOW) == 3
        assert states(vault) == ["right", "right", "promised"]
        assert (
            send(vault, 1, None, NOW) == 0
        )  # the calendar has nothing new; the authorities are not asked again
        town.calendar.ready = True
        assert send(vault, 1, None, NOW) == 1
        assert states(vault) == ["right", "right", "block"]
        assert errands(vault, 1) == ()
        assert [len(one.asked) for one in town.servers.values()] == [1, 1, 3]
    judged = judge(vault, 1, NOW)
    assert abs(judged[0].verdict.time - NOW) < timedelta(hours=1)  # type: ignore[operator]
    assert "Nobody has compared it here" in judged[2].verdict.sentence
    assert {one.covers for one in judged} == {1}


def test_what_is_kept_verifies_with_openssl_and_after_it_expired(vault: Vault, tmp_path: Path) -> None:
    with Town(tmp_path).open(vault):
        queue(vault, 1, ["First"], NOW)
        send(vault, 1, None, NOW)
    [one] = judge(vault, 1, NOW)
    kept = files(one.stamp)
    assert openssl_verifies(tmp_path / "v", kept["stamp.tsr"], kept["statement.json"], kept["roots.pem"])
    later = NOW + timedelta(days=400)
    [after] = judge(vault, 1, later)
    assert (after.verdict.state, after.verdict.time) == ("expired", one.verdict.time)
    assert "has expired since" in after.verdict.sentence
    assert not openssl_verifies(
        tmp_path / "v", kept["stamp.tsr"], kept["statement.json"], kept["roots.pem"], later
    )
    assert openssl_verifies(
        tmp_path / "v", kept["stamp.tsr"], kept["statement.json"], kept["roots.pem"], after.verdict.time
    )


def test_through_a_proxy_that_alone_knows_the_names(vault: Vault, tmp_path: Path) -> None:
    town = Town(tmp_path)
    with serving(town._first) as server, proxying({"stamp.onion": server.port}) as proxy:
        add_authority(vault, "Hidden", "authority", "http://stamp.onion/tsr", town.first.pem, NOW)
        queue(vault, 1, ["hidden"], NOW)
        with pytest.raises(NotAllAnsweredError, match="Tor"):
            send(vault, 1, None, NOW)
        assert not server.asked
        assert send(vault, 1, Proxy("127.0.0.1", proxy.port), NOW) == 1
        assert proxy.asked == [("stamp.onion", "stamp.onion:80")]


def test_an_answer_finds_its_item_among_several(vault: Vault, tmp_path: Path) -> None:
    with Town(tmp_path).open(vault) as town:
        other = add_evidence(vault, [b"another"], NOW).value.number
        for number in (1, other):
            queue(vault, number, ["First"], NOW)
        answer = town.first.answer(stamps_of(vault, other)[0].value.stamp.request)
        take_in_file(vault, [1, other], answer, "x", NOW)
        assert [bool(stamps_of(vault, one)[0].value.stamp.answer) for one in (1, other)] == [False, True]


def test_carried_by_hand(vault: Vault, tmp_path: Path) -> None:
    with Town(tmp_path).open(vault) as town:
        queue(vault, 1, ALL, NOW)
        by_name = {one.value.stamp.name: one.value.stamp for one in stamps_of(vault, 1)}
        answer = town.first.answer(by_name["First"].request)
        take_in_file(vault, [1], answer, "anything.tsr", NOW)
        promise = town.calendar.promise(by_name["Calendar"].request)
        with pytest.raises(OtherHashError):
            take_in_file(vault, [1], promise, "reply", NOW)
        take_in_file(vault, [1], promise, f"{by_name['Calendar'].file_name}.answer", NOW)
        assert states(vault) == ["right", "waiting", "promised"]
        assert not any(one.asked for one in town.servers.values())


def test_a_wrong_answer_is_not_kept_and_the_right_one_still_is(vault: Vault, tmp_path: Path) -> None:
    liar = Maker(begins=NOW - timedelta(1), ends=NOW + timedelta(30))
    with Town(tmp_path).open(vault) as town:
        town.second, kept = liar, town.second
        queue(vault, 1, ["Second", "First"], NOW)
        with pytest.raises(NotAllAnsweredError, match=r"1 of 2 answered\. Second: None of the root"):
            send(vault, 1, None, NOW)
        assert states(vault) == ["waiting", "right"]
        with pytest.raises(UntrustedError):
            take_in_file(vault, [1], liar.answer(stamps_of(vault, 1)[0].value.stamp.request, NOW), "x", NOW)
        town.second = kept
        assert send(vault, 1, None, NOW) == 1
    assert states(vault) == ["right", "right"]


def test_an_answer_from_elsewhere_belongs_to_nothing(vault: Vault, tmp_path: Path) -> None:
    add_evidence(vault, [b"other"], NOW, title="Another")
    with Town(tmp_path).open(vault) as town:
        for number in (1, 2):
            queue(vault, number, ["First"], NOW)
        other = stamps_of(vault, 2)[0].value.stamp
        with pytest.raises(OtherHashError):
            take_in_file(vault, [1], town.first.answer(other.request), "x", NOW)
        for noise in (b"", b"noise", b"\x00" * 70_000):
            with pytest.raises((PeerError, UserError)):
                take_in_file(vault, [1], noise, "x", NOW)


def test_nobody_is_asked_twice_about_one_state_and_anew_after_an_event(vault: Vault, tmp_path: Path) -> None:
    with Town(tmp_path).open(vault):
        assert len(queue(vault, 1, ["First", "First"], NOW)) == 1
        assert queue(vault, 1, ["First"], NOW) == ()
        log_event(vault, 1, "transfer", {}, NOW)
        assert len(queue(vault, 1, ["First"], NOW)) == 1
    assert [(one.covers, one.events, one.place) for one in judge(vault, 1, NOW)] == [(1, 2, 1), (2, 2, 2)]
    assert len({one.value.stamp.statement for one in stamps_of(vault, 1)}) == 2


def test_a_stamped_head_holds_the_log_to_it(vault: Vault, tmp_path: Path) -> None:
    log = find_evidence(vault, 1).value.log
    older = vault.logs.get(log)
    log_event(vault, 1, "transfer", {}, NOW)
    with Town(tmp_path).open(vault):
        queue(vault, 1, ["First", "Second"], NOW)
        assert vault.logs.given(log) == ()
        send(vault, 1, None, NOW)
    assert [one.whom for one in vault.logs.given(log)] == ["First"]  # one head, stamped twice
    with vault.transaction() as connection:  # the whole older state is put back
        connection.execute("DELETE FROM entries WHERE place = (SELECT max(place) FROM entries)")
        connection.execute("DELETE FROM heads")
        connection.execute("UPDATE logs SET head = ?, signature = ?", (older.head, older.signature))
    assert custody_log(vault, 1).tree.size == 1  # without the stamps nothing shows it
    with pytest.raises(RolledBackError):
        judge(vault, 1, NOW)


def test_the_list_is_the_persons_own(vault: Vault, tmp_path: Path) -> None:
    assert all_authorities(vault) == ()
    pem = Maker().pem
    add_authority(vault, " Old  clock ", "authority", "https://example.org/tsr", pem, NOW)
    assert all_authorities(vault)[0].value.name == "Old clock"
    for name, kind, address, roots in (
        ("old CLOCK", "authority", "https://example.org/tsr", pem),
        ("", "authority", "https://example.org", pem),
        ("x" * 61, "authority", "https://example.org", pem),
        ("New", "authority", "example.org", pem),
        ("New", "authority", "https://example.org", b""),
        (
            "New",
            "authority",
            "https://example.org",
            b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
        ),
        ("New", "other", "https://example.org", pem),
    ):
        with pytest.raises(UserError):
            add_authority(vault, name, kind, address, roots, NOW)
    with pytest.raises(UserError):
        queue(vault, 1, [], NOW)
    with pytest.raises(UserError):
        queue(vault, 1, ["nobody"], NOW)
    remove_authority(vault, "OLD clock")
    assert all_authorities(vault) == ()


def test_a_certificate_that_is_no_root_is_not_enough(vault: Vault) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    maker = Maker()
    leaf, root = (one.public_bytes(Encoding.DER) for one in (maker.leaf, maker.root))
    with pytest.raises(UserError, match="root"):
        add_authority(vault, "Clock", "authority", "https://example.org", leaf, NOW)
    assert add_authority(
        vault, "Clock", "authority", "https://example.org", root, NOW
    ).value.roots.startswith("-----BEGIN")


def test_a_stamp_stays_whole_when_its_authority_leaves_the_list_and_goes_with_the_item(
    vault: Vault, tmp_path: Path
) -> None:
    with Town(tmp_path).open(vault):
        queue(vault, 1, ["First"], NOW)
        send(vault, 1, None, NOW)
    remove_authority(vault, "First")
    assert states(vault) == ["right"]
    forget_stamps(vault, stamps_of(vault, 1)[0].value.log)
    assert vault.records.count(STAMP) == 0


def test_one_can_be_removed(vault: Vault, tmp_path: Path) -> None:
    with Town(tmp_path).open(vault):
        queue(vault, 1, ALL, NOW)
        remove(vault, 1, 2)
        assert [one.place for one in judge(vault, 1, NOW)] == [1, 3]
        with pytest.raises(UserError):
            remove(vault, 1, 2)


@pytest.mark.parametrize(
    ("promised", "asked"),
    [
        ("https://alice.example.org", "https://alice.example.org"),
        ("https://alice.example.org/kept/", "https://alice.example.org/kept"),
        ("http://alice.example.org", "https://pool.example"),
        ("https://127.0.0.1", "https://pool.example"),
        ("https://localhost", "https://pool.example"),
        ("https://[::1]", "https://pool.example"),
        ("https://router:8080", "https://pool.example"),
        ("file:///etc/passwd", "https://pool.example"),
        ("http://pool.example", "https://pool.example"),
        ("", "https://pool.example"),
    ],
)
def test_a_promise_is_followed_to_a_public_name_alone(promised: str, asked: str) -> None:
    assert _where(promised, "https://pool.example") == asked


def test_the_last_proxy_is_remembered_alone(vault: Vault) -> None:
    assert last_proxy(vault) is None
    for proxy in (Proxy("127.0.0.1", 9050), Proxy("127.0.0.1", 9150), None, None):
        keep_proxy(vault, proxy, NOW)
        assert last_proxy(vault) == proxy


def test_leaving_stops_between_two(vault: Vault, tmp_path: Path) -> None:
    class LeftError(Exception):
        pass

    def leave(done: int, _: int) -> None:
        if done == 1:
            raise LeftError

    with Town(tmp_path).open(vault):
        queue(vault, 1, ["First", "Second"], NOW)
        with pytest.raises(LeftError):
            send(vault, 1, None, NOW, progress=leave)
    assert states(vault) == ["right", "waiting"]
