"""A composed letter: blocks without markup, on one side or on two, that every writer sets in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `own` where it is the person's words."""

    id: str
    text: str
    own: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels with their values; a value nobody knows is None and becomes a blank line to fill by hand."""

    id: str
    kind: Literal["head", "facts", "signing", "receipt"]
    title: str
    rows: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Quote:
    """Words kept exactly as they were said, under a label; None leaves room to write them by hand."""

    id: str
    label: str
    text: str | None


@dataclass(frozen=True)
class Items:
    """A numbered list under a label, with `blanks` empty numbers after it."""

    id: str
    label: str
    lines: tuple[str, ...]
    blanks: int


Block = Paragraph | Facts | Quote | Items


@dataclass(frozen=True)
class Side:
    """The letter in one language.

    Attributes:
        language: Its code.
        right_to_left: Whether it is written from right to left.
        caption: What stands over it when it is only a translation; empty on the side that is handed in.
        title: Of the letter.
        blocks: In order; two sides of one letter have the same blocks under the same ids.
        foot: Small print at the end: whether a lawyer has checked the text.
    """

    language: str
    right_to_left: bool
    caption: str
    title: str
    blocks: tuple[Block, ...]
    foot: str


@dataclass(frozen=True)
class Letter:
    """A letter that can be read and set.

    Attributes:
        kind: Its kind.
        sides: One, or two for a letter with its translation beside it.
        cited: Ids of the provisions it cites.
        blanks: The answers that are left as blank lines.
        added: The paragraphs that stand in it only because the person wrote them.
        states_refusal: Whether the person added a refusal.
        states_motive: Whether the person added a motive, or chose a kind whose title states one.
        checked_by: The lawyers who checked every text of it; empty means that none has.
        unread: Languages whose text no native reader who served has read.
        untranslated: Ids of cited provisions that stand in English on a side in another language.
        copied: Ids of cited provisions whose wording is the person's own copy.
    """

    kind: str
    sides: tuple[Side, ...]
    cited: tuple[str, ...]
    blanks: tuple[str, ...]
    added: tuple[str, ...]
    states_refusal: bool
    states_motive: bool
    checked_by: tuple[str, ...]
    unread: tuple[str, ...]
    untranslated: tuple[str, ...]
    copied: tuple[str, ...] = ()
