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
MOST_PATTERN: Final = 3_000

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


@dataclass(frozen=True, eq=False)
class Pattern:
    """Words to look for, and what they make of the sentence.

    Attributes:
        find: The compiled words.
        labels: What they make it; none where they only take the words away from later patterns.
        whole: Whether the sentence has no label at all where they stand.
        weak: They count only where no pattern of a smaller number made an obligation, prohibition or permission: 0 for
            words that say it outright, 1 for norms in the indicative, 2 for what is weaker still. A semicolon parts the sentence.
        beside: Words one of which must stand in the same sentence; None for no such condition.
        absent: Whether none of those words may stand there instead.
        starts: Beginnings of three letters, one of which a word of the sentence must have for the pattern to be found there at
            all: most patterns need not be tried on most sentences. None where that cannot be told.
    """

    find: re.Pattern[str]
    labels: tuple[Label, ...]
    whole: bool = False
    weak: int = 0
    beside: Pattern | None = None
    absent: bool = False
    starts: frozenset[str] | None = None


def parse_words(node: Node) -> Pattern:
    """Return a pattern that finds any of a list of words, or raise ContentError."""
    written = f"({'|'.join(node.texts(least=1))})"
    return Pattern(_compiled(node, written), (), starts=starts_of(written))


def _compiled(node: Node, written: str) -> re.Pattern[str]:
    try:
        return compile_words(written)
    except ValueError as fault:
        raise node.refuse(str(fault)) from None


def parse_pattern(node: Node, persons: Pattern) -> tuple[Pattern, str]:
    """Return a pattern and the sentence that shows it, or raise ContentError.

    Args:
        node: Where it is written.
        persons: The words for people in a service, for patterns that need one beside them.
    """
    fields = node.fields("find in", "as whole weak person")
    labels = _labels(fields["as"]) if "as" in fields.known else ()
    found = _compiled(fields["find"], fields["find"].text())
    whole = fields.get("whole", Node.flag, default=False)
    if whole and labels:
        raise node.refuse("a pattern that takes every label away gives none")
    weak = fields.get("weak", Node.number, 0)
    example = fields["in"].text()
    # One with labels must give them, which only the whole row of patterns can tell (`parse_grammar`).
    if not labels and not found.search(fold(example)):
        raise fields["in"].refuse("the pattern is not found in its own example")
    person = fields.get("person", Node.flag, None)
    starts = starts_of(fields["find"].text())
    return Pattern(
        found, labels, whole, weak, None if person is None else persons, person is False, starts
    ), example


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


#: Letters that tell whether a pattern can be found at all.
START: Final = 3
_LEADING: Final = re.compile(r"\w*")


def starts_of(written: str) -> frozenset[str] | None:
    """Return the beginnings of the words a pattern can begin with, `START` letters each; None where that cannot be told."""
    rest = fold(written).lstrip("^")
    choices = [rest]
    if rest.startswith("("):
        choices, after = _choices(rest)
        if after.startswith("?"):
            return None
        choices = [one + (after if one[-1:].isalnum() or not one else "") for one in choices]
    starts = set()
    for choice in choices:
        found = _LEADING.match(choice)
        letters = found.group() if found else ""
        following = choice[len(letters) : len(letters) + 1]
        if following == "?":
            letters = letters[:-1]
        if not letters or (len(letters) < START and following not in {"", " ", "|", ")"}):
            return None
        starts.add(letters[:START])
    return frozenset(starts)


def _choices(written: str) -> tuple[list[str], str]:
    """Return the choices in the brackets a text begins with, and what stands behind them."""
    depth, start, choices = 0, 1, []
    for at, sign in enumerate(written):
        if sign == "|" and depth == 1:
            choices.append(written[start:at])
            start = at + 1
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and not depth:
            return [*choices, written[start:at]], written[at + 1 :]
    return [written], ""


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
