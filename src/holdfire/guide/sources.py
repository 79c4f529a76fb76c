"""Claims and what they stand on: every sentence that could be wrong names a source or says it has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from holdfire.pack.levels import LEVELS, Level
from holdfire.pack.reader import Node

Kind = Literal["law", "research", "report", "manual"]
_KINDS: dict[str, Kind] = {"law": "law", "research": "research", "report": "report", "manual": "manual"}

#: How a claim says that nothing but thought stands behind it.
REASONING: Final = "reasoning"


@dataclass(frozen=True)
class Source:
    """One thing a claim can stand on, with how well somebody checked it and when."""

    id: str
    kind: Kind
    country: str | None
    title: str
    says: str
    dated: str | None
    level: Level
    checked: date
    how: str
    place: str


@dataclass(frozen=True)
class Claim:
    """A sentence and the ids of its sources; none means: reasoning, no source."""

    text: str
    sources: tuple[str, ...]


def parse_sources(node: Node) -> tuple[Source, ...]:
    """Return the sources of one file, or raise ContentError."""
    return tuple(_parse_source(item) for item in node.fields("sources")["sources"].items())


def _parse_source(node: Node) -> Source:
    fields = node.fields("id kind country title says date level checked how place")
    source_id = fields["id"].identifier()
    if source_id == REASONING:
        raise fields["id"].refuse("no source can be called reasoning")
    return Source(
        id=source_id,
        kind=fields["kind"].choice(_KINDS),
        country=fields["country"].text_or_none(),
        title=fields["title"].text(),
        says=fields["says"].text(),
        dated=fields["date"].text_or_none(),
        level=fields["level"].choice(LEVELS),
        checked=fields["checked"].date(),
        how=fields["how"].text(),
        place=fields["place"].text(),
    )


def parse_named_sources(node: Node) -> tuple[str, ...]:
    """Return the ids a claim names; an empty tuple where it says `reasoning`."""
    if isinstance(node.value, list):
        return node.identifiers(least=1)
    if node.text() == REASONING:
        return ()
    raise node.refuse("a claim names its sources in a list, or says reasoning")


def parse_claim(node: Node) -> Claim:
    """Return a claim with its sources."""
    fields = node.fields("text source")
    return Claim(fields["text"].text(), parse_named_sources(fields["source"]))
