"""Every bench runs to its table with little data, so that `make bench` prints one; whether a goal is met is never asserted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Modules with a `main` are benches; the others are what they stand on.
NAMES = sorted(
    file.stem for file in (ROOT / "bench").glob("[!_]*.py") if "def main(" in file.read_text("utf-8")
)


def test_there_are_benches() -> None:
    assert {"relay", "vault_blob", "app_pages"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_prints_its_measures(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--folder", tmp_path, name],
        cwd=ROOT,
        env={**os.environ, "HOLDFIRE_BENCH_SMALL": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("measure ")
    assert "A quick run with small data: no evidence." in done.stdout
