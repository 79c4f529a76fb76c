"""The way to a relay: through a proxy apart from every other way, a kept connection that breaks, answers longer than right ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfire.errors import NetworkError, PeerError, UserError
from holdfire.reach.relay import RelayWay
from holdfire.reach.way import Proxy
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.http import Request
from simulators.network import proxying, serving
from simulators.relay_server import RelayServer, relaying

ONION = f"http://{'a' * 56}.onion"
HOST = ONION.removeprefix("http://")
BOARD = BoardSecrets(b"o" * 32)
HEALTH = Request("GET", "/health")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with relaying(tmp_path_factory.mktemp("relay"), "--open") as running:
        yield running


def port_of(server: RelayServer) -> int:
    return int(server.origin.rpartition(":")[2])


@pytest.mark.parametrize("takes_names", [True, False])
def test_an_onion_is_reached_through_the_proxy_alone(server: RelayServer, takes_names: bool) -> None:  # noqa: FBT001
    with proxying({HOST: port_of(server)}, takes_names=takes_names) as proxy:
        with RelayWay(ONION, Proxy("127.0.0.1", proxy.port)) as way:
            assert way.ask(HEALTH).status == 200
            assert way.ask(Request("GET", "/nothing")).status == 404
        assert {host for _, host in proxy.asked} == {f"{HOST}:80"}


def test_no_two_ways_share_a_name_at_the_proxy(server: RelayServer) -> None:
    """Tor gives each name a circuit of its own: a check-in and what is sent after it are not tied together there."""
    with proxying({HOST: port_of(server)}) as proxy:
        for _ in range(2):
            with RelayWay(ONION, Proxy("127.0.0.1", proxy.port)) as way:
                for _ in range(3):
                    way.ask(HEALTH)
        names = [name for name, _ in proxy.asked]
    # One connection for all that is asked in one way.
    assert len(names) == len(set(names)) == 2
    assert all(len(name) == 16 for name in names)


def test_an_onion_without_a_proxy_is_not_asked_for() -> None:
    with pytest.raises(UserError, match="Tor"):
        RelayWay(ONION)


def test_a_relay_that_came_back_is_reached_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    with relaying(tmp_path_factory.mktemp("again"), "--open") as server, RelayWay(server.origin) as way:
        assert way.ask(HEALTH).status == 200
        server.kill()
        with pytest.raises(NetworkError):
            way.ask(HEALTH)
        server.start()
        assert way.ask(HEALTH).status == 200


def test_nothing_is_said_that_the_protocol_does_not_say() -> None:
    with serving(lambda _, __: (201, b"")) as heard:
        with RelayWay(heard.address) as way:
            way.ask(http.post_entry(BOARD.writer, bytes(INBOX_ENTRY), b"t" * 32))
        names = [name.lower() for name, _ in heard.asked[0].headers]
    assert sorted(names) == ["content-length", "holdfire-ticket", "host"]


def test_an_answer_longer_than_any_right_one_is_not_read() -> None:
    asked = http.get_head(BOARD.writer, BOARD.reader)
    with (
        serving(lambda _, __: (200, b"x" * 4_096)) as heard,
        RelayWay(heard.address) as way,
        pytest.raises(PeerError),
    ):
        way.ask(asked)


def test_a_relay_that_says_nothing_is_left() -> None:
    late = pytest.raises(NetworkError, match="1 seconds")
    with (
        serving(lambda _, __: (200, [5.0, b"late"])) as heard,
        RelayWay(heard.address, seconds=1) as way,
        late,
    ):
        way.ask(HEALTH)
