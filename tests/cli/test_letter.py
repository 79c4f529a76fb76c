"""`holdfire letter`, as a person or a script uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import is_refused, run

KINDS = (
    "written-order", "explanation", "clarification", "true-limitation", "conscience", "leave", "duty-note", "complaint", "ally",
)  # fmt: skip


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.yaml"
    file.write_text("to: Майору\norder_words: 'Всем на площадь. #x'\nprovisions: [iccpr-21]\n", "utf-8")
    return file


def test_list_names_every_kind_and_its_languages() -> None:
    listed = run("letter", "list", "--json").document()
    assert isinstance(listed, list)
    assert tuple(one["id"] for one in listed) == KINDS
    assert all(one["languages"] == ["en", "be", "ru"] and one["before"] for one in listed)
    shown = run("letter", "list")
    assert all(f"  {kind} " in shown.out for kind in KINDS)
    assert "No lawyer" in shown.out


def test_show_tells_the_answers_the_text_and_what_to_say() -> None:
    shown = run("letter", "show", "written-order", "--language", "ru")
    assert shown.code == 0
    for words in (
        "order_words",
        "РАПОРТ О ВЫДАЧЕ",
        "Прошу повторить",
        "_____",
        "No lawyer has checked this.",
    ):
        assert words in shown.out
    document = run("letter", "show", "explanation", "--json").document()
    assert isinstance(document, dict)
    assert {"provisions", "wordings", "refusal"} <= set(document["answers"])


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("txt", "To: Майору".encode())]
)
def test_new_writes_a_file_and_refuses_one_that_is_there(answers: Path, form: str, begins: bytes) -> None:
    out = answers.with_name(f"letter.{form}")
    ran = run("letter", "new", "explanation", "--answers", answers, "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert "state no refusal" in ran.err
    assert "Written:" in ran.err
    made = out.read_bytes()
    assert made.startswith(begins)
    is_refused(run("letter", "new", "leave", "--answers", answers, "--out", out), 1, "already")
    assert out.read_bytes() == made


def test_without_out_it_is_shown_and_nothing_is_written(answers: Path) -> None:
    ran = run("letter", "new", "explanation", "--answers", answers, "--language", "ru,en", cwd=answers.parent)
    assert ran.code == 0
    assert "Международный пакт о гражданских и политических правах, ст. 21." in ran.out
    assert "International Covenant" in ran.out
    assert "BEFORE YOU HAND IT IN" in ran.out
    assert list(answers.parent.iterdir()) == [answers]


def test_json_is_one_document(answers: Path) -> None:
    document = run(
        "letter", "new", "explanation", "--answers", "-", "--json", stdin=answers.read_bytes()
    ).document()
    assert isinstance(document, dict)
    assert document["cited"] == ["iccpr-21"]
    assert document["states_refusal"] is document["states_motive"] is False
    assert "#x" in document["text"]
    assert document["written"] is None
    assert document["script"]["say"]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"birthday: x", (), ("no answer called 'birthday'", "letter show")),
        (b"to: [a", (), ("answers.yaml, line 2", "letter show")),
        (b"to: a\xe2\x80\xaeb", (), ("U+202E",)),
        (b"provisions: [uy-18026-9]", (), ("another state",)),
        (b"provisions: [by-cc-40-2]", (), ("Nobody has read", "wordings")),
        (b"provisions: [nothing]", (), ("no provision", "law list")),
        (b"to: a", ("--language", "fr"), ("not written in", "letter list")),
        (b"to: a", ("--language", "en,en"), ("one language, or two",)),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    tmp_path: Path, content: bytes, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    file = tmp_path / "answers.yaml"
    file.write_bytes(content)
    is_refused(run("letter", "new", "explanation", "--answers", file, *options), 1, *words)


def test_wrong_use_is_told(answers: Path) -> None:
    is_refused(
        run("letter", "new", "resignation", "--answers", answers), 1, "no letter called", "letter list"
    )
    is_refused(
        run("letter", "new", "leave", "--answers", answers, "--out", answers.with_name("x.odt")), 2, ".docx"
    )
    is_refused(run("letter", "new", "leave", "--answers", answers.with_name("none")), 2, "none")
