"""What a pack knows of the language of regulations: its patterns, abbreviations, endings, and the words of the printed log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from holdfire.pack.reader import Fields, Node
from holdfire.rules.labels import signs_of
from holdfire.rules.patterns import Pattern, fold, parse_pattern, parse_words

#: Words of the printed log, each of which every language must have.
PRINTED: Final = ("title", "regulation", "begun", "time", "step", "clause", "result", "page", "done", "kept", "not-applicable", "could-not",
                  "open", "words", "signature")  # fmt: skip
_WORD: Final = re.compile(r"\w+")
#: Of a text, so many words tell its language.
SAMPLE_WORDS: Final = 3_000
_LEAST_HITS: Final = 2


@dataclass(frozen=True, eq=False)
class Grammar:
    """One language.

    Attributes:
        language: Its code.
        common: Words that stand in every text of this language and seldom in another.
        letters: Letters that only this one of the known languages has.
        abbreviations: After which a full stop ends no sentence.
        endings: That a word may lose or change, longest first.
        printed: The words of the printed log.
        source: Where its patterns are written; None for a language that no pack knows.
    """

    language: str
    common: frozenset[str]
    letters: str
    abbreviations: frozenset[str]
    endings: tuple[str, ...]
    printed: Mapping[str, str]
    source: Fields | None

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns in the order in which they are looked for, read when a text is first labelled: that takes a while.

        Raises:
            ContentError: One breaks a rule.
        """
        return tuple(pattern for _, pattern, _ in self._read())

    def check(self) -> None:
        """Raise ContentError for the first pattern that breaks a rule, or whose example does not get its labels."""
        for item, pattern, example in self._read():
            given = {label for sign in signs_of(example, self.patterns) for label in sign.labels}
            if not given.issuperset(pattern.labels) or (pattern.whole and given):
                raise item.refuse("with the patterns before it, the example does not get this label")

    def _read(self) -> list[tuple[Node, Pattern, str]]:
        if self.source is None:
            return []
        persons = parse_words(self.source["persons"])
        return [(item, *parse_pattern(item, persons)) for item in self.source["patterns"].items(least=1)]


def unknown_grammar(code: str, printed: Mapping[str, str]) -> Grammar:
    """Return what is known of a language no pack describes: nothing but the words of another one for the print."""
    return Grammar(code, frozenset(), "", frozenset(), (), printed, None)


def parse_grammar(node: Node) -> Grammar:
    """Return the language of one file `rules/LANGUAGE.yaml`, or raise ContentError with file and line."""
    fields = node.fields("language common letters abbreviations endings persons printed patterns")
    printed = fields["printed"].fields(" ".join(PRINTED))
    return Grammar(
        fields["language"].identifier(),
        frozenset(map(fold, fields["common"].texts(least=1))),
        fold(fields["letters"].text_or_none() or ""),
        frozenset(fold(one).rstrip(".") for one in fields["abbreviations"].texts()),
        tuple(sorted(map(fold, fields["endings"].texts()), key=lambda one: (-len(one), one))),
        {name: printed[name].text() for name in PRINTED},
        fields,
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
