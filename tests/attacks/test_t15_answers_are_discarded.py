"""T15: answers convict.

An adversary who opens the compartment could read what the person thought of doing. By default no answer is ever
written, and the plan holds no reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.guide.questions import OPEN_ANSWERS
from holdfire.journeys.guide_here import load_guide
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.served import Served

PHRASE = "a phrase for tests"
GIVEN = {
    "moment": "order-later",
    "state": "frightened",
    "task": "watch",
    "suspicion": "small",
    "secrecy": "yes",
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    vault = tmp_path / "notes.bin"
    Vault.create(vault, [PHRASE], 64 << 20, profile=TEST)
    with Served() as running:
        running.come_in()
        assert running.post("/open", path=str(vault), phrase=PHRASE).status == 200
        yield running


def everything(vault: Vault) -> str:
    """Return every text in the open database: what an examiner with the passphrase reads."""
    tables = [
        name for (name,) in vault.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    rows = (vault.connection.execute(f'SELECT * FROM "{table}"') for table in tables)  # noqa: S608 -- names from the schema
    return "\n".join(str(row) for table in rows for row in table)


def answer_all(served: Served) -> None:
    for question, answer in GIVEN.items():
        assert served.post(f"/question/{question}", answer=answer, then="next").status == 200


def words_of_answers() -> set[str]:
    book = load_guide().book
    chosen = {
        choice.text for one in book.questions for choice in one.choices if GIVEN.get(one.id) == choice.id
    }
    reasons = {
        note.because or note.caution or ""
        for one in book.questions
        for choice in one.choices
        for note in choice.notes
    }
    return chosen | reasons | {f'"{question}"' for question in GIVEN} | set(OPEN_ANSWERS)


def test_keeping_the_plan_keeps_no_answer_and_no_reason(served: Served) -> None:
    answer_all(served)
    served.post("/keep", keep="plan")
    vault = served.program.session.vault
    assert vault is not None
    kept = everything(vault)
    assert "document-orders" in kept
    for word in words_of_answers():
        assert word not in kept
    assert served.program.session.answers == {}


def test_answers_are_never_written_before_the_person_says_so(served: Served) -> None:
    vault = served.program.session.vault
    assert vault is not None
    before = everything(vault)
    answer_all(served)
    served.get("/result")
    assert everything(vault) == before


def test_keeping_nothing_keeps_nothing(served: Served) -> None:
    vault = served.program.session.vault
    assert vault is not None
    before = everything(vault)
    answer_all(served)
    served.post("/keep", keep="nothing")
    assert everything(vault) == before
    assert served.program.session.answers == {}


def test_locking_discards_answers_that_were_not_kept(served: Served) -> None:
    answer_all(served)
    served.post("/lock")
    assert served.program.session.answers == {}
