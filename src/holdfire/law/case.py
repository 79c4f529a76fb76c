"""One order laid out for the checks: where its words speak of what, and which provisions may be cited on its day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.language import mark
from holdfire.law.bearing import Bearing
from holdfire.law.content import ReviewContent
from holdfire.law.finding import Cited, Finding
from holdfire.law.provisions import Provision, in_force
from holdfire.law.words import Topic, Words
from holdfire.orders.moment import Moment
from holdfire.orders.order import Order

#: Where an order's own words stand; what the person understood is theirs, not the order's.
_READ: Final = ("words", "gist", "purpose", "against")
#: How far a quotation reaches to either side at most, in characters, and how many a finding shows.
MOST_AROUND: Final = 160
MOST_QUOTES: Final = 3
_SENTENCE_ENDS: Final = ".!?;\n"
_DENIED: Final = mark("The same sentence holds a “not”: read it whole before you rely on this.")


@dataclass(frozen=True)
class Quote:
    """A piece of the order that speaks of a topic; `denied` when the same sentence holds a "not"."""

    text: str
    denied: bool


@dataclass(frozen=True)
class Beside:
    """What stands beside one check: provisions that may be cited, and what the packs would know and ask."""

    supports: tuple[Cited, ...] = ()
    opposes: tuple[Cited, ...] = ()
    risk: tuple[Cited, ...] = ()
    unknown: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """What a check is given.

    Attributes:
        order: The order.
        country: Whose law binds the person, where a pack knows it; None where not.
        quotes: What its words speak of, by topic, each piece once.
        beside: By check, what the packs set beside it for this country on the day of the order.
    """

    order: Order
    country: str | None
    quotes: Mapping[Topic, tuple[Quote, ...]]
    beside: Mapping[str, Beside]

    def speaks_of(self, *topics: Topic) -> bool:
        """Return whether the order's words speak of any of the topics."""
        return any(topic in self.quotes for topic in topics)

    def quote(self, *topics: Topic) -> str:
        """Return the pieces of the order that speak of any of the topics, or ""."""
        pieces = dict.fromkeys(quote.text for topic in topics for quote in self.quotes.get(topic, ()))
        return " … ".join(list(pieces)[:MOST_QUOTES])

    def denies(self, *topics: Topic) -> bool:
        """Return whether a piece that speaks of any of the topics holds a "not"."""
        return any(quote.denied for topic in topics for quote in self.quotes.get(topic, ()))

    def finding(
        self,
        check: str,
        title: str,
        found: str,
        *,
        topics: Sequence[Topic] = (),
        unknown: Sequence[str] = (),
        ask: Sequence[str] = (),
        risk: Sequence[str] = (),
        see_lawyer: str,
    ) -> Finding:
        """Return a finding with the provisions that bear on its check and the words that speak of `topics`."""
        beside = self.beside.get(check, Beside())
        doubt = (_DENIED,) if self.denies(*topics) else ()
        return Finding(
            check=check,
            title=title,
            found=found,
            words=self.quote(*topics),
            speaks_for=beside.supports,
            speaks_against=beside.opposes,
            unknown=(*doubt, *unknown, *beside.unknown),
            ask=(*ask, *beside.ask),
            risk=(*beside.risk, *risk),
            see_lawyer=see_lawyer,
        )


def lay_out(
    order: Order, provisions: Iterable[Provision], country: str | None, content: ReviewContent
) -> Case:
    """Return the case of an order under the law of a country; one that no pack knows counts as none."""
    known = country if country in content.belongs else None
    reaching = content.reaching(known)
    usable = {
        one.id: Cited(one.id, one.level, in_force_at(one, order.heard, known))
        for one in provisions
        if one.usable and one.jurisdiction in reaching
    }
    beside = {
        check: _beside([one for one in packs if one.country in {None, known}], usable)
        for check, packs in content.bearings.items()
    }
    return Case(order, known, _quotes(order, content.words), beside)


def _beside(packs: Sequence[Bearing], usable: Mapping[str, Cited]) -> Beside:
    def those(ids: Iterable[str]) -> tuple[Cited, ...]:
        found = (usable[one] for one in dict.fromkeys(ids) if one in usable)
        return tuple(one for one in found if one.in_force is not False)

    return Beside(
        supports=those(one for pack in packs for one in pack.supports),
        opposes=those(one for pack in packs for one in pack.opposes),
        risk=those(one for pack in packs for one in pack.risk),
        unknown=tuple(text for pack in packs for text in pack.unknown),
        ask=tuple(text for pack in packs for text in pack.ask),
    )


def in_force_at(provision: Provision, moment: Moment | None, country: str | None) -> bool | None:
    """Return whether a provision stood through all of a moment; None when that is not known."""
    if moment is None:
        return None
    if moment.day is not None:
        return in_force(provision, moment.day, country)
    days = {in_force(provision, day, country) for day in (moment.first, moment.last)}
    if days == {False}:
        begins = provision.in_force_from
        # It can have begun and ended within the month or the year that is all that is known.
        return None if begins is not None and moment.first <= begins <= moment.last else False
    return True if days == {True} else None


def _quotes(order: Order, words: Words) -> dict[Topic, tuple[Quote, ...]]:
    found: dict[Topic, dict[str, Quote]] = {}
    for field in _READ:
        text: str = getattr(order, field)
        matches = list(words.matches(text))
        denials = [match.start for match in matches if match.topic == "not"]
        for match in matches:
            start, end = _sentence(text, match.start, match.end)
            first = bisect_left(denials, start)
            denied = first < len(denials) and denials[first] < end
            piece = text[start:end].strip()
            found.setdefault(match.topic, {}).setdefault(piece, Quote(piece, denied))
    return {topic: tuple(pieces.values()) for topic, pieces in found.items()}


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a match begins and ends, cut at the next word past `MOST_AROUND`."""
    lowest, highest = max(0, start - MOST_AROUND), min(len(text), end + MOST_AROUND)
    before = max((text.rfind(sign, lowest, start) for sign in _SENTENCE_ENDS), default=-1)
    begin = before + 1 if before >= 0 else lowest
    after = [place for sign in _SENTENCE_ENDS if (place := text.find(sign, end, highest)) >= 0]
    finish = min(after) + 1 if after else highest
    if before < 0 and begin > 0:
        begin = min((text.find(" ", begin, start) + 1) or begin, start)
    if not after and finish < len(text):
        finish = max(text.rfind(" ", end, finish), end)
    return begin, finish
