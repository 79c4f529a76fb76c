"""A file larger than memory should be goes from a member's vault to a desk's: whole, and in bounded memory on all three sides."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from holdfire.conversation.kinds import Kind
from holdfire.journeys import exchange, fetch_files, keep_desk, keep_own_desk, run_desk, write_message
from holdfire.journeys.keep_evidence import add_evidence, find_evidence
from holdfire.journeys.keep_own_desk import Room
from holdfire.reach.relay import RelayWay
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.memory import peak_while, resident
from simulators.relay_server import relaying

MIB = 1 << 20
NOW = datetime.now(UTC)
#: What each side may take above what it has, however large the file is.
MOST = 64 * MIB

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")


@contextmanager
def opened(path: Path, size: int) -> Iterator[Vault]:
    """Make a vault on disk with room for a file of this size: a quarter of it is one compartment's."""
    Vault.create(path, ["a phrase"], 64 * MIB + 5 * size, profile=TEST)
    with Vault.open(path, "a phrase", profile=TEST) as vault:
        yield vault


def goes_to_a_desk(folder: Path, size: int) -> None:
    whole = sha256()

    def film() -> Iterator[bytes]:
        for _ in range(size // MIB):
            piece = os.urandom(MIB)
            whole.update(piece)
            yield piece

    # Whoever asks for no puzzle; what that costs is no question of memory.
    with (
        relaying(folder / "relay", "--open") as server,
        RelayWay(server.origin) as way,
        opened(folder / "desk", size) as desk,
        opened(folder / "member", size) as member,
    ):
        room = Room(server.origin, server.head_key, server.grant())
        own, _root = keep_own_desk.new_desk(desk, "Lawyers", "", [room], "first", NOW)
        keep_own_desk.settle(own.value, room, way.ask)
        list(run_desk.publish(desk, server.origin, way.ask, NOW))
        keep_desk.add_desk(member, own.value.document, NOW)
        keep_desk.confirm_desk(member, 1, own.value.card.words, NOW)
        taken = peak_while(lambda: add_evidence(member, film(), NOW, title="a film", size=size))
        write_message.write(member, 1, Kind.EVIDENCE, "", {"shows": "a street"}, NOW, attachments=[1])
        found = exchange.look(exchange.errand(member, 1, server.origin), way.ask)
        exchange.take_in(member, found, NOW)
        relay = resident(server.pid, "VmRSS")
        sent = peak_while(lambda: exchange.send(member, found, way.ask, lambda: NOW))
        run_desk.look(desk, server.origin, way.ask, NOW)
        fetched = peak_while(lambda: list(fetch_files.accept(desk, 1, server.origin, way.ask, NOW)))
        took = {
            "taken": taken,
            "sent": sent,
            "fetched": fetched,
            "relay": resident(server.pid, "VmHWM") - relay,
        }
        assert find_evidence(desk, 1).value.sha256 == whole.hexdigest()
    assert max(took.values()) < MOST, took


def test_a_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    goes_to_a_desk(tmp_path, 96 * MIB)


@pytest.mark.nightly
def test_two_gibibytes_arrive_whole_in_the_same_memory(tmp_path: Path) -> None:
    goes_to_a_desk(tmp_path, 2_048 * MIB)
