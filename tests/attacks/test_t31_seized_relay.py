"""T31: who takes a relay, running or not, finds no word, no name, no key and no file name of those who used it."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import Kind
from holdfire.journeys import exchange, keep_desk, keep_own_desk, run_desk, write_message
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.journeys.kept_talk import open_end
from holdfire.reach.relay import RelayWay
from holdfire.vault.vault import Vault
from holdfire.wire.http import Ask
from simulators.relay_server import RelayServer, relaying

NOW = datetime.now(UTC)
#: Each stands in what somebody wrote, kept or called something.
PLANTED = (
    b"Planted-Text",
    b"Planted-Answer",
    b"Planted-File",
    b"Planted-Title",
    b"Planted-Note",
    b"Planted-Member",
)


def submit(server: RelayServer, ask: Ask, desk: Vault, number: int) -> list[bytes]:
    """Let one more member write, and return the secrets of that conversation."""
    with Vault.in_memory() as member:
        keep_desk.add_desk(member, own_desk(desk).value.document, NOW)
        files = []
        if number == 0:
            add_evidence(
                member, [b"Planted-File" * 90_000], NOW, title="Planted-Title", name="Planted-Title.mp4"
            )
            files = [1]
        text = f"Planted-Text {number}, from Planted-Member"
        write_message.write(member, 1, Kind.QUESTION, text, {}, NOW, attachments=files, unconfirmed=True)
        found = exchange.look(exchange.errand(member, 1, server.origin, unconfirmed=True), ask)
        exchange.take_in(member, found, NOW)
        assert exchange.send(member, found, ask, lambda: NOW) == 1
        record = open_end(member, 1)
        assert record
        end = record.value.end
        return [end.conversation, end.last_step, *(seed for _, seed in end.keys)]


def memory_of(pid: int) -> bytes:
    """Return what can be read of a process's memory."""
    found = bytearray()
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text("ascii", "replace").splitlines():
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
            if match is None or "[v" in line:
                continue
            start, end = int(match[1], 16), int(match[2], 16)
            memory.seek(start)
            try:
                found += memory.read(end - start)
            except OSError:
                continue
    return bytes(found)


def seized(tmp_path: Path, members: int) -> None:
    with (
        relaying(tmp_path / "relay", "--open") as server,
        RelayWay(server.origin) as way,
        Vault.in_memory() as desk,
    ):
        room = Room(server.origin, server.head_key, server.grant())
        record, root = keep_own_desk.new_desk(desk, "Control-Name", "", [room], "first", NOW)
        keep_own_desk.settle(record.value, room, way.ask)
        for _ in run_desk.publish(desk, server.origin, way.ask, NOW):
            pass
        secrets = [secret for number in range(members) for secret in submit(server, way.ask, desk, number)]
        assert run_desk.look(desk, server.origin, way.ask, NOW).messages == members
        run_desk.do(desk, Act.REPLY, 1, "Planted-Answer", way.ask, NOW)
        run_desk.do(desk, Act.NOTE, 1, "Planted-Note", way.ask, NOW)
        for _ in run_desk.publish(desk, server.origin, way.ask, NOW):
            pass
        own = own_desk(desk).value
        secrets += [
            root.seed,
            own.publish.seed if own.publish else b"",
            own.device.seed,
            own.log_key,
            *(seed for _, seed in own.days),
        ]
        memory = memory_of(server.pid) if sys.platform == "linux" else b""
        said = server.stop().encode()
        disk = b"".join(path.read_bytes() for path in (tmp_path / "relay").rglob("*") if path.is_file())
    # What is looked for would be found: the relay does hold the desk's card.
    assert b"Control-Name" in disk
    for place in (disk, said, memory):
        assert [word for word in (*PLANTED, *secrets) if word in place] == []
        assert [secret for secret in secrets if secret.hex().encode() in place] == []


def test_after_thirty_submissions(tmp_path: Path) -> None:
    seized(tmp_path, 30)


@pytest.mark.nightly
def test_after_ten_thousand_submissions(tmp_path: Path) -> None:
    seized(tmp_path, 10_000)
