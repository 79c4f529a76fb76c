"""`holdfire rules` as a person runs it: import, show, make a checklist, note steps, print; and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, is_refused, run

RULES = """Правила караула
1. Часовой обязан беречь оружие.
2. Часовому запрещается:
а) передавать оружие, кроме случаев приказа;
б) спать.
3. Часовой вправе сидеть.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    """A vault with one regulation and one checklist."""
    folder = tmp_path_factory.mktemp("vault")
    vault, file = folder / "notes", folder / "rules.txt"
    file.write_text(RULES, "utf-8")
    assert run("vault", "create", "--vault", vault, "--size", "64M", "--passphrase-file", phrase).code == 0
    kept = document(rules("import", file, vault=vault, phrase=phrase))
    assert (kept["id"], kept["language"], kept["clauses"], kept["notes"]) == (1, "ru", 6, [])
    assert kept["labels"] == {"obligation": 1, "prohibition": 3, "permission": 1, "exception": 1}
    assert document(rules("checklist", "--topic", "оружие", "--keep", vault=vault, phrase=phrase))["id"] == 1
    return vault


def rules(*words: object, vault: Path, phrase: Path, plain: bool = False) -> Ran:
    json = () if plain else ("--json",)
    return run("rules", *words, *json, "--vault", vault, "--passphrase-file", phrase)


def document(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return ran.document()


def test_a_regulation_is_listed_and_shown_with_labels(made: Path, phrase: Path) -> None:
    assert [one["title"] for one in document(rules("list", vault=made, phrase=phrase))] == ["Правила караула"]
    shown = document(rules("show", 1, "--label", "exception", vault=made, phrase=phrase))["clauses"]
    assert [clause["clause"] for clause in shown] == ["2, а)"]
    assert shown[0]["sentences"][0]["words"] == ["кроме"]
    read = rules("show", 1, "--most", 2, vault=made, phrase=phrase, plain=True)
    assert "2 of 6 shown; go on with --first 3." in read.out


def test_a_checklist_is_printed_with_its_risks_and_kept_only_when_asked(vault: Path, phrase: Path) -> None:
    shown = document(rules("checklist", "--topic", "оружие", vault=vault, phrase=phrase))
    assert shown["id"] is None
    assert [step["clause"] for step in shown["steps"]] == ["1", "2, а)"]
    assert shown["steps"][1]["text"] == "Часовому запрещается: передавать оружие, кроме случаев приказа;"
    assert any("art. 92" in risk["text"] for risk in shown["risks"])
    assert len(document(rules("checklists", vault=vault, phrase=phrase))) == 1
    read = rules(
        "checklist", "--topic", "оружие", "--topic", "сидеть", vault=vault, phrase=phrase, plain=True
    )
    assert (
        read.out.index("WHAT MUST AND MUST NOT")
        < read.out.index("CONDITIONS")
        < read.out.index("BEFORE YOU START")
    )


def test_a_step_is_ticked_unticked_and_printed(vault: Path, phrase: Path, tmp_path: Path) -> None:
    at = document(
        rules("tick", 1, 1, "--at", "2020-05-01 14:30", "--words", "сверено", vault=vault, phrase=phrase)
    )
    assert (at["step"], at["result"]) == (1, "done")
    document(rules("tick", 1, 2, "--result", "not-applicable", vault=vault, phrase=phrase))
    assert document(rules("untick", 1, 2, vault=vault, phrase=phrase))["result"] is None
    steps = document(rules("steps", 1, vault=vault, phrase=phrase))
    assert [step["noted"] is not None for step in steps["steps"]] == [True, False]
    assert len(steps["log"]) == 3
    out = tmp_path / "out.pdf"
    printed = document(rules("print", 1, "--out", out, vault=vault, phrase=phrase))
    assert printed["text"].startswith("ВЫПОЛНЕННЫЕ ДЕЙСТВИЯ")
    assert "2020-05-01 14:30" in printed["text"]
    assert "сверено" in printed["text"]
    assert "передавать" not in printed["text"]
    assert out.read_bytes().startswith(b"%PDF-")
    is_refused(rules("print", 1, "--out", out, vault=vault, phrase=phrase, plain=True), 1, "already")
    is_refused(
        rules("print", 1, "--out", tmp_path / "x.doc", vault=vault, phrase=phrase, plain=True),
        2,
        ".pdf or .txt",
    )


def test_both_are_deleted(vault: Path, phrase: Path) -> None:
    document(rules("delete", 1, vault=vault, phrase=phrase))
    assert document(rules("list", vault=vault, phrase=phrase)) == []
    assert document(rules("steps", 1, vault=vault, phrase=phrase))["steps"]
    document(rules("discard", 1, vault=vault, phrase=phrase))
    is_refused(rules("steps", 1, vault=vault, phrase=phrase, plain=True), 1, "no checklist 1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("checklist", "--topic", "вертолёт"), "Nothing in this regulation"),
        (("checklist", "--topic", "оружие", "--order", "4"), "no order 4"),
        (("tick", "1", "1", "--at", "2999-01-01 10:00"), "has not come yet"),
        (("print", "1"), "Nothing was noted"),
        (("show", "5"), "no regulation 5"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(
    made: Path, phrase: Path, words: tuple[str, ...], said: str
) -> None:
    is_refused(rules(*words, vault=made, phrase=phrase, plain=True), 1, said)


def test_a_pack_with_a_faulty_pattern_is_named_by_file_and_line(tmp_path: Path) -> None:
    pack = tmp_path / "int"
    shutil.copytree(Path(__file__).parents[2] / "packs" / "int", pack)
    file = pack / "rules" / "en.yaml"
    file.write_text(file.read_text("utf-8").rstrip() + '\n  - {find: "(a+)+", in: aa}\n', "utf-8")
    is_refused(run("pack", "check", pack), 1, "rules/en.yaml, line", "a pattern has words")
