"""What an account asks: its fields, which of them are lists, what can be chosen, and what is said before the first one.

A field that nobody filled in is unknown. No field is ever required to write an account down; what must be known before one
leaves is in `obstacles`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from holdfire.language import mark

UNKNOWN: Final = "unknown"
#: Letters of a line, of a longer text, of a field in a list; and rows of a list.
MOST_LINE: Final = 300
MOST_TEXT: Final = 3_000
MOST_IN_ROW: Final = 400
MOST_ROWS: Final = 20

Shape = Literal["line", "text", "moment", "choice", "evidence", "rows"]
KindName = Literal["harm", "incident", "claim", "accountability"]


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        id: Its stable name.
        label: A marked sentence.
        hint: How it is filled, marked; "" for none.
        shape: A line, a longer text, a moment (`orders.moment`), one of `choices`, numbers of evidence, or a list of rows.
        choices: Stable words, and marked sentences for people.
        columns: The fields of a row.
        place: Whether it says where an act was: a street and a house number are that place, and may stand there.
    """

    id: str
    label: str
    hint: str = ""
    shape: Shape = "line"
    choices: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Field, ...] = ()
    place: bool = False

    def most(self) -> int:
        """Return how many letters it takes."""
        return MOST_TEXT if self.shape == "text" else MOST_LINE


@dataclass(frozen=True)
class Part:
    """A few fields that stand on one page."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """One kind of account.

    Attributes:
        kind: Its stable name.
        title: What people call it, marked.
        about: What it is for, one marked sentence.
        limits: What is said before the first field, marked: necessity, who could learn of it, what the law may say.
        parts: Its fields, the quick ones first.
    """

    kind: KindName
    title: str
    about: str
    limits: tuple[str, ...]
    parts: tuple[Part, ...]

    def fields(self) -> Iterator[Field]:
        """Yield its fields in order."""
        for part in self.parts:
            yield from part.fields

    def field(self, name: str) -> Field:
        """Return a field by its id; KeyError when it has none."""
        for one in self.fields():
            if one.id == name:
                return one
        raise KeyError(name)


#: How near a source stood, from near to far.
NEARNESS: Final[Mapping[str, str]] = {
    "seen": mark("I saw or heard it myself"),
    "shown": mark("a recording or paper shows it"),
    "witness": mark("told by somebody who was there"),
    "hearsay": mark("hearsay: told by somebody who was not there"),
    "inferred": mark("my conclusion from other things"),
}
#: How sure the person is.
SURENESS: Final[Mapping[str, str]] = {
    "sure": mark("sure"),
    "fairly": mark("fairly sure"),
    "unsure": mark("not sure"),
}
YES_NO: Final[Mapping[str, str]] = {"yes": mark("yes"), "no": mark("no")}

#: Who writes and from what: the same in every form.
WRITER: Final = Part(
    "writer",
    mark("Who writes this, and from what"),
    (
        Field("author", mark("Who writes this"), mark("A name only you know. Your real name is not needed.")),
        Field("written", mark("When you wrote it down"), shape="moment"),
        Field("from_memory", mark("Written from memory"), shape="choice", choices=YES_NO),
        Field(
            "first_hand",
            mark("You were there yourself"),
            shape="choice",
            choices=YES_NO,
        ),
    ),
)
