"""A process for hostile files: how it is started, and what it gives up before it looks at one (decision 0080)."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Final

if sys.platform != "win32":
    import resource

_NO_NEW_PRIVILEGES: Final = 38
_NOT_DUMPABLE: Final = 4
#: linux/landlock.h, first version: thirteen rights to files and folders; the calls have one number everywhere.
_FILE_RIGHTS: Final = (1 << 13) - 1
_LANDLOCK_CREATE: Final = 444
_LANDLOCK_RESTRICT: Final = 446


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs one of our modules in a process of its own."""
    return [sys.executable, "-P", "-B", "-m", module, *arguments]


def surroundings() -> dict[str, str]:
    """Return the environment of such a process: it finds the program where this one did, and nothing else."""
    found = {"PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))}
    return found | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def confine(most_addresses: int) -> None:
    """Give up what reading does not need, as far as the system can: files, sockets, programs, memory, core dumps.

    Nothing can be imported afterwards: load every module, and every codec, before.

    Args:
        most_addresses: Bytes of address space that stay.
    """
    if sys.platform == "win32":
        return
    if sys.platform == "linux":
        own = ctypes.CDLL(None)
        own.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        own.prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
        _leave_files(own)
    # Without room for one more descriptor nothing can be opened, connected or started.
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, most_addresses),
        (resource.RLIMIT_NOFILE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue


def _leave_files(own: ctypes.CDLL) -> None:
    """Give up every right to files, to remove, rename and run them too (Landlock, Linux 5.13; nothing where it is missing)."""
    rights = ctypes.c_uint64(_FILE_RIGHTS)
    rules = own.syscall(_LANDLOCK_CREATE, ctypes.byref(rights), ctypes.sizeof(rights), 0)
    if rules >= 0:
        own.syscall(_LANDLOCK_RESTRICT, rules, 0)
        os.close(rules)
