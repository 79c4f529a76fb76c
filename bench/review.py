"""The review of a long order against 500 provisions, beside writing the same findings as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from functools import partial

from bench.measure import Measure, medians, seconds
from holdfire.journeys.law_here import load_law
from holdfire.journeys.record_order import load_review
from holdfire.law.bearing import Bearing
from holdfire.law.content import ReviewContent
from holdfire.law.provisions import Provision
from holdfire.law.review import review
from holdfire.orders.moment import Moment
from holdfire.orders.order import Order

PROVISIONS = 500
#: Sentences that set off nearly every check, in four languages, to the length of two written pages.
SENTENCES = (
    "Разогнать всех на площади любыми средствами, применить оружие без предупреждения, стрелять на поражение.",
    "Clear the square, detain everyone, keep journalists and medics out, also the school, badges off.",
    "Нікому не казаць, ніякіх папер; хто адмовіцца, той здраднік. Загад зверху.",
    "Mezclarse con ellos, empezar una pelea, darles una leccion, borrar las grabaciones.",
    "The second company stands at the north corner and waits for the word of the officer on duty there.",
)


def main() -> list[Measure]:
    """Measure one review; every check that finds anything cites the copies too."""
    provisions, content = grown()
    order = Order(words="\n".join(SENTENCES * 10), measure="firearms", heard=Moment.on(date(2020, 8, 11)))
    findings = review(order, provisions, "by", content)
    plain = [asdict(one) for one in findings]
    taken = medians(
        21,
        {
            "review": lambda: seconds(partial(review, order, provisions, "by", content)) * 1_000,
            "json": lambda: seconds(partial(json.dumps, plain, ensure_ascii=False)) * 1_000,
        },
    )
    name = f"review, {len(order.words):,} characters, {len(provisions)} provisions, {len(findings)} findings"
    return [Measure(name, taken["review"], "ms", taken["json"], "json.dumps of them", bound=50)]


def grown() -> tuple[list[Provision], ReviewContent]:
    """Return the shipped law with copies up to `PROVISIONS`, the copies bearing wherever the first ones do."""
    shipped = list(load_law().provisions.values())
    names: dict[str, list[str]] = {one.id: [one.id] for one in shipped}
    provisions = list(shipped)
    while len(provisions) < PROVISIONS:
        one = shipped[len(provisions) % len(shipped)]
        copy = replace(one, id=f"{one.id}-copy-{len(provisions)}")
        names[one.id].append(copy.id)
        provisions.append(copy)

    def all_of(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for one in ids for name in names[one])

    def with_copies(pack: Bearing) -> Bearing:
        return replace(
            pack, supports=all_of(pack.supports), opposes=all_of(pack.opposes), risk=all_of(pack.risk)
        )

    content = load_review()
    bearings = {check: tuple(map(with_copies, packs)) for check, packs in content.bearings.items()}
    return provisions, replace(content, bearings=bearings)
