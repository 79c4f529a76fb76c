"""What a pack knows of the language of regulations: its patterns, abbreviations, endings, and the words of the printed log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from holdfire.pack.reader import Node
from holdfire.rules.labels import signs_of
from holdfire.rules.patterns import Pattern, fold, parse_pattern, parse_words

#: Words of the printed log, each of which every language must have.
PRINTED: Final = ("title", "regulation", "begun", "time", "step", "clause", "result", "page", "done", "not-applicable", "could-not",
                  "open", "words", "signature")  # fmt: skip
_WORD: Final = re.compile(r"\w+")
#: Of a text, so many words tell its language.
SAMPLE_WORDS: Final = 3_000
_LEAST_HITS: Final = 2


@dataclass(frozen=True)
class Grammar:
    """One language.

    Attributes:
        language: Its code.
        common: Words that stand in every text of this language and seldom in another.
        letters: Letters that only this one of the known languages has.
        abbreviations: After which a full stop ends no sentence.
        endings: That a word may lose or change, longest first.
        patterns: In the order in which they are looked for.
        printed: The words of the printed log.
    """

    language: str
    common: frozenset[str]
    letters: str
    abbreviations: frozenset[str]
    endings: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    printed: Mapping[str, str]


#: For a text in a language that no pack knows: clauses, and no labels.
def unknown_grammar(code: str, printed: Mapping[str, str]) -> Grammar:
    """Return what is known of a language no pack describes: nothing but the words of another one for the print."""
    return Grammar(code, frozenset(), "", frozenset(), (), (), printed)


def parse_grammar(node: Node) -> Grammar:
    """Return the language of one file `rules/LANGUAGE.yaml`, or raise ContentError with file and line."""
    fields = node.fields("language common letters abbreviations endings persons printed patterns")
    persons = parse_words(fields["persons"])
    parsed = [(item, *parse_pattern(item, persons)) for item in fields["patterns"].items(least=1)]
    patterns = tuple(pattern for _, pattern, _ in parsed)
    for item, pattern, example in parsed:
        given = {label for sign in signs_of(example, patterns) for label in sign.labels}
        if not given.issuperset(pattern.labels) or (pattern.whole and given):
            raise item.refuse("with the patterns before it, the example does not get this label")
    printed = fields["printed"].fields(" ".join(PRINTED))
    return Grammar(
        fields["language"].identifier(),
        frozenset(map(fold, fields["common"].texts(least=1))),
        fold(fields["letters"].text_or_none() or ""),
        frozenset(fold(one).rstrip(".") for one in fields["abbreviations"].texts()),
        tuple(sorted(map(fold, fields["endings"].texts()), key=lambda one: (-len(one), one))),
        patterns,
        {name: printed[name].text() for name in PRINTED},
    )


def find_language(sample: str, grammars: Iterable[Grammar]) -> str | None:
    """Return the code of the language a text is in, by its common words and its own letters; None where that is not clear."""
    folded = fold(sample)
    words = _WORD.findall(folded)[:SAMPLE_WORDS]
    text = set(folded)
    hits = {
        one.language: sum(word in one.common for word in words)
        + _LEAST_HITS * len(text.intersection(one.letters))
        for one in grammars
    }
    ranked = sorted(hits.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or ranked[0][1] < _LEAST_HITS:
        return None
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return None
    return ranked[0][0]
