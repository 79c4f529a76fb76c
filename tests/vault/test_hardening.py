"""A hardened process leaves no core dump and no temporary file."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, resource, tempfile
from holdfire.vault.hardening import harden
harden()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
for make in (tempfile.TemporaryFile, tempfile.NamedTemporaryFile, tempfile.mkdtemp, tempfile.mkstemp):
    try: make()
    except OSError: pass
    else: raise AssertionError(make)
spooled = tempfile.SpooledTemporaryFile(max_size=10)
try: spooled.write(b"more than ten bytes")
except OSError: pass
else: raise AssertionError("spooled to disk")
if os.path.exists("/proc/self/status"):
    import ctypes
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0
print("hardened")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_hardened_process_dumps_nothing_and_makes_no_temporary_file() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert said.stdout == "hardened\n"
