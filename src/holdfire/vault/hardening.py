"""Keeping the process's memory and temporary files off the disk; the entrances call `harden` first of all."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import tempfile  # noqa: TID251 — imported to make it useless
from pathlib import Path

if sys.platform != "win32":
    import resource

_PR_SET_DUMPABLE = 4
#: A path below something that is no folder: nobody can make a file there, so a library that tries fails loudly.
NOWHERE = str(Path(os.devnull) / "nowhere")


def harden() -> None:
    """Forbid core dumps, other programs' debuggers, and temporary files, as far as the system can."""
    tempfile.tempdir = NOWHERE
    if sys.platform != "win32":
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A crash handler that reads core dumps from a pipe does not heed the limit; it does heed this.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
