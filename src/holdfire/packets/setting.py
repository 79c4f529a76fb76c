"""Words become pages: one section at a time, set by typst from data, so that no word of anybody ever becomes markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from holdfire.packets.packet import Block, Items, Paragraph, Quote, Rows, Title
from holdfire.packets.signs import clean, printable

#: Signs a line and lines a page of a text exhibit; set so that they always fit.
COLUMNS: Final = 92
LINES: Final = 64


@dataclass(frozen=True)
class Sheet:
    """What is set at once, and what stands around it.

    Attributes:
        blocks: As `plain` gives them.
        first: Number of its first page in the packet.
        page: How a page is numbered, with a place `{number}`.
        foot: At the foot, on the left.
        heads: For each page the two texts at its head; the last one serves for all that follow.
        language: Code of the language.
        right_to_left: Whether it is written so.
    """

    blocks: tuple[Mapping[str, Any], ...]
    first: int
    page: str
    foot: str = ""
    heads: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    right_to_left: bool = False


@cache
def _template() -> bytes:
    return files("holdfire.packets").joinpath("templates", "packet.typ").read_bytes()


def set_pages(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF of its own.

    It is set under PDF/A-1b, the stricter rule: no transparency, every font inside, an older colour profile. A sign that typst's
    own fonts do not have is shown by its number, as [U+738B]: the rest of a packet shall not fail over one sign.
    """
    made = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="a-1b",
        pdf_tags=False,
        sys_inputs={"section": json.dumps(_printable(vars(sheet)), sort_keys=True)},
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


def plain(blocks: Sequence[Block]) -> tuple[Mapping[str, Any], ...]:
    """Return blocks as the template reads them."""
    return tuple({"block": _NAMES[type(one)], **vars(one)} for one in blocks)


def text_pages(lines: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
    """Return lines that are no longer than COLUMNS as pages of fixed width."""
    made: list[Mapping[str, Any]] = []
    for start in range(0, len(lines), LINES):
        if made:
            made.append({"block": "break"})
        made.append({"block": "plain", "text": "\n".join(lines[start : start + LINES])})
    return tuple(made)


_NAMES: Final = {Title: "title", Paragraph: "paragraph", Rows: "rows", Quote: "quote", Items: "items"}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(clean(value))
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(one) for one in value]
    return value
