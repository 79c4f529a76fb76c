"""The pages of the 55 actions, as their authors write them (docs/formats/pack.md, "An action page")."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal

from holdfire.guide.sources import Claim, parse_claim, parse_named_sources
from holdfire.language import mark
from holdfire.pack.reader import Node

RiskWord = Literal["expect", "known", "possible", "unknown"]

#: The words that open every risk, and what they promise the reader (writing rules §4).
RISK_WORDS: Final[dict[RiskWord, str]] = {
    "expect": mark("Expect"),
    "known": mark("Known to happen"),
    "possible": mark("Possible"),
    "unknown": mark("Unknown"),
}
_RISK_WORDS: dict[str, RiskWord] = {word: word for word in RISK_WORDS}

#: The five groups of risks, none of which a page may leave empty.
RISK_GROUPS: Final = {
    "who_learns": mark("Who could learn of it"),
    "law": mark("What the law may say"),
    "body": mark("Your body"),
    "livelihood": mark("Your living"),
    "others": mark("Other people"),
}

#: The actions where the essay speaks of feigning: explained, not recommended; each must offer the truth.
FEIGNING: Final = ("plead-inability", "misunderstand-orders", "aim-high")


@dataclass(frozen=True)
class Risk:
    """What may happen: how sure, who and what, and on which sources."""

    word: RiskWord
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Risks:
    """The risks of one action, in five groups."""

    who_learns: tuple[Risk, ...]
    law: tuple[Risk, ...]
    body: tuple[Risk, ...]
    livelihood: tuple[Risk, ...]
    others: tuple[Risk, ...]

    def groups(self) -> tuple[tuple[str, tuple[Risk, ...]], ...]:
        """Return each group's title with its risks, in the order they are shown."""
        return tuple((title, getattr(self, name)) for name, title in RISK_GROUPS.items())


@dataclass(frozen=True)
class Truthful:
    """What can be said or done truthfully instead, and the actions that do it."""

    text: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Here:
    """Which pages of the program carry an action out."""

    pages: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class ActionPage:
    """One action of the essay, written for the person who might do it."""

    id: str
    title: str
    in_short: str
    why: tuple[Claim, ...]
    fits: tuple[str, ...]
    not_now: tuple[str, ...]
    first: tuple[str, ...]
    begin: tuple[str, ...]
    say: tuple[str, ...]
    risks: Risks
    lower: tuple[str, ...]
    truthful: Truthful | None
    undone: str
    stop_signs: tuple[str, ...]
    here: Here
    reviewed: date
    lawyer: str | None


def parse_action(node: Node) -> ActionPage:
    """Return one action page, or raise ContentError with the line of the fault."""
    known = node.fields(
        "id title in_short why fits not_now first begin say risks lower undone stop_signs here reviewed lawyer",
        "truthful",
    )
    page = ActionPage(
        id=known["id"].identifier(),
        title=known["title"].text(),
        in_short=known["in_short"].text(),
        why=tuple(parse_claim(item) for item in known["why"].items(least=1)),
        fits=known["fits"].texts(least=1),
        not_now=known["not_now"].texts(least=1),
        first=known["first"].texts(least=1),
        begin=known["begin"].texts(least=2),
        say=known["say"].texts(),
        risks=_parse_risks(known["risks"]),
        lower=known["lower"].texts(least=1),
        truthful=known.get("truthful", _parse_truthful, None),
        undone=known["undone"].text(),
        stop_signs=known["stop_signs"].texts(least=1),
        here=_parse_here(known["here"]),
        reviewed=known["reviewed"].date(),
        lawyer=known["lawyer"].text_or_none(),
    )
    if page.id in FEIGNING and page.truthful is None:
        raise node.refuse("an action that feigns must offer a truthful alternative")
    return page


def _parse_risks(node: Node) -> Risks:
    known = node.fields(" ".join(RISK_GROUPS))
    groups = {
        field.name: tuple(_parse_risk(item) for item in known[field.name].items(least=1))
        for field in fields(Risks)
    }
    return Risks(**groups)


def _parse_risk(node: Node) -> Risk:
    known = node.fields("word text source")
    risk = Risk(known["word"].choice(_RISK_WORDS), known["text"].text(), parse_named_sources(known["source"]))
    if risk.word == "known" and not risk.sources:
        raise node.refuse("what is known to happen names the case it is known from")
    return risk


def _parse_truthful(node: Node) -> Truthful | None:
    if node.value is None:
        return None
    known = node.fields("text actions")
    return Truthful(known["text"].text(), known["actions"].identifiers(least=1))


def _parse_here(node: Node) -> Here:
    known = node.fields("pages text")
    return Here(known["pages"].identifiers(), known["text"].text())
