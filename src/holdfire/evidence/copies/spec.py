"""What is to be covered, as a person writes it: boxes on pages or frames, and stretches of time.

One line, or one part before a `;`, is one wish:

    100,200,300,400                       a box: left, top, width, height, in pixels
    10%,20%,30%,5%                        the same in parts of the width and the height
    page 2: 100,200,300,400               on one page (or `frame 2:`, `pages 2-4:`, `all:`)
    time 0:05-0:10.5: 10%,20%,30%,5%      in a film, from and to a time
    sound 0:10-0:15                       silence

Empty lines and lines that begin with `#` are passed over.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from holdfire.errors import UserError
from holdfire.language import mark

Colour = Literal["black", "white", "grey"]
COLOURS: Final[tuple[Colour, ...]] = ("black", "white", "grey")

_WHERE: Final = re.compile(
    r"(?:(?P<all>all)|(?:pages?|frames?) +(?P<first>[0-9]{1,6})(?:-(?P<last>[0-9]{1,6}))?"
    r"|time +(?P<span>[0-9:.]+-[0-9:.]+)) *: *",
    re.ASCII | re.IGNORECASE,
)
_SOUND: Final = re.compile(r"sound +(?P<span>[0-9:.]+-[0-9:.]+)", re.ASCII | re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?(?P<parts>%?)", re.ASCII)
_TIME: Final = re.compile(
    r"(?:(?:(?P<h>[0-9]{1,3}):)?(?P<m>[0-9]{1,3}):)?(?P<s>[0-9]{1,5}(?:\.[0-9]{1,3})?)", re.ASCII
)
_WISHES: Final = 10_000
_HUNDRED: Final = 100


#: What only the file itself can show to be wrong in a wish.
NO_SUCH_PAGE: Final = mark("there are {count} pages or frames, and {last} was named")
OUTSIDE: Final = mark("the box lies outside the page, which is {width} wide and {height} high")


class SpecError(UserError):
    """A wish that cannot be read; says in which line and why."""

    hint = mark("Write it as “page 2: 100,200,300,400”: left, top, width, height.")

    def __init__(self, line: int, rule: str, **numbers: int) -> None:
        self.line = line
        self.rule = rule
        self.numbers = numbers
        super().__init__(
            mark("Line {line}: {rule}."), line=line, rule=rule.format(**numbers) if numbers else rule
        )


@dataclass(frozen=True)
class Span:
    """A stretch of time in milliseconds; `last` lies outside of it."""

    first: int
    last: int


@dataclass(frozen=True)
class Box:
    """A rectangle to cover.

    Attributes:
        left, top, width, height: In pixels, or in hundredths of the page where `parts` is true.
        parts: Whether the numbers are parts.
        first, last: Pages or frames, from 1; None for `last` with 1 for `first` means all of them.
        span: The stretch of a film; None for all of it.
        line: Where it was written, for sentences.
    """

    left: float
    top: float
    width: float
    height: float
    parts: bool = False
    first: int = 1
    last: int | None = None
    span: Span | None = None
    line: int = 1

    def numbers(self, count: int) -> range:
        """Return the pages or frames it lies on, from 0.

        Raises:
            SpecError: There is no such page.
        """
        last = count if self.last is None else self.last
        if last > count:
            raise SpecError(self.line, NO_SUCH_PAGE, count=count, last=last)
        return range(self.first - 1, last)

    def on(self, width: int, height: int, scale: float = 1.0) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in whole pixels of a page of this size, never smaller than asked.

        Args:
            width: Of the page, in pixels.
            height: Of the page, in pixels.
            scale: Pixels of the page for each pixel meant; 2 when it is drawn twice as large as it was shown.

        Raises:
            SpecError: No part of it lies on the page.
        """
        across, down = (width / _HUNDRED, height / _HUNDRED) if self.parts else (scale, scale)
        left, top = max(0, math.floor(self.left * across)), max(0, math.floor(self.top * down))
        right = min(width, math.ceil((self.left + self.width) * across))
        bottom = min(height, math.ceil((self.top + self.height) * down))
        if left >= right or top >= bottom:
            raise SpecError(self.line, OUTSIDE, width=width, height=height)
        return left, top, right, bottom


@dataclass(frozen=True)
class Spec:
    """All that is to be covered in one file.

    Attributes:
        boxes: Rectangles, in the order written.
        silences: Stretches of sound.
        colour: Of the boxes; always solid, because blur and mosaic can be undone.
    """

    boxes: tuple[Box, ...] = ()
    silences: tuple[Span, ...] = ()
    colour: Colour = "black"


def parse_spec(untrusted: str, colour: Colour = "black") -> Spec:
    """Return what a person wrote, as boxes and stretches of time.

    Raises:
        SpecError: A line cannot be read; the sentence says which and why.
    """
    boxes, silences = list[Box](), list[Span]()
    for number, line in enumerate(untrusted.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for wish in filter(None, (part.strip() for part in line.split(";"))):
            if sound := _SOUND.fullmatch(wish):
                silences.append(_span(sound["span"], number))
            else:
                boxes.append(_box(wish, number))
            if len(boxes) + len(silences) > _WISHES:
                raise SpecError(number, f"more than {_WISHES} boxes")
    if not boxes and not silences:
        raise SpecError(1, "nothing is named that should be covered")
    return Spec(tuple(boxes), tuple(silences), colour)


def _box(wish: str, line: int) -> Box:
    where = _WHERE.match(wish)
    numbers = wish[where.end() :] if where else wish
    fields = [field.strip() for field in numbers.split(",")]
    if len(fields) != 4:  # noqa: PLR2004 - left, top, width, height
        raise SpecError(line, f"a box has four numbers, and {len(fields)} stand here")
    found = [_NUMBER.fullmatch(field) for field in fields]
    for field, one in zip(fields, found, strict=True):
        if one is None:
            raise SpecError(line, f"“{field[:20]}” is no number")
    parts = {one["parts"] for one in found if one}
    if len(parts) != 1:
        raise SpecError(line, "all four numbers are pixels, or all four end with %")
    left, top, width, height = (float(field.rstrip("%")) for field in fields)
    if not width or not height:
        raise SpecError(line, "the box has no width or no height")
    shares = parts == {"%"}
    if shares and (left + width > _HUNDRED or top + height > _HUNDRED):
        raise SpecError(line, "the box reaches past 100%")
    first, last, span = 1, None, None
    if where and where["first"]:
        first, last = int(where["first"]), int(where["last"] or where["first"])
        if not 1 <= first <= last:
            raise SpecError(line, "pages count from 1, the lower first")
    elif where and where["span"]:
        span = _span(where["span"], line)
    return Box(left, top, width, height, shares, first, last, span, line)


def _span(text: str, line: int) -> Span:
    first, _, last = text.partition("-")
    span = Span(milliseconds(first, line), milliseconds(last, line))
    if span.first >= span.last:
        raise SpecError(line, "a stretch of time ends after it begins")
    return span


def milliseconds(text: str, line: int = 1) -> int:
    """Return a time as people write it, 1:05 or 0:01:05.5, in milliseconds; SpecError where it is none."""
    found = _TIME.fullmatch(text)
    if not found:
        raise SpecError(line, f"“{text[:20]}” is no time; write 1:05 or 0:01:05.5")
    return round((int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + float(found["s"])) * 1000)
