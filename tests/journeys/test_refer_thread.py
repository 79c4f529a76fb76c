"""A thread handed on to a lawyer: what was chosen stands there, no secret of the conversation does, and the record knows first."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import Kind
from holdfire.errors import NetworkError, UserError
from holdfire.journeys import exchange, fetch_files, keep_desk, keep_own_desk, run_desk, write_message
from holdfire.journeys.desk_record import told
from holdfire.journeys.keep_evidence import add_evidence, find_evidence
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.journeys.kept_desk import THREAD
from holdfire.journeys.kept_talk import END, MESSAGE, every
from holdfire.journeys.refer_thread import Referral, check_agreed, is_on_record, made_of, put_on_record, refer
from holdfire.reach.relay import RelayWay
from holdfire.vault.vault import Vault
from simulators.desk_threads import FORCE
from simulators.relay_server import RelayServer, relaying

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with relaying(tmp_path_factory.mktemp("relay") / "relay") as running:
        yield running


@pytest.fixture(scope="module")
def secrets() -> list[bytes]:
    """What of the conversation must stand nowhere; filled with the desk."""
    return []


@pytest.fixture(scope="module")
def desk(server: RelayServer, secrets: list[bytes]) -> Iterator[Vault]:
    """A desk with a thread of three messages, of which one has a file, and an answer."""
    with Vault.in_memory() as vault, Vault.in_memory() as member, RelayWay(server.origin) as way:
        room = Room(server.origin, server.head_key, server.grant())
        made, _root = keep_own_desk.new_desk(vault, "Lawyers for soldiers", "", [room], "first", NOW)
        keep_own_desk.settle(made.value, room, way.ask)
        list(run_desk.publish(vault, server.origin, way.ask, NOW))
        keep_desk.add_desk(member, made.value.document, NOW)
        keep_desk.confirm_desk(member, 1, made.value.card.words, NOW)
        add_evidence(member, [b"A paper that was signed."], NOW, title="A paper")
        write_message.write(member, 1, Kind.QUESTION, "Planted question", {}, NOW, attachments=[1])
        write_message.write(member, 1, Kind.FORCE, "Planted warning", FORCE, NOW)
        write_message.write(member, 1, Kind.QUESTION, "Planted third", {}, NOW)
        end = next(iter(every(member, END))).value.end
        secrets += [end.conversation, end.last_step, *(seed for _, seed in end.keys)]
        secrets += [part.attachment.key for one in every(member, MESSAGE) for part in one.value.one.parts]
        found = exchange.look(exchange.errand(member, 1, server.origin), way.ask)
        exchange.take_in(member, found, NOW)
        assert exchange.send(member, found, way.ask, lambda: NOW) == 3
        run_desk.look(vault, server.origin, way.ask, NOW)
        list(fetch_files.accept(vault, 1, server.origin, way.ask, NOW))
        run_desk.do(vault, Act.REPLY, 1, "Planted answer", way.ask, NOW)
        run_desk.do(vault, Act.NOTE, 1, "Planted note", way.ask, NOW)
        thread = next(iter(every(vault, THREAD))).value
        secrets += [thread.received.step, thread.reply_key, *thread.received.contents.values()]
        yield vault


def text_of(vault: Vault, wish: Referral) -> str:
    return made_of(refer(vault, wish), "txt").decode()


def test_what_was_chosen_stands_there_and_what_was_left_out_is_said(desk: Vault) -> None:
    text = text_of(desk, Referral(1, (1, 2)))
    for said in (
        "Planted question",
        "Planted warning",
        "With what means?: gas",
        f"{NOW.date()}",
        "Lawyers for soldiers",
    ):
        assert said in text
    sha256 = find_evidence(desk, 1).value.sha256
    assert sha256[:32] in text
    assert sha256[32:] in text
    assert "evidence 1" in text
    for said in ("Planted third", "Planted answer", "Planted note"):
        assert said not in text
    assert "Left out: messages 3; what the desk answered; always: keys" in " ".join(text.split())
    whole = text_of(desk, Referral(1, answers=True))
    assert "Planted third" in whole
    assert "Planted answer" in whole
    assert "Planted note" not in whole
    assert "Left out: always: keys" in " ".join(whole.split())


def test_no_secret_of_the_conversation_stands_in_either_file(
    desk: Vault, server: RelayServer, secrets: list[bytes], tmp_path: Path
) -> None:
    packet = refer(desk, Referral(1, answers=True))
    text, pdf = made_of(packet, "txt"), made_of(packet, "pdf")
    (tmp_path / "out.pdf").write_bytes(pdf)
    read = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "out.pdf", "-"], check=True, capture_output=True
    )
    assert b"Planted question" in read.stdout
    own = own_desk(desk).value
    hidden = [*secrets, own.id, own.log_key, own.relays[0].inbox.reader, own.relays[0].inbox.writer]
    assert len(hidden) > 12
    for content in (text, pdf, read.stdout):
        for one in hidden:
            assert one not in content
            assert one.hex().encode() not in content
        assert server.origin.encode() not in content
        assert b"127.0.0.1" not in content
    assert f"{NOW:%H:%M}" not in text.decode()


def test_it_stands_in_the_record_before_it_goes_out(desk: Vault, server: RelayServer) -> None:
    wish = Referral(1, (2,), agreed=True)
    assert not is_on_record(desk, wish)
    with RelayWay(server.origin) as way:
        with pytest.raises(UserError, match="agreed"):
            put_on_record(desk, Referral(1, (2,)), way.ask, NOW)
        assert not is_on_record(desk, wish)
        put_on_record(desk, wish, way.ask, NOW)
    assert is_on_record(desk, wish)
    assert not is_on_record(desk, Referral(1, (2,), answers=True))
    last = told(desk)[-1]
    assert (last.act, last.thread, last.detail) == (Act.EXPORT, 1, "messages: 2; answers: no")


def test_without_the_relay_nothing_is_on_record(desk: Vault) -> None:
    wish = Referral(1, (3,), agreed=True)
    with RelayWay("http://127.0.0.1:11") as way, pytest.raises(NetworkError):
        put_on_record(desk, wish, way.ask, NOW)
    assert not is_on_record(desk, wish)


def test_a_message_that_is_not_there_is_said(desk: Vault) -> None:
    with pytest.raises(UserError, match="no message 9"):
        refer(desk, Referral(1, (1, 9)))
    with pytest.raises(UserError, match="no thread 7"):
        refer(desk, Referral(7))
    with pytest.raises(UserError, match="agreed"):
        check_agreed(Referral(1))


def test_the_cover_says_whether_the_member_agreed(desk: Vault) -> None:
    assert "The member agreed: not yet" in text_of(desk, Referral(1))
    assert "The member agreed: yes, the desk says" in text_of(desk, Referral(1, agreed=True))
