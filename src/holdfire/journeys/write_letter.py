"""Write a letter from the shipped texts and law. Nothing is kept here; `keep_letter` does that.

The law is imported only where a letter cites it: a letter that cites nothing is made in half the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from holdfire.journeys.packs_here import load_packs
from holdfire.letters.answers import Answers
from holdfire.letters.compose import compose
from holdfire.letters.kinds import kind_called
from holdfire.letters.letter import Letter
from holdfire.letters.shelf import Shelf

if TYPE_CHECKING:
    from holdfire.law.provisions import Provision


@dataclass(frozen=True)
class Draft:
    """A letter as it is kept: not the file, but what it is made of, so that it can be made again and changed.

    Attributes:
        kind: Its kind.
        languages: One, or two for a letter with its translation.
        country: Whose forms and law; None for the international ones.
        answers: What was answered.
        order: The id of the order it is about, "" for none.
    """

    kind: str
    languages: tuple[str, ...]
    answers: Answers
    country: str | None = None
    order: str = ""


@cache
def load_shelf() -> Shelf:
    """Return the texts of the shipped packs' letters; each is read when it is asked for."""
    return Shelf(load_packs())


def compose_here(draft: Draft, on: date | None) -> Letter:
    """Return the letter from the shipped texts and law.

    Args:
        draft: What it is made of.
        on: The day whose law counts: the order's, or today; None does not ask.

    Raises:
        UserError: No such kind or language, or a provision that no letter may cite.
    """
    kind_called(draft.kind)
    shelf = load_shelf()
    texts = [(shelf.text(draft.kind, code, draft.country), shelf.words(code)) for code in draft.languages]
    provisions = _provisions(draft)
    return compose(texts, draft.answers, provisions, _ended(provisions, on, draft.country))


def _provisions(draft: Draft) -> tuple[Provision, ...]:
    """Return the provisions a letter asks for, from the files that name them; with a country, only what reaches it."""
    wanted = {*draft.answers.provisions, *draft.answers.wordings}
    if not wanted:
        return ()
    if draft.country is None:
        return tuple(_named(wanted))
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415 -- see above

    law = load_law()
    reached = law.reaching(draft.country)
    return tuple(one for one in law.provisions.values() if one.id in wanted and one.jurisdiction in reached)


def _named(wanted: Collection[str]) -> Iterator[Provision]:
    """Yield provisions by id without reading the whole law: parsing all of it takes longer than setting a letter."""
    from holdfire.law.provisions import parse_provisions  # noqa: PLC0415 -- see above

    marks = [f"id: {name}\n".encode() for name in wanted if name.isascii()]
    for pack in load_packs():
        for file, content in pack.files.items():
            if file.startswith("law/provisions/") and any(mark in content for mark in marks):
                yield from (one for one in parse_provisions(pack.node(file)) if one.id in wanted)


def _ended(provisions: Sequence[Provision], on: date | None, country: str | None) -> frozenset[str]:
    if on is None or not provisions:
        return frozenset()
    from holdfire.law.provisions import in_force  # noqa: PLC0415 -- see above

    return frozenset(one.id for one in provisions if in_force(one, on, country) is False)
