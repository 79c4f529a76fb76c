"""Pages of the guide that are no action: the order for tomorrow, the care page, the facts; and the headings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from holdfire.guide.sources import parse_named_sources
from holdfire.pack.reader import Node

Route = Literal["stay", "resign", "join", "every"]
_ROUTES: dict[str, Route] = {"stay": "stay", "resign": "resign", "join": "join", "every": "every"}

#: The pages of the program an action can be carried out on. The program says which of them it has.
PROGRAM_PAGES: Final = frozenset(
    [
        "order-for-tomorrow",
        "questions",
        "plan",
        "guide",
        "facts",
        "export",
        "orders",
        "review",
        "letters",
        "clock",
        "packet",
        "rules",
        "law",
        "oath",
        "evidence",
        "accountability",
        "claims",
        "accounts",
        "desk",
        "drop",
        "circle",
        "statements",
        "directory",
        "switch",
        "leave",
        "leave-days",
    ]
)


@dataclass(frozen=True)
class Heading:
    """A heading of the essay, with what it is and its main risk."""

    id: str
    route: Route
    title: str
    intro: str


@dataclass(frozen=True)
class Table:
    """A small table: a head and rows of the same width."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of a page: paragraphs, a list, a table, and what they stand on."""

    title: str
    text: tuple[str, ...]
    list: tuple[str, ...]
    table: Table | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class GuidePage:
    """A page that stands for itself."""

    id: str
    title: str
    in_short: str
    sections: tuple[Section, ...]
    reviewed: date
    lawyer: str | None


def parse_headings(node: Node) -> tuple[Heading, ...]:
    """Return the headings in their order."""
    return tuple(_parse_heading(item) for item in node.fields("headings")["headings"].items(least=1))


def _parse_heading(node: Node) -> Heading:
    known = node.fields("id route title intro")
    return Heading(
        known["id"].identifier(), known["route"].choice(_ROUTES), known["title"].text(), known["intro"].text()
    )


def parse_page(node: Node) -> GuidePage:
    """Return one page, or raise ContentError."""
    known = node.fields("id title in_short sections reviewed lawyer")
    return GuidePage(
        id=known["id"].identifier(),
        title=known["title"].text(),
        in_short=known["in_short"].text(),
        sections=tuple(_parse_section(item) for item in known["sections"].items(least=1)),
        reviewed=known["reviewed"].date(),
        lawyer=known["lawyer"].text_or_none(),
    )


def _parse_section(node: Node) -> Section:
    known = node.fields("title source", "text list table")
    section = Section(
        title=known["title"].text(),
        text=known.get("text", Node.texts, ()),
        list=known.get("list", Node.texts, ()),
        table=known.get("table", _parse_table, None),
        sources=parse_named_sources(known["source"]),
    )
    if not (section.text or section.list or section.table):
        raise node.refuse("a section holds a text, a list or a table")
    return section


def _parse_table(node: Node) -> Table:
    known = node.fields("head rows")
    head = known["head"].texts(least=1)
    rows = []
    for item in known["rows"].items(least=1):
        row = item.texts()
        if len(row) != len(head):
            raise item.refuse(f"a row has {len(head)} cells, like the head")
        rows.append(row)
    return Table(head, tuple(rows))
