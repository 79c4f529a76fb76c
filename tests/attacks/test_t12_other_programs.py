"""T12: another program on this computer asks the app.

An adversary with a process of the same user could try the port, guess the address, replay the launch link, or forge a host
name. They get refusals that carry no content, and the person's own session goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from holdfire.web.app import routes
from holdfire.web.guard import LAUNCH_SECONDS, OPEN_PATHS
from simulators.served import Served


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as running:
        yield running


def paths() -> list[str]:
    named = {
        "question": "moment",
        "form": "html",
        "action": "ask-in-writing",
        "heading": "delay",
        "source": "us-ucmj-92",
        "occasion": "order",
    }
    return sorted(
        {
            re.sub(r"\{(\w+)(:\w+)?\}", lambda found: named.get(found[1], "1"), route.path)
            for route in routes()
        }
        - OPEN_PATHS
    )


def test_without_the_cookie_no_page_says_anything(served: Served) -> None:
    refused = {served.ask("GET", path).text for path in paths()}
    assert len(refused) == 1
    assert {served.ask("GET", path).status for path in paths()} == {403}


def test_a_launch_link_works_once(served: Served) -> None:
    link = served.program.door.new_launch()
    assert served.ask("GET", link).status == 303
    assert served.ask("GET", link).status == 403


def test_a_launch_link_dies_after_a_minute_and_at_the_next_one(served: Served) -> None:
    old = served.program.door.new_launch()
    new = served.program.door.new_launch()
    assert served.ask("GET", old).status == 403
    served.clock.seconds += LAUNCH_SECONDS + 1
    assert served.ask("GET", new).status == 403


def test_guessing_leaves_the_person_where_they_are(served: Served) -> None:
    served.come_in()
    for guess in ("x", "0" * 43, served.cookie.partition("=")[2][:-1]):
        assert served.ask("GET", f"/start/{guess}").status == 403
        assert served.ask("GET", "/guide", headers={"Cookie": f"notes={guess}"}).status == 403
    assert served.get("/guide").status == 200


@pytest.mark.parametrize("host", ["localhost", "evil.example", "127.0.0.1", "[::1]:80", ""])
def test_a_forged_host_is_refused(served: Served, host: str) -> None:
    served.come_in()
    assert served.ask("GET", "/", headers={"Host": host}).status == 421


def test_it_listens_on_loopback_alone() -> None:
    import socket  # noqa: PLC0415

    from holdfire.web.serve import _listen  # noqa: PLC0415

    listening = _listen(0)
    try:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.family is socket.AF_INET
    finally:
        listening.close()
