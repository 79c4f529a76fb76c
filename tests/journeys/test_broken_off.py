"""What a desk does in several questions to a relay, broken off at each of them, before it arrives or before its answer does, and said again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import Kind
from holdfire.errors import NetworkError, UserError
from holdfire.journeys import (
    accept_files,
    change_relays,
    desk_members,
    desk_record,
    exchange,
    fetch_files,
    keep_desk,
    keep_own_desk,
    move_desk,
    run_desk,
    write_message,
)
from holdfire.journeys.keep_evidence import EVIDENCE, add_evidence
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.reach.relay import RelayWay
from holdfire.vault.vault import Vault
from holdfire.wire.http import Answer, Ask, Request
from simulators.relay_server import relaying

NOW = datetime.now(UTC)


class Scene:
    """A desk on one relay or two, with a root, and its ways."""

    def __init__(self, folder: Path, stack: ExitStack, relays: int = 1) -> None:
        self.enter = stack.enter_context
        servers = [self.enter(relaying(folder / f"{place}", "--price", "0")) for place in range(relays)]
        self.ways = {one.origin: self.enter(RelayWay(one.origin)).ask for one in servers}
        self.rooms = [Room(one.origin, one.head_key, one.grant()) for one in servers]
        self.grants = {one.origin: one.grant for one in servers}
        self.desk = self.enter(Vault.in_memory())
        self.made, self.root = keep_own_desk.new_desk(self.desk, "A desk", "", self.rooms, "first", NOW)
        self.words = self.made.value.card.words

    def settle(self, ways: Mapping[str, Ask]) -> None:
        for room in self.rooms:
            keep_own_desk.settle(self.made.value, room, ways[room.origin])

    def publish(self, ways: Mapping[str, Ask]) -> None:
        for one in own_desk(self.desk).value.relays:
            for _ in run_desk.publish(self.desk, one.origin, ways[one.origin], NOW):
                pass

    def look(self, vault: Vault) -> run_desk.News:
        origin = own_desk(vault).value.relays[0].origin
        return run_desk.look(vault, origin, self.ways[origin], NOW)

    def add(self, name: str, ways: Mapping[str, Ask]) -> Vault:
        """Return the vault of a device that joined, however often the desk had to begin anew."""
        other = self.enter(Vault.in_memory())
        asked = desk_members.request(other, name, NOW)
        ask = ways[own_desk(self.desk).value.relays[0].origin]
        desk_members.join(other, desk_members.add(self.desk, asked, self.root, ask, NOW), self.words, NOW)
        return other

    def write(self) -> None:
        """Have somebody new write a message, by what stands on the desk's first relay."""
        member, origin = self.enter(Vault.in_memory()), own_desk(self.desk).value.relays[0].origin
        keep_desk.add_desk(member, own_desk(self.desk).value.document, NOW)
        write_message.write(member, 1, Kind.QUESTION, "After it", {}, NOW, unconfirmed=True)
        found = exchange.look(exchange.errand(member, 1, origin, unconfirmed=True), self.ways[origin])
        exchange.take_in(member, found, NOW)
        assert exchange.send(member, found, self.ways[origin], lambda: NOW, relay=origin) == 1


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture(params=["before it arrives", "before its answer does"])
def arrives(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "before its answer does")


def again_and_again(
    ways: Mapping[str, Ask], act: Callable[[Mapping[str, Ask]], object], *, arrives: bool
) -> int:
    """Do something until it ends, broken off at the first question, then at the second, and so on; return how often it broke."""
    breaks = 0
    while True:
        left = iter(range(breaks, -1, -1))
        try:
            act({origin: _breaking(ask, left, arrives=arrives) for origin, ask in ways.items()})
        except NetworkError:
            breaks += 1
        else:
            return breaks


def _breaking(ask: Ask, left: Iterator[int], *, arrives: bool) -> Ask:
    """Return a way that breaks at the question at which nothing is `left` before it, and stays broken."""

    def broken(request: Request) -> Answer:
        if next(left, 0) == 0:
            if arrives:
                ask(request)
            raise NetworkError("the way broke")
        return ask(request)

    return broken


def test_making_a_desk(tmp_path: Path, stack: ExitStack, *, arrives: bool) -> None:
    scene = Scene(tmp_path, stack, relays=2)

    def settle(ways: Mapping[str, Ask]) -> None:
        begun = keep_own_desk.begun_desk(scene.desk, "A desk", scene.rooms)
        assert begun
        assert begun.document == scene.made.value.document
        scene.settle(ways)

    # On each relay: its boards, its sheet, what stands there, the card.
    assert again_and_again(scene.ways, settle, arrives=arrives) == 5 + 4
    assert again_and_again(scene.ways, scene.publish, arrives=arrives) > 5
    assert keep_own_desk.begun_desk(scene.desk, "A desk", scene.rooms) is None
    scene.write()
    assert scene.look(scene.desk).messages == 1


def test_adding_a_device(tmp_path: Path, stack: ExitStack, *, arrives: bool) -> None:
    scene = Scene(tmp_path, stack)
    scene.settle(scene.ways)
    scene.publish(scene.ways)
    other = scene.enter(Vault.in_memory())
    asked = desk_members.request(other, "second", NOW)
    invitations: list[bytes] = []
    (origin,) = scene.ways

    def add(ways: Mapping[str, Ask]) -> None:
        invitations.append(desk_members.add(scene.desk, asked, scene.root, ways[origin], NOW))

    assert again_and_again(scene.ways, add, arrives=arrives) > 2
    desk_members.join(other, invitations[0], scene.words, NOW)
    scene.write()
    assert [scene.look(one).messages for one in (other, scene.desk)] == [1, 1]
    assert [one.name for one in desk_members.members(other)] == ["first", "second"]


def test_taking_a_device_off(tmp_path: Path, stack: ExitStack, *, arrives: bool) -> None:
    scene = Scene(tmp_path, stack)
    scene.settle(scene.ways)
    scene.publish(scene.ways)
    second, third = (scene.add(name, scene.ways) for name in ("second", "third"))
    scene.look(second)
    (origin,) = scene.ways

    def take_off(ways: Mapping[str, Ask]) -> None:
        run_desk.look(scene.desk, origin, ways[origin], NOW)
        own = move_desk.begin_move(scene.desk, "third", scene.root, NOW)
        if own.moving:
            move_desk.make_room(own, origin, scene.grants[origin](), ways[origin])
            assert move_desk.move(scene.desk, ways[origin], NOW) == ()
        scene.publish(ways)

    assert again_and_again(scene.ways, take_off, arrives=arrives) > 5
    assert [one.name for one in desk_members.members(scene.desk)] == ["first", "second"]
    scene.write()
    assert [scene.look(one).messages for one in (second, scene.desk)] == [1, 1]
    with pytest.raises(UserError, match="taken off"):
        scene.look(third)


def test_writing_answering_and_reading_the_answer(tmp_path: Path, stack: ExitStack, *, arrives: bool) -> None:
    scene = Scene(tmp_path, stack)
    scene.settle(scene.ways)
    scene.publish(scene.ways)
    (origin,) = scene.ways
    member = scene.enter(Vault.in_memory())
    keep_desk.add_desk(member, own_desk(scene.desk).value.document, NOW)
    keep_desk.confirm_desk(member, 1, scene.words, NOW)
    film = b"a film of two pieces" * 80_000
    add_evidence(member, [film], NOW, title="film")
    write_message.write(member, 1, Kind.EVIDENCE, "", {"shows": "a street"}, NOW, attachments=[1])
    texts: list[str] = []

    def check_in(ways: Mapping[str, Ask]) -> None:
        found = exchange.look(exchange.errand(member, 1, origin), ways[origin])
        texts.extend(one.text for one in exchange.take_in(member, found, NOW).replies)
        exchange.send(member, found, ways[origin], lambda: NOW, again=True)

    def pull(ways: Mapping[str, Ask]) -> None:
        run_desk.look(scene.desk, origin, ways[origin], NOW)

    def fetch(ways: Mapping[str, Ask]) -> None:
        for _ in fetch_files.accept(scene.desk, 1, origin, ways[origin], NOW):
            pass
        accept_files.put_on_record(scene.desk, 1, ways[origin], NOW)

    def answer(ways: Mapping[str, Ask]) -> None:
        run_desk.do(scene.desk, Act.REPLY, 1, "Keep it.", ways[origin], NOW)

    assert again_and_again(scene.ways, check_in, arrives=arrives) > 5
    assert again_and_again(scene.ways, pull, arrives=arrives) > 3
    (thread,) = run_desk.threads(scene.desk)
    assert [one.text for one in run_desk.show(scene.desk, thread.thread.number).messages] == [""]
    assert again_and_again(scene.ways, fetch, arrives=arrives) > 3
    kept = [one.value.sha256 for one in scene.desk.records.all(EVIDENCE)]
    assert kept == [sha256(film).hexdigest()]
    assert again_and_again(scene.ways, answer, arrives=arrives) > 3
    assert [one.act for one in desk_record.told(scene.desk) if one.thread] == [Act.ACCEPT, Act.REPLY]
    scene.publish(scene.ways)
    assert again_and_again(scene.ways, check_in, arrives=arrives) > 1
    assert texts == ["Keep it."]
    assert write_message.outbox(member) == ()


def test_a_file_comes_whole_over_a_way_that_breaks_at_every_third_question(
    tmp_path: Path, stack: ExitStack
) -> None:
    scene = Scene(tmp_path, stack)
    scene.settle(scene.ways)
    scene.publish(scene.ways)
    (origin,) = scene.ways
    member, film, asked = scene.enter(Vault.in_memory()), b"a film of four pieces" * 170_000, 0
    keep_desk.add_desk(member, own_desk(scene.desk).value.document, NOW)
    add_evidence(member, [film], NOW, title="film")
    write_message.write(member, 1, Kind.QUESTION, "x", {}, NOW, attachments=[1], unconfirmed=True)
    found = exchange.look(exchange.errand(member, 1, origin, unconfirmed=True), scene.ways[origin])
    exchange.take_in(member, found, NOW)
    exchange.send(member, found, scene.ways[origin], lambda: NOW)
    scene.look(scene.desk)

    def shaky(request: Request) -> Answer:
        nonlocal asked
        asked += 1
        if asked % 3 == 0:
            raise NetworkError("the way broke")
        return scene.ways[origin](request)

    told = list(fetch_files.accept(scene.desk, 1, origin, shaky, NOW))
    assert len(told) == told[-1][1] > 3
    assert [one.value.sha256 for one in scene.desk.records.all(EVIDENCE)] == [sha256(film).hexdigest()]


def test_leaving_the_first_relay(tmp_path: Path, stack: ExitStack, *, arrives: bool) -> None:
    scene = Scene(tmp_path, stack, relays=2)
    scene.settle(scene.ways)
    scene.publish(scene.ways)
    scene.write()
    scene.look(scene.desk)
    lost, left = scene.ways

    def leave(ways: Mapping[str, Ask]) -> None:
        own = change_relays.without_relay(own_desk(scene.desk).value, lost, scene.root)
        change_relays.keep_left(scene.desk, own, NOW)
        if change_relays.begins_anew(own):
            change_relays.begin_record(scene.desk, scene.root, scene.grants[left](), ways[left], NOW)
        change_relays.put_card(scene.desk, left, ways[left])
        scene.publish(ways)

    assert again_and_again({left: scene.ways[left]}, leave, arrives=arrives) > 5
    scene.write()
    assert scene.look(scene.desk).messages == 1
    for thread in (1, 2):
        run_desk.do(scene.desk, Act.NOTE, thread, "still here", scene.ways[left], NOW)
        assert run_desk.show(scene.desk, thread).said.notes == ("still here",)
    told = [one.act for one in desk_record.told(scene.desk)]
    assert told.count(Act.NOTE) == 2
    assert scene.look(scene.add("second", scene.ways)).messages == 0
