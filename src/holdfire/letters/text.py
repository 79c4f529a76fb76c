"""A letter as plain text: what the preview shows, and a file that any editor opens."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from holdfire.letters.letter import Block, Facts, Items, Letter, Paragraph, Quote, Side

WIDTH: Final = 76
_BLANK: Final = "_" * 34
_LINE: Final = "_" * WIDTH
#: How many lines are left where exact words are to be written by hand.
ROOM: Final = 4
_INDENT: Final = "    "


def text_file(letter: Letter) -> bytes:
    """Return the letter as UTF-8; two languages stand one after the other."""
    return as_text(letter).encode("utf-8")


def as_text(letter: Letter) -> str:
    """Return the letter as text of at most 76 columns, the person's own line breaks kept."""
    return f"\n\n{'=' * WIDTH}\n\n".join("\n".join(_side(side)) for side in letter.sides) + "\n"


def _side(side: Side) -> Iterator[str]:
    if side.caption:
        yield from (f"[{side.caption}]", "")
    head, *rest = side.blocks
    yield from _block(head)
    yield from ("", side.title.upper())
    for block in rest:
        yield ""
        yield from _block(block)
    yield from ("", *_wrap(side.foot))


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrap(block.text)
    elif isinstance(block, Facts):
        if block.title:
            yield f"{block.title}:"
        for label, value in block.rows:
            yield from _wrap(f"{label}: {_BLANK if value is None else value}", rest=_INDENT)
    elif isinstance(block, Quote):
        if block.label:
            yield from _wrap(f"{block.label}:")
        if block.text is None:
            yield from [_LINE] * ROOM
        else:
            yield from _wrap(f"«{block.text}»", first=_INDENT, rest=_INDENT)
    else:
        yield from _items(block)


def _items(block: Items) -> Iterator[str]:
    yield from _wrap(f"{block.label}:")
    for number, line in enumerate(block.lines, 1):
        yield from _wrap(line, first=f"{number:>3}. ", rest=" " * 5)
    for number in range(len(block.lines) + 1, len(block.lines) + block.blanks + 1):
        yield f"{number:>3}. {_LINE[5:]}"


def _wrap(text: str, *, first: str = "", rest: str = "") -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line, WIDTH, initial_indent=first if not lines else rest, subsequent_indent=rest,
            break_on_hyphens=False, replace_whitespace=False,
        ) or [""]  # fmt: skip
    return lines
