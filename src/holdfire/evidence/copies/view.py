"""What can be asked to be seen of a file, and what comes back: a small picture, or what the file tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.spec import Box
from holdfire.evidence.copies.working_copy import Trace


@dataclass(frozen=True)
class View:
    """What is to be shown.

    Attributes:
        number: Page or frame, from 1; the last one where there are fewer.
        moment: Of a film, in milliseconds.
        width, height: The most pixels of the picture shown.
        boxes: To be shown as covered.
        corner: A point to be marked, in hundredths of width and height; None for none.
    """

    number: int = 1
    moment: int = 0
    width: int = 640
    height: int = 4_000
    boxes: tuple[Box, ...] = ()
    corner: tuple[float, float] | None = None


@dataclass(frozen=True)
class Shown:
    """A page as a small picture.

    Attributes:
        jpeg: The picture, without a word beside its pixels.
        width, height: Of the picture shown.
        count: How many pages or frames there are; 1 for a film.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    count: int


@dataclass(frozen=True)
class Told:
    """What a file tells before anything is done to it: its form, and kinds of things in its metadata."""

    form: Form
    traces: tuple[Trace, ...]
