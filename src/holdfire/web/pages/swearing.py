"""Loyalty to the constitution: what was sworn, beside an order; what bears on it, what to ask. Never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.pack.levels import LEVEL_WORDS
from holdfire.web.countries import country_choices, country_of
from holdfire.web.forms import Form
from holdfire.web.opened import Opened, opened_by
from holdfire.web.page import Page, render
from holdfire.web.pages.guide import day
from holdfire.web.pages.order_fields import heading_of, orders_to_choose
from holdfire.web.pages.reviewing import CitedLine, cited_lines, parts_of

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.law.bonds import Bond
    from holdfire.law.finding import Cited, Finding
    from holdfire.law.oaths import Oath
    from holdfire.law.provisions import Provision

#: As many provisions stand beside each bond: those of the country first, then the review has them all.
_MOST_CITED: Final = 6


@dataclass(frozen=True)
class OathLine:
    """An oath: what is sworn or, where nobody read it, that there is one; and where it stands."""

    who: str
    gist: str
    exists: str
    citation: str
    source: str
    place: str
    level: str
    checked: str
    how: str
    caveat: str
    bonds: tuple[str, ...]


@dataclass(frozen=True)
class BondLine:
    """What an oath can bind to.

    Attributes:
        id: Its id on the page.
        title: What it is, marked.
        sworn: Who swore it, in the oaths shown here whose wording was read.
        found: Of the order: title, what was found, where the review says it.
        cited: Provisions behind that.
        questions: What to ask oneself.
    """

    id: str
    title: str
    sworn: tuple[str, ...]
    found: tuple[tuple[str, str, str], ...]
    cited: tuple[CitedLine, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OathShown(Page):
    """What was sworn, beside an order.

    Attributes:
        country: Whose oaths these are; "" where none was chosen.
        countries: Codes and names to choose from.
        orders: Orders to choose from: number and a few words, the last first.
        order: The number of the one it stands beside; 0 for none.
        heading: A few of its words.
        oaths: The oaths of that country.
        bonds: What oaths bind to, with what bears on it.
        colleague: What can be asked of one colleague.
    """

    template = "oath.html"
    country: str
    countries: tuple[tuple[str, str], ...]
    orders: tuple[tuple[int, str], ...]
    order: int
    heading: str
    oaths: tuple[OathLine, ...]
    bonds: tuple[BondLine, ...]
    colleague: tuple[str, ...]


async def show(request: Request) -> Response:
    """Show the oaths of a country and, where an order was chosen, what of it bears on them."""
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415 - the law loads when it is needed
    from holdfire.law.bonds import TO_A_COLLEAGUE  # noqa: PLC0415

    opened = opened_by(request)
    asked = Form(list(request.query_params.multi_items()))
    choices = country_choices()
    country = asked.one("country", "-")
    if country not in dict(choices):
        country = await country_of(opened) if opened else ""
    orders = await orders_to_choose(opened) if opened else ()
    kept, findings = await _beside(opened, asked, country)
    order, heading = (kept.number, heading_of(kept.order)) if kept else (0, "")
    if order and order not in dict(orders):
        orders = ((order, heading), *orders)
    oaths = [one for one in load_law().oaths.values() if country and one.jurisdiction == country]
    provisions = load_law().provisions
    page = OathShown(
        country=country,
        countries=choices,
        orders=orders,
        order=order,
        heading=heading,
        oaths=tuple(_oath(one, provisions) for one in oaths),
        bonds=tuple(_bonds(oaths, findings, provisions, f"/orders/{order}/review?country={country}")),
        colleague=TO_A_COLLEAGUE,
        back=f"/orders/{order}" if order else "/guide/loyalty-to-constitution",
    )
    return render(request, page)


async def _beside(
    opened: Opened | None, asked: Form, country: str
) -> tuple[KeptOrder | None, tuple[Finding, ...]]:
    """Return the order that was chosen, and what its review finds."""
    from holdfire.journeys.record_order import list_orders, review_order  # noqa: PLC0415

    number = asked.number("order", 1, 1 << 30)
    kept = await opened.run(list_orders) if opened and number else ()
    chosen = next((one.value for one in kept if one.value.number == number), None)
    if opened is None or chosen is None:
        return None, ()
    return chosen, await opened.program.session.run(review_order, chosen.order, country or None)


def _oath(oath: Oath, provisions: Mapping[str, Provision]) -> OathLine:
    from holdfire.law.bonds import BOND_WORDS  # noqa: PLC0415

    return OathLine(
        who=oath.who,
        gist=oath.gist or "",
        exists=oath.exists or "",
        citation=oath.citation,
        source=oath.provision if oath.provision in provisions and oath.provision else "",
        place=oath.source_url,
        level=LEVEL_WORDS[oath.level],
        checked=day(oath.checked),
        how=oath.how,
        caveat=oath.caveat or "",
        bonds=tuple(BOND_WORDS[bond] for bond in oath.binds_to),
    )


def _bonds(
    oaths: Sequence[Oath], findings: tuple[Finding, ...], law: Mapping[str, Provision], review: str
) -> Iterator[BondLine]:
    from holdfire.law.bonds import BOND_WORDS, QUESTIONS, bearing_on  # noqa: PLC0415

    part = {line.id: at for at, lines in enumerate(parts_of(findings, law), 1) for line in lines}
    for bond, words in BOND_WORDS.items():
        found = bearing_on(bond, findings)
        yield BondLine(
            bond,
            words,
            tuple(oath.who for oath in oaths if bond in oath.binds_to),
            tuple((one.title, one.found, f"{review}&part={part[one.check]}#{one.check}") for one in found),
            cited_lines(_cited(bond, found, law), law),
            QUESTIONS[bond],
        )


def _cited(bond: Bond, findings: Iterable[Finding], law: Mapping[str, Provision]) -> list[Cited]:
    """Return the provisions of these findings in the kinds of text that speak of a bond, for and against alike."""
    from holdfire.law.bonds import TEXTS_OF  # noqa: PLC0415

    cited = {
        one.provision_id: one
        for finding in findings
        for one in (*finding.speaks_for, *finding.speaks_against)
        if law[one.provision_id].binding in TEXTS_OF[bond]
    }
    return list(cited.values())[:_MOST_CITED]


ROUTES = (Route("/oath", show),)
