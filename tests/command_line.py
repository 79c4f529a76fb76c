"""The real command, run as a person would run it: another process, its exit code, and what it says where."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: What opens the vaults that tests of commands make.
PHRASE = "seven slow herons over the reed"
COMMAND = (sys.executable, "-m", "holdfire.cli.main")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and its two outputs."""

    code: int
    out: str
    err: str

    def document(self) -> object:
        """Return the one JSON document that standard output holds; fails on anything before or after it."""
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """Return a plain environment: no vault named, no colours, UTF-8."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", "COLUMNS": "100", **more}


def run(
    *arguments: object, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Ran:
    """Run `holdfire` with `arguments`, away from any terminal."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        env=environment(**(env or {})),
        cwd=cwd,
        start_new_session=True,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def is_refused(ran: Ran, code: int, *words: str) -> None:
    """Assert that a command refused in plain words: on standard error alone, and no traceback."""
    assert ran.code == code, ran
    assert ran.out == "", ran.out
    assert "Traceback" not in ran.err
    assert "GetPassWarning" not in ran.err
    assert "itself made a mistake" not in ran.err, ran.err
    for word in words:
        assert word in ran.err, ran.err
    if code == 1:
        lines = ran.err.strip().split("\n")
        told = [line for line in lines if not line.startswith(("Note: ", "This file of answers is plain"))]
        # One sentence and a hint; a fault in a file begins with its place.
        assert len(told) == 2, ran.err
        assert told[0].endswith(".") or re.match(r"[^ ]+( [^ ]+)?, line [0-9]+: ", told[0]), told
        assert told[1].endswith("."), told
