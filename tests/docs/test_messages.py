"""The catalogue of sentences holds every sentence the program can say; translators start from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from holdfire.guide.gates import GATES
from holdfire.pack.levels import LEVEL_WORDS

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "src" / "holdfire" / "locale" / "holdfire.pot"


def test_the_catalogue_is_what_the_source_says_now(tmp_path: Path) -> None:
    fresh = tmp_path / "holdfire.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "babel.cfg", "-k", "mark",
               "--omit-header", "--no-wrap", "--no-location", "--sort-output", "-o", str(fresh), "src"]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)
    assert fresh.read_text() == CATALOGUE.read_text(), "run `make messages`"


def test_sentences_of_cores_and_pages_are_in_it() -> None:
    catalogue = CATALOGUE.read_text()
    for sentence in (
        *LEVEL_WORDS.values(),
        "You ruled this out for now.",
        "What has happened?",
        "Leave this page",
    ):
        assert f'msgid "{sentence}"' in catalogue
    assert GATES
