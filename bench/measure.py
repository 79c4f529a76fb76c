"""One figure beside its peer and its goal, and the place where benches put their files."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Set by `python -m bench --folder`; the disk that is measured.
FOLDER_VARIABLE = "HOLDFIRE_BENCH_FOLDER"
#: Set to 1 for a quick run with small data; its figures are no evidence.
SMALL_VARIABLE = "HOLDFIRE_BENCH_SMALL"


@dataclass(frozen=True)
class Measure:
    """What was measured, beside what, and what was promised.

    Args:
        name: What is measured, in a few words.
        ours: Our figure, in `unit`.
        unit: "ms", "MiB/s" and the like.
        peer: The peer's figure in the same unit; None when the promise is an absolute one.
        peer_name: Whose figure that is.
        more_is_better: True for rates, False for times and sizes.
        ratio_goal: The least ratio promised (how many times as good as the peer); None for none.
        bound: The most (or, where more is better, the least) `ours` may be; None for none.
    """

    name: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    more_is_better: bool = False
    ratio_goal: float | None = None
    bound: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as good as the peer; above 1 is better."""
        if not self.peer or not self.ours:
            return None
        return self.ours / self.peer if self.more_is_better else self.peer / self.ours

    @property
    def goal(self) -> str:
        """The promise, in words."""
        words = []
        if self.ratio_goal is not None:
            words.append(f"≥ {self.ratio_goal:g}×")
        if self.bound is not None:
            words.append(f"{'≥' if self.more_is_better else '≤'} {self.bound:g} {self.unit}")
        return ", ".join(words)

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None when nothing was promised."""
        kept = []
        if self.ratio_goal is not None:
            kept.append(self.ratio is not None and self.ratio >= self.ratio_goal)
        if self.bound is not None:
            kept.append(self.ours >= self.bound if self.more_is_better else self.ours <= self.bound)
        return all(kept) if kept else None


def small() -> bool:
    """Return whether a quick run with small data was asked for."""
    return os.environ.get(SMALL_VARIABLE) == "1"


@contextmanager
def bench_folder() -> Iterator[Path]:
    """Yield an empty folder on the disk that is measured, and delete it afterwards."""
    parent = Path(os.environ.get(FOLDER_VARIABLE, "build/bench"))
    folder = parent / f"run-{os.getpid()}-{time.monotonic_ns()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes by the wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(rounds: int, contenders: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Return each contender's median of `rounds` figures, taken in turns.

    Taking turns spreads a busy moment of the machine over all of them; each round starts with another one.
    """
    names = list(contenders)
    figures: dict[str, list[float]] = {name: [] for name in names}
    for round_number in range(rounds):
        turn = round_number % len(names)
        for name in names[turn:] + names[:turn]:
            figures[name].append(contenders[name]())
    return {name: statistics.median(values) for name, values in figures.items()}
