"""A desk and a member by command line alone, over a real relay: nothing else is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from command_line import is_refused, run
from simulators.relay_server import relaying

OUT = ("--proxy", "none", "--yes")


@pytest.fixture
def desk(tmp_path: Path, phrase: Path) -> tuple[object, ...]:
    return _vault(tmp_path / "desk", phrase)


@pytest.fixture
def member(tmp_path: Path, phrase: Path) -> tuple[object, ...]:
    return _vault(tmp_path / "member", phrase)


def _vault(file: Path, phrase: Path) -> tuple[object, ...]:
    opens = ("--vault", file, "--passphrase-file", phrase)
    say("vault", "create", "--size", "64M", *opens)
    return opens


def say(*arguments: object) -> str:
    ran = run(*arguments)
    assert ran.code == 0, ran
    return ran.out


def record_is_written(file: Path, desk: tuple[object, ...]) -> None:
    """Assert that the acts are shown and written, and that writing them is an act."""
    assert "first: reply, thread 1: Do not." in say("desk", "record", "--out", file, *OUT, *desk)
    acts = [json.loads(line)["act"] for line in file.read_text().splitlines()]
    assert acts == ["accept", "label", "assign", "reply", "reply", "export"]


def a_lawyer_reads_it(file: Path, desk: tuple[object, ...]) -> None:
    """Assert that a thread is shown first, and written only when the member agreed."""
    assert "They ordered us to fire." in say("desk", "refer", 1, "--messages", "1", *desk)
    is_refused(run("desk", "refer", 1, "--out", file, *OUT, *desk), 1, "Whether the member agreed")
    is_refused(run("desk", "refer", 1, "--out", file.with_suffix(".doc"), *desk), 2, ".pdf or .txt")
    is_refused(run("desk", "refer", 1, "--messages", "one", *desk), 2, "1,2")
    assert not file.exists()
    say("desk", "refer", 1, "--out", file, "--answers", "--agreed", *OUT, *desk)
    assert "Write the order down." in file.read_text("utf-8")
    is_refused(run("desk", "refer", 1, "--out", file, "--agreed", *OUT, *desk), 1, "already")
    assert "first: export, thread 1: messages: 1; answers: yes" in say("desk", "record", *desk)


def it_goes_out_in_writing(folder: Path, desk: tuple[object, ...]) -> None:
    """Assert both: what was done here, and a thread for a lawyer."""
    record_is_written(folder / "acts.jsonl", desk)
    a_lawyer_reads_it(folder / "lawyer.txt", desk)


def picture_gives_the_card(
    picture: Path, origin: str, desk: tuple[object, ...], member: tuple[object, ...]
) -> None:
    """Assert that what a telephone reads in the picture brings the card, after it was said where it is asked for."""
    say("desk", "card", "--qr", picture, *desk)
    with Image.open(picture) as drawn:
        (code,) = zxingcpp.read_barcodes(drawn.convert("L"))
    asked = run("drop", "add-desk", "--code", code.text, *OUT, *member)
    assert f"To {origin}" in asked.err
    assert "NOT CONFIRMED" in asked.out


def test_a_desk_whose_relay_was_away_goes_on(desk: tuple[object, ...], tmp_path: Path) -> None:
    root = tmp_path / "root"
    with relaying(tmp_path / "relay") as server:
        host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
        made = ("desk", "init", "Lawyers", *host, "--root", root, *OUT, *desk)
        root.write_bytes(b"another's")
        is_refused(run(*made), 1, "a file called root already")
        is_refused(run(*made, "--shares", "some"), 2, "K/N")
        root.unlink()
        is_refused(run("desk", "card", *desk), 1, "has no desk")

        server.stop()
        refused = run(*made)
        assert (refused.code, refused.out) == (1, "")
        assert "could not be reached" in refused.err
        assert "Nothing is lost" in refused.err
        written = root.read_bytes()
        words = say("desk", "card", *desk).strip()
        server.start()
        is_refused(run(*made[:2], "Others", *made[3:]), 1, "a desk of its own already")
        assert f"Its eight words: {words}" in say(*made)
        assert root.read_bytes() == written
        assert "Published on" in say("desk", "publish", *OUT, *desk)
        is_refused(run(*made), 1, "a desk of its own already")


def test_from_a_card_to_an_answer(
    desk: tuple[object, ...], member: tuple[object, ...], tmp_path: Path
) -> None:
    text, answer, film = tmp_path / "text", tmp_path / "answer", tmp_path / "film.mp4"
    text.write_text("They ordered us to fire.", "utf-8")
    answer.write_text("Do not. Write the order down.", "utf-8")
    film.write_bytes(b"film" * 600_000)
    with relaying(tmp_path / "relay") as server:
        host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
        made = say(
            "desk", "init", "Lawyers", *host, "--root", tmp_path / "root", "--shares", "2/3", *OUT, *desk
        )
        assert "Its eight words: " in made
        words = made.partition("Its eight words: ")[2].splitlines()[0]
        assert say("desk", "card", "--out", tmp_path / "card", *desk).strip() == words
        assert "Nothing has come yet" in say("desk", "inbox", *desk)
        assert "Published on" in say("desk", "publish", *OUT, *desk)

        picture_gives_the_card(tmp_path / "card.png", server.origin, desk, member)
        # The same card by another way changes nothing.
        say("drop", "add-desk", tmp_path / "card", *member)
        say("drop", "confirm", 1, *words.split(), *member)
        say("evidence", "add", film, *member)
        assert "Sent: 1." in say("drop", "send", 1, "--kind", "order", "--answer", "ordered=fire", "--text", text,
                                 "--attach", 1, *OUT, *member)  # fmt: skip

        assert "New messages: 1." in say("desk", "pull", *OUT, *desk)
        assert "in need" in say("desk", "inbox", *desk)
        assert "not fetched" in say("desk", "read", 1, *desk)
        assert "Message 1: evidence 1" in say("desk", "accept", 1, *OUT, *desk)
        read = say("desk", "read", 1, *desk)
        assert "They ordered us to fire." in read
        assert "What was ordered? fire" in read
        assert say("evidence", "show", 1, "--json", *desk)
        say("desk", "label", 1, "urgent", *OUT, *desk)
        say("desk", "assign", 1, "first", *OUT, *desk)
        say("desk", "reply", 1, "--text", answer, *OUT, *desk)
        say("desk", "reply", 1, "--template", "keep", *OUT, *desk)
        assert "urgent, for first, answer waits" in say("desk", "inbox", "--search", "ordered us", *desk)
        say("desk", "bulletin", "We are here", *desk)
        # Said of a vault that came from no backup, it changes nothing.
        say("desk", "publish", "--restored", *OUT, *desk)

        told = say("drop", "check", 1, *OUT, *member)
        assert "Do not. Write the order down." in told
        assert "We are here" in told
        assert "Keep the first file; work on copies." in told
        assert say("drop", "outbox", "--json", *member).split() == ["{", '"waiting":', "[]", "}"]
        it_goes_out_in_writing(tmp_path, desk)
        say("desk", "end", 1, *OUT, *desk)
        refused = run("desk", "reply", 1, "--text", answer, *OUT, *desk)
        assert refused.code == 1
        assert "was ended" in refused.err
        server.stop()
        refused = run("desk", "pull", *OUT, *desk)
        assert refused.code == 1
        assert "could not be reached" in refused.err
    shares = [tmp_path / f"root.{number}" for number in (1, 3)]
    is_refused(run("desk", "recover", shares[0], "--root", tmp_path / "again"), 1, "")
    assert "The root is back" in say("desk", "recover", *shares, "--root", tmp_path / "again")
    assert "can publish until" in say("desk", "renew", "--root", tmp_path / "again", *desk)


def test_two_members_are_brought_together(phrase: Path, tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other"
    text.write_text("Noon, at the bridge.", "utf-8")
    other.write_text("At noon, at the bridge.", "utf-8")
    vaults = {}
    for name in ("desk", "one", "two"):
        file = tmp_path / f"{name}.notes"
        assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
        vaults[name] = ("--vault", file, "--passphrase-file", phrase)
    own = vaults["desk"]
    with relaying(tmp_path / "relay", "--price", "0") as server:
        host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
        made = say("desk", "init", "Veterans", *host, "--root", tmp_path / "root", *OUT, *own)
        words = made.partition("Its eight words: ")[2].splitlines()[0]
        say("desk", "card", "--out", tmp_path / "card", *own)
        say("desk", "publish", *OUT, *own)
        assert "Nobody has asked" in say("desk", "introduce", *own)
        for name in ("one", "two"):
            say("drop", "add-desk", tmp_path / "card", *vaults[name])
            say("drop", "confirm", 1, *words.split(), *vaults[name])
            asks = ("--kind", "introduction", "--answer", f"meet=Officer {name}")
            say("drop", "send", 1, *asks, *OUT, *vaults[name])
        say("desk", "pull", *OUT, *own)
        assert say("desk", "introduce", *own) == "Thread 1: Officer one\nThread 2: Officer two\n"
        is_refused(run("desk", "introduce", 1, *own), 2, "FIRST and SECOND")
        is_refused(run("desk", "introduce", 1, 2, *own), 1, "Nothing is written")
        both = ("desk", "introduce", 1, 2, "--text", text, "--other-text", other)
        shown = say(*both, *own)
        assert "To the member of thread 1" in shown
        assert "You need not go" in shown
        assert "Answer 1" not in say("desk", "read", 1, *own)
        assert "next edition" in say(*both, "--send", *OUT, *own)
        say("desk", "publish", *OUT, *own)
        assert "Noon, at the bridge." in say("drop", "check", 1, *OUT, *vaults["one"])
        assert "At noon, at the bridge." in say("drop", "check", 1, *OUT, *vaults["two"])


def test_a_second_member_joins_answers_and_is_taken_off(
    member: tuple[object, ...], phrase: Path, tmp_path: Path
) -> None:
    vaults = {}
    for name in ("first", "second"):
        file = tmp_path / f"{name}.notes"
        assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
        vaults[name] = ("--vault", file, "--passphrase-file", phrase)
    first, second, root = vaults["first"], vaults["second"], ("--root", tmp_path / "root")
    with relaying(tmp_path / "relay", "--price", "0") as server:
        host = ("--relay", server.origin, "--key", server.head_key.hex(), "--grant", server.grant().hex())
        made = say("desk", "init", "Veterans", *host, *root, *OUT, *first)
        words = made.partition("Its eight words: ")[2].splitlines()[0]
        asked = json.loads(say("desk", "request", "second", "--out", tmp_path / "asked", "--json", *second))
        invitation = tmp_path / "invitation"
        add = ("desk", "add", tmp_path / "asked", *root, "--out", invitation, *OUT, *first)
        is_refused(run(*add, "--words", words), 1, "not the words of this request")
        assert "belongs to the desk" in say(*add, "--words", asked["words"])
        assert "You belong to Veterans" in say("desk", "join", invitation, "--words", words, *second)
        say("desk", "publish", *OUT, *first)
        say("desk", "card", "--out", tmp_path / "card", *first)
        number = json.loads(say("drop", "add-desk", tmp_path / "card", "--json", *member))["desks"][-1][
            "desk"
        ]
        say("drop", "confirm", number, *words.split(), *member)
        text = tmp_path / "text"
        text.write_text("May I resign now?", "utf-8")
        say("drop", "send", number, "--kind", "question", "--text", text, *OUT, *member)
        assert "New messages: 1." in say("desk", "pull", *OUT, *second)
        text.write_text("Yes. In writing.", "utf-8")
        say("desk", "reply", 1, "--text", text, *OUT, *second)
        is_refused(run("desk", "publish", *OUT, *second), 1, "does not publish")
        say("desk", "publish", *OUT, *first)
        assert "Yes. In writing." in say("drop", "check", number, *OUT, *member)
        assert "second: reply, thread 1" in say("desk", "record", *first)
        assert "second (no key ready: it must read soon)" in say("desk", "members", *first)
        say("desk", "pull", *OUT, *second)
        say("desk", "pull", *OUT, *first)
        assert say("desk", "members", *first) == "first (this device, publishes)\nsecond\n"
        off = ("desk", "remove", "second", *root, *OUT, *first)
        is_refused(run(*off, "--grant", "00", "--grant", "00"), 1, "64 letters")
        grant = server.grant().hex()
        is_refused(run(*off, "--grant", grant, "--grant", grant), 2, "once for each relay")
        assert "Nobody here is called second any more" in say(*off, "--grant", grant)
        refused = run("desk", "pull", *OUT, *second)
        assert refused.code == 1
        assert "This device was taken off the desk." in refused.err
        assert [one["name"] for one in json.loads(say("desk", "members", "--json", *first))] == ["first"]


def test_wrong_use_is_said(desk: tuple[object, ...], tmp_path: Path) -> None:
    root = ("--root", tmp_path / "root")
    one = (
        "desk",
        "init",
        "X",
        "--relay",
        "http://127.0.0.1:9",
        "--key",
        "ab",
        "--grant",
        "cd",
        *root,
        *OUT,
        *desk,
    )
    is_refused(run(*one), 1, "64 letters")
    is_refused(run("desk", "init", "X", "--relay", "http://127.0.0.1:9", "--relay", "x", "--key", "ab", "--grant", "cd",
                   *root, *OUT, *desk), 2, "once for each relay")  # fmt: skip
    is_refused(run("desk", "card", "--qr", tmp_path / "card.gif", *desk), 2, ".svg or .png")
    is_refused(run("drop", "add-desk", *desk), 2, "--code")
    is_refused(run("drop", "add-desk", "--code", "holdfire:desk?", *OUT, *desk), 1, "no code of a desk")
    is_refused(run("desk", "read", 77, *desk), 1, "no thread 77")
    assert "дошло" in say("desk", "answers", "--language", "ru")
    is_refused(run("relay", "grant", "--folder", tmp_path / "none"), 1, "No relay was ever started")
    is_refused(run("relay", "serve", "--listen", "nowhere"), 1, "no place to listen")
