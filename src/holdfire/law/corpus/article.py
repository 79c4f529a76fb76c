"""An article of an imported text, and the lines it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

#: The key of a piece that goes on with the article before it.
GOES_ON = "+"


class Line(Protocol):
    """What splitting needs of a line; `holdfire.documents` gives such lines."""

    @property
    def text(self) -> str:
        """The words, without line breaks."""

    @property
    def page(self) -> int | None:
        """Its page, from 1; None when there are no pages."""

    @property
    def role(self) -> str:
        """`text`, `heading`, or `article` where the format itself says that one begins."""


@dataclass(frozen=True, slots=True)
class Article:
    """A piece of a text: an article, a section, a numbered point, a chapter's heading, or a bounded passage.

    Args:
        name: As it is written there: "Статья 7", "§ 254", "19."; "" where nothing is numbered.
        key: What it is looked up by, such as `article:7`; "" for nothing, `+` when it goes on with the one before.
        heading: Its heading; "" where it has none.
        lines: Every line of it, its own first line included.
        page: The page on which it begins; None when there are no pages.
    """

    name: str
    key: str
    heading: str
    lines: tuple[str, ...]
    page: int | None = None

    @property
    def text(self) -> str:
        """All of it, a line to a line."""
        return "\n".join(self.lines)
