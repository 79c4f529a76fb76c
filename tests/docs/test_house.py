"""Documents and house agree: threats name their tests, decisions their form, dependencies their reason, and nothing names a workplace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THREATS = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
PARTS = re.split(r"^### ", THREATS, flags=re.MULTILINE)[1:]
ATTACKS = sorted(path.name for path in (ROOT / "tests" / "attacks").glob("test_t*.py"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_threats_are_numbered_without_a_gap() -> None:
    assert [part.split()[0] for part in PARTS] == [f"T{number:02}" for number in range(1, len(PARTS) + 1)]
    assert len(PARTS) >= 17


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.split()[0])
def test_every_threat_names_its_test_or_says_why_there_is_none(part: str) -> None:
    named = re.findall(r"^Test: `tests/attacks/(test_[a-z0-9_]+\.py)`", part, re.MULTILINE)
    if not named:
        assert "No test can show" in part
        return
    for name in named:
        assert name.startswith(f"test_{part.split(maxsplit=1)[0].lower()}_")
        assert name in ATTACKS, f"{name} is missing"


def test_every_attack_stands_in_the_threat_model() -> None:
    named = set(re.findall(r"tests/attacks/(test_[a-z0-9_]+\.py)", THREATS))
    assert set(ATTACKS) <= named


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_has_its_number_and_its_three_parts(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text)
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {"Decision", "Why", "Refused"} <= set(parts), parts


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(numbers) == len(set(numbers))


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    reasons = (ROOT / "docs" / "decisions" / "0002-chosen-parts.md").read_text("utf-8")
    needed = [
        *project["project"]["dependencies"],
        *chain(*project["project"]["optional-dependencies"].values()),
    ]
    names = [re.split(r"[<>=\[ ;]", one)[0] for one in needed]
    given = re.findall(r"^- ([A-Za-z0-9_.-]+): \S.*\.$", reasons, re.MULTILINE)
    assert sorted(given) == sorted(names)
    for one in (one for group in project["dependency-groups"].values() for one in group):
        assert re.split(r"[<>=\[ ;]", one)[0] in reasons


def test_the_commands_of_the_readme_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"^## Two commands\n+```[^\n]*\n(.*?)```", readme, re.MULTILINE | re.DOTALL)
    assert block
    named = re.findall(r"^make ([a-z]+)", block[1], re.MULTILINE)
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[0].split()
    assert len(named) == 2
    assert set(named) <= set(targets)
    script = (ROOT / "dev.py").read_text("utf-8")
    assert all(f"def task_{target}(" in script for target in targets)


def test_every_local_link_of_the_documents_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


#: Folders that are made here and belong to no release.
MADE = {
    ".git",
    ".venv",
    ".tools",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "build",
    "dist",
}


def files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix not in {".png", ".pyc"}:
            yield path


def test_nothing_names_the_place_where_it_was_written() -> None:
    """Paths, machines and registries of a workplace tell who made something, and lead nowhere for everybody else."""
    # Written in parts, so that this file does not name them either.
    strange = re.compile(rb"(?<![\w.])/(?:wo" + rb"rk|ro" + rb"ot)/|\bfa" + rb"rm-\w|\.lib" + rb"rary\b")
    for path in files():
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            assert not strange.search(line), f"{path.relative_to(ROOT)}:{number}: {line[:120]!r}"


def test_the_lock_names_one_public_index() -> None:
    lock = (ROOT / "uv.lock").read_text("utf-8")
    assert set(re.findall(r'registry = "([^"]+)"', lock)) == {"https://pypi.org/simple"}
    assert {found.split("/")[2] for found in re.findall(r'url = "([^"]+)"', lock)} == {
        "files.pythonhosted.org"
    }
