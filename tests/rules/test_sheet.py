"""The print: "steps followed", in the regulation's language, without motive, order, or a trace of who made it with what."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfire.errors import UserError
from holdfire.journeys.rules_here import load_grammars
from holdfire.rules.checklist import Step
from holdfire.rules.log import Entry
from holdfire.rules.sheet import Sheet, sheet_of, sheet_pdf, sheet_text

#: Signs that mean something to typst.
MARKUP = "#set page(width: 1pt) $x^2$ *b* _i_ @a <b> `r` [c] \\ // ~ = - + / https://a.b"
TRACES = re.compile(
    rb"typst|krilla|xmp-writer|python|hold.?fire|/(?:work|home|root|tmp|usr)/|CreationDate|ModDate|/Author|Producer",
    re.IGNORECASE,
)
#: Words that would say that somebody meant to be slow.
DELAY = re.compile(
    r"delay|slow|hinder|obstruct|stall|work.to.rule|задерж|замедл|затяг|медлен|тормоз|саботаж|промедл|затрым|запавол|марудз|"
    r"зацяг|павольн|retras|demor|lent|dilat|entorpec|sabot|huelga de celo",
    re.IGNORECASE,
)
NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
STEPS = (
    Step(1, "Глава 2, Статья 5, 5.1, а)", 12, ("prohibition",), f"Часовому запрещается: спать; {MARKUP}", 9),
    Step(2, "1.2", None, ("obligation",), "The guard must carry a whistle.", 3),
    Step(3, "1.3", None, ("obligation",), "Never noted.", 4),
)
LOG = (
    Entry(1, 1, "done", NOW),
    Entry(2, 2, "done", NOW),
    Entry(3, 2, None, NOW),
    Entry(4, 2, "could-not", NOW.replace(hour=11), "Ўладзімір: no whistle issued"),
)


def sheet(language: str = "en") -> Sheet:
    return sheet_of(
        language, load_grammars()[language].printed, "Устав, Статут ў, Guard rules", STEPS, LOG, UTC
    )


def pdf_text(made: bytes, tmp_path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "x.pdf"
    file.write_bytes(made)
    return subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True).stdout.decode()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", sorted(load_grammars()))
def test_both_files_hold_time_step_clause_and_result(language: str, tmp_path: Path) -> None:
    one = sheet(language)
    for text in (sheet_text(one).decode(), pdf_text(sheet_pdf(one), tmp_path)):
        flat = squeezed(text)
        for part in (MARKUP, "2030-05-01 12:00", "Глава 2, Статья 5, 5.1, а)", "12)", "Ўладзімір: no whistle issued",
                     one.words["kept"], one.words["could-not"], one.words["signature"]):  # fmt: skip
            assert squeezed(part) in flat, part
        assert "Nevernoted" not in flat


def test_entries_stand_in_the_order_of_their_times_and_what_was_taken_back_is_gone() -> None:
    assert [row.time for row in sheet().rows] == ["2030-05-01 11:00", "2030-05-01 12:00"]
    assert [row.result for row in sheet().rows] == ["could not be done", "kept to"]


@pytest.mark.parametrize("language", sorted(load_grammars()))
def test_no_word_of_the_print_says_that_anybody_was_slow(language: str, tmp_path: Path) -> None:
    grammar = load_grammars()[language]
    assert not [word for word in grammar.printed.values() if DELAY.search(word)]
    plain = sheet_of(language, grammar.printed, "X", (), (), UTC)
    assert not DELAY.search(sheet_text(plain).decode())
    assert not DELAY.search(pdf_text(sheet_pdf(plain), tmp_path))
    assert not DELAY.search(sheet_pdf(plain).decode("latin-1"))


def test_the_word_for_it_would_be_found() -> None:
    for word in ("Delay", "задержка", "затрымка", "retraso", "slowly"):
        assert DELAY.search(word)


def test_the_same_log_gives_the_same_bytes_without_a_trace(tmp_path: Path) -> None:
    made = sheet_pdf(sheet())
    assert made == sheet_pdf(sheet())
    assert not TRACES.search(made)
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    file = tmp_path / "x.pdf"
    file.write_bytes(made)
    done = subprocess.run(["exiftool", "-json", "-G", file], capture_output=True, check=True)
    found = {key.rpartition(":")[2]: value for key, value in json.loads(done.stdout)[0].items()}
    assert found["Title"] == "Steps followed"
    for name in ("Author", "CreateDate", "ModifyDate", "Producer", "Keywords", "Subject"):
        assert not str(found.get(name, "")).strip(), name
    assert not str(found.get("Creator", "")).strip()
    assert not str(found.get("CreatorTool", "")).strip()


def test_a_sign_that_no_font_has_is_refused_in_the_pdf_alone() -> None:
    step = Step(1, "1", None, ("obligation",), "ქართული ဗမာ", 1)
    one = sheet_of("en", load_grammars()["en"].printed, "X", (step,), (LOG[0],), UTC)
    with pytest.raises(UserError, match="fonts lack a sign"):
        sheet_pdf(one)
    assert "ქართული" in sheet_text(one).decode()


def test_a_log_of_three_hundred_steps_is_set_on_pages(tmp_path: Path) -> None:
    steps = tuple(
        Step(number, f"{number}", 1, ("obligation",), "The guard must report. " * 20, 1)
        for number in range(1, 301)
    )
    log = tuple(Entry(number, number, "done", NOW, "w" * 300) for number in range(1, 301))
    one = sheet_of("en", load_grammars()["en"].printed, "X", steps, log, UTC)
    assert "300" in pdf_text(sheet_pdf(one), tmp_path)
