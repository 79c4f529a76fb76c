"""What a document is made of, whichever file it becomes: frozen blocks without any markup."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

TextKind = Literal["plain", "strong", "soft", "place", "code"]
ParagraphKind = Literal["plain", "lead", "soft", "warning"]
ItemsKind = Literal["bullets", "steps", "contents"]
PanelKind = Literal["risk", "card"]


@dataclass(frozen=True)
class Text:
    """Words, as they stand."""

    text: str
    kind: TextKind = "plain"


@dataclass(frozen=True)
class Link:
    """Words that lead to an anchor of the same document; nothing leads out of it."""

    text: str
    to: str


@dataclass(frozen=True)
class Mark:
    """A short mark behind a claim that leads to its source."""

    text: str
    to: str


Span = Text | Link | Mark
Line = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A title inside a chapter; level 2 is the highest, because a chapter's own title is level 1."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    line: Line
    kind: ParagraphKind = "plain"


@dataclass(frozen=True)
class Items:
    """A list: bullets, steps with numbers, or entries of a contents list."""

    lines: tuple[Line, ...]
    kind: ItemsKind = "bullets"


@dataclass(frozen=True)
class Table:
    """A small table; the first cell of a row names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Entry:
    """A numbered note with the anchor that marks lead to."""

    anchor: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Notes:
    """Numbered notes, one below the other."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Panel:
    """Blocks set apart in a frame, so that they are not passed over."""

    kind: PanelKind
    blocks: tuple[Heading | Paragraph | Items, ...]


Block = Heading | Paragraph | Items | Table | Notes | Panel


@dataclass(frozen=True)
class Chapter:
    """A part that begins on a page of its own."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document.

    `edition` names what it says (SHA-256 of the content, 64 hexadecimal digits); `reviewed` is the
    newest day a page of it was read through, as YYYY-MM-DD. There is no author and no time of making.
    """

    title: str
    language: str
    edition: str
    reviewed: str
    chapters: tuple[Chapter, ...]


def plain(value: object) -> object:
    """Return blocks as JSON's lists and maps; each map names its block in `block`."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if is_dataclass(value):
        named = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"block": type(value).__name__.lower(), **named}
    return value


def anchors(chapter: Chapter) -> tuple[str, ...]:
    """Return every anchor of a chapter, its own first."""
    found = [chapter.anchor]
    for block in chapter.blocks:
        if isinstance(block, Heading) and block.anchor:
            found.append(block.anchor)
        elif isinstance(block, Notes):
            found.extend(entry.anchor for entry in block.entries)
    return tuple(found)
