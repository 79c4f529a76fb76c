"""`holdfire order` as a person runs it: record, complete, list, show, review; and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from command_line import PHRASE, Ran, is_refused, run
from holdfire.journeys.settings import change_settings
from holdfire.vault.vault import Vault

ORDER = """
words: "Разогнать всех на площади любыми средствами. Применить оружие без предупреждения."
gist: Drive everyone off the square.
language: ru
act: prikaz
channel: spoken
heard: 2020-08-11 14:30
giver: {name: Heron, rank: major}
"""
KEYS = {"check", "title", "found", "words", "for", "against", "unknown", "ask", "risk", "see_lawyer"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    """A vault with one order in it, recorded by the command."""
    vault = tmp_path_factory.mktemp("vault") / "notes"
    assert run("vault", "create", "--vault", vault, "--size", "64M", "--passphrase-file", phrase).code == 0
    ran = order("add", "-", vault=vault, phrase=phrase, stdin=ORDER)
    assert ran.code == 0, ran.err
    document = ran.document()
    assert isinstance(document, dict)
    assert (document["id"], document["version"]) == (1, 1)
    assert "purpose" in document["unknown"]
    return vault


def order(*words: object, vault: Path, phrase: Path, stdin: str = "", plain: bool = False) -> Ran:
    json = () if plain else ("--json",)
    return run("order", *words, *json, "--vault", vault, "--passphrase-file", phrase, stdin=stdin.encode())


def document(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return ran.document()


def test_an_order_is_shown_as_it_was_recorded(made: Path, phrase: Path) -> None:
    shown = document(order("show", 1, vault=made, phrase=phrase))
    assert shown["order"]["words"].startswith("Разогнать всех")
    assert shown["order"]["giver"] == {"name": "Heron", "rank": "major", "post": "", "unit": ""}
    assert shown["order"]["heard"] == "2020-08-11 14:30"
    assert shown["unknown"][0] == "understanding"
    read = order("show", 1, vault=made, phrase=phrase, plain=True)
    assert "Heron, major" in read.out
    assert "\nUnknown: How I understood it" in read.out


def test_what_is_completed_is_a_new_version_and_the_first_stays(
    vault: Path, phrase: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("purpose: clear the square\ngiver: {post: commander}\n", "utf-8")
    ran = order("complete", 1, more, vault=vault, phrase=phrase)
    assert document(ran)["version"] == 2
    assert "this file is plain" in ran.err
    latest = document(order("show", 1, vault=vault, phrase=phrase))
    assert latest["order"]["giver"] == {"name": "Heron", "rank": "major", "post": "commander", "unit": ""}
    assert [one["version"] for one in latest["versions"]] == [2, 1]
    first = document(order("show", 1, "--version", 1, vault=vault, phrase=phrase))
    assert first["order"]["purpose"] == ""
    is_refused(order("show", 1, "--version", 3, vault=vault, phrase=phrase), 1, "no version 3")


def test_orders_are_listed_by_number(vault: Path, phrase: Path) -> None:
    assert document(order("add", "-", vault=vault, phrase=phrase, stdin="{}"))["id"] == 2
    listed = document(order("list", vault=vault, phrase=phrase))
    assert [(one["id"], one["heard"]) for one in listed] == [(1, "2020-08-11 14:30"), (2, None)]
    read = order("list", vault=vault, phrase=phrase, plain=True)
    assert "  2  unknown" in read.out
    empty = document(order("review", 2, vault=vault, phrase=phrase))
    assert "Too little is known" in empty["findings"][0]["found"]


def test_a_review_shows_words_provisions_questions_and_risks(made: Path, phrase: Path) -> None:
    found = document(order("review", 1, "--country", "by", vault=made, phrase=phrase))
    findings = {one["check"]: one for one in found["findings"]}
    assert all(set(one) == KEYS for one in findings.values())
    assert {"firearms", "dispersal", "necessity", "written-signed-dated", "legal-basis", "purpose"} <= set(
        findings
    )
    firearms = findings["firearms"]
    assert firearms["words"] == "Применить оружие без предупреждения."
    assert {"provision", "instrument", "article", "says", "level", "in_force", "caveat", "source"} == set(
        firearms["against"][0]
    )
    # The amendment of 2021 came after this order.
    assert "by-2021-amendment" not in [one["provision"] for one in firearms["for"]]
    read = order("review", 1, "--country", "by", vault=made, phrase=phrase, plain=True)
    assert read.out.startswith("Order 1, version 1, of 2020-08-11 14:30\nThis is no verdict")
    assert "FIREARMS AND WARNING" in read.out
    assert "From the words: “Применить оружие без предупреждения.”" in read.out
    assert "Speaks against it:" in read.out
    assert "See a lawyer first:" in read.out


def test_what_is_not_there_is_refused_in_plain_words(made: Path, phrase: Path, tmp_path: Path) -> None:
    is_refused(order("show", 9, vault=made, phrase=phrase), 1, "no order 9")
    is_refused(order("review", 1, "--country", "xx", vault=made, phrase=phrase), 1, "country", "by, us")
    is_refused(order("show", 0, vault=made, phrase=phrase), 2, "x>=1")
    is_refused(order("add", tmp_path / "none.yaml", vault=made, phrase=phrase), 2, "none.yaml")


def test_a_faulty_file_is_named_with_its_line_before_anything_is_opened(made: Path, phrase: Path) -> None:
    ran = order("add", "-", vault=made / "not there", phrase=phrase, stdin="words: Go.\nsined: true\n")
    is_refused(ran, 1, "standard input, line 2:", "sined")


def test_what_a_person_did_is_recorded_only_after_a_warning(vault: Path, phrase: Path) -> None:
    text = "words: Go.\nown_acts: I went.\n"
    is_refused(order("add", "-", vault=vault, phrase=phrase, stdin=text), 1, "lawyer", "--with-own-acts")
    assert len(document(order("list", vault=vault, phrase=phrase))) == 1
    added = document(order("add", "-", "--with-own-acts", vault=vault, phrase=phrase, stdin=text))
    assert document(order("show", added["id"], vault=vault, phrase=phrase))["order"]["own_acts"] == "I went."
    # What is there already is no reason to warn again.
    assert (
        document(order("complete", 2, "-", vault=vault, phrase=phrase, stdin="number: '5'"))["version"] == 2
    )


def test_the_country_set_in_the_vault_counts_unless_another_is_named(vault: Path, phrase: Path) -> None:
    assert document(order("review", 1, vault=vault, phrase=phrase))["country"] is None
    with Vault.open(vault, PHRASE) as opened:
        change_settings(opened, datetime(2030, 5, 1, tzinfo=UTC), country="by")
    for words, country in (((), "by"), (("--country", "us"), "us"), (("--country", "int"), None)):
        assert document(order("review", 1, *words, vault=vault, phrase=phrase))["country"] == country
