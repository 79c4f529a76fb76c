"""A letter as plain text: what the preview shows, and a file that any editor opens."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from holdfire.letters.letter import Block, Facts, Items, Letter, Paragraph, Quote, Side

WIDTH: Final = 76
_BLANK: Final = "_" * 34
#: A blank line where whoever shows the text folds it: short enough for a narrow window.
_SHORT: Final = 28
#: How many lines are left where exact words are to be written by hand.
ROOM: Final = 4
_INDENT: Final = "    "


def text_file(letter: Letter) -> bytes:
    """Return the letter as UTF-8; two languages stand one after the other."""
    return as_text(letter).encode("utf-8")


def as_text(letter: Letter, width: int | None = WIDTH) -> str:
    """Return the letter as text, the person's own line breaks kept.

    Args:
        letter: The letter.
        width: Columns at which lines are folded; None folds none, for a page that folds them by its own width.
    """
    between = "=" * (width or _SHORT)
    return f"\n\n{between}\n\n".join("\n".join(_side(side, width)) for side in letter.sides) + "\n"


def _side(side: Side, width: int | None) -> Iterator[str]:
    if side.caption:
        yield from (f"[{side.caption}]", "")
    head, *rest = side.blocks
    yield from _block(head, width)
    yield from ("", *_wrap(side.title.upper(), width))
    for block in rest:
        yield ""
        yield from _block(block, width)
    yield from ("", *_wrap(side.foot, width))


def _block(block: Block, width: int | None) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrap(block.text, width)
    elif isinstance(block, Facts):
        if block.title:
            yield f"{block.title}:"
        for label, value in block.rows:
            yield from _wrap(f"{label}: {_BLANK if value is None else value}", width, rest=_INDENT)
    elif isinstance(block, Quote):
        if block.label:
            yield from _wrap(f"{block.label}:", width)
        if block.text is None:
            yield from ["_" * (width or _SHORT)] * ROOM
        else:
            yield from _wrap(f"«{block.text}»", width, first=_INDENT, rest=_INDENT)
    else:
        yield from _items(block, width)


def _items(block: Items, width: int | None) -> Iterator[str]:
    yield from _wrap(f"{block.label}:", width)
    for number, line in enumerate(block.lines, 1):
        yield from _wrap(line, width, first=f"{number:>3}. ", rest=" " * 5)
    for number in range(len(block.lines) + 1, len(block.lines) + block.blanks + 1):
        yield f"{number:>3}. {'_' * ((width or _SHORT) - 5)}"


def _wrap(text: str, width: int | None, *, first: str = "", rest: str = "") -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        if width is None:
            lines.append(f"{rest if lines else first}{line}".rstrip())
            continue
        lines += textwrap.wrap(
            line, width, initial_indent=first if not lines else rest, subsequent_indent=rest,
            break_on_hyphens=False, replace_whitespace=False,
        ) or [""]  # fmt: skip
    return lines
