"""What a document prints on page after page: heads, feet and page numbers, left out where they surely are such."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from holdfire.documents.document import Note
from holdfire.documents.paragraphs import Broken
from holdfire.documents.sayings import REPEATED

#: Pages before and after that are compared with one.
AROUND: Final = 4
#: A line repeats when it stands on so many of these pages, its own counted.
_ENOUGH: Final = 3
#: And on this share of them: left and right pages may have heads of their own.
_SHARE: Final = 0.4
#: White between a head and the text, in lines; and how much smaller its signs may be instead.
_WHITE: Final = 1.4
_OTHER_SIZE: Final = 0.05
#: Lines at the top and at the bottom of a page that may repeat.
_DEPTH: Final = 3
#: Points by which the same line may stand higher or lower.
_SLACK: Final = 3.0
#: A line that is nothing but a page number: dashes, the word for page in six languages, "of" and the last page.
_NUMBER: Final = re.compile(
    r"[\s|/·•—–-]*(?:page|p\.|стр(?:аница|\.)?|с\.|старонка|página|pág\.|seite)?[\s—–|-]*"
    r"(?P<number>\d{1,5})(?:\s*(?:of|из|з|de|von|/)\s*\d{1,5})?[\s|/·•—–.-]*",
    re.IGNORECASE,
)
_NUMBER_AT_AN_END: Final = re.compile(
    r"^(?P<first>\d{1,5})(?:/\d{1,5})?\b|(?<!\d)(?P<last>\d{1,5})(?:/\d{1,5})?$"
)
#: Letters a line has beside its page number before it is surely a head: longer than any word for "article".
_LETTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number and its lines from top to bottom, as many as there are."""

    number: int
    lines: list[Broken]


def without_heads(pages: Iterable[Page], notes: list[Note]) -> Iterator[Page]:
    """Yield the pages without what repeats; `notes` says at the end how much was left out, with an example."""
    window: deque[Page] = deque(maxlen=2 * AROUND + 1)
    waiting: deque[Page] = deque()
    left: list[Broken] = []
    count = 0

    def bare() -> Page:
        nonlocal count
        page = waiting.popleft()
        repeated = _repeated(page, window)
        left.extend(repeated[:1] if not left else [])
        count += len(repeated)
        return Page(page.number, [line for line in page.lines if line not in repeated])

    for page in pages:
        window.append(page)
        waiting.append(page)
        if len(waiting) > AROUND:
            yield bare()
    while waiting:
        yield bare()
    if left:
        notes.append(Note(REPEATED, {"count": count, "example": left[0].words[:60]}))


def _repeated(page: Page, window: deque[Page]) -> list[Broken]:
    """Return the lines of `page` that repeat, at each edge as many as white, size or form part from the text."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    others = [other for other in window if other.number != page.number]
    enough = max(_ENOUGH, math.ceil(_SHARE * len(window)))
    found: list[Broken] = []
    for edge in (ordered, ordered[::-1]):
        repeated = 0
        for line in edge[:_DEPTH]:
            if 1 + sum(_stands_on(line, page.number, other) for other in others) < enough:
                break
            repeated += 1
        while repeated and not _parted(edge, repeated, window):
            repeated -= 1
        found += edge[:repeated]
    return found


def _parted(edge: list[Broken], count: int, window: deque[Page]) -> bool:
    """Say whether the first lines from an edge stand apart from what follows: a clause at the top of a page does not."""
    if count == len(edge):
        return True
    last, after = edge[count - 1], edge[count]
    steps = [
        abs(upper.end_y - lower.y)
        for page in window
        for upper, lower in itertools.pairwise(page.lines)
        if upper.end_y > lower.y
    ]
    leading = statistics.median_low(steps) if steps else 0.0
    return (
        _NUMBER.fullmatch(last.words) is not None
        or abs(last.size - after.size) > _OTHER_SIZE * after.size
        or abs(last.y - after.y) >= _WHITE * leading
    )


def _stands_on(line: Broken, number: int, other: Page) -> bool:
    """Say whether another page has the same line at the same height."""
    return any(
        abs(line.y - there.y) <= _SLACK
        and (line.text == there.text or _differ_by_page(line.words, number, there.words, other.number))
        for there in other.lines
    )


def _differ_by_page(here: str, page: int, there: str, other: int) -> bool:
    """Say whether two lines are the same but for a page number that grows with the pages."""
    first, second = _NUMBER.fullmatch(here), _NUMBER.fullmatch(there)
    if first and second:
        return int(first["number"]) - int(second["number"]) == page - other
    one, two = _NUMBER_AT_AN_END.search(here), _NUMBER_AT_AN_END.search(there)
    if not one or not two:
        return False
    rest = _NUMBER_AT_AN_END.sub("", here, count=1)
    if rest != _NUMBER_AT_AN_END.sub("", there, count=1) or sum(map(str.isalpha, rest)) < _LETTERS:
        # On left and right pages the number may change its side; those match two pages further.
        return False
    return int(one["first"] or one["last"]) - int(two["first"] or two["last"]) == page - other
