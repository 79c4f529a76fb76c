"""A desk and a member over a real relay: a card handed over, a message with a file, an answer, and a disk that knows nothing of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from holdfire.conversation.attachment import Attachment
from holdfire.conversation.desk_log import Act
from holdfire.conversation.faults import AlteredError, EquivocationError, RollbackError
from holdfire.conversation.kinds import Kind
from holdfire.conversation.turns import Stage
from holdfire.desk.board import Pulled
from holdfire.desk.edition import OtherEditionError
from holdfire.desk.own import OwnRelay, Place
from holdfire.drop.check_in import Found
from holdfire.errors import UserError
from holdfire.journeys import (
    accept_files,
    desk_record,
    exchange,
    fetch_files,
    keep_desk,
    keep_own_desk,
    run_desk,
    write_message,
)
from holdfire.journeys.keep_evidence import EVIDENCE, add_evidence, custody_log, read_evidence
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.journeys.kept_desk import OWN
from holdfire.journeys.kept_log import told
from holdfire.journeys.kept_talk import put
from holdfire.reach.relay import RelayWay
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.passphrase import TEST
from holdfire.vault.layout import SMALLEST
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.http import Answer, Ask, Request
from holdfire.wire.refusals import RefusedError
from simulators.desk_threads import ORIGIN, make_desk, sealed
from simulators.relay_server import RelayServer, relaying

NOW = datetime.now(UTC)
PLANTED = "Planted-Words-Of-A-Member"
ANSWER = "Planted-Words-Of-The-Desk"
FILE = b"Planted-In-A-File-" * 170_000  # three pieces


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RelayServer]:
    with relaying(tmp_path / "relay") as running:
        yield running


@pytest.fixture
def desk() -> Iterator[Vault]:
    with Vault.in_memory() as vault:
        yield vault


@pytest.fixture
def member() -> Iterator[Vault]:
    with Vault.in_memory() as vault:
        yield vault


def make(desk: Vault, server: RelayServer, ask: Ask) -> str:
    room = Room(server.origin, server.head_key, server.grant())
    record, _root = keep_own_desk.new_desk(desk, "Lawyers for soldiers", "", [room], "first", NOW)
    keep_own_desk.settle(record.value, room, ask)
    return record.value.card.words


def publish(desk: Vault, origin: str, ask: Ask, now: datetime = NOW) -> None:
    for _ in run_desk.publish(desk, origin, ask, now):
        pass


def check_in(member: Vault, origin: str, ask: Ask) -> tuple[Found, exchange.News]:
    found = exchange.look(exchange.errand(member, 1, origin), ask)
    return found, exchange.take_in(member, found, NOW)


def files_are_on_record(desk: Vault, ask: Ask) -> None:
    """Assert that the record says, once, that the file of message 1 is here."""
    said = f"message 1, file 1, SHA-256 {sha256(FILE).hexdigest()}"
    assert accept_files.unrecorded(desk, 1) == (said,)
    accept_files.put_on_record(desk, 1, ask, NOW)
    accept_files.put_on_record(desk, 1, ask, NOW)
    found = [one for one in desk_record.told(desk) if one.act is Act.ACCEPT]
    assert [(one.who, one.thread, one.detail) for one in found] == [("first", 1, said)]


def test_a_whole_exchange(server: RelayServer, desk: Vault, member: Vault, tmp_path: Path) -> None:
    with RelayWay(server.origin) as way:
        words = make(desk, server, way.ask)
        publish(desk, server.origin, way.ask)

        keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
        keep_desk.confirm_desk(member, 1, words, NOW)
        add_evidence(member, [FILE], NOW, title="a film")
        write_message.write(member, 1, Kind.QUESTION, PLANTED, {}, NOW, attachments=[1], language="be")
        found, _ = check_in(member, server.origin, way.ask)
        assert exchange.send(member, found, way.ask, lambda: NOW) == 1

        news = run_desk.look(desk, server.origin, way.ask, NOW)
        assert (news.messages, news.junk, news.forged) == (1, 0, 0)
        assert [came.text for came in run_desk.show(desk, 1).messages] == [PLANTED]
        for _ in fetch_files.accept(desk, 1, server.origin, way.ask, NOW):
            pass
        handed = told(custody_log(member, 1))[-1]
        assert (handed.event.action, handed.values["custodian_to"]) == ("transfer", "a desk, through a relay")
        files_are_on_record(desk, way.ask)
        kept = run_desk.show(desk, 1).messages[0].files[0].evidence
        assert read_evidence(desk, kept, 0, len(FILE)) == FILE
        run_desk.do(desk, Act.LABEL, 1, "urgent", way.ask, NOW)
        shown = run_desk.do(desk, Act.REPLY, 1, ANSWER, way.ask, NOW)
        assert shown.said.labels == {"urgent"}
        publish(desk, server.origin, way.ask)

        _, heard = check_in(member, server.origin, way.ask)
        assert [line.text for line in heard.replies] == [ANSWER]
        assert heard.stage is Stage.ANSWERED
        assert write_message.outbox(member) == ()

        write_message.write(member, 1, Kind.FORCE, "", FORCE, NOW)
        found, _ = check_in(member, server.origin, way.ask)
        exchange.send(member, found, way.ask, lambda: NOW)
        run_desk.look(desk, server.origin, way.ask, NOW)
        assert run_desk.threads(desk)[0].thread.urgency == 0
        assert run_desk.threads(desk)[0].thread.seen == 1
        assert run_desk.threads(desk, "Planted-Words")[0].thread.number == 1
        assert run_desk.threads(desk, "nowhere") == ()
    server.stop()
    disk = b"".join(path.read_bytes() for path in (tmp_path / "relay").rglob("*") if path.is_file())
    for word in (PLANTED.encode(), ANSWER.encode(), FILE[:18], b"Lawyers", b"urgent", b"Square"):
        # The card is handed to anyone: its name may stand there.
        assert (word in disk) == (word == b"Lawyers")


def test_a_thread_is_found_among_those_whose_numbers_begin_alike() -> None:
    with Vault.in_memory() as vault:
        own = make_desk(vault, NOW)
        entries = tuple(
            enumerate(sealed(own, Kind.QUESTION, f"Question {number}", {}) for number in range(1, 13))
        )
        run_desk.take_in(vault, ORIGIN, Pulled(Place(), entries), NOW)
        for number in (1, 2, 11, 12):
            assert [one.text for one in run_desk.show(vault, number).messages] == [f"Question {number}"]
        assert [one.thread.number for one in run_desk.threads(vault)] == [*range(1, 13)]
        # The same once more, as a relay could show it: no thread, no message, no number is used for it.
        assert run_desk.take_in(vault, ORIGIN, Pulled(Place(), entries[:3]), NOW).again == 3
        new = sealed(own, Kind.FORCE, "", FORCE)
        run_desk.take_in(vault, ORIGIN, Pulled(Place(), ((12, new),)), NOW)
        assert run_desk.threads(vault)[0].thread.number == 13


FORCE = {"place": "Square", "time": "noon", "means": "gas", "known": "saw it myself", "sure": "sure"}


class CutError(Exception):
    """The way broke off."""


@pytest.mark.parametrize("at", range(7))
def test_an_edition_that_breaks_off_anywhere_is_followed_by_a_whole_one(
    server: RelayServer, desk: Vault, member: Vault, at: int
) -> None:
    with RelayWay(server.origin) as way:
        words = make(desk, server, way.ask)
        publish(desk, server.origin, way.ask)
        keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
        keep_desk.confirm_desk(member, 1, words, NOW)
        write_message.write(member, 1, Kind.QUESTION, PLANTED, {}, NOW)
        found, _ = check_in(member, server.origin, way.ask)
        exchange.send(member, found, way.ask, lambda: NOW)
        run_desk.look(desk, server.origin, way.ask, NOW)
        left = iter(range(at))

        def cut(request: Request) -> Answer:
            if next(left, None) is None:
                raise CutError
            return way.ask(request)

        try:
            publish(desk, server.origin, cut)
        except CutError:
            pass
        else:
            assert at > 3
        # Whoever looks now sees the edition before or this one, whole; and after the next one, that.
        check_in(member, server.origin, way.ask)
        publish(desk, server.origin, way.ask)
        _, news = check_in(member, server.origin, way.ask)
    assert news.faults == ()
    assert write_message.outbox(member) == ()


def test_a_desk_from_a_backup_goes_on_and_no_number_is_given_twice(
    server: RelayServer, member: Vault, tmp_path: Path
) -> None:
    file, backup = tmp_path / "desk", tmp_path / "backup"
    Vault.create(file, ["a phrase"], SMALLEST, profile=TEST)
    with RelayWay(server.origin) as way:
        with Vault.open(file, "a phrase", profile=TEST) as desk:
            words = make(desk, server, way.ask)
            publish(desk, server.origin, way.ask)
            keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
            keep_desk.confirm_desk(member, 1, words, NOW)
        shutil.copy(file, backup)
        write_message.write(member, 1, Kind.QUESTION, PLANTED, {}, NOW)
        found, _ = check_in(member, server.origin, way.ask)
        exchange.send(member, found, way.ask, lambda: NOW)
        with Vault.open(file, "a phrase", profile=TEST) as desk:
            run_desk.look(desk, server.origin, way.ask, NOW)
            publish(desk, server.origin, way.ask)
            publish(desk, server.origin, way.ask)
        _, before = check_in(member, server.origin, way.ask)
        file.unlink()
        with Vault.open(backup, "a phrase", profile=TEST) as desk:
            with pytest.raises(OtherEditionError, match="did not publish"):
                publish(desk, server.origin, way.ask)
            run_desk.look(desk, server.origin, way.ask, NOW)
            run_desk.do(desk, Act.REPLY, 1, ANSWER, way.ask, NOW)
            list(run_desk.publish(desk, server.origin, way.ask, NOW, restored=True))
            publish(desk, server.origin, way.ask)
        _, after = check_in(member, server.origin, way.ask)
    assert before.faults == after.faults == ()
    assert [line.text for line in after.replies] == [ANSWER]


def test_what_a_relay_put_in_place_of_a_notice_is_replaced(server: RelayServer, desk: Vault) -> None:
    with RelayWay(server.origin) as way:
        make(desk, server, way.ask)
        publish(desk, server.origin, way.ask)

        def spoilt(request: Request) -> Answer:
            answer = way.ask(request)
            found = http.route(request.method, request.path)
            junk = request.method == "GET" and found is not None and found.name == "read sheet"
            return replace(answer, body=bytes(len(answer.body))) if junk else answer

        publish(desk, server.origin, spoilt)
        assert own_desk(desk).value.relays[0].number == 2


def test_a_relay_that_goes_back_is_named(server: RelayServer, desk: Vault) -> None:
    with RelayWay(server.origin) as way:
        make(desk, server, way.ask)
        publish(desk, server.origin, way.ask)
        run_desk.do(desk, Act.NOTE, post(desk, server, way.ask), "one", way.ask, NOW)
        record = own_desk(desk)
        relay = record.value.relays[0]
        ahead = replace_place(relay, size=99)
        put(desk, OWN, record, record.value.with_relay(ahead), NOW)
        with pytest.raises(RollbackError):
            run_desk.look(desk, server.origin, way.ask, NOW)
        put(desk, OWN, own_desk(desk), record.value.with_relay(replace_place(relay, size=1)), NOW)
        with pytest.raises(EquivocationError):
            run_desk.look(desk, server.origin, way.ask, NOW)


def test_a_file_that_is_not_what_its_message_says_leaves_nothing(
    server: RelayServer, desk: Vault, member: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pieces are right, each; the hash that the member's program wrote is not."""
    false = partial(Attachment, hash=b"x" * 32)
    monkeypatch.setattr(write_message, "Attachment", lambda key, length, _hash: false(key, length))
    with RelayWay(server.origin) as way:
        words = make(desk, server, way.ask)
        publish(desk, server.origin, way.ask)
        keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
        keep_desk.confirm_desk(member, 1, words, NOW)
        add_evidence(member, [FILE], NOW, title="a film")
        write_message.write(member, 1, Kind.QUESTION, "a film", {}, NOW, attachments=[1])
        found, _ = check_in(member, server.origin, way.ask)
        assert exchange.send(member, found, way.ask, lambda: NOW) == 1
        run_desk.look(desk, server.origin, way.ask, NOW)
        for _ in range(2):
            with pytest.raises(AlteredError):
                list(fetch_files.accept(desk, 1, server.origin, way.ask, NOW))
            assert desk.records.count(EVIDENCE) == 0
        assert accept_files.unrecorded(desk, 1) == ()


def test_what_cannot_be_answered_is_said(server: RelayServer, desk: Vault) -> None:
    with RelayWay(server.origin) as way:
        make(desk, server, way.ask)
        publish(desk, server.origin, way.ask)
        number = post(desk, server, way.ask)
        with pytest.raises(UserError, match="at most 2850"):
            run_desk.do(desk, Act.REPLY, number, "x" * 2_851, way.ask, NOW)
        with pytest.raises(UserError, match="no thread 9"):
            run_desk.do(desk, Act.NOTE, 9, "x", way.ask, NOW)
        run_desk.do(desk, Act.END, number, "", way.ask, NOW)
        with pytest.raises(UserError, match="was ended"):
            run_desk.do(desk, Act.REPLY, number, "x", way.ask, NOW)
        with pytest.raises(UserError, match="has a desk"):
            keep_own_desk.new_desk(desk, "again", "", [], "x", NOW)
        with pytest.raises(UserError, match="run out"):
            publish(desk, server.origin, way.ask, NOW + timedelta(days=91))


def test_a_used_up_grant_is_said(server: RelayServer, desk: Vault) -> None:
    room = Room(server.origin, server.head_key, b"x" * 32)
    record, _ = keep_own_desk.new_desk(desk, "A desk", "", [room], "first", NOW)
    with RelayWay(server.origin) as way, pytest.raises(RefusedError):
        keep_own_desk.settle(record.value, room, way.ask)


def test_the_root_comes_back_from_shares_and_renews(server: RelayServer, desk: Vault) -> None:
    room = Room(server.origin, server.head_key, server.grant())
    record, root = keep_own_desk.new_desk(desk, "A desk", "", [room], "first", NOW)
    shares = keep_own_desk.shares_of(root, 2, 3)
    again = keep_own_desk.root_of(lambda: shares[1:])
    later = NOW + timedelta(days=80)
    assert keep_own_desk.renew(desk, again, later).value.until > record.value.until
    with pytest.raises(UserError, match="not the root"):
        keep_own_desk.renew(desk, DoubleKey.new(), later)


def post(desk: Vault, server: RelayServer, ask: Ask) -> int:
    """Let a member of its own write to the desk, and return the thread."""
    with Vault.in_memory() as member:
        keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
        write_message.write(member, 1, Kind.QUESTION, "a question", {}, NOW, unconfirmed=True)
        found = exchange.look(exchange.errand(member, 1, server.origin, unconfirmed=True), ask)
        exchange.take_in(member, found, NOW)
        exchange.send(member, found, ask, lambda: NOW)
    run_desk.look(desk, server.origin, ask, NOW)
    return run_desk.threads(desk)[-1].thread.number


def replace_place(relay: OwnRelay, size: int) -> OwnRelay:
    """Return a relay of which another board was seen before."""
    return replace(relay, place=Place(Checkpoint(size, b"r" * 32), size))
