"""Regulations and checklists on pages: read, ticked, taken back, printed; nothing of them without a vault."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterable

import pytest

from holdfire.journeys.keep_regulation import import_regulation
from simulators.reader import Reading
from simulators.served import BEGIN, Answer, Served

RULES = """Guard rules
1. General
1.1 The guard must carry a whistle.
1.2 The guard must not:
(a) leave the post unless relieved;
(b) open the gate.
1.3 The guard may refuse entry.
1.4 A weapon may be drawn only where life is in danger.
2. The hall has two doors.
"""


def bring(opened: Served, text: str = RULES, title: str = "") -> None:
    """Import a regulation as the page does, without the upload."""
    session = opened.program.session
    assert session.vault is not None
    done = session._thread.submit(
        import_regulation, session.vault, io.BytesIO(text.encode()), "rules.txt", BEGIN, title=title
    )
    done.result(60)


def flat(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def brought(opened: Served) -> Served:
    bring(opened)
    return opened


def send_file(opened: Served, content: bytes, name: str = "rules.txt", **fields: str) -> Answer:
    """Send the form of the import page as a browser does, and wait for the work behind it."""
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode()
        for key, value in fields.items()
    ]
    parts.append(
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
        + content
    )
    body = b"".join(b"--xyz\r\n" + part + b"\r\n" for part in parts) + b"--xyz--\r\n"
    answer = opened.ask("POST", "/rules/import", body, {"Content-Type": "multipart/form-data; boundary=xyz"})
    if answer.status != 303:
        return answer
    session = opened.program.session
    for _ in range(600):
        if not session.busy:
            break
        time.sleep(0.05)
    return opened.get("/progress")


def test_a_file_comes_in_by_the_page(opened: Served) -> None:
    assert 'enctype="multipart/form-data"' in opened.get("/rules/import").text
    answer = send_file(opened, RULES.encode(), title="Guard, 2030", language="en")
    assert "The regulation is in your vault." in answer.text
    assert "Guard, 2030" in opened.get("/rules").text
    assert "whistle" in opened.get("/rules/1").text


def test_no_file_and_a_file_that_cannot_be_read_are_told(opened: Served) -> None:
    answer = send_file(opened, b"", name="")
    assert answer.status == 422
    assert "No file was chosen." in answer.text
    assert 'href="#file"' in answer.text
    said = send_file(opened, b"\n \n").text
    assert "The regulation is in your vault." not in said
    assert "None yet. Bring one" in opened.get("/rules").text


def test_a_text_in_an_unknown_language_is_kept_without_labels(opened: Served) -> None:
    send_file(opened, "1. ქართული ენა.\n2. მეორე.".encode())
    assert "nothing is labelled" in opened.get("/rules/1").text


@pytest.fixture
def ticked(brought: Served) -> Served:
    assert brought.post("/rules/1/checklist", topics="guards").status == 200
    brought.post("/checklists/1/tick", done="1")
    return brought


PATHS = ("/rules", "/rules/import", "/rules/1", "/rules/1/checklist", "/checklists/1", "/checklists/1/step/1", "/checklists/1/print",
         "/checklists/1/notes.pdf")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_the_rules_is_shown_without_a_vault(served: Served, path: str) -> None:
    assert served.ask("GET", path).header("location") == "/open"


def test_the_guide_and_the_list_lead_to_each_other(brought: Served) -> None:
    assert "/rules" in Reading(brought.get("/guide/work-to-rule").text).links
    assert {"/rules/1", "/rules/1/checklist", "/guide/work-to-rule"} <= set(
        Reading(brought.get("/rules").text).links
    )


def test_a_regulation_shows_each_clause_with_what_it_binds_to(brought: Served) -> None:
    said = flat(brought.get("/rules/1").text)
    assert (
        "1.2, (a) The guard must not: leave the post unless relieved; [must not, exception or condition]"
        in said
    )
    assert "The hall has two doors." in said


def test_the_filter_shows_one_label_alone(brought: Served) -> None:
    said = flat(brought.get("/rules/1?label=permission").text)
    assert "1.3 The guard may refuse entry. [may]" in said
    assert "whistle" not in said
    assert brought.ask("GET", "/rules/1?label=order").status == 404


def test_the_risk_stands_on_the_page_before_one_starts(brought: Served) -> None:
    said = flat(brought.get("/rules/1/checklist").text)
    assert "art. 92. Work that is slow or careless on purpose can be tried as neglect of duty." in said
    assert said.index("art. 92") < said.rindex("Make the checklist")
    assert "Someone who is hurt, held or in danger comes before any list." in said


def test_words_about_which_nothing_rules_are_asked_again(brought: Served) -> None:
    answer = brought.post("/rules/1/checklist", topics="helicopter")
    assert answer.status == 422
    assert "Nothing in this regulation rules on these words." in answer.text
    assert 'value="helicopter"' in answer.text
    assert brought.post("/rules/1/checklist", topics=" , ").status == 422


def test_an_order_suggests_its_words_and_is_kept_with_the_checklist_alone(brought: Served) -> None:
    brought.post("/orders/new", words="Open fire if they stay.")
    page = brought.get("/rules/1/checklist?order=1").text
    assert 'value="open fire"' in page
    brought.post("/rules/1/checklist", topics="weapon", order="1")
    assert "/orders/1" in Reading(brought.get("/checklists/1").text).links
    brought.post("/checklists/1/tick", done="1")
    assert "Open fire" not in brought.get("/checklists/1/print").text


def test_a_step_is_ticked_with_one_button_and_taken_back_with_another(ticked: Served) -> None:
    page = ticked.get("/checklists/1").text
    assert "Kept to step 2" in flat(page)
    assert "1 of 4 steps noted" in flat(page)
    assert "done , 2030-05-01" in flat(page)
    assert "0 of 4 steps noted" in flat(ticked.post("/checklists/1/tick", back="1").text)
    assert ticked.post("/checklists/1/tick").status == 404


def test_a_step_that_could_not_be_done_has_a_time_and_words(ticked: Served) -> None:
    answer = ticked.post("/checklists/1/step/1", result="could-not", at="", words="No whistle issued")
    assert "could not be done" in flat(answer.text)
    assert "No whistle issued" in ticked.get("/checklists/1/print").text
    wrong = ticked.post("/checklists/1/step/2", result="done", at="noon")
    assert wrong.status == 422
    assert 'href="#at"' in wrong.text
    assert ticked.post("/checklists/1/step/2", result="done", at="2999-01-01 10:00").status == 422
    assert ticked.post("/checklists/1/step/2", result="done", words="x" * 301).status == 422
    refused = ticked.post("/checklists/1/step/2", result="could-not")
    assert refused.status == 422
    assert "spoken with a lawyer" in refused.text
    assert "could-not" not in ticked.get("/checklists/1/step/2").text
    assert ticked.get("/checklists/1/step/99").status == 404


def test_the_print_is_offered_as_pdf_and_text(ticked: Served) -> None:
    links = Reading(ticked.get("/checklists/1/print").text).links
    assert {"/checklists/1/notes.pdf", "/checklists/1/notes.txt"} <= set(links)
    assert ticked.ask("GET", "/checklists/1/notes.pdf").text.startswith("%PDF-")
    assert ticked.ask("GET", "/checklists/1/notes.txt").text.startswith("STEPS FOLLOWED")
    assert ticked.ask("GET", "/checklists/1/notes.exe").status == 404


def test_both_are_deleted_only_when_the_box_is_ticked(ticked: Served) -> None:
    assert "was not ticked" in ticked.post("/rules/1/delete").text
    assert "is deleted" in ticked.post("/rules/1/delete", sure="yes").text
    assert "whistle" in ticked.get("/checklists/1").text
    assert "was not ticked" in ticked.post("/checklists/1/delete").text
    assert "is deleted" in ticked.post("/checklists/1/delete", sure="yes").text
    assert ticked.get("/checklists/1").status != 200


HOSTILE = {
    "many": "\n".join(f"{number}. The guard must report <b>&{number}</b>." for number in range(1, 999)),
    "one long": "must. " * 5_000 + "\n",
    "marks": "'\"&<" * 5_000 + "\n1. must\n",
    "deep": "\n".join(f"{'.'.join(['1'] * depth)}. The guard must:" for depth in range(1, 7)) * 30,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_no_page_of_any_regulation_is_larger_than_thirty_kilobytes(opened: Served, text: str) -> None:
    bring(opened, text, title="'" * 5_000)
    pages = ["/rules", "/rules/1/checklist", *_parts(opened, "/rules/1", 12)]
    if opened.post("/rules/1/checklist", topics="must, guard").status == 200:
        for step in range(1, 16):
            opened.post(f"/checklists/1/step/{step}", result="could-not", words='"' * 300)
        pages += ["/checklists/1", "/checklists/1/step/1", "/checklists/1/print"]
    for path in pages:
        answer = opened.get(path)
        assert len(answer.text.encode()) <= 30 * 1024, path


def _parts(opened: Served, path: str, most: int) -> Iterable[str]:
    """Yield a page and those that its "Next" leads to."""
    for _ in range(most):
        yield path
        found = re.search(r'href="([^"]+)">Next<', opened.get(path).text)
        if found is None:
            return
        path = found[1].replace("&amp;", "&")
