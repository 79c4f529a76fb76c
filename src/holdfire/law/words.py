"""The words by which a check recognises what an order is about: content of the packs, matched without regular expressions.

A pattern is one to five words; a star ends a word that may go on ("стрел*"). Upper case, accents and the kind of
apostrophe make no difference, and the time taken grows only with the length of the text, whatever stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from holdfire.pack.reader import Node

Topic = Literal[
    "assembly",
    "basis",
    "children",
    "detention",
    "dispersal",
    "firearms",
    "force",
    "from-above",
    "grounds",
    "ill-treatment",
    "indiscriminate",
    "less-lethal",
    "masks",
    "medics",
    "not",
    "peaceful",
    "press",
    "proclamation",
    "provocation",
    "records",
    "reprisals",
    "secrecy",
    "to-kill",
    "violence",
    "warning",
]
TOPICS: Final[dict[str, Topic]] = {one: one for one in get_args(Topic)}
#: Shorter beginnings of words stand in too many others.
LEAST_STEM: Final = 3
MOST_WORDS: Final = 5

_WORD: Final = re.compile(r"\w+(?:['’ʼ`]\w+)*")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’ʼ`", "'"))
#: Words of a pattern, each with whether it may go on.
Pattern: TypeAlias = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Match:
    """Where a topic was recognised in a text."""

    topic: Topic
    start: int
    end: int


def fold(word: str) -> str:
    """Return a word as it is compared: small letters without accents, ё as е, й as и, ў as у."""
    apart = unicodedata.normalize("NFD", word.translate(_APOSTROPHES).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


class Words:
    """Every pattern of every language, ready to be looked for at once.

    Args:
        patterns: By topic, in any order; a pattern may stand under several topics.
    """

    def __init__(self, patterns: Mapping[Topic, Iterable[Pattern]]) -> None:
        self._whole: dict[str, list[tuple[Topic, Pattern]]] = {}
        self._begun: dict[str, list[tuple[Topic, Pattern]]] = {}
        for topic, found in patterns.items():
            for pattern in found:
                stem, goes_on = pattern[0]
                (self._begun if goes_on else self._whole).setdefault(stem, []).append((topic, pattern))

    def matches(self, text: str) -> Iterator[Match]:
        """Yield what is recognised in `text`, from its beginning to its end."""
        tokens = [(fold(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]
        for place, (token, start, _) in enumerate(tokens):
            for topic, pattern in self._candidates(token):
                last = place + len(pattern) - 1
                if last < len(tokens) and all(
                    _fits(tokens[place + step][0], *word) for step, word in enumerate(pattern)
                ):
                    yield Match(topic, start, tokens[last][2])

    def _candidates(self, token: str) -> Iterator[tuple[Topic, Pattern]]:
        yield from self._whole.get(token, ())
        # No stem is longer than this, and a word of a million letters must not be cut a million times.
        for length in range(LEAST_STEM, min(len(token), 40) + 1):
            yield from self._begun.get(token[:length], ())


def _fits(token: str, stem: str, goes_on: bool) -> bool:  # noqa: FBT001 -- the two halves of one pattern word
    return token.startswith(stem) if goes_on else token == stem


NO_WORDS: Final = Words({})


def parse_words(nodes: Iterable[Node]) -> Words:
    """Return the patterns of `law/words.yaml` of every pack, or raise ContentError."""
    # Languages share words ("no"); each pattern is looked for once.
    patterns: dict[Topic, dict[Pattern, None]] = {}
    for node in nodes:
        for _, language in node.fields("languages")["languages"].pairs():
            for name, topic in language.pairs():
                if name not in TOPICS:
                    raise topic.refuse(f"no topic is called {name!r}; there are: {', '.join(TOPICS)}")
                patterns.setdefault(TOPICS[name], {}).update(dict.fromkeys(_patterns(topic)))
    return Words(patterns)


def _patterns(node: Node) -> Iterator[Pattern]:
    seen: set[Pattern] = set()
    for item in node.items(least=1):
        pattern = _pattern(item)
        if pattern in seen:
            raise item.refuse("these words stand here twice")
        seen.add(pattern)
        yield pattern


def _pattern(node: Node) -> Pattern:
    written = node.text().split()
    if len(written) > MOST_WORDS:
        raise node.refuse(f"a pattern has at most {MOST_WORDS} words")
    pattern = []
    for word in written:
        stem, goes_on = word.removesuffix("*"), word.endswith("*")
        if not _WORD.fullmatch(stem):
            raise node.refuse("a pattern is made of words; a star may end a word")
        if goes_on and len(stem) < LEAST_STEM:
            raise node.refuse(f"before a star stand at least {LEAST_STEM} letters")
        pattern.append((fold(stem), goes_on))
    return tuple(pattern)
