"""Choose a letter: which kind, about which order, in which languages, under whose law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from holdfire.web.countries import country_choices, country_of
from holdfire.web.opened import Opened, needs_order, needs_vault
from holdfire.web.page import Page, render
from holdfire.web.pages.letter_fields import LANGUAGES
from holdfire.web.pages.order_fields import orders_to_choose

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record


@dataclass(frozen=True)
class KindLine:
    """A kind of letter to choose."""

    id: str
    title: str
    about: str


@dataclass(frozen=True, kw_only=True)
class KindsShown(Page):
    """The kinds of letters, to choose one.

    Attributes:
        order: The number of the order it is about; 0 as long as none is chosen.
        orders: Orders to choose from where none is chosen: number and a few words, the last first.
        kinds: Kinds to choose from.
        chosen: The kind that is chosen already.
        languages: Codes and names of languages.
        first: The language that is chosen already.
        second: The second one; "" for none.
        countries: Codes and names of countries.
        country: Whose law is chosen already; "" for international standards alone.
    """

    template = "letter_new.html"
    order: int
    orders: tuple[tuple[int, str], ...]
    kinds: tuple[KindLine, ...]
    chosen: str
    languages: tuple[tuple[str, str], ...]
    first: str
    second: str
    countries: tuple[tuple[str, str], ...]
    country: str


@needs_vault
async def choose(opened: Opened) -> Response:
    """Show the kinds of letters, about no order."""
    return await _choose(opened, 0)


@needs_order
async def choose_about(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show the kinds of letters, about an order."""
    return await _choose(opened, kept.value.number)


async def _choose(opened: Opened, order: int) -> Response:
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415
    from holdfire.letters.kinds import KINDS  # noqa: PLC0415 - the letters load when they are needed

    wanted = opened.request.query_params.get("kind", "")
    # As in the letter that was kept last: nobody chooses their languages twice.
    last = await opened.run(lambda vault: vault.records.all(LETTER, limit=1))
    before = last[0].value.languages if last else (next(iter(LANGUAGES)),)
    kinds = tuple(KindLine(kind.id, kind.title, kind.about) for kind in KINDS)
    page = KindsShown(
        order=order,
        orders=() if order else await orders_to_choose(opened),
        kinds=kinds,
        chosen=wanted if wanted in {kind.id for kind in kinds} else kinds[0].id,
        languages=tuple(LANGUAGES.items()),
        first=before[0],
        second=before[1] if len(before) > 1 else "",
        countries=country_choices(),
        country=await country_of(opened),
        back=f"/orders/{order}" if order else "/letters",
    )
    return render(opened.request, page)


ROUTES = (Route("/letters/new", choose), Route("/orders/{number:int}/letter", choose_about))
