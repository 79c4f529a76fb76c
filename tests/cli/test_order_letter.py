"""`holdfire order letter`: from a recorded order to a letter on the desk."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from command_line import PHRASE, Ran, is_refused, run
from holdfire.journeys.record_order import add_order
from holdfire.orders.order import Order
from holdfire.vault.vault import Vault

FIRST = {
    "words": "Никого не выпускать с площади.",
    "language": "ru",
    "channel": "radio",
    "heard": "2020-08-11 14:30",
    "giver": {"name": "Heron", "rank": "major"},
    "place": "the yard of the barracks",
    "number": "17",
    "understanding": "UNDERSTANDING",
    "witnesses": ["WITNESS"],
    "followed": "FOLLOWED",
}
SECOND = {"words": "Guard the gate.", "channel": "written"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    """A vault with two orders in it."""
    vault = tmp_path_factory.mktemp("vault") / "notes"
    opening = ("--vault", vault, "--passphrase-file", phrase)
    assert run("vault", "create", "--size", "64M", *opening).code == 0
    for one in (FIRST, SECOND):
        ran = run("order", "add", "-", *opening, stdin=json.dumps(one).encode())
        assert ran.code == 0, ran.err
    return vault


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An empty folder for what is written."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


@pytest.fixture
def letter(vault: Path, phrase: Path) -> Letter:
    return Letter(vault, phrase)


class Letter:
    """The command on one vault."""

    def __init__(self, vault: Path, phrase: Path) -> None:
        self._opening = ("--vault", vault, "--passphrase-file", phrase)

    def __call__(self, number: int, *words: object, kind: str = "written-order", stdin: str = "") -> Ran:
        return run("order", "letter", number, "--kind", kind, *words, *self._opening, stdin=stdin.encode())

    def document(self, number: int, *words: object, kind: str = "written-order", stdin: str = "") -> Any:
        ran = self(number, *words, "--json", kind=kind, stdin=stdin)
        assert ran.code == 0, ran.err
        return ran.document()


def test_it_is_shown_first_and_nothing_is_kept(letter: Letter, desk: Path) -> None:
    shown = letter(1, "--language", "en,ru")
    assert shown.code == 0, shown.err
    for words in ("Никого не выпускать с площади.", "major, Heron", "2020-08-11 14:30", "the yard of the barracks",
                  "by radio", "по радио", "SAID ALOUD INSTEAD", "BEFORE YOU HAND IT IN", "Nothing was kept"):  # fmt: skip
        assert words in shown.out
    for secret in ("UNDERSTANDING", "WITNESS", "FOLLOWED"):
        assert secret not in shown.out
    document = letter.document(1)
    assert (document["order"], document["letter"], document["written"]) == (1, None, None)
    assert document["states_refusal"] is document["states_motive"] is False
    assert document["script"]["say"]
    assert list(desk.iterdir()) == []


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("txt", b"To: ")])
def test_it_is_written_by_its_ending_and_said_to_be_plain(
    letter: Letter, desk: Path, form: str, begins: bytes
) -> None:
    out = desk / f"letter.{form}"
    ran = letter(1, "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert "Kept in your vault" in ran.err
    assert "plain" in ran.err
    assert out.read_bytes().startswith(begins)


def test_a_second_file_of_the_same_letter_is_the_same_letter(letter: Letter, desk: Path) -> None:
    first = letter.document(1, "--out", desk / "a.txt")
    assert letter.document(1, "--out", desk / "b.txt")["letter"] == first["letter"]
    assert (desk / "a.txt").read_bytes() == (desk / "b.txt").read_bytes()
    assert letter.document(1, "--out", desk / "c.txt", "--language", "ru")["letter"] != first["letter"]


def test_the_file_counts_before_the_vault_and_serves_the_next_letter(letter: Letter, desk: Path) -> None:
    answers = "to: The commander\nfrom: A. Jay\norder_place: the gym\nrefusal: I will not.\nprovisions: [iccpr-21]\n"
    first = letter.document(1, "--answers", "-", "--out", desk / "a.txt", kind="explanation", stdin=answers)
    assert first["states_refusal"] is True
    assert first["cited"] == ["iccpr-21"]
    assert "the gym" in first["text"]
    next_one = letter.document(1, kind="duty-note")
    assert "A. Jay" in next_one["text"]
    # The record of the order says where it was given.
    assert "the yard of the barracks" in next_one["text"]
    assert next_one["states_refusal"] is False
    assert letter.document(1, kind="explanation")["cited"] == []


def test_nothing_of_one_order_stands_in_a_letter_about_another(letter: Letter, desk: Path) -> None:
    about_first = "facts: [They were beaten in the yard.]\nfrom: A. Jay\nquestions: [Which square?]\n"
    letter.document(1, "--answers", "-", "--out", desk / "a.txt", kind="duty-note", stdin=about_first)
    assert "They were beaten" in letter.document(1, kind="duty-note")["text"]
    for kind in ("duty-note", "written-order", "complaint", "clarification"):
        text = letter.document(2, kind=kind)["text"]
        assert "A. Jay" in text
        for other in (
            "They were beaten",
            "Which square",
            "the yard",
            "Heron",
            "2020-08-11",
            "by radio",
            "17",
        ):
            assert other not in text, (kind, other)
    assert "on paper" in letter.document(2)["text"]


def test_the_country_is_the_one_named(letter: Letter) -> None:
    cites = "provisions: [us-242]"
    american = letter.document(1, "--country", "us", "--answers", "-", kind="complaint", stdin=cites)
    assert (american["country"], american["cited"]) == ("us", ["us-242"])
    assert letter.document(1, "--country", "int")["country"] is None
    ran = letter(1, "--country", "by", "--answers", "-", kind="complaint", stdin=cites)
    is_refused(ran, 1, "no provision 'us-242'")
    is_refused(letter(1, "--country", "zz"), 1, "No pack here", "--country")


def test_what_is_wrong_is_said_before_anything_is_kept(letter: Letter, desk: Path) -> None:
    there = desk / "there.pdf"
    there.write_bytes(b"mine")
    is_refused(letter(1, "--out", there), 1, "already")
    assert there.read_bytes() == b"mine"
    is_refused(letter(1, "--out", desk / "letter.odt"), 2, ".docx")
    is_refused(letter(1, kind="resignation"), 1, "no letter called", "letter list")
    is_refused(letter(9), 1, "no order 9")
    is_refused(letter(1, "--answers", "-", stdin="birthday: x"), 1, "birthday", "letter show")
    is_refused(letter(1, "--language", "fr"), 1, "not written in")
    # A letter that cannot be written to the disk is kept all the same: its file can be made again.
    is_refused(letter(1, "--out", desk / "none" / "letter.txt"), 1, "could not be written")


def test_words_too_long_for_a_letter_are_left_blank_and_that_is_said(letter: Letter, vault: Path) -> None:
    # A file holds no text so long; the page takes it.
    with Vault.open(vault, PHRASE) as opened:
        add_order(opened, Order(words="Hold the line. " * 700), datetime.now(UTC))
    ran = letter(3)
    assert ran.code == 0
    assert "longer than a letter can hold" in ran.err
    assert "Hold the line" not in ran.out
    short = letter(3, "--answers", "-", stdin="order_words: Hold the line.")
    assert "longer than" not in short.err
    assert "Hold the line." in short.out
