"""The law as it is here: read from the packs that came with the program, once; and as the guide's sources."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from holdfire.guide.sources import Source
from holdfire.journeys.packs_here import load_packs
from holdfire.law.instruments import Instrument, instruments_of
from holdfire.law.law import Law, build_law
from holdfire.law.provisions import Provision


@cache
def load_law() -> Law:
    """Return the law of the shipped packs; ContentError when a pack is broken."""
    return build_law(load_packs())


@cache
def load_instruments() -> dict[str, Instrument]:
    """Return the instruments of the shipped packs, by short name."""
    return instruments_of(load_law().provisions.values())


def sources_of(law: Law) -> tuple[Source, ...]:
    """Return every provision as a source that the guide's claims can name."""
    return tuple(_as_source(one, law.belongs) for one in law.provisions.values())


def _as_source(provision: Provision, countries: Iterable[str]) -> Source:
    note = f" Note: {provision.caveat}" if provision.caveat else ""
    return Source(
        id=provision.id,
        kind="law",
        country=provision.jurisdiction if provision.jurisdiction in countries else None,
        title=f"{provision.instrument}, {provision.article}",
        says=f"{provision.paraphrase}{note}",
        dated=provision.adopted,
        level=provision.level,
        checked=provision.checked,
        how=provision.how,
        place=provision.source_url,
    )
