"""A working copy, what was done to make it, and what it can still tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from holdfire.evidence.copies.form import PICTURES, Form
from holdfire.language import mark


@dataclass(frozen=True)
class Step:
    """One thing that was done; stands in the custody record of the copy.

    Args:
        name: A stable word for records, as "orientation".
        sentence: The same for a person, with `{name}` places for `values`.
        values: What fills the places; numbers and forms, never content.
    """

    name: str
    sentence: str
    values: tuple[tuple[str, str | int], ...] = ()

    def said(self) -> str:
        """Return the sentence in English with its places filled."""
        return self.sentence.format(**dict(self.values))


class Trace(StrEnum):
    """What the metadata of a file tells, in plain words; the values themselves are not repeated."""

    PLACE = mark("a place")
    DEVICE = mark("a device, or the number of one")
    TIME = mark("a time")
    NAME = mark("a name")
    PROGRAM = mark("a program")
    WORDS = mark("a title or other words")
    PREVIEW = mark("a small earlier picture of the same thing")
    HISTORY = mark("earlier versions, or numbers that tie its copies together")
    HIDDEN = mark("something that is not shown")


@dataclass(frozen=True)
class Copy:
    """A file that passed our strict reading.

    Attributes:
        data: The bytes of the copy.
        form: What they are; not always the form of the original.
        steps: What was done, in order.
        found: What the metadata of the original told; nothing of it is in the copy.
        left: Marked sentences: what the copy can still tell. Never empty.
    """

    data: bytes = field(repr=False)
    form: Form
    steps: tuple[Step, ...]
    found: tuple[Trace, ...]
    left: tuple[str, ...]


_SHOWN: Final = mark(
    "Everything that can be seen stays: faces, signs, windows, shadows, weather. Look at every corner."
)
_PICTURE: Final = (
    _SHOWN,
    mark(
        "A camera leaves its own noise in each picture. With other pictures from it, an expert may tell that they match."
    ),
    mark("Whoever has the original, or a copy from a network, can see that this is the same picture."),
)
_PAPER: Final = (
    mark("Everything that can be read stays: names, numbers, stamps, handwriting, letterheads."),
    mark("A printer may leave tiny dots, and each person may have been given other words or other spaces."),
)
_OFFICE: Final = (
    *_PAPER,
    mark(
        "Words in white, or behind something else, come out readable: read the copy before you give it away."
    ),
)
_SOUND: Final = (
    mark("Voices stay, and a voice is as good as a name."),
    mark("The hum of the mains and the sounds of the place may tell when and where it was recorded."),
)
_LEFT: Final = {
    Form.PDF: _PAPER,
    Form.DOCX: _OFFICE,
    Form.ODT: _OFFICE,
    Form.MP3: (*_SOUND, mark("The way the sound was packed may tell which program or device did it.")),
    Form.MP4: (
        _SHOWN,
        _PICTURE[1],
        *_SOUND,
        mark("The way picture and sound were packed may tell which device did it."),
    ),
}

#: Added where something was covered.
COVERED: Final = (
    mark("The size of a box tells how long the hidden word is, or how tall the hidden person."),
    mark("What was covered may be told by what was not: the sentence around it, a mirror, a voice."),
)
#: Added where the source was packed with loss.
NEAR_THE_BOX: Final = mark("Packed pictures smear a little: draw a box wider than what it hides.")
#: Added where the text of a PDF was kept.
KEPT_TEXT: Final = mark(
    "Text was kept as text: also what is too small to see, white on white, behind a picture, or beside the page."
)

#: All that a copy can be said to tell.
LEFT: Final = frozenset(
    (*_PICTURE, *COVERED, NEAR_THE_BOX, KEPT_TEXT, *(one for said in _LEFT.values() for one in said))
)


def left_in(form: Form) -> tuple[str, ...]:
    """Return what a cleaned file that came as `form` can still tell, as marked sentences."""
    if form in PICTURES:
        return _PICTURE
    return _LEFT[Form.MP4 if form is Form.MOV else form]
