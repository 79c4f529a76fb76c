"""Sources in a document: numbers behind claims, a short note on the page, a full entry at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from holdfire.guide.actions import ActionPage
from holdfire.guide.export.blocks import Entry, Line, Link, Mark, Notes, Span, Text
from holdfire.guide.guide import LINK, Guide
from holdfire.guide.sources import Kind, Source
from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS

#: What stands behind a claim that names no source.
REASONING: Final = mark("[reasoning]")
KIND_WORDS: Final[dict[Kind, str]] = {
    "law": mark("Law and rules"),
    "research": mark("Research"),
    "report": mark("Reports"),
    "manual": mark("Manuals"),
}


class Citing:
    """Numbers the sources that a guide names, in the order of the list at the end."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        kinds = list(KIND_WORDS)
        cited = {guide.sources[one] for one in guide.named()}
        order = sorted(cited, key=lambda one: (kinds.index(one.kind), one.title.casefold(), one.id))
        self._numbers = {source.id: number for number, source in enumerate(order, 1)}
        self._order = tuple(order)

    def line(self, text: str) -> Line:
        """Return `text` with each `[[action]]` as a link that carries the action's title."""
        spans: list[Span] = []
        for number, part in enumerate(LINK.split(text)):
            if number % 2:
                spans.append(Link(self._guide.actions[part].title, part))
            elif part:
                spans.append(Text(part))
        return tuple(spans)

    def claim(self, text: str, sources: Iterable[str], page: str, *, word: str = "") -> Line:
        """Return a claim with its risk word before it and its sources' numbers behind it.

        Args:
            text: The claim.
            sources: The ids it stands on; none means reasoning.
            page: The anchor of the page whose notes the numbers lead to.
            word: The word that opens a risk.
        """
        opening = (Text(f"{word}: ", "strong"),) if word else ()
        return (*opening, *self.line(text), *self.marks(sources, page))

    def marks(self, sources: Iterable[str], page: str) -> Line:
        """Return the numbers behind a claim, or the word that says there is no source."""
        numbers = sorted(self._numbers[one] for one in sources)
        if not numbers:
            return (Text(f" {REASONING}", "soft"),)
        marks = (Mark(f"[{number}]", _anchor(number, page)) for number in numbers)
        return tuple(span for one in marks for span in (Text(" "), one))

    def notes(self, sources: Iterable[str], page: str) -> Notes:
        """Return the short notes of one page: title, how well it was checked, and when."""
        numbers = sorted({self._numbers[one] for one in sources})
        return Notes(tuple(self._short(number, page) for number in numbers))

    def _short(self, number: int, page: str) -> Entry:
        source = self._order[number - 1]
        checked = f" {LEVEL_WORDS[source.level]}, {source.checked.isoformat()}."
        line = (Link(source.title, f"source-{number}"), Text("."), Text(checked, "soft"))
        return Entry(_anchor(number, page), f"[{number}]", (line,))

    def entries(self, kind: Kind) -> Notes:
        """Return the full entries of one kind of source."""
        return Notes(tuple(
            Entry(f"source-{number}", f"[{number}]", _full(source))
            for number, source in enumerate(self._order, 1) if source.kind == kind
        ))  # fmt: skip


def _anchor(number: int, page: str) -> str:
    return f"{page}-source-{number}"


def _full(source: Source) -> tuple[Line, ...]:
    dated = f" ({source.dated})" if source.dated else ""
    level = f"{LEVEL_WORDS[source.level]}, {source.checked.isoformat()}: {source.how}"
    return (
        (Text(source.title, "strong"), Text(dated)),
        (Text(source.says),),
        (Text(level, "soft"),),
        (Text(source.place, "place"),),
    )


def sources_of_action(page: ActionPage) -> Iterator[str]:
    """Return the ids that an action's claims and risks name; some more than once."""
    for claim in page.why:
        yield from claim.sources
    for _, risks in page.risks.groups():
        for risk in risks:
            yield from risk.sources
