"""Snippets: the piece of a text around what was looked for, in the text's own letters, the matches marked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.vault.passages import words_of
from holdfire.vault.records import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from holdfire.vault.passages import Word

#: Signs of a snippet, without the words at its edges that are kept whole.
MOST_SIGNS: Final = 240
_GAP: Final = "…"
#: A letter or digit, as the index takes words apart: an underline is none.
_SIGN: Final = r"[^\W_]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet; `match` where it is what was looked for."""

    text: str
    match: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a word of a search stands: first sign, end, and which word it is, in their order."""

    start: int
    end: int
    which: int


def snippet(text: str, untrusted_words: str, most: int = MOST_SIGNS) -> tuple[Piece, ...]:
    """Return the part of `text` with the most different words of a search, about `most` signs long.

    Its letters are the text's own, line breaks become spaces, and "…" stands where it was cut.
    """
    found = tuple(matches(text, words_of(untrusted_words)))
    start, end = _window(text, found, most)
    pieces: list[Piece] = [Piece(_GAP)] if start else []
    at = start
    for one in found:
        if one.start >= at and one.end <= end:
            pieces += [Piece(text[at : one.start]), Piece(text[one.start : one.end], match=True)]
            at = one.end
    pieces += [Piece(text[at:end]), Piece(_GAP if end < len(text) else "")]
    return tuple(Piece(one.text.replace("\n", " "), one.match) for one in pieces if one.text)


def matches(text: str, words: Sequence[Word]) -> Iterator[Match]:
    """Yield where the words of a search stand in `text`, in its order; none overlaps another."""
    if not words:
        return
    folded, places = _folded(text)
    either = "|".join(f"({_pattern(word)})" for word in words)
    for one in re.finditer(rf"(?<!{_SIGN})(?:{either})", folded):
        start, end = one.span()
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        yield Match(start, end, (one.lastindex or 1) - 1)


def _pattern(word: Word) -> str:
    whole = r"[\W_]+".join(map(re.escape, word.tokens))
    return whole + (f"{_SIGN}*" if word.begins else f"(?!{_SIGN})")


def _folded(text: str) -> tuple[str, list[int] | None]:
    """Return a text as the index holds it, and where each sign of that stands in the text; None: at the same place."""
    folded = fold(text).lower()
    if len(folded) == len(text):
        return folded, None
    # Marks that stand alone, or a sign that becomes several: slower, and rare.
    signs = [(each, place) for place, sign in enumerate(text) for each in fold(sign).lower()]
    return "".join(sign for sign, _ in signs), [place for _, place in signs]


def _window(text: str, found: Sequence[Match], most: int) -> tuple[int, int]:
    """Return the window that holds the most different words; the first of equals."""
    best = different = last = 0
    inside: Counter[int] = Counter()
    for one in found:
        while last < len(found) and found[last].end <= one.start + most:
            inside[found[last].which] += 1
            last += 1
        here = sum(1 for count in inside.values() if count)
        if here > different:
            best, different = one.start, here
        inside[one.which] -= 1
    start = max(0, min(best - most // 3, len(text) - most))
    end = min(len(text), start + most)
    if start:
        start = min((text.find(" ", start, best) + 1) or start, best)
    if end < len(text):
        cut = text.rfind(" ", end - most // 4, end)
        end = cut if cut > best else end
    return start, end
