"""The order in which the lines of a page are read: columns one after the other, from the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.documents.paragraphs import Broken

#: Nested cuts of a page; a table of tables is not cut further.
_MOST_CUTS: Final = 20


@dataclass
class _Run:
    """Lines that follow each other downwards, as the file has them."""

    lines: list[Broken]

    @property
    def top(self) -> float:
        return max(line.y + line.size for line in self.lines)

    @property
    def bottom(self) -> float:
        return min(line.end_y for line in self.lines)

    @property
    def left(self) -> float:
        return min(line.left for line in self.lines)

    @property
    def right(self) -> float:
        return max(line.right for line in self.lines)


def in_order(lines: list[Broken]) -> list[Broken]:
    """Return the lines of a page in the order of reading.

    A file that goes down its page column by column is believed. Where it jumps up, the pieces between
    jumps are put in order by the white between them: first rows of the page, then columns from the
    left; pieces that no white parts stay as the file has them.
    """
    runs: list[_Run] = []
    for line in lines:
        if runs and line.y <= runs[-1].lines[-1].end_y + 0.5 * line.size and _above(runs[-1].lines[-1], line):
            runs[-1].lines.append(line)
        else:
            runs.append(_Run([line]))
    return [line for run in _cut(runs, _MOST_CUTS) for line in run.lines]


def _above(upper: Broken, lower: Broken) -> bool:
    """Say whether two lines stand in one column."""
    return upper.left < lower.right and lower.left < upper.right


def _cut(runs: list[_Run], cuts: int) -> list[_Run]:
    if len(runs) < 2 or not cuts:  # noqa: PLR2004 -- nothing to order
        return runs
    rows = _parted(runs, [(-run.top, -run.bottom) for run in runs])
    if len(rows) > 1:
        return [run for row in rows for run in _cut(row, cuts - 1)]
    columns = _parted(runs, [(run.left, run.right) for run in runs])
    if len(columns) > 1:
        return [run for column in columns for run in _cut(column, cuts - 1)]
    return runs


def _parted(runs: list[_Run], spans: list[tuple[float, float]]) -> list[list[_Run]]:
    """Return the runs in groups whose spans do not touch, groups in order, each as the file has it."""
    groups: list[list[int]] = []
    end = float("-inf")
    for number in sorted(range(len(runs)), key=lambda number: spans[number]):
        if groups and spans[number][0] < end:
            groups[-1].append(number)
        else:
            groups.append([number])
        end = max(end, spans[number][1])
    return [[runs[number] for number in sorted(group)] for group in groups]
