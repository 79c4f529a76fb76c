"""How much a document may be, and which characters its lines may have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

#: Done and total: bytes, or pages of a PDF.
Progress = Callable[[int, int], None]

MOST_BYTES: Final = 1 << 30
#: Characters of one line or paragraph: longer than any law's longest, short enough to hold.
MOST_LINE: Final = 1 << 20

# Controls, direction marks that can show one text as another, and signs without shape inside words.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_SPACES: Final = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """Return one line without what cannot be seen, each run of spaces as one, none at its ends."""
    return _SPACES.sub(" ", _UNSEEN.sub("", _SPACES.sub(" ", text))).strip()


def check_length(text: str, number: int) -> None:
    """Raise UserError when a line is longer than any line of a text."""
    if len(text) > MOST_LINE:
        raise UserError(
            mark("Line {number} of this text is longer than {most:,} characters."),
            mark("A text has shorter lines: this file is something else, or lost its line breaks."),
            number=number,
            most=MOST_LINE,
        )


def check_size(size: int, name: str) -> None:
    """Raise UserError for an empty file and for one above a gibibyte."""
    if size > MOST_BYTES:
        raise UserError(
            mark("“{name}” is larger than one gibibyte."),
            mark("Split it into parts, and give them one after the other."),
            name=name,
        )
    if size == 0:
        raise UserError(mark("“{name}” is empty."), mark("Choose another file."), name=name)
