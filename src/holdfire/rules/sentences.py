"""Where the sentences of a clause begin and end, in spite of abbreviations, initials and broken lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

_CANDIDATE: Final = re.compile(r"[.!?…;]{1,4}[\"'»”’)\]]{0,3}(?=\s)|\n")
_BEFORE: Final = re.compile(r"(?:\w|\.(?=\w)){1,24}\Z")
_ITEM: Final = re.compile(r"\s*(?:[-–—•·*▪◦]|\(?\w{1,4}\))\s")
#: A line that is at least so long was broken by the width of the page.
_FULL_LINE: Final = 55
_ENDS: Final = ".!?…;:"
#: How far is looked ahead for what follows, and back for an abbreviation.
_AHEAD: Final = 200
_LONGEST: Final = 24


def split_sentences(text: str, abbreviations: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of `text` begins and ends, without the white space around it.

    Args:
        text: Of a clause, its number left out.
        abbreviations: Words after which a full stop ends nothing, in small letters, inner stops kept: "т.д", "art".
    """
    start = 0
    for found in _CANDIDATE.finditer(text):
        if _ends_here(text, found, start, abbreviations):
            yield from _trimmed(text, start, found.end())
            start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    body = text[start:end]
    first, last = start + len(body) - len(body.lstrip()), start + len(body.rstrip())
    if first < last:
        yield first, last


def _ends_here(text: str, found: re.Match[str], start: int, abbreviations: Collection[str]) -> bool:
    rest = text[found.end() : found.end() + _AHEAD]
    following = rest.lstrip()
    if found.group() == "\n":
        return _line_ends(text[start : found.start()].rstrip(), rest)
    if found.group().startswith(";"):
        # In one line a list is one sentence; in lines, each of its items is.
        return "\n" in rest and not rest.split("\n", 1)[0].strip()
    if following[:1].islower():
        return _ITEM.match(rest) is not None
    return not following or found.group() != "." or _stop_ends(text, start, found.start(), abbreviations)


def _line_ends(before: str, rest: str) -> bool:
    """Say whether a sentence ends with its line: not where it goes on in small letters, or the page was too narrow."""
    following = rest.lstrip()
    if not before or not following or before[-1] in _ENDS or _ITEM.match(rest):
        return True
    return not (following[0].islower() or len(before.rpartition("\n")[2]) >= _FULL_LINE)


def _stop_ends(text: str, start: int, at: int, abbreviations: Collection[str]) -> bool:
    """Say whether a full stop ends a sentence, and not an abbreviation or the first letter of a name."""
    word = _BEFORE.search(text, max(start, at - _LONGEST), at)
    if word is None:
        return True
    before = word.group().lower()
    return before not in abbreviations and not (len(before) == 1 and before.isalpha())
