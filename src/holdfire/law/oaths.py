"""Oaths: what a person swore, in our own words, where the wording was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from holdfire.law.bonds import BONDS, Bond
from holdfire.law.reading import MAY, MUST, parse_reading
from holdfire.pack.levels import Level
from holdfire.pack.reader import Node


@dataclass(frozen=True)
class Oath:
    """An oath or pledge: who takes it, its gist, the text it stands in.

    `gist` is None where nobody read the wording: nothing is then said about what was sworn, only `exists`, and
    `binds_to` is empty.
    """

    id: str
    jurisdiction: str
    who: str
    gist: str | None
    exists: str | None
    citation: str
    provision: str | None
    source_url: str
    level: Level
    how: str
    checked: date
    caveat: str | None = None
    note: str | None = None
    binds_to: tuple[Bond, ...] = ()


def parse_oaths(node: Node) -> tuple[Oath, ...]:
    """Return the oaths of one file, or raise ContentError."""
    return tuple(_parse_oath(item) for item in node.fields("oaths")["oaths"].items(least=1))


def _parse_oath(node: Node) -> Oath:
    fields = node.fields(f"id jurisdiction who citation {MUST}", f"gist exists binds_to provision {MAY}")
    oath = Oath(
        id=fields["id"].identifier(),
        jurisdiction=fields["jurisdiction"].identifier(),
        who=fields["who"].text(),
        gist=fields.get("gist", Node.text_or_none, None),
        exists=fields.get("exists", Node.text_or_none, None),
        citation=fields["citation"].text(),
        provision=fields.get("provision", Node.identifier, None),
        binds_to=fields.get("binds_to", _parse_bonds, ()),
        **parse_reading(fields),
    )
    if (oath.gist is None) == (oath.exists is None):
        raise node.refuse(
            "an oath has its gist, or, where nobody read the wording, says in `exists` what is known"
        )
    if oath.binds_to and oath.gist is None:
        raise fields["binds_to"].refuse("what an oath binds to is told only beside its gist")
    if oath.gist is not None and oath.level in {"instrument", "not-verified"}:
        raise node.refuse("the gist of an oath is told only where its wording was read or reported")
    return oath


def _parse_bonds(node: Node) -> tuple[Bond, ...]:
    found = tuple(item.choice(BONDS) for item in node.items(least=1))
    if len(set(found)) != len(found):
        raise node.refuse("the same stands here twice")
    return found
