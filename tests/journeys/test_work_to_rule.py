"""From a file to a printed log: kept whole or not at all, found again, bounded on every page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from holdfire.errors import UserError
from holdfire.journeys.guide_here import load_guide
from holdfire.journeys.keep_regulation import (
    PART,
    REGULATION,
    clauses_about,
    clauses_of,
    delete_regulation,
    find_regulation,
    import_regulation,
    list_regulations,
)
from holdfire.journeys.record_order import add_order
from holdfire.journeys.work_to_rule import (
    ENTRY,
    delete_checklist,
    find_checklist,
    keep_checklist,
    list_checklists,
    log_of,
    note_step,
    risks_here,
    sheet_here,
    suggest_topics,
    take_back,
)
from holdfire.orders.order import Order
from holdfire.rules.log import standing
from holdfire.rules.regulation import LABELS
from holdfire.vault.vault import Vault

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
RULES = "Guard rules\n1. The guard must carry a whistle.\n2. The guard must not sleep.\n3. A guard may sit.\n"


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as opened:
        yield opened


def bring(vault: Vault, text: str = RULES, **more: str) -> int:
    return import_regulation(vault, io.BytesIO(text.encode()), "rules.txt", NOW, **more).value.number  # type: ignore[arg-type]


def test_a_regulation_is_kept_with_title_language_and_labels(vault: Vault) -> None:
    assert bring(vault) == 1
    one = find_regulation(vault, 1).value
    assert (one.title, one.language, one.clauses) == ("Guard rules", "en", 4)
    assert one.labelled == {"obligation": 1, "prohibition": 1, "permission": 1, "exception": 0}
    assert "".join(clause.text for clause in clauses_of(vault, one)) == RULES


def test_what_the_person_says_of_title_and_language_counts(vault: Vault) -> None:
    bring(vault, title=" Mine \n own", language="ka")
    one = find_regulation(vault, 1).value
    assert (one.title, one.language) == ("Mine own", "ka")
    assert sum(one.labelled.values()) == 0


def test_a_file_without_text_is_refused_and_nothing_is_kept(vault: Vault) -> None:
    with pytest.raises(UserError):
        bring(vault, " \n\n ")
    assert list_regulations(vault) == ()


def test_a_break_leaves_nothing_half(vault: Vault) -> None:
    text = "\n".join(f"{number}. The guard must report." for number in range(1, 400))

    def stop(done: int, _total: int) -> None:
        if done:
            raise UserError("Stopped.")

    with pytest.raises(UserError, match="Stopped"):
        import_regulation(vault, io.BytesIO(text.encode()), "rules.txt", NOW, progress=stop)
    assert (vault.records.count(REGULATION), vault.records.count(PART)) == (0, 0)


def test_pages_of_clauses_put_together_are_all_clauses(vault: Vault) -> None:
    text = "\n".join(
        f"{number}. The guard {('must', 'must not', 'may')[number % 3]} report." for number in range(1, 451)
    )
    bring(vault, text)
    one = find_regulation(vault, 1).value
    assert len(one.parts) > 3
    for label in (None, *LABELS.values()):
        total = one.labelled[label] if label else one.clauses
        found = [
            clause.place
            for first in range(0, total + 70, 70)
            for clause in clauses_of(vault, one, label=label, first=first, most=70)
        ]
        assert len(found) == total
        assert found == sorted(set(found))


def test_words_are_found_in_one_regulation_alone(vault: Vault) -> None:
    bring(vault)
    bring(vault, "1. The guard must polish the whistle.\n")
    for number in range(3, 13):
        bring(vault, f"1. The guard must keep rule {number}.\n")
    found = clauses_about(vault, find_regulation(vault, 1).value, ("whistles",))
    assert [clause.place for clause in found] == [1, 2, 3, 4]
    assert clauses_about(vault, find_regulation(vault, 12).value, ("whistles",)) == ()
    with pytest.raises(UserError):
        keep_checklist(vault, 1, ("polish",), NOW)


def test_six_thousand_clauses_are_read_a_page_at_a_time(vault: Vault) -> None:
    bring(vault, "\n".join(f"{number % 900}. Guards must report {number}." for number in range(1, 6_001)))
    one = find_regulation(vault, 1).value
    assert one.clauses == 6_000
    checklist = keep_checklist(vault, 1, ("report",), NOW).value
    assert len(checklist.steps) == 300
    assert checklist.left_out > 0
    # A page needs no part but those it shows: it is read though all others are gone.
    for part in one.parts[:-1]:
        vault.records.delete(PART, part.record)
    shown = clauses_of(vault, one, first=5_990, most=20)
    assert [clause.place for clause in shown] == list(range(5_991, 6_001))


def test_a_checklist_outlives_its_regulation(vault: Vault) -> None:
    bring(vault)
    keep_checklist(vault, 1, ("guard",), NOW)
    delete_regulation(vault, 1)
    assert vault.records.count(PART) == 0
    with pytest.raises(UserError):
        find_regulation(vault, 1)
    assert find_checklist(vault, 1).value.steps[0].text == "The guard must carry a whistle."


def test_the_log_keeps_every_entry_and_the_print_only_what_holds(vault: Vault) -> None:
    bring(vault)
    keep_checklist(vault, 1, ("guard",), NOW)
    with pytest.raises(UserError, match="Nothing was noted"):
        sheet_here(vault, 1)
    note_step(vault, 1, 1, "done", NOW)
    note_step(vault, 1, 2, "not-applicable", NOW + timedelta(minutes=5), at=NOW, words="off duty")
    note_step(vault, 1, 1, "could-not", NOW + timedelta(minutes=6))
    with pytest.raises(UserError, match="forbids something"):
        note_step(vault, 1, 2, "could-not", NOW)
    take_back(vault, 1, 1, NOW + timedelta(minutes=7))
    log = log_of(vault, find_checklist(vault, 1))
    assert [entry.number for entry in log] == [1, 2, 3, 4]
    assert {step: entry.result for step, entry in standing(log).items()} == {1: "done", 2: "not-applicable"}
    assert [row.result for row in sheet_here(vault, 1, UTC).rows] == ["done", "does not apply"]


def test_what_cannot_be_noted_is_refused(vault: Vault) -> None:
    bring(vault)
    keep_checklist(vault, 1, ("guard",), NOW)
    for act in (
        lambda: note_step(vault, 1, 9, "done", NOW),
        lambda: note_step(vault, 2, 1, "done", NOW),
        lambda: note_step(vault, 1, 1, "done", NOW, at=NOW + timedelta(minutes=1)),
        lambda: take_back(vault, 1, 1, NOW),
        lambda: keep_checklist(vault, 1, ("guard",), NOW, order=5),
        lambda: keep_checklist(vault, 7, ("guard",), NOW),
    ):
        with pytest.raises(UserError):
            act()
    assert vault.records.count(ENTRY) == 0


def test_numbers_stay_and_logs_are_apart(vault: Vault) -> None:
    bring(vault)
    for _ in range(3):
        keep_checklist(vault, 1, ("guard",), NOW)
    note_step(vault, 2, 1, "done", NOW)
    delete_checklist(vault, 1)
    assert [record.value.number for record in list_checklists(vault)] == [2, 3]
    assert len(log_of(vault, find_checklist(vault, 2))) == 1
    assert log_of(vault, find_checklist(vault, 3)) == ()
    delete_checklist(vault, 2)
    assert vault.records.count(ENTRY) == 0


def test_an_order_lends_its_words_and_is_not_printed(vault: Vault) -> None:
    bring(vault)
    add_order(vault, Order(words="Detain everyone. Do not let the medics through."), NOW)
    assert {"detain", "medics"} <= set(suggest_topics(vault, 1))
    keep_checklist(vault, 1, ("guard",), NOW, order=1)
    note_step(vault, 1, 1, "done", NOW)
    assert "Detain" not in str(sheet_here(vault, 1))


def test_the_risk_is_told_in_the_words_of_the_guide() -> None:
    risks = risks_here(load_guide())
    action = load_guide().actions["work-to-rule"]
    assert all((risk.word, risk.text) in risks for risk in action.risks.law)
    assert any("art. 92" in text for _, text in risks)
