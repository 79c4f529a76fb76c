"""T34: one of a desk's two relays is destroyed: every message comes through the other, and every unseen answer is there."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import Kind
from holdfire.errors import NetworkError
from holdfire.journeys import change_relays, exchange, keep_desk, keep_own_desk, run_desk, write_message
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.reach.relay import RelayWay
from holdfire.sealing.double_signature import DoubleKey
from holdfire.vault.vault import Vault
from holdfire.wire.http import Ask
from simulators.relay_server import RelayServer, relaying

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
MEMBERS = 3


def publish(desk: Vault, origin: str, ask: Ask, now: datetime) -> None:
    for _ in run_desk.publish(desk, origin, ask, now):
        pass


def check_in(member: Vault, origin: str, ask: Ask, now: datetime) -> exchange.News:
    return exchange.take_in(member, exchange.look(exchange.errand(member, 1, origin), ask), now)


def send(member: Vault, origin: str, ask: Ask, now: datetime) -> int:
    found = exchange.look(exchange.errand(member, 1, origin), ask)
    exchange.take_in(member, found, now)
    return exchange.send(member, found, ask, lambda: now, again=True, relay=origin)


def destroy(server: RelayServer) -> None:
    server.kill()
    shutil.rmtree(server.folder)


@pytest.mark.parametrize(
    ("first_lost", "answered"),
    [(False, False), (True, True), (True, False)],
    ids=["the second, unread", "the first, answered", "the first, unread"],
)
def test_one_of_two_relays_is_destroyed(tmp_path: Path, *, first_lost: bool, answered: bool) -> None:
    with ExitStack() as stack:
        enter = stack.enter_context
        servers = [enter(relaying(tmp_path / name, "--open")) for name in ("first", "second")]
        lost, left = servers if first_lost else servers[::-1]
        ways = {one.origin: enter(RelayWay(one.origin)).ask for one in servers}
        desk = enter(Vault.in_memory())
        members = [enter(Vault.in_memory()) for _ in range(MEMBERS)]
        rooms = [Room(one.origin, one.head_key, one.grant()) for one in servers]
        record, root = keep_own_desk.new_desk(desk, "A desk", "", rooms, "first", NOW)
        for room in rooms:
            keep_own_desk.settle(record.value, room, ways[room.origin])
            publish(desk, room.origin, ways[room.origin], NOW)
        for number, member in enumerate(members):
            keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
            keep_desk.confirm_desk(member, 1, own_desk(desk).value.card.words, NOW)
            write_message.write(member, 1, Kind.QUESTION, f"question {number}", {}, NOW)
            assert send(member, lost.origin, ways[lost.origin], NOW) == 1
        if answered:
            read_all(desk, lost.origin, ways[lost.origin])
            answer_all(desk, left.origin, ways[servers[0].origin], ways[left.origin])
        destroy(lost)
        for member in members:
            with pytest.raises(NetworkError):
                check_in(member, lost.origin, ways[lost.origin], LATER)
            assert len(write_message.outbox(member)) == 1  # nothing but a receipt clears it
            if not answered:
                assert send(member, left.origin, ways[left.origin], LATER) == 1
        if not answered:
            read_all(desk, left.origin, ways[left.origin])
            leave(desk, lost.origin, root, left.grant(), ways[left.origin])
            answer_all(desk, left.origin, ways[left.origin], ways[left.origin])
        for number, member in enumerate(members):
            news = check_in(member, left.origin, ways[left.origin], LATER)
            assert [line.text for line in news.replies] == [f"on question {number}"]
            assert news.faults == ()
            assert write_message.outbox(member) == ()
            if not answered:
                assert exchange.origins(member, 1) == (left.origin,)


def leave(desk: Vault, origin: str, root: DoubleKey, grant: bytes, ask: Ask) -> None:
    """Let the desk leave a relay that is gone, twice: the first time it breaks off."""
    left = change_relays.without_relay(own_desk(desk).value, origin, root)
    change_relays.keep_left(desk, left, LATER)
    left = change_relays.without_relay(own_desk(desk).value, origin, root)
    if change_relays.begins_anew(left):
        change_relays.begin_record(desk, root, grant, ask, LATER)
    change_relays.put_card(desk, left.relays[0].origin, ask)


def read_all(desk: Vault, origin: str, ask: Ask) -> None:
    """Let the desk read an inbox, and see that every message came."""
    assert run_desk.look(desk, origin, ask, LATER).messages == MEMBERS
    shown = [run_desk.show(desk, one.thread.number).messages[0].text for one in run_desk.threads(desk)]
    assert sorted(shown) == [f"question {number}" for number in range(MEMBERS)]


def answer_all(desk: Vault, origin: str, record: Ask, ask: Ask) -> None:
    """Let the desk answer every thread in its record, and publish on one relay."""
    for one in run_desk.threads(desk):
        asked = run_desk.show(desk, one.thread.number).messages[0].text
        run_desk.do(desk, Act.REPLY, one.thread.number, f"on {asked}", record, LATER)
    publish(desk, origin, ask, LATER)
