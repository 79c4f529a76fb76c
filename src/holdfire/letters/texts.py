"""The texts of letters as packs hold them: whole sentences, one file for a kind and a language.

No answer is ever set into a sentence: answers stand under labels, so that every language keeps its own
grammar whatever the person writes (docs/formats/letter.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from holdfire.letters.answers import ADDED, FIELDS, MANY, PROVISIONS
from holdfire.letters.kinds import KINDS
from holdfire.pack.reader import Fields, Node

PartKind = Literal["text", "facts", "quote", "list", "provisions", "own"]
_KINDS: Final = {kind.id: kind.id for kind in KINDS}
#: How many empty numbers a list has at most.
MOST_BLANKS: Final = 12


@dataclass(frozen=True)
class Part:
    """One part of a letter's text.

    Attributes:
        id: The same in every language.
        kind: Sentences, facts under labels, exact words, a list, provisions, or a paragraph of the person's own.
        text: The sentences, or the label over the rest; empty for facts and own paragraphs.
        answer: The answer it shows; empty for sentences, facts and provisions.
        labels: For facts: answer and label.
        blanks: For lists: the empty numbers where nothing was answered.
        only: The answer without which the part is left out; None keeps it always.
    """

    id: str
    kind: PartKind
    text: str
    answer: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    blanks: int = 0
    only: str | None = None

    def shape(self) -> tuple[object, ...]:
        """Return what must be the same in every language."""
        return self.id, self.kind, self.answer, tuple(name for name, _ in self.labels), self.blanks, self.only


@dataclass(frozen=True)
class LetterText:
    """The text of one kind of letter in one language, with who checked it and what can be said aloud instead."""

    kind: str
    language: str
    title: str
    parts: tuple[Part, ...]
    say: tuple[str, ...]
    say_on_refusal: tuple[str, ...]
    checked_by: str | None
    read_by: str | None


@dataclass(frozen=True)
class Words:
    """The words that all letters in one language share."""

    language: str
    right_to_left: bool
    labels: Mapping[str, str]
    channels: Mapping[str, str]
    instruments: Mapping[str, str]
    articles: tuple[tuple[str, str], ...]


LABELS: Final = (
    "to from date signature received incoming-number received-on received-by enclosures substance wording "
    "translation no-lawyer lawyer"
)
#: The ways in which an order came that have a name in every language; another way is told by the person.
CHANNELS: Final = "spoken written telephone radio messenger briefing"


def parse_text(node: Node) -> LetterText:
    """Return the text of one file, or raise ContentError with its line."""
    fields = node.fields("kind language title checked_by read_by parts say say_on_refusal")
    parts = tuple(_part(item) for item in fields["parts"].items(least=1))
    if len({part.id for part in parts}) != len(parts):
        raise fields["parts"].refuse("an id stands here twice")
    return LetterText(
        kind=fields["kind"].choice(_KINDS),
        language=fields["language"].identifier(),
        title=fields["title"].text(),
        parts=parts,
        say=fields["say"].texts(least=1),
        say_on_refusal=fields["say_on_refusal"].texts(),
        checked_by=fields["checked_by"].text_or_none(),
        read_by=fields["read_by"].text_or_none(),
    )


def parse_words(node: Node) -> Words:
    """Return the shared words of one language, or raise ContentError with the line."""
    fields = node.fields("language right_to_left labels channels instruments articles")
    labels = fields["labels"].fields(LABELS)
    channels = fields["channels"].fields(CHANNELS)
    return Words(
        language=fields["language"].identifier(),
        right_to_left=fields["right_to_left"].flag(),
        labels={name: labels[name].text() for name in LABELS.split()},
        channels={name: channels[name].text() for name in CHANNELS.split()},
        instruments={name: value.text() for name, value in fields["instruments"].pairs()},
        articles=tuple((name, value.text()) for name, value in fields["articles"].pairs()),
    )


def _part(node: Node) -> Part:
    fields = node.fields("id", "text only facts quote list blanks provisions own")
    part_id = fields["id"].identifier()
    sorts = [name for name in ("facts", "quote", "list", "provisions", "own") if name in fields.known]
    if len(sorts) > 1:
        raise node.refuse("a part is one of: facts, quote, list, provisions, own, or text alone")
    only = fields.get("only", lambda one: _answer(one, {**FIELDS, PROVISIONS: ""}), None)
    sort = sorts[0] if sorts else "text"
    if sort == "facts":
        labels = tuple((_named(key, value), value.text()) for key, value in fields["facts"].pairs())
        return Part(part_id, "facts", "", labels=labels, only=only)
    if sort == "own":
        if (answer := _answer(fields["own"], FIELDS)) in ADDED:
            raise fields["own"].refuse("this stands at the end of every letter, where the person added it")
        return Part(part_id, "own", "", answer=answer, only=only)
    text = _sentences(fields, node)
    if sort == "quote":
        return Part(part_id, "quote", text, answer=_answer(fields["quote"], FIELDS), only=only)
    blanks = fields.get("blanks", Node.number, 0)
    if blanks > MOST_BLANKS:
        raise fields["blanks"].refuse(f"at most {MOST_BLANKS} blank lines")
    if sort == "list":
        answer = _answer(fields["list"], {name: name for name in MANY})
        return Part(part_id, "list", text, answer=answer, blanks=blanks, only=only)
    if sort == "provisions":
        fields["provisions"].flag()
        return Part(part_id, "provisions", text, blanks=blanks, only=only)
    return Part(part_id, "text", text, only=only)


def _sentences(fields: Fields, node: Node) -> str:
    if "text" not in fields.known:
        raise node.refuse("the field 'text' is missing")
    return " ".join(fields["text"].text().split())


def _answer(node: Node, allowed: Mapping[str, str]) -> str:
    return node.choice({name: name for name in allowed})


def _named(key: str, value: Node) -> str:
    if key not in FIELDS or key in MANY:
        raise value.refuse(f"{key!r} is no answer that can stand beside a label")
    return key
