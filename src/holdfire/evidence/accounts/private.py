"""Finding private life in a text about an official, in English, Russian, Belarusian and Spanish, so that it is refused.

This is a net with holes: it knows words and shapes, not meanings. It rather asks for other words once too often than lets an
address through; what it cannot see, the second reviewer must. Patterns are in `private_words`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from holdfire.evidence.accounts import private_words as known
from holdfire.language import mark

Reason = Literal[
    "phone", "mail", "account", "address", "home", "family", "plate", "car", "school", "faith", "health", "face", "papers",
    "private",
]  # fmt: skip

#: What a person is told of each; the place and the words stand beside it.
REASONS: Final[Mapping[Reason, str]] = {
    "phone": mark("This looks like a telephone number. Nobody's is kept here."),
    "mail": mark("This looks like an e-mail address or a name on a network. Nobody's is kept here."),
    "account": mark(
        "This leads to somebody's account. Keep the recording itself as evidence, and give its number."
    ),
    "address": mark(
        "This looks like an address. Where the act was done belongs into “Where it was done”; where somebody lives, nowhere."
    ),
    "home": mark("This is about where somebody lives. Only conduct on duty can stand here."),
    "family": mark(
        "This is about somebody's family. If you mean people who were harmed, write “a woman”, “a child”."
    ),
    "plate": mark("This looks like a number plate. Write “a service vehicle”."),
    "car": mark("This is about somebody's own car. Write “a service vehicle” if it was one."),
    "school": mark("This is about somebody's school or studies. Only conduct on duty can stand here."),
    "faith": mark("This is about somebody's faith. Only conduct on duty can stand here."),
    "health": mark(
        "This is about somebody's health. Injuries that were caused belong into a record of harm."
    ),
    "face": mark("This is about a picture of a face. No face is recorded here."),
    "papers": mark("This is about somebody's birth or papers. Rank, post and unit are enough."),
    "private": mark("This is about somebody's private life. Only conduct on duty can stand here."),
}


@dataclass(frozen=True)
class Found:
    """Private life in a text: why it is refused, and the words, in small letters, as they were understood."""

    reason: Reason
    words: str


def find_private(text: str, *, place: bool = False) -> Found | None:
    """Return the first private thing in a text, or None.

    Args:
        text: What a person wrote.
        place: Whether it says where an act was: then a street with a house number may stand there, a flat may not.
    """
    folded = fold(text)
    for reason, patterns in known.PATTERNS.items():
        if place and reason == "address":
            continue
        for pattern in patterns:
            found = pattern.search(folded)
            if found:
                return Found(reason, " ".join(found[0].split()))
    return _number(folded)


def says_private_person(text: str) -> bool:
    """Return whether what stands for a unit or post says that somebody has none, or is a private person."""
    folded = fold(text)
    return not any(sign.isalnum() for sign in folded) or bool(known.NO_OFFICE.search(folded))


def fold(text: str) -> str:
    """Return a text as it is compared: small letters, plain digits and apostrophes, letters of one alphabet in a word."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    text = "".join(_plain(sign) for sign in text if unicodedata.category(sign) not in {"Cf", "Mn"})
    return re.sub(r"[^\W\d_]+", lambda word: _one_alphabet(word[0]), text)


def _plain(sign: str) -> str:
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    if unicodedata.category(sign) == "Pd":
        return "-"
    return known.PLAIN.get(sign, sign)


def _one_alphabet(word: str) -> str:
    latin = sum("a" <= sign <= "z" for sign in word)
    cyrillic = sum("\u0400" <= sign <= "\u04ff" for sign in word)
    if not latin or not cyrillic:
        return word
    return word.translate(known.TO_LATIN if latin > cyrillic else known.TO_CYRILLIC)


def _number(folded: str) -> Found | None:
    """Return a run of digits that is long enough for a telephone, once days, times and numbers of papers are taken out."""
    left = known.NO_PHONE.sub(" ; ", folded)
    for found in known.DIGITS.finditer(left):
        digits = sum(sign.isdigit() for sign in found[0])
        if known.LEAST_PHONE <= digits <= known.MOST_PHONE:
            return Found("phone", found[0].strip())
    return None
