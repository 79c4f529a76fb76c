"""How much memory work takes above what this process has, as Linux counts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def peak_while(work: Callable[[], object]) -> int:
    """Return by how many bytes this process grew at most while it worked."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # proc(5): the peak starts anew
    before = resident("self", "VmRSS")
    work()
    return resident("self", "VmHWM") - before


def resident(process: int | str, name: str) -> int:
    """Return what `/proc/PID/status` says under `VmRSS` or `VmHWM`, in bytes."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))
