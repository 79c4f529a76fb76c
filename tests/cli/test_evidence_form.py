"""`holdfire evidence form` as a person runs it: from a file of answers to evidence, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command_line import is_refused, run

CONDUCT = """
service: police
unit: second company
name: Heron
act: He gave the word to fire.
when: 2020-08-10
place: the square
statements:
  - {says: He gave the word., source: I stood there, near: seen, sure: sure}
alternatives: none known
quarrel: no
recipient: court
recipient_name: The court
author: Owl
"""


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    file = tmp_path_factory.mktemp("vault") / "notes"
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    return file


def test_from_answers_to_a_file_for_a_court(vault: Path, phrase: Path, tmp_path: Path) -> None:
    opened = ("--vault", vault, "--passphrase-file", phrase)

    def form(*words: object, stdin: str = "") -> Any:
        ran = run("evidence", "form", *words, *opened, "--json", stdin=stdin.encode())
        assert ran.code == 0, ran
        return ran.document()

    made = form("accountability", "--answers", "-", stdin=CONDUCT)
    number = made["id"]
    assert [one["why"] for one in made["missing"]] == [
        "No second person has reviewed it. It cannot leave yet."
    ]
    is_refused(run("evidence", "form", "keep", number, *opened), 1, "No second person")
    assert form("review", number, "--reviewer", "Jay", "--role", "lawyer", "--checked", "all")["reviewed"]
    kept = form("keep", number)
    out = tmp_path / "account.txt"
    form("export", number, "--out", out)
    assert out.read_text("utf-8").startswith("A RECORD OF ALLEGED OFFICIAL CONDUCT")
    bad = form("accountability", "--answers", "-", "--complete", number, stdin="rank: major\n")
    assert bad["changed"]
    assert [one["evidence"] for one in form("list")] == [[kept["evidence"]]]
    shown = run("evidence", "form", "show", number, *opened)
    assert "changed after the review" in shown.out
    listed = run("evidence", "form", "list", *opened)
    assert "Heron" not in listed.out
    assert form("delete", number, "--yes")["evidence"] == [kept["evidence"]]


def test_private_life_in_a_file_is_refused_with_its_line(vault: Path, phrase: Path) -> None:
    ran = run("evidence", "form", "accountability", "--answers", "-", "--vault", vault, "--passphrase-file", phrase,
              stdin=b"service: police\nact: his wife was told\n")  # fmt: skip
    is_refused(ran, 1, "line 2", "family")
    assert "wife" not in ran.err


@pytest.mark.parametrize("kind", ["harm", "incident", "claim", "accountability"])
def test_limits_stand_before_the_fields(kind: str) -> None:
    ran = run("evidence", "form", kind)
    assert ran.code == 0
    assert 0 < ran.out.index("FIRST") < ran.out.index("FIELDS")
    assert "o lawyer has checked this form" in ran.out
