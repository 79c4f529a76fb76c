"""`holdfire desk leave-relay`: a desk goes on after the relay with its record was destroyed."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from command_line import is_refused, run
from simulators.relay_server import relaying

OUT = ("--yes", "--proxy", "none")


def say(*arguments: object) -> str:
    """Run a command that must end well, and return what it said."""
    answer = run(*arguments)
    assert answer.code == 0, answer.err
    return answer.out


@pytest.fixture
def desk(tmp_path: Path, phrase: Path) -> tuple[object, ...]:
    vault = ("--vault", tmp_path / "notes", "--passphrase-file", phrase)
    say("vault", "create", "--size", "64M", *vault)
    return vault


def test_a_desk_goes_on_without_the_relay_of_its_record(desk: tuple[object, ...], tmp_path: Path) -> None:
    root, card = tmp_path / "root", tmp_path / "card"
    with ExitStack() as stack:
        first, second = (stack.enter_context(relaying(tmp_path / name, "--open")) for name in ("a", "b"))
        relays = [
            given
            for one in (first, second)
            for given in ("--relay", one.origin, "--key", one.head_key.hex(), "--grant", one.grant().hex())
        ]
        say("desk", "init", "Lawyers", *relays, "--root", root, *OUT, *desk)
        say("desk", "publish", *OUT, *desk)
        words = say("desk", "card", *desk)
        say("desk", "record", "--out", tmp_path / "acts.jsonl", *OUT, *desk)
        first.kill()
        leave = ("desk", "leave-relay", first.origin, "--root", root, *OUT, *desk)
        is_refused(run(*leave), 2, "--grant")
        is_refused(run("desk", "leave-relay", "http://127.0.0.1:9", "--root", root, *OUT, *desk), 1, "no such relay")  # fmt: skip
        assert "It is left." in say(*leave, "--grant", second.grant().hex())
        assert say("desk", "card", "--out", card, *desk) == words
        assert first.origin.encode() not in card.read_bytes()
        # The act before the loss is there, and a new one finds its place after it.
        say("desk", "record", "--out", tmp_path / "again.jsonl", *OUT, *desk)
        before, after = ((tmp_path / name).read_text().splitlines() for name in ("acts.jsonl", "again.jsonl"))
        assert after[: len(before)] == before
        assert [json.loads(line)["act"] for line in after[len(before) :]] == ["roster", "export"]
        assert "Nothing has come" in say("desk", "pull", *OUT, *desk) + say("desk", "inbox", *desk)
        is_refused(run("desk", "leave-relay", second.origin, "--root", root, *OUT, *desk), 1, "only relay")
