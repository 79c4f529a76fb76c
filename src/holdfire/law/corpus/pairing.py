"""Which article of a text a provision speaks of: proposed by its number, decided by the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from holdfire.law.corpus.imported import NONE
from holdfire.law.corpus.numbers import cited_keys

How = Literal["person", "number", "several", "none"]
#: A line of a table of contents is shorter than this, and than a quarter of the article it leads to.
_CONTENTS_LINE: Final = 300
_CONTENTS_SHARE: Final = 4


@dataclass(frozen=True)
class Pairing:
    """What a text holds for a provision.

    Attributes:
        articles: Numbers of the articles that are its wording, in the text's order; several where it cites several.
        how: By the person's word, by number alone, not decided between several, or not found.
        candidates: All that were found by number.
    """

    articles: tuple[int, ...]
    how: How
    candidates: tuple[int, ...]


def pair(
    cited: str,
    chosen: int | None,
    find: Callable[[str], Sequence[int]],
    lengths: Callable[[Sequence[int]], Mapping[int, int]],
) -> Pairing:
    """Return the articles of a text that a provision cites. Two articles under one number are never chosen between.

    Args:
        cited: As the provision cites it: "art. 7(1)".
        chosen: What the person said: the number of an article, `NONE`, or None for nothing.
        find: The numbers of the articles with a key.
        lengths: How long articles are, by number.
    """
    groups = [_under(keys, find) for keys in cited_keys(cited)]
    candidates = tuple(dict.fromkeys(one for group in groups for one in group))
    if chosen == NONE:
        return Pairing((), "none", candidates)
    if chosen is not None:
        return Pairing((chosen,), "person", candidates)
    if not candidates:
        return Pairing((), "none", ())
    known = lengths(candidates)
    decided = [_one_of(group, known) for group in groups if group]
    if any(one is None for one in decided):
        return Pairing((), "several", candidates)
    return Pairing(tuple(sorted({one for one in decided if one is not None})), "number", candidates)


def _under(keys: Sequence[str], find: Callable[[str], Sequence[int]]) -> tuple[int, ...]:
    """Return what stands under the likeliest of the keys that is there at all."""
    return next((tuple(found) for key in keys if (found := find(key))), ())


def _one_of(group: Sequence[int], lengths: Mapping[int, int]) -> int | None:
    """Return the one article among these, leaving out lines of a table of contents; None when it cannot be told."""
    if len(group) == 1:
        return group[0]
    longest = max(group, key=lambda one: lengths[one])
    others = [lengths[one] for one in group if one != longest]
    listed = all(one < _CONTENTS_LINE and one * _CONTENTS_SHARE <= lengths[longest] for one in others)
    return longest if listed else None
