"""What is in a package, in plain words: once for each item, with what is unknown and what no check shows."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.evidence.copies.sayings import STEP_WORDS
from holdfire.evidence.custody.event import TIMES, UNKNOWN
from holdfire.evidence.package.layout import grouped
from holdfire.evidence.package.verify import NOT_SHOWN
from holdfire.language import ENGLISH, Language, mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from holdfire.evidence.custody.event import FieldValue
    from holdfire.evidence.custody.extract import Shown

_WIDTH: Final = 78

TITLE: Final = mark("What is in this package")
ITEM: Final = mark("Item {number}: {name}")
_ACTIONS: Final = {
    "receive": mark("It was received and sealed."),
    "open": mark("It was looked at."),
    "copy": mark("A copy was made from it."),
    "redact": mark("A copy with covered parts was made from it."),
    "transfer": mark("It was put into a package to be handed over."),
    "dispose": mark("It was disposed of."),
}
_MADE: Final = mark("It was made as a working copy and sealed.")
_FIELDS: Final = (
    ("role", mark("by")),
    ("alias", mark("alias")),
    ("name", mark("name")),
    ("custodian_from", mark("from")),
    ("custodian_to", mark("to")),
    ("where", mark("where")),
    ("why", mark("why")),
    ("authority", mark("on whose authority")),
    ("steps", mark("steps")),
    ("change", mark("change that could not be avoided")),
    ("answerable", mark("who answers for it")),
    ("clock", mark("clock")),
)


@dataclass(frozen=True)
class Told:
    """An item, as the report tells it.

    Attributes:
        name: Of its file in the package.
        form: What it is, in words.
        size: Its bytes.
        sha256: Of them.
        copy: Whether it is a working copy.
        steps: What a copy was made by.
        notes: What was noted of it and chosen to be shown: label and words.
        unknown: Labels of what is not known or not shown.
        events: How many events its custody log has.
        shown: Those that are shown.
        stamps: What stamps there are, in words.
    """

    name: str
    form: str
    size: int
    sha256: str
    copy: bool
    steps: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    events: int
    shown: tuple[Shown, ...]
    stamps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of the report: a title, labels with values, then paragraphs."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()


def report(
    items: Sequence[Told], fingerprint: str, to: str = "", language: Language = ENGLISH
) -> tuple[Part, ...]:
    """Return the report of a package.

    Args:
        items: In their order.
        fingerprint: Of the package's key; "" when it is not made yet.
        to: Who it is for; "" when that is not to stand in it.
        language: Of the report's own words.
    """
    say = language.say
    drawn = grouped(fingerprint) or say(mark("drawn when it is made"))
    rows = [(say(mark("Fingerprint of its key (SHA-256 of KEY.pem)")), drawn)]
    if to:
        rows.append((say(mark("For")), to))
    rows.append((say(mark("Items")), str(len(items))))
    first = Part(
        say(TITLE),
        tuple(rows),
        (
            say(
                mark("Compare the fingerprint with one that you were given by another way than this package.")
            ),
            *map(say, NOT_SHOWN),
            say(mark("No lawyer has checked this.")),
        ),
    )
    return (first, *(_item(number, one, language) for number, one in enumerate(items, 1)))


def text(parts: Sequence[Part], width: int = _WIDTH) -> str:
    """Return the report as plain text, in lines of at most `width` letters where words allow it."""
    return "\n\n".join("\n".join(_lines(part, width)) for part in parts) + "\n"


def history(shown: Sequence[Shown], language: Language = ENGLISH) -> tuple[str, ...]:
    """Return events of a custody log in plain words, one line each."""
    return tuple(
        f"{one.event.number + 1}. {_when(one.values, language)}: {language.say(_done(one))}"
        + "".join(f" ({'; '.join(told)})" for told in [_told(one.values, language)] if told)
        for one in shown
    )


def _done(one: Shown) -> str:
    made = one.event.action == "receive" and one.values.get("parent", UNKNOWN) != UNKNOWN
    return _MADE if made else _ACTIONS[one.event.action]


def _item(number: int, one: Told, language: Language) -> Part:
    say = language.say
    rows = [
        (say(mark("What it is")), one.form),
        (say(mark("Bytes")), str(one.size)),
        ("SHA-256", one.sha256),
        (
            say(mark("Original or copy")),
            say(
                mark(
                    "a working copy; its log names the steps, and what it was made from in a form that can be checked once that is shown"
                )
            )
            if one.copy
            else say(mark("the bytes as they were received")),
        ),
    ]
    if one.steps:
        rows.append((say(mark("What was done to make it")), _steps(one.steps, language)))
    rows += one.notes
    hidden = one.events - len(one.shown)
    lines = [
        say(mark("Events in its custody log: {count}"), count=one.events),
        *history(one.shown, language),
    ]
    if hidden:
        lines.append(
            say(mark("Events that are not shown: {count}. That they exist is proved."), count=hidden)
        )
    lines += one.stamps or (say(mark("There is no time stamp by somebody else on this log.")),)
    if one.unknown:
        lines.append(say(mark("Not known, or not shown: {fields}."), fields="; ".join(one.unknown)))
    return Part(say(ITEM, number=number, name=one.name), tuple(rows), tuple(lines))


def _when(values: Mapping[str, FieldValue], language: Language) -> str:
    found = [str(values[time]) for time in TIMES if time in values]
    if not found or found[-1] == UNKNOWN:
        return language.say(mark("time not shown"))
    # An hour is spelt 2026-03-01T14: said so that nobody reads it as a minute.
    moment = found[-1].replace("T", " ").removesuffix("Z")
    return f"{moment}h UTC" if "hour" in values else f"{moment} UTC"


def _steps(words: Sequence[str], language: Language) -> str:
    return "; ".join(language.say(STEP_WORDS.get(word, word)) for word in words)


def _told(values: Mapping[str, FieldValue], language: Language) -> list[str]:
    return [
        f"{language.say(label)}: {value if isinstance(value, str) else _steps(value, language) if field == 'steps' else ', '.join(value)}"
        for field, label in _FIELDS
        if (value := values.get(field, UNKNOWN)) != UNKNOWN
    ]


def _lines(part: Part, width: int) -> Iterator[str]:
    yield part.title
    yield "-" * min(width, len(part.title))
    for label, value in part.rows:
        yield from _wrap(f"{label}: {value}", width, later="    ")
    for line in part.lines:
        yield ""
        yield from _wrap(line, width)


def _wrap(words: str, width: int, later: str = "") -> list[str]:
    return [
        one
        for line in words.split("\n")
        for one in textwrap.wrap(
            line, width, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
        )
        or [""]
    ]
