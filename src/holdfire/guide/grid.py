"""The four choices side by side: decide later, stay, resign, join; deciding nothing yet is one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfire.guide.conditions import Condition, Facts, parse_condition
from holdfire.guide.questions import Question
from holdfire.pack.reader import Node

#: How many choices stand side by side.
CHOICES = ("decide-later", "stay", "resign", "join")


@dataclass(frozen=True)
class Caution:
    """What one's answers say against a choice now."""

    when: Condition
    text: str


@dataclass(frozen=True)
class Side:
    """One choice: its title, a sentence on what it is, a cell for each row, and its cautions."""

    id: str
    title: str
    text: str
    cells: tuple[str, ...]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class Grid:
    """The rows' titles and the four sides."""

    rows: tuple[str, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Column:
    """One choice as the person sees it: rows by title, and what their answers say against it now."""

    id: str
    title: str
    text: str
    rows: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]


def judge_columns(grid: Grid, facts: Facts) -> tuple[Column, ...]:
    """Return the four columns with the cautions that hold."""
    return tuple(
        Column(
            side.id,
            side.title,
            side.text,
            tuple(zip(grid.rows, side.cells, strict=True)),
            tuple(caution.text for caution in side.cautions if caution.when.judge(facts).holds),
        )
        for side in grid.sides
    )


def parse_grid(node: Node, questions: Mapping[str, Question]) -> Grid:
    """Return the grid; every side has a cell for every row."""
    known = node.fields("rows sides")
    rows = known["rows"].texts(least=1)
    sides = []
    for item in known["sides"].items(least=len(CHOICES)):
        side = item.fields("id title text cells cautions")
        cells = side["cells"].texts()
        if len(cells) != len(rows):
            raise side["cells"].refuse(f"a side has {len(rows)} cells, one for each row")
        cautions = tuple(
            Caution(parse_condition(one["when"], questions), one["text"].text())
            for one in (caution.fields("when text") for caution in side["cautions"].items())
        )
        sides.append(
            Side(side["id"].identifier(), side["title"].text(), side["text"].text(), cells, cautions)
        )
    if tuple(side.id for side in sides) != CHOICES:
        raise known["sides"].refuse(f"the sides are {', '.join(CHOICES)}, in this order")
    return Grid(rows, tuple(sides))
