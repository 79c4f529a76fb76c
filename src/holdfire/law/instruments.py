"""Instruments: the treaty, code or law that provisions stand in, under a name by which a person says what a text is.

Packs name an instrument with each group of provisions, some with an identifier of the work (docs/formats/law-pack.md).
The short name here is made of that: `by-1994-constitution`, `us-usc-t10`, `un-1966-iccpr`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from holdfire.law.provisions import Provision

#: The United States Code and the federal regulations are imported by title, not section by section.
_TITLED: Final = re.compile(r"/us/(usc|cfr)/t([0-9]+)")
_TITLE_NAMES: Final = {"usc": "United States Code", "cfr": "Code of Federal Regulations"}
_WORDS: Final = re.compile(r"[a-z0-9]+")
_MOST_WORDS: Final = 4


@dataclass(frozen=True)
class Instrument:
    """What a text can be.

    Args:
        id: Its short name.
        name: What it is called, in English.
        jurisdiction: Whose it is.
        provisions: Ids of the provisions that stand in it, in the packs' order.
    """

    id: str
    name: str
    jurisdiction: str
    provisions: tuple[str, ...]


def instruments_of(provisions: Iterable[Provision]) -> dict[str, Instrument]:
    """Return the instruments of these provisions by short name, in the packs' order; none of another state's."""
    named: dict[tuple[str, str], list[Provision]] = {}
    for one in provisions:
        if not one.comparator:
            named.setdefault(_work(one), []).append(one)
    found: dict[str, Instrument] = {}
    for (_, shared), those in named.items():
        short = _short(those[0])
        names = {one.instrument for one in those}
        name = (
            names.pop() if len(names) == 1 and not shared.startswith(tuple(_TITLE_NAMES.values())) else shared
        )
        if short in found:
            # Two statutes that one edict approved.
            short = f"{short}-{'-'.join(_WORDS.findall(shared.lower())[:_MOST_WORDS])}"
        found[short] = Instrument(short, name, those[0].jurisdiction, tuple(one.id for one in those))
    return found


def instrument_of(provision: Provision, instruments: Iterable[Instrument]) -> Instrument | None:
    """Return the instrument a provision stands in; None for another state's."""
    return next((one for one in instruments if provision.id in one.provisions), None)


def _work(one: Provision) -> tuple[str, str]:
    """Return what makes two provisions parts of one text: the work, and its name up to a comma."""
    work = _plain_work(one)
    titled = _TITLED.match(work)
    if titled:
        return titled[0], f"{_TITLE_NAMES[titled[1]]}, title {titled[2]}"
    # "US Constitution, First Amendment" and the others are one text.
    return work, one.instrument.partition(", ")[0] if work else one.instrument


def _plain_work(one: Provision) -> str:
    return (one.frbr or "").partition("/!")[0]


def _short(one: Provision) -> str:
    titled = _TITLED.match(_plain_work(one))
    if titled:
        return f"us-{titled[1]}-t{titled[2]}"
    parts = _plain_work(one).split("/")
    if len(parts) > 4:  # noqa: PLR2004 -- "", akn, country, kind, …, date, number
        return "-".join((parts[2], parts[-2][:4], parts[-1].lower()))
    return "-".join((one.jurisdiction, *_WORDS.findall(one.instrument.lower())[:_MOST_WORDS]))
