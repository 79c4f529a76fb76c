"""What a sentence rules: obligation, prohibition, permission, exception, several of them or none, and by which words.

Patterns are looked for in their order. What one has found is taken away from those after it, so that "не обязан" leaves no
"обязан" behind. The definitions: docs/formats/rules-evaluation.md.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from holdfire.rules.patterns import START, Pattern, fold
from holdfire.rules.regulation import LABELS, Clause, Label, Sentence, Sign

#: What makes a sentence a norm of its own; an exception bounds one.
BASE: Final[frozenset[Label]] = frozenset({"obligation", "prohibition", "permission"})
_QUOTED: Final = re.compile(r"«[^»]{0,400}»|“[^”]{0,400}”|„[^“”]{0,400}[“”]|\"[^\"]{0,400}\"")
_WORD: Final = re.compile(r"\w")
_WORDS: Final = re.compile(r"\w+")
_ITEM: Final = re.compile(r"(?:[-–—•·*▪◦]|\(?\w{1,4}\))\s")
_TAKEN: Final = "\x00"
_TAKEN_SIGN: Final = re.compile(r"[^;]")


def signs_of(text: str, patterns: Sequence[Pattern], *, outright: bool = False) -> tuple[Sign, ...]:
    """Return the words that make a sentence a norm, in their order.

    Args:
        text: One sentence.
        patterns: Of its language.
        outright: Whether only words count that say it outright, as in an item of a list whose stem has ruled already.
    """
    rest = fold(text)
    # What stands in quotation marks is mentioned, not ruled.
    rest = _without(rest, [quoted.span() for quoted in _QUOTED.finditer(rest)])
    semicolons = [at for at, sign in enumerate(rest) if sign == ";"]
    signs: list[Sign] = []
    # For each part between semicolons: the smallest number of a pattern that made it a norm.
    ruled: dict[int, int] = {}
    for pattern in _applying(rest, patterns, outright=outright):
        taken: list[tuple[int, int]] = []
        for found in pattern.find.finditer(rest):
            if pattern.whole:
                return ()
            start, end = found.span()
            part = bisect(semicolons, start)
            if pattern.weak > ruled.get(part, pattern.weak):
                continue
            taken.append((start, end))
            if pattern.labels:
                signs.append(Sign(pattern.labels, start + len(found[0]) - len(found[0].lstrip()), end))
                if not BASE.isdisjoint(pattern.labels):
                    ruled.setdefault(part, pattern.weak)
        rest = _without(rest, taken)
    return tuple(sorted(signs, key=lambda sign: (sign.start, sign.end)))


def _applying(text: str, patterns: Sequence[Pattern], *, outright: bool) -> list[Pattern]:
    """Return the patterns that are worth looking for in a sentence, in their order."""
    starts = {word[:START] for word in _WORDS.findall(text)}
    beside: dict[Pattern, bool] = {}

    def stands(words: Pattern) -> bool:
        if words not in beside:
            beside[words] = _possible(words, starts) and words.find.search(text) is not None
        return beside[words]

    return [
        one
        for one in patterns
        if not (outright and one.weak)
        and _possible(one, starts)
        and (one.beside is None or stands(one.beside) is not one.absent)
    ]


def _possible(pattern: Pattern, starts: AbstractSet[str]) -> bool:
    """Say whether a pattern may be found in a sentence whose words begin so."""
    return pattern.starts is None or not pattern.starts.isdisjoint(starts)


def _without(text: str, places: Sequence[tuple[int, int]]) -> str:
    """Return a text of the same length with nothing but its semicolons in some places."""
    if not places:
        return text
    parts: list[str] = []
    last = 0
    for start, end in places:
        parts += (text[last:start], _TAKEN_SIGN.sub(_TAKEN, text[start:end]))
        last = end
    return "".join((*parts, text[last:]))


def label_clause(clause: Clause, patterns: Sequence[Pattern]) -> Clause:
    """Return a clause with the labels of each of its sentences; an item of a list takes what its stem rules."""
    stem = _ruled(signs_of(clause.stem, patterns)) if clause.stem else ()
    goes_on = bool(stem)
    sentences: list[Sentence] = []
    for sentence in clause.sentences:
        text = clause.text[sentence.start : sentence.end]
        # The list ends with a sentence that is neither marked as an item nor follows one that ends like an item.
        hangs = bool(stem) and (goes_on or _ITEM.match(text) is not None)
        signs = tuple(
            Sign(sign.labels, sentence.start + sign.start, sentence.start + sign.end)
            for sign in signs_of(text, patterns, outright=hangs)
        )
        own = _ruled(signs)
        inherited = stem if hangs and BASE.isdisjoint(own) and _WORD.search(text) else ()
        sentences.append(replace(sentence, signs=signs, inherited=inherited))
        if text.endswith(":"):
            stem, goes_on = own or inherited, True
        else:
            goes_on = text.endswith((";", ","))
    return replace(clause, sentences=tuple(sentences))


def _ruled(signs: Sequence[Sign]) -> tuple[Label, ...]:
    given = {label for sign in signs for label in sign.labels}
    return tuple(label for label in LABELS.values() if label in given)
