"""What the packs bring to a review besides provisions: the words, what bears on which check, what reaches a country."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from holdfire.law.bearing import Bearings, parse_bearings
from holdfire.law.words import NO_WORDS, Words, parse_words
from holdfire.pack.folder import Pack

WORDS_FILE: Final = "law/words.yaml"
BEARING_FILE: Final = "law/bearing.yaml"
_EVERYWHERE: Final = frozenset({"international"})


@dataclass(frozen=True)
class ReviewContent:
    """What a review reads besides the order and the provisions.

    Attributes:
        words: By which the checks recognise what an order is about.
        bearings: Which provision bears on which check.
        belongs: By country, the jurisdictions that reach it.
    """

    words: Words = NO_WORDS
    bearings: Bearings = field(default_factory=dict)
    belongs: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def reaching(self, country: str | None) -> frozenset[str]:
        """Return the jurisdictions that reach a country; for one no pack knows, only what is international."""
        return self.belongs.get(country or "", _EVERYWHERE)


def read_content(
    packs: Sequence[Pack],
    *,
    checks: Collection[str],
    provisions: Collection[str],
    belongs: Mapping[str, frozenset[str]],
) -> ReviewContent:
    """Return the content of all packs for a review, or raise ContentError with file and line.

    Args:
        packs: Every pack, the international one first.
        checks: Ids of the checks there are.
        provisions: Ids of the provisions there are.
        belongs: By country, the jurisdictions that reach it.
    """
    words = parse_words(pack.node(WORDS_FILE) for pack in packs if WORDS_FILE in pack.files)
    bearings = parse_bearings(
        [(pack.manifest.country, pack.node(BEARING_FILE)) for pack in packs if BEARING_FILE in pack.files],
        checks,
        provisions,
    )
    return ReviewContent(words, bearings, belongs)
