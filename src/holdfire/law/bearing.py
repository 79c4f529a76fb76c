"""Which provision bears on which check, and to which side: content of the packs, since a lawyer decides it, not a program."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from holdfire.pack.reader import Node


@dataclass(frozen=True)
class Bearing:
    """What one pack sets beside one check. One provision may stand on both sides: it grants and it limits.

    Attributes:
        country: Whom it is for; None: for everybody.
        supports: Ids of what can support an order of this sort.
        opposes: Ids of what can stand against it.
        risk: Ids of what asking, delaying or declining can cost.
        unknown: What would have to be known under this pack's law.
        ask: What a person can ask under this pack's law.
    """

    country: str | None = None
    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


#: By check, in the order of the packs.
Bearings: TypeAlias = Mapping[str, tuple[Bearing, ...]]


def parse_bearings(
    nodes: Iterable[tuple[str | None, Node]], checks: Collection[str], provisions: Collection[str]
) -> Bearings:
    """Return the bearings of `law/bearing.yaml` of every pack, by check.

    Args:
        nodes: For each pack its country and its file.
        checks: Ids of the checks there are.
        provisions: Ids of the provisions there are.

    Raises:
        ContentError: A check or a provision is named that there is not, or one stands twice on a side.
    """
    found: dict[str, tuple[Bearing, ...]] = {}
    for country, node in nodes:
        for check, item in node.fields("checks")["checks"].pairs():
            if check not in checks:
                raise item.refuse(f"no check is called {check!r}; there are: {', '.join(sorted(checks))}")
            found[check] = (*found.get(check, ()), _bearing(country, item, provisions))
    return found


def _bearing(country: str | None, node: Node, provisions: Collection[str]) -> Bearing:
    fields = node.fields("", "for against risk unknown ask")

    def named(side: str) -> tuple[str, ...]:
        ids = fields.identifiers(side)
        for place, one in enumerate(ids):
            if one not in provisions:
                raise fields[side].items()[place].refuse(f"no provision is called {one!r}")
        return ids

    return Bearing(
        country=country,
        supports=named("for"),
        opposes=named("against"),
        risk=named("risk"),
        unknown=fields.get("unknown", Node.texts, ()),
        ask=fields.get("ask", Node.texts, ()),
    )
