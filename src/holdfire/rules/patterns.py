"""Patterns of words that make a sentence a norm: content of the packs, written so that no text can make them slow.

A pattern is words, with `~` for the rest of a word, `#` for a number, ` … ` for at most 120 characters between two words, `(a|b)` for a
choice, `?` behind a letter or a choice that may be missing, `(?!a|b)` for what must not follow, `^` for the beginning of
the sentence, and ` …,` for all up to the next comma or the end. Whoever writes one has no other repetition, and every one of these has a bound: the time grows only
with the length of the text. How to write one: docs/formats/rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from holdfire.pack.reader import Node
from holdfire.rules.regulation import LABELS, Label

#: Letters the rest of a word may have, and characters a gap may have.
MOST_REST: Final = 24
MOST_GAP: Final = 120
MOST_PATTERN: Final = 1_500

_NOT_ALLOWED: Final = re.compile(r"[*+{}\[\]\\$]|\(\?(?!!)|\?\?|~~|\)\?\)\?")
_GAP: Final = rf"(?:\W|\W[^;]{{0,{MOST_GAP}}}?\W)"
_TO_COMMA: Final = rf"\W[^;,]{{0,{2 * MOST_GAP}}}(?=[;,]|\Z)"
_TOKENS: Final = re.compile(r" … | …,|~|#| +|\.|\^|[^ ~.^…#]+|…")

_MEANINGS: Final = {
    " … ": _GAP,
    " …,": _TO_COMMA,
    "~": rf"\w{{0,{MOST_REST}}}",
    "#": "[0-9]{1,4}",
    ".": r"\.",
    "^": r"\A\W{0,6}",
}


@dataclass(frozen=True)
class Pattern:
    """Words to look for, and what they make of the sentence.

    Attributes:
        find: The compiled words.
        labels: What they make it; none where they only take the words away from later patterns.
        whole: Whether the sentence has no label at all where they stand.
        weak: They count only where no pattern of a smaller number made an obligation, prohibition or permission: 0 for
            words that say it outright, 1 for norms in the indicative, 2 for what is weaker still. A semicolon parts the sentence.
    """

    find: re.Pattern[str]
    labels: tuple[Label, ...]
    whole: bool = False
    weak: int = 0


def parse_pattern(node: Node) -> tuple[Pattern, str]:
    """Return a pattern and the sentence that shows it, or raise ContentError."""
    fields = node.fields("find in", "as whole weak")
    labels = _labels(fields["as"]) if "as" in fields.known else ()
    written = fields["find"].text()
    try:
        found = compile_words(written)
    except ValueError as fault:
        raise fields["find"].refuse(str(fault)) from None
    whole = fields.get("whole", Node.flag, default=False)
    if whole and labels:
        raise node.refuse("a pattern that takes every label away gives none")
    weak = fields.get("weak", Node.number, 0)
    example = fields["in"].text()
    if not found.search(fold(example)):
        raise fields["in"].refuse("the pattern is not found in its own example")
    return Pattern(found, labels, whole, weak), example


def _labels(node: Node) -> tuple[Label, ...]:
    given = [item.choice(LABELS) for item in node.items()]
    return tuple(label for label in LABELS.values() if label in given)


def compile_words(written: str) -> re.Pattern[str]:
    """Return the pattern for the words of a pack, which matches whole words of a folded sentence alone.

    Raises:
        ValueError: It repeats without a bound, has two gaps, or cannot be read; the words say which.
    """
    if len(written) > MOST_PATTERN:
        raise ValueError(f"a pattern has at most {MOST_PATTERN} characters")
    if _NOT_ALLOWED.search(written):
        raise ValueError("a pattern has words, ~, #, …, (a|b), ?, (?!a) and ^ alone")
    if written.count("…") > 1:
        raise ValueError("a pattern has one gap at most")
    parts = "".join(_translated(written))
    try:
        return re.compile(rf"(?<!\w)(?:{parts})(?!\w)")
    except re.error:
        raise ValueError("the brackets or choices of the pattern do not fit together") from None


def _translated(written: str) -> Iterator[str]:
    for sign in _TOKENS.findall(fold(written)):
        if sign == "…":
            raise ValueError("a gap has a space on both sides")
        yield _MEANINGS.get(sign, r"\s{1,3}" if not sign.strip(" ") else sign)


_SAME: Final = str.maketrans({
    "ё": "е", "ў": "у", "’": "'", "ʼ": "'", "`": "'", "\u00ad": "\x01", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\n": " ",
})  # fmt: skip


def fold(text: str) -> str:
    """Return a text as patterns see it, of the same length: small letters, ё as е, ў as у, one kind of apostrophe and space."""
    small = text.lower()
    if len(small) != len(text):
        # A few capitals have two small letters; every place must stay where it was.
        small = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return small.translate(_SAME)
