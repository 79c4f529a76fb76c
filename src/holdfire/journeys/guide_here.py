"""The guide as it is here: read from the packs that came with the program, once."""

from __future__ import annotations

from functools import cache

from holdfire.guide.guide import Guide, build_guide
from holdfire.journeys.law_here import load_law, sources_of
from holdfire.journeys.packs_here import load_packs


@cache
def load_guide() -> Guide:
    """Return the shipped guide, its claims resting on the law packs; ContentError when a pack is broken."""
    base, *others = load_packs()
    return build_guide(base, others, sources_of(load_law()))
