"""What `make demo` shows is what happens: it ends with an empty outbox and a disk that knows no word, and leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_walk_ends_with_a_disk_that_knows_no_word(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "demo.py")],
        capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    steps = (
        "New messages: 1.",
        "Message 1: evidence 1",
        "Ask for the order to be written down",
        "Nothing waits.",
        "Nothing of it stands in ",
    )
    places = [ran.stdout.index(step) for step in steps]
    assert places == sorted(places)
    assert "FOUND" not in ran.stdout
    assert list(tmp_path.iterdir()) == []
