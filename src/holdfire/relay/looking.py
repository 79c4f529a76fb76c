"""Looking at a relay's host: what Linux tells; elsewhere most of it cannot be told, and is left at that."""

from __future__ import annotations

import ctypes
import ipaddress
import re
import shutil
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from holdfire.relay.host import Host, Swap, TorProgram

if sys.platform != "win32":
    import resource

_PR_GET_DUMPABLE: Final = 3
#: What adjtimex answers while nobody keeps the clock (adjtimex(2): TIME_ERROR); more than any `struct timex` has bytes.
_UNSYNCHRONISED: Final = 5
_TIMEX: Final = 512
_LISTENS: Final = "0A"
#: Seconds for tor to say what it is.
_PATIENCE: Final = 20
_PROC: Final = Path("/proc")
_BLOCK: Final = Path("/sys/class/block")
#: What must be for its owner's eyes alone; the folder shields the rest.
_KEPT: Final = ("relay.key", "relay.db", "relay.db-wal", "relay.db-shm")


def look(folder: Path, listen: tuple[str, int]) -> Host:
    """Return what can be told of this computer, as the host of a relay on `folder` that is to listen at `listen`."""
    near = folder.resolve()
    while not near.exists():
        near = near.parent
    has_modes = sys.platform != "win32"
    return Host(
        listen,
        folder=stat.S_IMODE(folder.stat().st_mode) if has_modes and folder.is_dir() else None,
        files=_modes(folder) if has_modes else {},
        file_system=file_system(_text(_PROC / "self" / "mountinfo"), near),
        free=shutil.disk_usage(near).free,
        core_limit=_core_limit(),
        dumpable=_dumpable(),
        core_pattern=_text(_PROC / "sys" / "kernel" / "core_pattern"),
        swaps=_swaps(),
        synchronised=_synchronised(),
        listening=_listening(listen[1]),
        tor=find_tor(),
    )


def file_system(untrusted_mounts: str | None, folder: Path) -> str | None:
    """Return the kind of file system on which a folder lies, from the text of `/proc/self/mountinfo`.

    Args:
        untrusted_mounts: The text (proc_pid_mountinfo(5)), or None where there is none.
        folder: Without links.
    """
    kind, longest = None, -1
    for line in (untrusted_mounts or "").splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after.split():  # noqa: PLR2004 — the fifth is the mount point
            continue
        place = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[4]))
        # Of two on one place the later hides the earlier.
        if folder.is_relative_to(place) and len(place.parts) >= longest:
            kind, longest = after.split()[0], len(place.parts)
    return kind


def listeners(untrusted_table: str, port: int) -> list[str]:
    """Return the addresses at which something listens on a port, from the text of `/proc/net/tcp` or `tcp6`."""
    found = []
    for line in untrusted_table.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 4 or fields[3] != _LISTENS:  # noqa: PLR2004 — the fourth is the state
            continue
        written, _, its_port = fields[1].partition(":")
        if int(its_port, 16) != port:
            continue
        # Words of four bytes, each in this computer's order.
        words = (int(written[at : at + 8], 16) for at in range(0, len(written), 8))
        address = ipaddress.ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        found.append(str(mapped or address))
    return found


def find_tor() -> TorProgram | None:
    """Return the system's tor and what it can, or None if there is none that runs."""
    path = shutil.which("tor") or shutil.which("/usr/sbin/tor")
    if path is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        said = _said(path, "--version")
        version = re.search(r"Tor version (\S+?)\.?\s", said)
        modules = _said(path, "--list-modules")
        return TorProgram(path, version[1] if version else "?", "pow: yes" in modules)
    return None


def _said(*command: str) -> str:
    ran = subprocess.run(  # noqa: S603 — the system's own program, no word of a stranger's
        command, capture_output=True, text=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL
    )
    return ran.stdout


def _modes(folder: Path) -> dict[str, int]:
    found = {}
    for name in _KEPT:
        with suppress(OSError):
            found[name] = stat.S_IMODE((folder / name).stat().st_mode)
    return found


def _core_limit() -> int | None:
    return None if sys.platform == "win32" else resource.getrlimit(resource.RLIMIT_CORE)[0]


def _dumpable() -> bool | None:
    """Say whether this process, which is hardened as a relay is, may be dumped."""
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))
    return None


def _synchronised() -> bool | None:
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        # All zero asks and sets nothing.
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
        return None if state < 0 else state != _UNSYNCHRONISED
    return None


def _swaps() -> tuple[Swap, ...] | None:
    table = _text(_PROC / "swaps")
    if table is None:
        return None
    names = [line.split()[0] for line in table.splitlines()[1:] if line.strip()]
    return tuple(Swap(name, _is_encrypted(Path(name).name)) for name in names)


def _is_encrypted(device: str) -> bool:
    if device.startswith("zram"):
        # In memory, unless it was given a disk to write back to.
        return (_text(_BLOCK / device / "backing_dev") or "none").strip() == "none"
    return (_text(_BLOCK / device / "dm" / "uuid") or "").startswith("CRYPT-")


def _listening(port: int) -> tuple[str, ...] | None:
    tables = [_text(_PROC / "net" / name) for name in ("tcp", "tcp6")]
    if all(table is None for table in tables):
        return None
    return tuple(place for table in tables if table for place in listeners(table, port))


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return None
