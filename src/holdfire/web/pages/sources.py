"""What the guide stands on: every source, how well it was checked, and when. Works without a vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.guide.guide import Guide
from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.web.page import Page, program_of, render
from holdfire.web.pages.guide import day


@dataclass(frozen=True)
class SourceLine:
    """A source in the list."""

    id: str
    title: str
    says: str
    dated: str
    level: str
    checked: str
    how: str
    place: str


@dataclass(frozen=True, kw_only=True)
class SourcesShown(Page):
    """A part of the sources that claims name.

    Attributes:
        kinds: The kinds of source to choose from: id and words.
        kind: The kind that is shown.
        country: The country that is shown, or nothing for all.
        countries: Countries to choose from.
        sources: The sources of that kind and country.
    """

    template = "sources.html"
    kinds: tuple[tuple[str, str], ...]
    kind: str
    country: str
    countries: tuple[str, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, kw_only=True)
class SourceShown(Page):
    """One source.

    Attributes:
        source: What it is and how well it was checked.
    """

    template = "source.html"
    source: SourceLine


KIND_WORDS: Final = {
    "law": mark("Law"),
    "research": mark("Research"),
    "report": mark("Reports"),
    "manual": mark("Manuals"),
}


async def sources(request: Request) -> Response:
    """Show the sources of one kind."""
    guide = program_of(request).guide
    kind = request.query_params.get("kind", "law")
    kind = kind if kind in KIND_WORDS else "law"
    of_kind = [source for source in guide.sources.values() if source.kind == kind]
    countries = tuple(sorted({source.country or "int" for source in of_kind}))
    country = request.query_params.get("country", "")
    country = country if country in countries else (countries[0] if len(of_kind) > _MOST_SOURCES else "")
    shown = [source for source in of_kind if not country or (source.country or "int") == country]
    page = SourcesShown(
        kinds=tuple(KIND_WORDS.items()),
        kind=kind,
        country=country,
        countries=countries,
        sources=tuple(_source(guide, source.id) for source in shown),
        back="/guide",
    )
    return render(request, page)


#: Above this many sources of one kind, one country is shown at a time: a page stays under 30 KB.
_MOST_SOURCES: Final = 25


async def source(request: Request) -> Response:
    """Show one source."""
    guide = program_of(request).guide
    name = request.path_params["source"]
    if name not in guide.sources:
        raise HTTPException(404)
    return render(request, SourceShown(source=_source(guide, name), back="/guide/sources"))


def _source(guide: Guide, name: str) -> SourceLine:
    one = guide.sources[name]
    return SourceLine(
        one.id,
        one.title,
        one.says,
        one.dated or "",
        LEVEL_WORDS[one.level],
        day(one.checked),
        one.how,
        one.place,
    )


ROUTES = (Route("/guide/sources", sources), Route("/source/{source}", source))
