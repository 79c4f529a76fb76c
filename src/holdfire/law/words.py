"""The words by which a check recognises what an order is about: content of the packs, matched without regular expressions.

A pattern is one to five words; a star ends a word that may go on ("стрел*"). Upper case, accents and the kind of
apostrophe make no difference, and the time taken grows only with the length of the text, whatever stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
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
    "harmless",
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
#: Phrases in which words of another topic mean something else ("shooting range"): inside one, nothing is recognised.
HARMLESS: Final[Topic] = "harmless"
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
    if word.isascii():
        return word.lower().replace("`", "'")
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
                if goes_on:
                    self._begun.setdefault(stem[:LEAST_STEM], []).append((topic, pattern))
                else:
                    self._whole.setdefault(stem, []).append((topic, pattern))

    def matches(self, text: str) -> Iterator[Match]:
        """Yield what is recognised in `text`, from its beginning to its end; nothing that lies inside a harmless phrase."""
        found = list(self._all(text))
        harmless = [match for match in found if match.topic == HARMLESS]
        if not harmless:
            yield from found
            return
        # By their beginnings, each with the furthest end so far: one look finds whether any phrase reaches far enough.
        starts = [match.start for match in harmless]
        ends = list(accumulate((match.end for match in harmless), max))
        for match in found:
            before = bisect_right(starts, match.start)
            if match.topic != HARMLESS and not (before and match.end <= ends[before - 1]):
                yield match

    def _all(self, text: str) -> Iterator[Match]:
        # Each different word is folded and looked up once: orders repeat themselves.
        seen: dict[str, tuple[str, list[tuple[Topic, Pattern]]]] = {}
        tokens: list[tuple[str, int, int]] = []
        begun: list[tuple[int, list[tuple[Topic, Pattern]]]] = []
        for found in _WORD.finditer(text):
            word = found.group()
            if word not in seen:
                folded = fold(word)
                seen[word] = folded, self._candidates(folded)
            folded, candidates = seen[word]
            if candidates:
                begun.append((len(tokens), candidates))
            tokens.append((folded, found.start(), found.end()))
        for place, candidates in begun:
            for topic, pattern in candidates:
                last = place + len(pattern) - 1
                if last < len(tokens) and all(
                    _fits(tokens[place + step][0], *pattern[step]) for step in range(1, len(pattern))
                ):
                    yield Match(topic, tokens[place][1], tokens[last][2])

    def _candidates(self, token: str) -> list[tuple[Topic, Pattern]]:
        """Return the patterns whose first word fits `token`."""
        stems = self._begun.get(token[:LEAST_STEM], ())
        return [
            *self._whole.get(token, ()),
            *((topic, pattern) for topic, pattern in stems if token.startswith(pattern[0][0])),
        ]


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
