"""A desk of several: a second device joins, reads, answers through the record, is handed keys, and is taken off; over a real relay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from holdfire.conversation.desk_log import Act
from holdfire.conversation.faults import CrossDeskError, ForgedError
from holdfire.conversation.joining import NotInvitedError, Request, read_request
from holdfire.conversation.kinds import Kind
from holdfire.desk.edition import NoPublisherError
from holdfire.errors import UserError
from holdfire.journeys import (
    desk_members,
    desk_record,
    exchange,
    keep_desk,
    keep_own_desk,
    move_desk,
    run_desk,
    write_message,
)
from holdfire.journeys.keep_own_desk import Room, WrongRootError, own_desk
from holdfire.journeys.kept_desk import OWN
from holdfire.reach.relay import RelayWay
from holdfire.sealing.double_signature import DoubleKey
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.boards import BoardReader
from holdfire.wire.encoding import FormatError
from holdfire.wire.http import Ask
from holdfire.wire.refusals import RefusedError
from simulators.relay_server import RelayServer, relaying

NOW = datetime.now(UTC)


class Scene:
    """A desk that has published once, a member of the forces who knows it, and a relay."""

    def __init__(self, server: RelayServer, desk: Vault, other: Vault, member: Vault, ask: Ask) -> None:
        self.server, self.desk, self.other, self.member, self.ask = server, desk, other, member, ask
        room = Room(server.origin, server.head_key, server.grant())
        record, self.root = keep_own_desk.new_desk(desk, "Lawyers", "", [room], "first", NOW)
        keep_own_desk.settle(record.value, room, ask)
        self.words = record.value.card.words
        self.publish()
        keep_desk.add_desk(member, record.value.document, NOW)
        keep_desk.confirm_desk(member, 1, self.words, NOW)

    def publish(self, now: datetime = NOW) -> None:
        for _ in run_desk.publish(self.desk, self.server.origin, self.ask, now):
            pass

    def look(self, vault: Vault, now: datetime = NOW) -> run_desk.News:
        return run_desk.look(vault, self.server.origin, self.ask, now)

    def write(self, text: str, now: datetime = NOW, *, look_first: bool = True) -> None:
        """Have the member send a message, by the newest notice or by the one that is known."""
        write_message.write(self.member, 1, Kind.QUESTION, text, {}, now)
        found = exchange.look(exchange.errand(self.member, 1, self.server.origin), self.ask)
        exchange.take_in(self.member, found, now)
        assert exchange.send(self.member, found, self.ask, lambda: now) == 1

    def replies(self, now: datetime = NOW) -> list[str]:
        """Return the answers that the member's next check-in finds."""
        found = exchange.look(exchange.errand(self.member, 1, self.server.origin), self.ask)
        return [one.text for one in exchange.take_in(self.member, found, now).replies]

    def add(self, name: str = "second") -> None:
        """Have the other vault join."""
        asked = read_request(desk_members.request(self.other, name, NOW).write())
        invitation = desk_members.add(self.desk, asked, self.root, self.ask, NOW)
        desk_members.join(self.other, invitation, self.words, NOW)

    def take_off(self, name: str, now: datetime) -> tuple[str, ...]:
        """Take somebody off, as the command does."""
        self.look(self.desk, now)
        own = move_desk.begin_move(self.desk, name, self.root, now)
        if own.moving:
            move_desk.make_room(own, self.server.origin, self.server.grant(), self.ask)
        without = move_desk.move(self.desk, self.ask, now) if own_desk(self.desk).value.moving else ()
        self.publish(now)
        return without


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with (
        relaying(tmp_path / "relay", "--price", "0") as server,
        Vault.in_memory() as desk,
        Vault.in_memory() as other,
        Vault.in_memory() as member,
        RelayWay(server.origin) as way,
    ):
        yield Scene(server, desk, other, member, way.ask)


def texts(vault: Vault, number: int = 1) -> list[str]:
    return [one.text for one in run_desk.show(vault, number).messages]


def test_a_second_device_knows_what_the_first_knows_and_its_answer_goes_out(scene: Scene) -> None:
    scene.write("First words")
    scene.look(scene.desk)
    run_desk.do(scene.desk, Act.LABEL, 1, "urgent", scene.ask, NOW)
    scene.add()
    assert texts(scene.other) == ["First words"]
    assert run_desk.show(scene.other, 1).said.labels == {"urgent"}
    scene.write("Second words")
    assert scene.look(scene.other).messages == 1
    assert scene.look(scene.desk).messages == 1
    run_desk.do(scene.other, Act.REPLY, 1, "An answer of the second", scene.ask, NOW)
    with pytest.raises(NoPublisherError):
        list(run_desk.publish(scene.other, scene.server.origin, scene.ask, NOW))
    scene.look(scene.desk)
    scene.publish()
    assert scene.replies() == ["An answer of the second"]
    told = desk_record.told(scene.desk)
    assert [(one.who, one.act) for one in told if one.thread] == [("first", Act.LABEL), ("second", Act.REPLY)]
    assert [(one.name, one.here, one.publishes) for one in desk_members.members(scene.other)] == [
        ("first", False, True),
        ("second", True, False),
    ]


def test_a_device_that_joins_holds_no_key_that_publishes_trims_or_is_anothers(scene: Scene) -> None:
    scene.add()
    first, second = own_desk(scene.desk).value, own_desk(scene.other).value
    assert (second.publish, second.certificate, second.relays[0].sheet) == (None, b"", b"")
    assert isinstance(second.log, BoardReader)
    assert isinstance(second.relays[0].inbox, BoardReader)
    assert second.device.public != first.device.public
    with pytest.raises(NoPublisherError):
        move_desk.begin_move(scene.other, "first", scene.root, NOW)


def test_keys_are_handed_on_before_they_run_out(scene: Scene) -> None:
    scene.add()
    scene.look(scene.other)
    scene.look(scene.desk)
    scene.publish()
    used = own_desk(scene.other).value.wrapping
    assert used
    scene.look(scene.other)
    # Opened once, the key is gone, and the next one stands in the record.
    assert own_desk(scene.other).value.wrapping != used
    later = NOW + timedelta(days=10)
    scene.look(scene.desk, later)
    scene.publish(later)
    scene.write("In ten days", later)
    assert scene.look(scene.other, later).messages == 1
    assert dict(own_desk(scene.other).value.days).keys() >= {(later + timedelta(days=10)).date()}


def test_who_is_taken_off_reads_nothing_more_and_who_stays_goes_on(scene: Scene) -> None:
    scene.write("Before it")
    scene.look(scene.desk)
    scene.add()
    with Vault.in_memory() as third:
        asked = desk_members.request(third, "third", NOW)
        desk_members.join(
            third, desk_members.add(scene.desk, asked, scene.root, scene.ask, NOW), scene.words, NOW
        )
        scene.look(scene.other)
        scene.look(third)
        before = own_desk(scene.desk).value
        assert scene.take_off("third", NOW) == ()
        assert [one.name for one in desk_members.members(scene.desk)] == ["first", "second"]
        scene.write("After it")
        assert scene.look(scene.other).messages == 1
        assert scene.look(scene.desk).messages == 1
        run_desk.do(scene.other, Act.NOTE, 1, "still here", scene.ask, NOW)
        scene.look(scene.desk)
        assert run_desk.show(scene.desk, 1).said.notes == ("still here",)
        with pytest.raises(UserError, match="taken off"):
            scene.look(third)
        with pytest.raises(UserError, match="taken off"):
            run_desk.do(third, Act.NOTE, 1, "no more", scene.ask, NOW)
        theirs = own_desk(third).value
        after = own_desk(scene.desk).value
        assert {seed for _, seed in theirs.days}.isdisjoint({seed for _, seed in after.days})
        assert theirs.log_key != after.log_key
        assert before.log.writer == theirs.log.writer != after.log.writer


def test_a_message_to_the_old_inbox_still_comes_and_then_it_is_closed(scene: Scene) -> None:
    scene.add()
    scene.look(scene.other)
    write_message.write(scene.member, 1, Kind.QUESTION, "By the old notice", {}, NOW)
    found = exchange.look(exchange.errand(scene.member, 1, scene.server.origin), scene.ask)
    exchange.take_in(scene.member, found, NOW)
    old = own_desk(scene.desk).value.relays[0].inbox
    scene.take_off("second", NOW)
    assert exchange.send(scene.member, found, scene.ask, lambda: NOW) == 1
    assert scene.look(scene.desk).messages == 1
    later = NOW + timedelta(days=5)
    scene.look(scene.desk, later)
    assert own_desk(scene.desk).value.before is None
    assert scene.ask(http.get_head(old.writer, old.reader)).status == 404


def test_a_move_that_broke_off_goes_on(scene: Scene) -> None:
    scene.add()
    scene.look(scene.other)
    scene.look(scene.desk)
    own = move_desk.begin_move(scene.desk, "second", scene.root, NOW)
    with pytest.raises(RefusedError):
        move_desk.make_room(own, scene.server.origin, b"x" * 32, scene.ask)
    again = move_desk.begin_move(scene.desk, "second", scene.root, NOW)
    assert again.moving == own.moving
    with pytest.raises(UserError, match="Somebody else"):
        move_desk.begin_move(scene.desk, "first", scene.root, NOW)
    assert scene.take_off("second", NOW) == ()
    assert own_desk(scene.desk).value.moving is None
    scene.look(scene.desk)


def test_who_had_no_key_ready_is_named(scene: Scene) -> None:
    scene.add()
    with Vault.in_memory() as third:
        asked = desk_members.request(third, "third", NOW)
        desk_members.add(scene.desk, asked, scene.root, scene.ask, NOW)
        assert scene.take_off("third", NOW) == ("second",)
    scene.look(scene.other)
    with pytest.raises(UserError, match="had no key ready"):
        scene.look(scene.other, NOW + timedelta(hours=2))
    # They ask again and go on as before.
    scene.add("second again")
    assert scene.look(scene.other).messages == 0
    assert scene.other.records.count(OWN) == 1


def test_an_invitation_opens_for_one_device_and_only_with_the_desks_words(scene: Scene) -> None:
    asked = desk_members.request(scene.other, "second", NOW)
    assert desk_members.request(scene.other, "other", NOW) == asked
    assert len(asked.words.split()) == 8
    with pytest.raises(WrongRootError):
        desk_members.add(scene.desk, asked, DoubleKey.new(), scene.ask, NOW)
    invitation = desk_members.add(scene.desk, asked, scene.root, scene.ask, NOW)
    with pytest.raises(UserError, match="eight words"):
        desk_members.join(scene.other, invitation, " ".join(reversed(scene.words.split())), NOW)
    with pytest.raises(NotInvitedError):
        desk_members.join(scene.other, invitation[:-1] + bytes([invitation[-1] ^ 1]), scene.words, NOW)
    with Vault.in_memory() as third:
        with pytest.raises(UserError, match="No request"):
            desk_members.join(third, invitation, scene.words, NOW)
        desk_members.request(third, "third", NOW)
        with pytest.raises(NotInvitedError):
            desk_members.join(third, invitation, scene.words, NOW)
    desk_members.join(scene.other, invitation, scene.words, NOW)
    with pytest.raises(UserError, match="No request"):
        desk_members.join(scene.other, invitation, scene.words, NOW)


def test_a_request_is_read_strictly(scene: Scene) -> None:
    asked = desk_members.request(scene.other, "second", NOW)
    assert read_request(asked.write()) == asked
    with pytest.raises(FormatError):
        read_request(asked.write()[:-1])
    with pytest.raises(FormatError):
        read_request(Request("x", asked.device, b"\xff" * 1_184 + asked.wrapping[1_184:]).write())


def test_a_name_is_used_once(scene: Scene) -> None:
    asked = desk_members.request(scene.other, "first", NOW)
    with pytest.raises(UserError, match="called first already"):
        desk_members.add(scene.desk, asked, scene.root, scene.ask, NOW)
    with pytest.raises(UserError, match="has a desk already"):
        desk_members.request(scene.desk, "x", NOW)
    with pytest.raises(move_desk.NoMemberError):
        move_desk.begin_move(scene.desk, "nobody", scene.root, NOW)
    with pytest.raises(UserError, match="cannot take itself off"):
        move_desk.begin_move(scene.desk, "first", scene.root, NOW)


def test_forged_and_swapped_invitations_are_named(scene: Scene) -> None:
    from holdfire.conversation.joining import open_invitation, write_invitation  # noqa: PLC0415
    from holdfire.sealing.hpke import SecretKey  # noqa: PLC0415

    mine, document = SecretKey.new(), own_desk(scene.desk).value.document
    asked = Request("second", b"d" * 32, mine.public)
    desk = own_desk(scene.desk).value.id
    assert (
        open_invitation(write_invitation(asked, document, b"state", desk, scene.root), mine, b"d" * 32).state
        == b"state"
    )
    with pytest.raises(ForgedError):
        open_invitation(write_invitation(asked, document, b"state", desk, DoubleKey.new()), mine, b"d" * 32)
    with pytest.raises(CrossDeskError):
        open_invitation(write_invitation(asked, document, b"state", desk, scene.root), mine, b"e" * 32)
