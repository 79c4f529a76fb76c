"""The guide as it is here: its pages from the base pack, its claims resting on the law of all packs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from holdfire.guide.guide import Guide, build_guide
from holdfire.journeys.law_here import sources_of
from holdfire.journeys.packs_here import load_packs
from holdfire.law.law import build_law
from holdfire.pack.folder import Pack


@cache
def load_guide() -> Guide:
    """Return the shipped guide; ContentError when a pack is broken."""
    return guide_of(load_packs())


def guide_of(packs: Iterable[Pack]) -> Guide:
    """Return the guide of these packs, the base pack first; ContentError names what breaks a rule in guide or law."""
    base, *others = packs
    return build_guide(base, others, sources_of(build_law((base, *others))))
