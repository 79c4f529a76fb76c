"""Where a paragraph ends: broken lines, by their words and where they stand on the page, become paragraphs."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Line, Role

#: What begins a part by itself: "Article 5", "§ 3", "12.", "1.4", "а)", "(2)", a bullet.
_PART: Final = re.compile(
    r"(?:(?:article|art\.|section|sec\.|chapter|part|title|rule|статья|ст\.|глава|раздел|часть|пункт|параграф|приложение|"
    r"артыкул|арт\.|раздзел|частка|дадатак|artículo|capítulo|sección|título)\s+[\dIVXLC]|§|"
    r"\d{1,3}(?:[.)]|(?:[.-]\d{1,3})+[.)]?)\s|\(?[a-zа-яіў]{1,2}\)\s|\([\dA-ZА-Я]{1,4}\)\s|[ivxIVX]{1,6}[.)]\s|[•●▪‣·–—*-]\s)",
    re.IGNORECASE,
)
_ENDED: Final = re.compile(r"[.;:!?…][\"'”»’)\]]*$")
#: A hyphen at the end of a line: the sign itself, a soft one, and the two that pdfium writes for one it took out.
_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad\ufffe\x02]$")
_BROKEN_WORD: Final = re.compile(r"[\ufffe\x02]\s*")
_MOST_HEADING: Final = 300


def begins_part(words: str, before: str) -> bool:
    """Say whether a line begins a numbered part, rather than running on with a number in it."""
    return _PART.match(words) is not None and (_ENDED.search(before) is not None or words[0].isupper())


def runs_on(before: str, words: str) -> bool:
    """Say whether a sentence stops in the middle of a line and goes on in the next, by its words alone."""
    return _ENDED.search(before) is None and words[0].islower() and _PART.match(words) is None


def joined(before: str, words: str) -> str:
    """Return two lines as one: a word broken by a hyphen at the line's end is whole again."""
    if _HYPHEN.search(before) and words[0].islower():
        return before[:-1] + words
    return f"{before} {words}"


@dataclass(frozen=True, slots=True)
class Broken:
    """One line as it stands on a page; lengths in points, `y` upwards.

    Args:
        text: The words; pdfium may already have joined lines at a hyphen.
        left: Where it begins.
        right: Where it ends.
        y: Its height on the page; `end_y` that of its last sign.
        end_y: See `y`.
        size: The size of its signs.
        weight: How bold it is, to be compared inside one document.
    """

    text: str
    left: float
    right: float
    y: float
    end_y: float
    size: float
    weight: int = 400

    @property
    def words(self) -> str:
        """The text as it is read."""
        return cleaned(_BROKEN_WORD.sub("", self.text))


@dataclass
class Body:
    """The size and weight most signs of a document have, as far as it is known."""

    sizes: Counter[float] = field(default_factory=Counter)
    weights: Counter[int] = field(default_factory=Counter)

    def add(self, lines: Iterable[Broken]) -> None:
        """Count the signs of a page."""
        for line in lines:
            self.sizes[round(line.size * 2) / 2] += len(line.text)
            self.weights[line.weight] += len(line.text)

    def is_heading(self, line: Broken) -> bool:
        """Say whether a line is larger or bolder than most, and no longer than a heading."""
        # Not most_common: it loads heapq when first used, and the reader's process can load nothing then.
        size, weight = (
            max(self.sizes, key=self.sizes.__getitem__),
            max(self.weights, key=self.weights.__getitem__),
        )
        return len(line.text) <= _MOST_HEADING and (
            line.size >= size * 1.12 or line.weight >= max(weight, 200) * 1.4
        )


@dataclass(frozen=True, slots=True)
class _Open:
    """The paragraph that may still go on."""

    line: Line
    last: Broken
    page: int


def paragraphs(pages: Iterable[tuple[int, list[Broken]]], body: Body) -> Iterator[Line]:
    """Yield the paragraphs and headings of pages, each with the page it begins on.

    Args:
        pages: Page numbers and their lines in the order of reading, without what repeats.
        body: What most of the document looks like; grows meanwhile.
    """
    held: _Open | None = None
    for page, lines in pages:
        leading = _leading(lines)
        for place, broken in enumerate(lines):
            words = broken.words
            if not words:
                continue
            role: Role = "heading" if body.is_heading(broken) else "text"
            if held is not None and held.line.role == role and len(held.line.text) < 1 << 16 and (
                _goes_on(held.last, broken, _margin(lines, place), leading, held.line.text)
                if held.page == page and broken.y < held.last.end_y
                else runs_on(held.line.text, words) and abs(held.last.size - broken.size) < 0.5  # noqa: PLR2004 -- points
            ):  # fmt: skip
                held = _Open(replace(held.line, text=joined(held.line.text, words)), broken, page)
                continue
            if held is not None:
                yield held.line
            held = _Open(Line(words, page, role), broken, page)
    if held is not None:
        yield held.line


def _goes_on(last: Broken, here: Broken, margin: float, leading: float, before: str) -> bool:
    """Say whether the paragraph of `last` goes on in `here`, on the same page."""
    words = here.words
    down = last.end_y - here.y
    if abs(last.size - here.size) > 0.1 * last.size or not 0 < down <= max(1.6 * last.size, 1.2 * leading):
        return False
    if begins_part(words, before):
        return False
    if runs_on(before, words):
        return True
    # The line before had no room for this one's first word: it was broken, not ended.
    first = len(words.partition(" ")[0]) / max(len(words), 1) * max(here.right - here.left, 0)
    full = last.right + first + 0.3 * last.size > margin
    return full and here.left <= last.left + 0.6 * last.size


def _margin(lines: list[Broken], place: int) -> float:
    """Return how far right the lines around one reach, those of its own column."""
    here = lines[place]
    near = lines[max(place - 6, 0) : place + 6]
    return max(line.right for line in near if abs(line.left - here.left) < 4 * here.size)


def _leading(lines: list[Broken]) -> float:
    """Return the usual distance between two lines of a page."""
    steps = [above.end_y - below.y for above, below in itertools.pairwise(lines)]
    steps = [step for step in steps if step > 0]
    return statistics.median_low(steps) if steps else 0.0
