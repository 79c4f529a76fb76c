"""What a person notes of a piece of evidence, so that a court can judge it (docs/formats/evidence.md §2).

A field that nobody filled in says `unknown`: an empty one would not show whether it was asked.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.errors import UserError
from holdfire.language import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holdfire.evidence.canonical import Value

FORMAT: Final = "holdfire evidence 1"
UNKNOWN: Final = "unknown"
MOST_TITLE: Final = 200
#: Letters of one note, and of what was read from the file itself.
MOST_NOTE: Final = 8_000
MOST_METADATA: Final = 60_000

#: What the person, or the file, calls a piece of evidence: no note, and shown only when chosen.
OWN: Final = ("title", "name", "made")
#: How each field is called to people, in the order in which it is asked.
FIELDS: Final[Mapping[str, str]] = {
    "collector": mark("Who recorded or received it (an alias is enough)"),
    "collector_name": mark("Their real name (kept apart, exported only if you choose it)"),
    "when": mark("When it was recorded or received"),
    "offset": mark("How far the local time was from UTC"),
    "clock": mark("Which clock said so, and how wrong it may be"),
    "place": mark("Where"),
    "method": mark("How it was recorded or received, and with which program"),
    "device": mark("With which device"),
    "source": mark("From whom or from where it came"),
    "url": mark("Web address"),
    "page_source": mark("Whether the page's source text was kept, and where"),
    "page_capture": mark("Whether the whole page was pictured, with its date, and where"),
    "conversions": mark("Every change of format since"),
    "metadata": mark("What the file says of itself, as found"),
    "second_hash": mark("A second hash, and which"),
    "consent": mark("Who agreed to its use, and for whom"),
    "withdrawal": mark("Whether somebody took their consent back"),
    "limits": mark("What must not be shown, and to whom"),
    "risk": mark("Who could be harmed by it, and how"),
}

#: Where each note stands in a record as it is exported; the rest are of its collection.
OF_ITEM: Final = ("metadata", "second_hash")
OF_PROTECTION: Final = ("consent", "withdrawal", "limits", "risk")


@dataclass(frozen=True)
class Bytes:
    """What is known of a piece of evidence from its bytes alone, and from how it was made.

    Attributes:
        form: A key of `kinds.FORM_WORDS`.
        size: How many there are.
        sha256: 64 hexadecimal digits.
        copied: Whether it is a working copy.
        steps: What was done to make that.
    """

    form: str
    size: int
    sha256: str
    copied: bool = False
    steps: tuple[str, ...] = ()


def record(known: Bytes, called: str, own: Mapping[str, str], notes: Mapping[str, str]) -> dict[str, Value]:
    """Return a record as it is exported (docs/formats/evidence.schema.json): every field is there, with `unknown` for what is missing.

    Args:
        known: Of its bytes.
        called: Its name in what is exported, which says nothing of it, as `item-1`.
        own: Its title, the file's own name, and the file's own date, as far as they are to be shown.
        notes: Of `FIELDS`, as far as they are to be shown.
    """
    said = complete(notes)
    collected = [field for field in FIELDS if field not in (*OF_ITEM, *OF_PROTECTION)]
    return {
        "format": FORMAT,
        "item": {
            "id": called,
            "type": known.form,
            "size": known.size,
            "sha256": known.sha256,
            "role": "working copy" if known.copied else "original",
            "steps": [*known.steps],
            **{field: own.get(field) or UNKNOWN for field in OWN},
            **{field: said[field] for field in OF_ITEM},
        },
        "collection": {field: said[field] for field in collected},
        "protection": {field: said[field] for field in OF_PROTECTION},
    }


def complete(notes: Mapping[str, str]) -> dict[str, str]:
    """Return every field of `FIELDS`; what `notes` lacks is unknown."""
    return {field: notes.get(field, "").strip() or UNKNOWN for field in FIELDS}


def check_notes(notes: Mapping[str, str]) -> None:
    """Return if every note is one of `FIELDS` and not too long; UserError otherwise."""
    for field, text in notes.items():
        if field not in FIELDS:
            raise UserError(
                mark("There is no note called {field}."),
                mark("The notes are: {fields}."),
                field=field, fields=", ".join(FIELDS),
            )  # fmt: skip
        most = MOST_METADATA if field == "metadata" else MOST_NOTE
        if len(text) > most:
            raise UserError(
                mark("The note {field} has more than {most} letters."), mark("Say it shorter."),
                field=field, most=most,
            )  # fmt: skip


def clean(name: str) -> str:
    """Return a file's name as a title: one line, without signs that are not seen or turn the text around; at most 200 letters."""
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in name)
    return " ".join(shown.split())[:MOST_TITLE]


def escape(name: str) -> str:
    """Return a file's name so that every sign in it is seen: what is not seen, or turns the text around, by its number."""
    return "".join(_escaped(sign) for sign in name)


def _escaped(sign: str) -> str:
    if sign == "\\":
        return "\\\\"
    if sign == " " or unicodedata.category(sign)[0] not in "CZ":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08x}"  # noqa: PLR2004 - the first plane
