"""Lines of a text of law become articles: every line stands in exactly one, in its order.

First what the text itself numbers as articles, sections or paragraphs (§); where there are none, numbered points, as decrees
and regulations have them; where there are none, its headings; and otherwise bounded passages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.law.corpus.article import GOES_ON, Article, Line
from holdfire.law.corpus.numbers import Point, article_begins, division_begins, point_begins

#: Characters of one text: three times the longest code we know of, and what one transaction can hold in memory.
MOST_CHARACTERS: Final = 20_000_000
#: Characters of one piece; a longer article goes on in a second one.
MOST_PIECE: Final = 16_000
#: Characters of a passage where the text has no numbers.
PASSAGE: Final = 3_000
#: Fewer numbered points than this are no numbering, but a list.
LEAST_POINTS: Final = 3
#: A heading is not longer than this.
MOST_HEADING: Final = 200
_ENDS: Final = (".", ";", ":", ",", "!", "?")


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a piece begins: the line's place, the piece's name, key, and the rest of that line."""

    at: int
    name: str
    key: str
    after: str


def split(lines: Iterable[Line]) -> tuple[Article, ...]:
    """Return the articles of a text.

    Raises:
        UserError: The text is longer than 20 million characters.
    """
    kept = _kept(lines)
    starts: list[_Start] = []
    for find in (_articles, _points, _headings):
        starts = find(kept)
        if starts:
            break
    else:
        return tuple(_passages(kept))
    if starts[0].at:
        starts.insert(0, _Start(0, "", "", kept[0].text))
    ends = [*(after.at for _, after in pairwise(starts)), len(kept)]
    return tuple(
        piece
        for start, end in zip(starts, ends, strict=True)
        for piece in _bounded(start, kept[start.at : end])
    )


def _kept(lines: Iterable[Line]) -> list[Line]:
    kept: list[Line] = []
    characters = 0
    for line in lines:
        characters += len(line.text) + 1
        if characters > MOST_CHARACTERS:
            raise UserError(
                mark("This text is longer than {most:,} characters."),
                mark("Split it into parts, and import them one after the other."),
                most=MOST_CHARACTERS,
            )
        kept.append(line)
    return kept


def _articles(lines: Sequence[Line]) -> list[_Start]:
    starts: list[_Start] = []
    articles = 0
    for at, line in enumerate(lines):
        begins = article_begins(line.text)
        if begins is not None:
            articles += 1
            starts.append(_Start(at, begins.name, begins.key, begins.after))
        elif line.role == "article":
            articles += 1
            point = point_begins(line.text)
            starts.append(
                _Start(at, point.name, point.key, point.after) if point else _Start(at, "", "", line.text)
            )
        elif division := _division(line):
            starts.append(_Start(at, division, "", line.text))
    starts = _without_inner(starts)
    # One alone is a mention, where the text numbers its points instead.
    return starts if articles > 1 or (articles and not _points(lines)) else []


#: From the outermost to the innermost; those of one rank stand beside each other.
_RANKS: Final = {"amendment": 0, "article": 0, "section": 1, "rule": 1, "principle": 1, "point": 2}


def _without_inner(starts: list[_Start]) -> list[_Start]:
    """Return the starts without what only divides an article: sections that begin again at 1 in each, points of one."""
    again: dict[str, float] = {}
    for unit in _RANKS:
        keys = [start.key for start in starts if start.key.startswith(f"{unit}:")]
        if keys:
            again[unit] = len(keys) / len(set(keys))
    inner = {
        unit
        for unit, times in again.items()
        for other, others in again.items()
        if _RANKS[other] < _RANKS[unit] and (unit == "point" or times > others)
    }
    return [start for start in starts if start.key.partition(":")[0] not in inner]


def _division(line: Line) -> str:
    return division_begins(line.text) if len(line.text) <= MOST_HEADING else ""


def _points(lines: Sequence[Line]) -> list[_Start]:
    for style in (".", ")"):
        starts = list(_points_in(lines, style))
        if sum(1 for start in starts if start.key) >= LEAST_POINTS:
            return starts
    return []


def _points_in(lines: Sequence[Line], style: str) -> Iterator[_Start]:
    """Yield the points that follow on each other; a list inside a point begins again at 1 and is none."""
    last: tuple[int, ...] = ()
    for at, line in enumerate(lines):
        if division := _division(line):
            # An annex counts from 1 again.
            last = () if _may_restart(lines, at, style) else last
            yield _Start(at, division, "", line.text)
            continue
        point = point_begins(line.text)
        if point is not None and point.style == style and _follows(point, last):
            last = point.numbers
            yield _Start(at, point.name, point.key, point.after)


def _may_restart(lines: Sequence[Line], at: int, style: str) -> bool:
    """Return whether the next point after a chapter's or annex's heading is number 1."""
    for line in lines[at + 1 : at + 8]:
        point = point_begins(line.text)
        if point is not None and point.style == style:
            return point.numbers == (1,)
    return False


def _follows(point: Point, last: tuple[int, ...]) -> bool:
    if not last:
        return len(point.numbers) == 1
    if point.numbers[0] == last[0]:
        return point.numbers > last and len(point.numbers) > 1
    # Two may be missing: repealed points are left out.
    return last[0] < point.numbers[0] <= last[0] + 3


def _headings(lines: Sequence[Line]) -> list[_Start]:
    return [_Start(at, "", "", line.text) for at, line in enumerate(lines) if line.role == "heading"]


def _passages(lines: Sequence[Line]) -> Iterator[Article]:
    yield from _cut(lines, PASSAGE, lambda number, part: Article("", "", "", part, lines[number].page))


def _bounded(start: _Start, lines: Sequence[Line]) -> Iterator[Article]:
    """Yield the article that begins here; where it is very long, also the pieces it goes on in."""
    heading = _heading(start, lines)

    def piece(number: int, part: tuple[str, ...]) -> Article:
        key = GOES_ON if number else start.key
        return Article(start.name, key, heading, part, lines[number].page)

    yield from _cut(lines, MOST_PIECE, piece)


def _cut(
    lines: Sequence[Line], most: int, make: Callable[[int, tuple[str, ...]], Article]
) -> Iterator[Article]:
    """Yield pieces of whole lines of at most so many characters; a longer line stays whole."""
    begin = size = 0
    for number, line in enumerate(lines):
        if number > begin and size + len(line.text) > most:
            yield make(begin, tuple(one.text for one in lines[begin:number]))
            begin, size = number, 0
        size += len(line.text) + 1
    if begin < len(lines):
        yield make(begin, tuple(one.text for one in lines[begin:]))


def _heading(start: _Start, lines: Sequence[Line]) -> str:
    """Return the heading of an article: what follows its number, or the line after that, if it is short and no sentence."""
    own = start.after.strip()
    if (
        not start.key
        and start.name
        and len(lines) > 1
        and lines[0].text.strip(" .") == start.name.strip(" .")
    ):
        # "Chapter 2" on one line, what it is about on the next.
        return lines[1].text if len(lines[1].text) <= MOST_HEADING else ""
    if own:
        if not start.key:
            return own if len(own) <= MOST_HEADING else ""
        return own if len(own) <= MOST_HEADING and len(lines) > 1 and not own.endswith(_ENDS) else ""
    if len(lines) > 2 and len(lines[1].text) <= MOST_HEADING and not lines[1].text.endswith(_ENDS):  # noqa: PLR2004
        return lines[1].text
    return ""
