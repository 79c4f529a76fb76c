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
    rest = text[found.end() : found.end() + 200]
    following = rest.lstrip()
    if found.group() == "\n":
        before = text[start : found.start()].rstrip()
        if not before or not following or before[-1] in _ENDS:
            return True
        line = before.rpartition("\n")[2]
        # A line that goes on in small letters, or that was broken because the page ended, is no end.
        return bool(_ITEM.match(rest)) or not (following[0].islower() or len(line) >= _FULL_LINE)
    if found.group().startswith(";"):
        # In one line a list is one sentence; in lines, each of its items is.
        return rest.split("\n", 1)[0].strip() == "" and "\n" in rest
    if not following:
        return True
    if following[0].islower():
        return _ITEM.match(rest) is not None
    if found.group() != ".":
        return True
    word = _BEFORE.search(text, max(start, found.start() - 24), found.start())
    if word is None:
        return True
    before = word.group().lower()
    if before in abbreviations:
        return False
    # "И. И. Иванов": one letter is a name's first.
    return not (len(before) == 1 and before.isalpha())
