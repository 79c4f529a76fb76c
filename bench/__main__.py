"""Run the benches named, or all, and print one table.

`python -m bench [--folder PATH] [NAME…]`: a bench is a module of this package with a `main`.
`HOLDFIRE_BENCH_SMALL=1` makes a quick run, whose figures are no evidence.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path

from bench.measure import FOLDER_VARIABLE, Measure, small


def bench_names() -> list[str]:
    """Return the benches there are, by name."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in found if name not in {"__main__", "measure"} and _has_main(name))


def _has_main(name: str) -> bool:
    return "\ndef main() -> list[Measure]:" in (Path(__file__).parent / f"{name}.py").read_text("utf-8")


def figure(value: float | None, unit: str = "") -> str:
    """Return `value` with three significant digits, thousands parted by commas."""
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f} {unit}".strip()


def row(measure: Measure) -> tuple[str, ...]:
    """Return one line of the table as words."""
    peer = f"{figure(measure.peer, measure.unit)} ({measure.peer_name})" if measure.peer is not None else ""
    ratio = f"{measure.ratio:.2f}×" if measure.ratio is not None else ""
    met = {True: "met", False: "NOT MET", None: ""}[measure.met]
    return measure.name, figure(measure.ours, measure.unit), peer, ratio, measure.goal, met


def table(measures: list[Measure]) -> str:
    """Return all measures as a plain text table."""
    lines = [("measure", "ours", "peer", "ratio", "goal", ""), *(row(measure) for measure in measures)]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(
            word.ljust(width) if column == 0 else word.rjust(width)
            for column, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def run() -> int:
    """Run what the command line names; 1 when a goal is not met."""
    names = bench_names()
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Print every measure beside its peer."
    )
    parser.add_argument(
        "--folder", help="where the files go, the disk that is measured (default build/bench)"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names)}")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in names]
    if unknown:
        parser.error(f"no bench is called {', '.join(unknown)}; there are: {', '.join(names)}")
    if chosen.folder:
        os.environ[FOLDER_VARIABLE] = chosen.folder
    measures: list[Measure] = []
    for name in chosen.names or names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        measures += importlib.import_module(f"bench.{name}").main()
    print(table(measures))
    if small():
        print("A quick run with small data: no evidence.")
    return 1 if any(measure.met is False for measure in measures) else 0


if __name__ == "__main__":
    sys.exit(run())
