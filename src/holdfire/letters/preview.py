"""What a person reads before a letter becomes a file: its text, what it states, what it leaves blank, what to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.language import mark
from holdfire.letters.answers import FIELDS
from holdfire.letters.kinds import kind_called
from holdfire.letters.letter import Letter
from holdfire.letters.text import as_text

NO_REFUSAL: Final = mark("The sentences of this letter state no refusal.")
NO_MOTIVE: Final = mark("They state no motive.")
OWN_REFUSAL: Final = mark("This letter states a refusal, because you added it. A refusal can be punished.")
OWN_MOTIVE: Final = mark("This letter states why. A motive can be used against you.")
OWN_WORDS: Final = mark(
    "Your own words stand in it too. Read them once more: they can say more than you meant."
)
NO_LAWYER: Final = mark("No lawyer has checked this.")
UNREAD: Final = mark("No native reader who served has read the text in: {languages}.")
SAME: Final = mark(
    "Its sentences are the same for everyone who uses them. If several people hand them in, it looks organised; "
    "put them into your own words first."
)
TRANSLATED: Final = mark("These provisions stand in English, because their names were not translated: {ids}.")

COPIED: Final = mark(
    "The wording of these is from your own copy, and nobody here has compared it: {ids}. Compare it with the official text, word by"
    " word, before you hand the letter in, and see that it is the wording of the order's own day."
)


@dataclass(frozen=True)
class Note:
    """A sentence beside the letter, with what fills its places."""

    sentence: str
    values: dict[str, str]

    def said(self) -> str:
        """Return the sentence in English."""
        return self.sentence.format(**self.values) if self.values else self.sentence


@dataclass(frozen=True)
class Preview:
    """The letter as text, and beside it what is no part of it.

    Attributes:
        text: What the file will say.
        states: What it states about refusal and motive.
        before: What to know before it is handed in.
        blanks: What is left to fill by hand, in words.
    """

    text: str
    states: tuple[Note, ...]
    before: tuple[Note, ...]
    blanks: tuple[str, ...]


def preview(letter: Letter) -> Preview:
    """Return what to read before the letter is written to a file."""
    states = [
        OWN_REFUSAL if letter.states_refusal else NO_REFUSAL,
        OWN_MOTIVE if letter.states_motive else NO_MOTIVE,
    ]
    before = [_note(sentence) for sentence in kind_called(letter.kind).before]
    if not letter.checked_by:
        before.insert(0, _note(NO_LAWYER))
    if letter.unread:
        before.append(_note(UNREAD, languages=", ".join(letter.unread)))
    if letter.copied:
        before.insert(0, _note(COPIED, ids=", ".join(letter.copied)))
    if letter.untranslated:
        before.append(_note(TRANSLATED, ids=", ".join(letter.untranslated)))
    return Preview(
        text=as_text(letter),
        states=tuple(_note(sentence) for sentence in (*states, OWN_WORDS)),
        before=(*before, _note(SAME)),
        blanks=tuple(FIELDS[name] for name in letter.blanks),
    )


def _note(sentence: str, **values: str) -> Note:
    return Note(sentence, values)
