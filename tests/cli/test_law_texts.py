"""`holdfire law import` and what follows it, as a person or a script uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, is_refused, run
from holdfire.sealing.passphrase import STANDARD
from holdfire.vault.vault import Vault
from law_texts import CODE, CONSTITUTION

PHRASE = "seven grey owls sing low"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("law")
    Vault.create(folder / "v", [PHRASE], 64 << 20, profile=STANDARD)
    (folder / "phrase").write_text(PHRASE)
    (folder / "constitution.txt").write_text(CONSTITUTION, "utf-8")
    (folder / "code.txt").write_text(CODE, "utf-8")
    return folder


def law(folder: Path, *words: object) -> Ran:
    """Run a command on the vault of this module."""
    opened = ("--vault", folder / "v", "--passphrase-file", folder / "phrase")
    return run("law", *words, *opened)


def document(folder: Path, *words: object) -> Any:
    ran = law(folder, *words, "--json")
    assert ran.code == 0, ran.err
    return ran.document()


def test_a_text_is_imported_found_shown_paired_and_forgotten(made: Path) -> None:
    said = ("--instrument", "by-1994-constitution", "--version", "2022-03-04", "--language", "ru")
    first = document(made, "import", made / "constitution.txt", *said)
    assert (first["number"], first["already"], first["pieces"]) == (1, False, 7)
    assert (first["version"], first["version_from"], first["not_read"]) == ("2022-03-04", "person", [])
    assert document(made, "import", made / "constitution.txt")["already"] is True
    assert "is there already, as text 1" in law(made, "import", made / "constitution.txt").out

    assert [one["title"] for one in document(made, "texts")] == ["Конституция Республики Беларусь"]
    found = document(made, "search", "усе", "зако", "--limit", "5")
    assert [(one["text"], one["piece"], one["name"]) for one in found["hits"]] == [(1, 3, "Статья 7")]
    assert [one["text"] for one in found["hits"][0]["snippet"] if one["match"]] == ["Ўсё", "законе"]
    assert "[Ўсё] гэта па [законе]" in law(made, "search", "усе", "зако").out
    assert [one["name"] for one in document(made, "read", 1)["pieces"]][2] == "Статья 7"
    assert "Ўсё гэта па законе." in law(made, "read", 1, 3).out

    shown = law(made, "show", "by-const-7").out
    assert "YOUR OWN COPY: Конституция Республики Беларусь" in shown
    assert "found by its number" in shown
    assert "Ўсё гэта па законе." in shown
    assert "State bodies and officials" in shown
    document(made, "pair", 1, "by-const-7", "6")
    (held,) = document(made, "show", "by-const-7")[0]["wordings"]
    assert (held["how"], held["names"], held["pieces"]) == ("person", ["Статья 23"], [6])
    document(made, "pair", 1, "by-const-7", "number")

    document(made, "correct", 1, "--version", "1990-01-01", "--title", "Old")
    (held,) = document(made, "show", "by-const-7")[0]["wordings"]
    assert (held["versions"], held["title"]) == ("may-differ", "Old")
    assert document(made, "forget", 1, "--yes") == {"forgotten": 1}
    assert document(made, "texts") == []
    assert "No imported text" in law(made, "search", "усе").err


def test_a_letter_takes_the_wording_from_the_vault(made: Path) -> None:
    document(made, "import", made / "code.txt", "--instrument", "by-1999-275-z", "--title", "My code")
    answers = made / "answers.yaml"
    answers.write_text("provisions: [by-cc-40-2]\n")
    written = ("letter", "new", "explanation", "--answers", answers, "--country", "by")
    is_refused(run(*written), 1, "Nobody has read", "wordings")
    ran = run(*written, "--wordings-from-vault", made / "v", "--passphrase-file", made / "phrase", "--json")
    assert ran.code == 0, ran.err
    assert "by-cc-40-2: from your copy, My code, Article 40" in ran.err
    told: Any = ran.document()
    assert "known to be criminal answers for it" in " ".join(told["text"].split())
    assert "nobody here has compared it: by-cc-40-2" in told["before"][0]


def test_without_a_vault_a_provision_is_shown_and_no_passphrase_is_asked(made: Path) -> None:
    ran = run("law", "show", "by-const-7", env={"HOLDFIRE_VAULT": str(made / "v")})
    assert ran.code == 0
    assert "YOUR OWN COPY" not in ran.out


def test_wrong_words_are_refused(made: Path) -> None:
    is_refused(law(made, "import", made / "nothing.txt"), 2, "nothing.txt")
    is_refused(
        law(made, "import", made / "code.txt", "--instrument", "zz"), 1, "no instrument", "instruments"
    )
    is_refused(law(made, "read", 99), 1, "no imported text 99", "law texts")
    is_refused(law(made, "pair", 1, "by-const-7", "seven"), 2, "PIECE")
    is_refused(law(made, "forget", 99, "--yes"), 1, "no imported text 99", "law texts")


def test_instruments_are_listed_for_a_country() -> None:
    ran = run("law", "list", "--what", "instruments", "--country", "by", "--json")
    listed: Any = ran.document()
    ids = [one["id"] for one in listed]
    assert "by-1994-constitution" in ids
    assert "un-1966-iccpr" in ids
    assert not [one for one in ids if one.startswith("us-")]


def test_a_forum_that_closed_is_explained_to_those_whose_facts_are_older() -> None:
    asked = ("law", "list", "--what", "forums", "--country", "by", "--on", "2026-01-01")
    assert "hrc-op1-by" not in run(*asked).out
    explained = run(*asked, "--facts", "2022-01-01").out
    assert "CLOSED SINCE" in explained
    assert "8 February 2023" in " ".join(explained.split())
    listed: Any = run(*asked, "--facts", "2022-01-01", "--json").document()
    assert {one["id"]: one["open"] for one in listed}["hrc-op1-by"] is False
    assert run(*asked, "--facts", "2025-01-01").out == run(*asked).out
    is_refused(run("law", "list", "--facts", "2022-01-01"), 2, "--facts")
