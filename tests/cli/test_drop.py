"""`holdfire drop` as a person runs it, over a real relay, with a desk that answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from command_line import Ran, is_refused, run
from conversation.desk_drawn import TestDesk
from drop.exchange_played import PlayedDesk
from holdfire.reach.relay import RelayWay
from simulators.relay_server import relaying


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    file = tmp_path_factory.mktemp("vault") / "notes"
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    return file


def document(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran
    return cast("dict[str, Any]", ran.document())


def test_a_whole_exchange_over_a_real_relay(vault: Path, phrase: Path, tmp_path: Path) -> None:
    opened = ("--vault", vault, "--passphrase-file", phrase)
    text, card = tmp_path / "text", tmp_path / "card"
    text.write_text("Whom can I ask?", "utf-8")
    out = ("--proxy", "none", "--yes")
    assert "No desk yet." in run("drop", "desks", *opened).out
    with relaying(tmp_path / "relay") as server, RelayWay(server.origin) as way:
        desk = PlayedDesk(
            TestDesk(origin=server.origin), datetime.now(UTC).replace(microsecond=0), real=way.ask, grant=server.grant()
        )  # fmt: skip
        card.write_bytes(desk.document)
        assert "NOT CONFIRMED" in run("drop", "add-desk", card, *opened).out
        is_refused(run("drop", "send", 1, "--text", text, *out, *opened), 1, "Nobody has compared")
        is_refused(run("drop", "confirm", 1, *TestDesk("x").card.words.split(), *opened), 1, "not the eight")
        assert "confirmed on" in run("drop", "confirm", 1, *desk.card.words.split(), *opened).out
        assert (
            "missing: Where?" in run("drop", "send", 1, "--kind", "force", "--text", text, *out, *opened).err
        )
        ran = run("drop", "send", 1, "--text", text, *out, *opened)
        assert ran.code == 0, ran
        assert "Sent: 1. Waiting for a receipt or to be sent: 1." in ran.out
        assert "have not noted whether contact" in ran.err
        assert f"To {server.origin}" in ran.err
        desk.pull()
        assert desk.opened[0].message.text == "Whom can I ask?"
        desk.answer("Ask on Monday.")
        desk.time = datetime.now(UTC).replace(microsecond=0)
        desk.publish()
        news = document(run("drop", "check", 1, *out, "--json", *opened))
        assert [one["text"] for one in news["replies"]] == ["Ask on Monday."]
        assert news["said"] == ["The desk has message 1."]
        assert document(run("drop", "outbox", "--json", *opened)) == {"waiting": []}
        assert "Ask on Monday." in run("drop", "replies", 1, *opened).out
        server.stop()
        ran = run("drop", "check", 1, *out, "--json", *opened)
        assert (ran.code, ran.out) == (1, "")
        assert "could not be reached" in ran.err
        ran = run("drop", "send", 1, "--text", text, *out, "--json", *opened)
        assert (ran.code, ran.out) == (1, "")
        assert "with --relay" in ran.err
        assert "Traceback" not in ran.err
    assert [one["state"] for one in document(run("drop", "outbox", "--json", *opened))["waiting"]] == [
        "written, not sent"
    ]
    assert "Deleted." in run("drop", "forget", 1, "--yes", *opened).out


def test_twelve_words_are_made_and_never_taken_from_a_pipe(tmp_path: Path) -> None:
    made = document(run("drop", "words", "new", "--json"))
    assert len(made["words"].split()) == 12
    card = tmp_path / "card"
    card.write_bytes(PlayedDesk().document)
    is_refused(
        run("drop", "words", "check", card, "--unconfirmed", stdin=made["words"].encode()), 2, "terminal"
    )
