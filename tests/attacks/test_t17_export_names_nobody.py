"""T17: an export names its maker.

An adversary who finds an exported guide could learn who made it, when, and on which computer. Two people's files
are the same bytes, so none of them can say.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FORMATS = ("html", "epub", "pdf")


def write(form: str, place: Path, **person: str) -> bytes:
    """Export as somebody else would: another home, name, language, time zone and day."""
    place.mkdir()
    target = place / f"out.{form}"
    command = [
        sys.executable,
        "-m",
        "holdfire.cli.main",
        "guide",
        "export",
        "--format",
        form,
        "--out",
        str(target),
    ]
    subprocess.run(command, check=True, cwd=place, env={**os.environ, **person}, capture_output=True)
    return target.read_bytes()


@pytest.mark.parametrize("form", FORMATS)
def test_two_people_make_the_same_file(form: str, tmp_path: Path) -> None:
    one = write(
        form,
        tmp_path / "anna",
        HOME="/anna",
        USER="anna",
        LANG="be_BY.UTF-8",
        TZ="Europe/Minsk",
        PYTHONHASHSEED="1",
    )
    two = write(
        form,
        tmp_path / "ben",
        HOME="/ben",
        USER="ben",
        LANG="en_US.UTF-8",
        TZ="America/Lima",
        PYTHONHASHSEED="2",
    )
    assert one == two
    for trace in (b"anna", b"/tmp/", str(tmp_path).encode()):
        assert trace not in one


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "reader.html"
    target.write_text("mine")
    command = [
        sys.executable,
        "-m",
        "holdfire.cli.main",
        "guide",
        "export",
        "--format",
        "html",
        "--out",
        str(target),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert target.read_text() == "mine"
    assert "Traceback" not in done.stderr
