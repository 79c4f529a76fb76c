"""A relay behind tor, a desk and a member, on a Tor network of this computer's own: everything goes by onion circuits, and nothing beside them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import PHRASE, run
from simulators.relay_server import relaying
from simulators.tor_network import TorNetwork, tor_network

#: Seconds for a service to be known to a network that has just begun.
_KNOWN_SECONDS = 240


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TorNetwork]:
    if not (shutil.which("tor") and shutil.which("tor-gencert")):
        assert not os.environ.get("CI"), "tor must be there in CI"
        pytest.skip("tor is missing: install the system's `tor` to run these tests.")
    with tor_network(tmp_path_factory.mktemp("network")) as running:
        yield running


def reached(*arguments: object) -> str:
    """Return what a command says that goes through the network; run it again, as it asks for, while its way breaks."""
    until = time.monotonic() + _KNOWN_SECONDS
    while True:
        ran = run(*arguments)
        if ran.code == 0:
            return ran.out
        assert "Nothing is lost" in ran.err, ran
        assert time.monotonic() < until, ran
        time.sleep(1)


def say(*arguments: object) -> str:
    ran = run(*arguments)
    assert ran.code == 0, ran
    return ran.out


def test_a_message_and_its_answer_go_through_onion_circuits(
    network: TorNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text(PHRASE, "utf-8")
    desk, member = (("--vault", tmp_path / name, "--passphrase-file", phrase) for name in ("desk", "member"))
    for one in (desk, member):
        say("vault", "create", "--size", "64M", *one)
    out = ("--proxy", network.proxy, "--yes")
    monkeypatch.setenv("PATH", f"{network.programs}{os.pathsep}{os.environ['PATH']}")
    with relaying(tmp_path / "relay", "--onion", "--price", "0") as server:
        assert server.origin.endswith(".onion")
        host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
        made = reached("desk", "init", "Lawyers", *host, "--root", tmp_path / "root", *out, *desk)
        words = made.partition("Its eight words: ")[2].splitlines()[0]
        say("desk", "card", "--out", tmp_path / "card", *desk)
        reached("desk", "publish", *out, *desk)
        say("drop", "add-desk", tmp_path / "card", *member)
        say("drop", "confirm", 1, *words.split(), *member)
        (tmp_path / "text").write_text("May I resign now?", "utf-8")
        say("drop", "send", 1, "--kind", "question", "--text", tmp_path / "text", "--queue", *member)
        assert "Sent: 1." in reached("drop", "send", 1, *out, *member)
        assert "New messages: 1." in reached("desk", "pull", *out, *desk)
        (tmp_path / "text").write_text("You may.", "utf-8")
        reached("desk", "reply", 1, "--text", tmp_path / "text", *out, *desk)
        reached("desk", "publish", *out, *desk)
        assert "You may." in reached("drop", "check", 1, *out, *member)
        # Straight from this computer the name leads nowhere: nothing went beside tor.
        straight = run("drop", "check", 1, "--proxy", "none", "--yes", *member)
        assert straight.code == 1
