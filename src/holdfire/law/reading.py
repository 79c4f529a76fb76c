"""How a text of law was read: where it stands officially, how well, by whom and when it was checked, what to mind.

Every entry of a pack's law carries these fields alike (docs/formats/law-pack.md).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, TypedDict

from holdfire.pack.levels import LEVELS, Level
from holdfire.pack.reader import Fields, Node

#: The fields an entry must have, and those it may have.
MUST: Final = "source level how checked"
MAY: Final = "caveat note"
_PLACE: Final = re.compile(r"https://[^\s<>\"]+\Z")


class Reading(TypedDict):
    """How a text was read; the names are those of every entry of the law."""

    source_url: str
    level: Level
    how: str
    checked: date
    caveat: str | None
    note: str | None


def parse_reading(fields: Fields) -> Reading:
    """Return how an entry was read, or raise ContentError."""
    return Reading(
        source_url=_parse_place(fields["source"]),
        level=fields["level"].choice(LEVELS),
        how=fields["how"].text(),
        checked=fields["checked"].date(),
        caveat=fields.get("caveat", Node.text_or_none, None),
        note=fields.get("note", Node.text_or_none, None),
    )


def _parse_place(node: Node) -> str:
    """Return the official place to read a text again; it is printed, never opened by the program."""
    text = node.text()
    if not _PLACE.match(text):
        raise node.refuse("the source is the official address, beginning with https://")
    return text
