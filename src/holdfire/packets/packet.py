"""What a packet holds: sections of words, and exhibits; nothing here knows an order, a letter or a vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

#: What an exhibit is, found by its content. `other` cannot become pages and is listed alone.
Form = Literal["pdf", "jpeg", "png", "text", "other"]


@dataclass(frozen=True)
class Title:
    """The title of a section, or of a part of it at level 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `soft` where it explains and is not part of the case."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Rows:
    """Labels with their values; None leaves a line to fill by hand."""

    rows: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Quote:
    """Words as they were said, under a label; None leaves room."""

    label: str
    text: str | None


@dataclass(frozen=True)
class Items:
    """A numbered list under a label."""

    label: str
    lines: tuple[str, ...]


Block: TypeAlias = Title | Paragraph | Rows | Quote | Items


@dataclass(frozen=True)
class Section:
    """A part of the packet that begins on a new page.

    Attributes:
        title: In the table of contents and the bookmarks.
        blocks: What it says.
        language: Code of its language.
        right_to_left: Whether it is written so.
        own: Whether the person wrote it freely, so that names may stand in it that no field knows.
    """

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"
    right_to_left: bool = False
    own: bool = True


@dataclass(frozen=True)
class Exhibit:
    """A file that goes with the packet.

    Attributes:
        title: As the person called it.
        form: What it is.
        size: Bytes of the original.
        sha256: Of the original, 64 hexadecimal digits.
        added: The day it was added, as it is to be read.
        content: Gives the original's bytes, piece by piece, each time it is called.
    """

    title: str
    form: Form
    size: int
    sha256: str
    added: str
    content: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Packet:
    """A packet before it is made.

    Attributes:
        title: On the cover and in the file.
        cover: What the cover says under the title.
        sections: In order, after the contents.
        exhibits: In order, numbered from 1.
        language: Of the packet's own words.
    """

    title: str
    cover: tuple[Block, ...]
    sections: tuple[Section, ...]
    exhibits: tuple[Exhibit, ...]
    language: str = "en"


def texts_of(block: Block) -> Iterator[str]:
    """Yield every text of a block."""
    if isinstance(block, (Title, Paragraph)):
        yield block.text
    elif isinstance(block, Rows):
        for label, value in block.rows:
            yield label
            yield value or ""
    elif isinstance(block, Quote):
        yield from (block.label, block.text or "")
    else:
        yield from (block.label, *block.lines)


def with_texts(block: Block, change: Callable[[str], str]) -> Block:
    """Return a block with each of its texts changed."""
    if isinstance(block, (Title, Paragraph)):
        return replace(block, text=change(block.text))
    if isinstance(block, Rows):
        return Rows(
            tuple((change(label), None if text is None else change(text)) for label, text in block.rows)
        )
    if isinstance(block, Quote):
        return Quote(change(block.label), None if block.text is None else change(block.text))
    return Items(change(block.label), tuple(map(change, block.lines)))
