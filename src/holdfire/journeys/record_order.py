"""Record an order, complete it later, look at every version, and review it. Nothing that was recorded is overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, cast

from holdfire.errors import UserError
from holdfire.journeys.law_here import load_law
from holdfire.journeys.packs_here import load_packs
from holdfire.language import mark
from holdfire.law.content import ReviewContent, read_content
from holdfire.law.law import Law
from holdfire.law.review import CHECKS, Finding, review
from holdfire.orders.intake import decode_order, encode_order
from holdfire.orders.order import TEXTS, Order
from holdfire.pack.folder import Pack
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: How many records are read from the vault at once.
_AT_ONCE: Final = 100


@dataclass(frozen=True)
class KeptOrder:
    """An order in the vault, with the short number people call it by: 1, 2, 3 in the order of recording."""

    number: int
    order: Order


def _encode(kept: KeptOrder) -> JSON:
    return cast("JSON", {"number": kept.number, "order": encode_order(kept.order)})


def _decode(values: JSON) -> KeptOrder:
    if not isinstance(values, dict) or not isinstance(values["order"], dict):
        raise TypeError("an order is kept as a map")
    number = values["number"]
    if not isinstance(number, int):
        raise TypeError("the number of an order is whole")
    return KeptOrder(number, decode_order(values["order"]))


def _words(kept: KeptOrder) -> str:
    order = kept.order
    return "\n".join(
        (*(getattr(order, name) for name in TEXTS), *vars(order.giver).values(), *order.witnesses)
    )


ORDER: Final = Kind("order", 1, _encode, _decode, words=_words)


def add_order(vault: Vault, order: Order, now: datetime) -> Record[KeptOrder]:
    """Record an order under the next number; a number stays with its order, also when others are deleted."""
    with vault.transaction():
        number = 1 + max((record.value.number for record in _all(vault)), default=0)
        return vault.records.add(ORDER, KeptOrder(number, order), now)


def complete_order(
    vault: Vault, number: int, order: Order, now: datetime, *, expected: int | None = None
) -> Record[KeptOrder]:
    """Record `order` as a new version; every earlier version stays. The same order again makes no version.

    Raises:
        UserError: There is no such order, or `expected` is not its latest version.
    """
    before = find_order(vault, number)
    if before.value.order == order and expected in {None, before.version}:
        return before
    return vault.records.save(ORDER, before.id, KeptOrder(number, order), now, expected=expected)


def list_orders(vault: Vault) -> tuple[Record[KeptOrder], ...]:
    """Return the latest version of every order, by number."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def find_order(vault: Vault, number: int, version: int | None = None) -> Record[KeptOrder]:
    """Return an order, in its latest version or the one asked for; UserError when there is none."""
    for record in _all(vault):
        if record.value.number == number:
            if version is None or version == record.version:
                return record
            if not 1 <= version <= record.version:
                raise UserError(
                    mark("Order {number} has no version {version}."),
                    mark("Its versions are counted from 1; without a version the latest is shown."),
                    number=number, version=version,
                )  # fmt: skip
            return vault.records.get(ORDER, record.id, version)
    raise UserError(
        mark("There is no order {number} here."),
        mark("The list of orders shows those there are."),
        number=number,
    )


def versions_of(vault: Vault, number: int) -> tuple[Record[KeptOrder], ...]:
    """Return every version of an order, newest first; UserError when there is none."""
    return vault.records.versions(ORDER, find_order(vault, number).id)


def delete_order(vault: Vault, number: int) -> None:
    """Delete an order in every version; UserError when there is none."""
    vault.records.delete(ORDER, find_order(vault, number).id)


def _all(vault: Vault) -> Iterator[Record[KeptOrder]]:
    for start in range(0, vault.records.count(ORDER), _AT_ONCE):
        yield from vault.records.all(ORDER, limit=_AT_ONCE, offset=start)


@cache
def load_review() -> ReviewContent:
    """Return what the shipped packs bring to a review; ContentError when a pack is broken."""
    return build_review(load_packs(), load_law())


def build_review(packs: Sequence[Pack], law: Law) -> ReviewContent:
    """Return what these packs bring to a review, or raise ContentError with file and line."""
    return read_content(packs, checks=CHECKS, provisions=law.provisions, belongs=law.belongs)


def review_order(order: Order, country: str | None) -> tuple[Finding, ...]:
    """Return the findings on an order under the law of a country as it was on the order's own day.

    Args:
        order: As recorded.
        country: Whose law binds the person; None, or one that no pack knows: only what is international.
    """
    return review(order, load_law().provisions.values(), country, load_review())


def countries() -> tuple[str, ...]:
    """Return the countries whose law the shipped packs know."""
    return tuple(sorted(load_law().belongs))
