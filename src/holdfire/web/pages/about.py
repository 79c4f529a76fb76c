"""About: who wrote it, what pays for it, when each page was read through, what it does not protect against."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.web.page import Page, program_of, render
from holdfire.web.pages.guide import day

#: The kinds of file the guide can be saved as.
_FILES: Final = {"html": "text/html", "pdf": "application/pdf", "epub": "application/epub+zip"}


@dataclass(frozen=True)
class PackLine:
    """A pack: what it is, who wrote it, what pays for it, when it was read through."""

    title: str
    version: str
    by: str
    pays: str
    reviewed: str


@dataclass(frozen=True)
class Reviewed:
    """A page and the day it was last read through; `lawyer` is nothing when none has."""

    path: str
    title: str
    reviewed: str
    lawyer: str


@dataclass(frozen=True, kw_only=True)
class About(Page):
    """About the program.

    Attributes:
        version: Which version this is.
        packs: The packs that are here.
    """

    template = "about.html"
    version: str
    packs: tuple[PackLine, ...]


@dataclass(frozen=True, kw_only=True)
class Reviews(Page):
    """When each page was last read through.

    Attributes:
        pages: Every page of the guide.
    """

    template = "reviews.html"
    pages: tuple[Reviewed, ...]


@dataclass(frozen=True, kw_only=True)
class PassOn(Page):
    """How to pass the guide on."""

    template = "pass_on.html"


async def about(request: Request) -> Response:
    """Show who wrote the program and what it cannot do."""
    from importlib.metadata import version  # noqa: PLC0415 - read for this page alone

    from holdfire.journeys.packs_here import load_packs  # noqa: PLC0415

    packs = tuple(
        PackLine(one.title, one.version, one.by, one.pays, day(one.reviewed))
        for one in (pack.manifest for pack in load_packs())
    )
    return render(request, About(version=version("holdfire"), packs=packs, back="/"))


async def reviews(request: Request) -> Response:
    """Show when each page was read through, the oldest first."""
    guide = program_of(request).guide
    pages = [
        *(Reviewed(f"/{one.id}", one.title, day(one.reviewed), one.lawyer or "") for one in guide.pages.values()),
        *(Reviewed(f"/guide/{one.id}", one.title, day(one.reviewed), one.lawyer or "")
          for one in guide.actions.values()),
    ]  # fmt: skip
    pages.sort(key=lambda one: (one.reviewed, one.path))
    return render(request, Reviews(pages=tuple(pages), back="/about"))


async def pass_on(request: Request) -> Response:
    """Show how to pass the guide on as one file."""
    return render(request, PassOn(back="/guide"))


async def guide_file(request: Request) -> Response:
    """Send the whole guide as one file to save."""
    from holdfire.guide.export.export import export  # noqa: PLC0415 - the writers load when they are needed

    form = request.path_params["form"]
    if form not in _FILES:
        raise HTTPException(404)
    # Off the loop: a PDF takes a second, and the idle lock must not wait for it.
    written = await asyncio.to_thread(export, program_of(request).guide, form)
    saved = {"content-disposition": f'attachment; filename="reader.{form}"'}
    return Response(written, media_type=_FILES[form], headers=saved)


ROUTES = (
    Route("/about", about),
    Route("/about/reviews", reviews),
    Route("/pass-on", pass_on),
    Route("/pass-on/guide.{form}", guide_file),
)
