"""How much a document may be, and which characters its lines may have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from holdfire.documents.sayings import LONG_LINE, refuse

#: Done and total: bytes, or pages of a PDF.
Progress = Callable[[int, int], None]

MOST_BYTES: Final = 1 << 30
#: Characters of one line or paragraph: longer than any law's longest, short enough to hold.
MOST_LINE: Final = 1 << 20
#: Levels of elements inside each other; the deepest law met has some thirty.
MOST_DEPTH: Final = 200

# Controls, direction marks that can show one text as another, and signs without shape inside words.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_SPACES: Final = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """Return one line without what cannot be seen, each run of spaces as one, none at its ends."""
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()


def check_length(length: int, number: int, name: str) -> None:
    """Raise UserError when line `number` is longer than any line of a text."""
    if length > MOST_LINE:
        refuse(LONG_LINE, name=name, number=number, most=MOST_LINE)
