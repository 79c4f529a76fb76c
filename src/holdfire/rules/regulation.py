"""What a regulation is made of: clauses as it numbers them, sentences, and what a sentence rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, get_args

from holdfire.language import mark

Label = Literal["obligation", "prohibition", "permission", "exception"]
#: Each label under its word, in the order in which they are shown.
LABELS: Final[dict[str, Label]] = {one: one for one in get_args(Label)}
#: What each label is called on a page.
LABEL_WORDS: Final[dict[Label, str]] = {
    "obligation": mark("must"),
    "prohibition": mark("must not"),
    "permission": mark("may"),
    "exception": mark("exception or condition"),
}


class Line(Protocol):
    """A line of the source: a paragraph, or a part of one that a file broke off."""

    @property
    def text(self) -> str:
        """The line without its end."""

    @property
    def page(self) -> int | None:
        """The page it begins on; None where the file has none."""

    @property
    def role(self) -> str:
        """`heading` or `article` where the file itself says that one begins here; else `text`."""


@dataclass(frozen=True)
class Sign:
    """Words that make a sentence a norm, and where they stand in it.

    Attributes:
        labels: What they make it.
        start: Of the words, in the text they were found in.
        end: Behind them.
    """

    labels: tuple[Label, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of a clause.

    Attributes:
        start: In the clause's text, its number left out.
        end: Behind its last sign.
        signs: The words that gave its labels, in their order; those of the stem it hangs on are not among them.
        inherited: What the stem rules that it hangs on, as "The sentry must not:".
    """

    start: int
    end: int
    signs: tuple[Sign, ...] = ()
    inherited: tuple[Label, ...] = ()

    @property
    def labels(self) -> tuple[Label, ...]:
        """What it rules, in the order of `LABELS`; nothing where it rules nothing."""
        given = {label for sign in self.signs for label in sign.labels} | set(self.inherited)
        return tuple(label for label in LABELS.values() if label in given)


@dataclass(frozen=True)
class Clause:
    """A piece of a regulation under a number of its own.

    Attributes:
        place: Counted from 1 through the whole regulation.
        number: As the regulation writes it, as "1.2." or "(a)"; "" where it gives none.
        above: The parts it stands under, outermost first, each by its number or, without one, its heading.
        headings: The headings of those parts, in the same order; "" where a part has none.
        text: Every character of the source that belongs to it, its number and line ends too.
        page: On which it begins; None where the file has no pages.
        stem: The sentence above that it continues, as "The sentry must not:"; "" for none.
        sentences: Of its text.
        heading: What it is called, when it is a heading itself.
        continued: Whether it goes on where the one before was cut for its length.
    """

    place: int
    number: str
    above: tuple[str, ...]
    headings: tuple[str, ...]
    text: str
    page: int | None = None
    stem: str = ""
    sentences: tuple[Sentence, ...] = ()
    heading: str = ""
    continued: bool = False

    @property
    def labels(self) -> tuple[Label, ...]:
        """What any of its sentences rules."""
        given = {label for sentence in self.sentences for label in sentence.labels}
        return tuple(label for label in LABELS.values() if label in given)

    def said(self, sentence: Sentence) -> str:
        """Return the words of one of its sentences, in one line."""
        return " ".join(self.text[sentence.start : sentence.end].split())


def cite(clause: Clause) -> str:
    """Return how a clause is named: every number that leads to it, as the regulation writes them.

    A clause without a number of its own is named by the part it stands in and its place in the whole.
    """
    own = clause.number.strip().rstrip(".:")
    numbers = [one.strip().rstrip(".:") for one in clause.above]
    chain = [*numbers, own or f"¶ {clause.place}"]
    # "1.2" says that it stands in "1".
    return ", ".join(
        one for one, below in zip(chain, [*chain[1:], ""], strict=True) if not below.startswith(f"{one}.")
    )
