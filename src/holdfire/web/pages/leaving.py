"""Leave, lock, and learning to leave."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.web.forms import read_form
from holdfire.web.guard import COOKIE
from holdfire.web.page import Page, go, program_of, render

#: Leaving shows its blank page after this many seconds even when the disk still holds the vault's thread.
_LONGEST_WAIT: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Gone(Page):
    """The blank page after leaving: it shows nothing, and tells a screen reader that it worked."""

    template = "gone.html"


@dataclass(frozen=True, kw_only=True)
class Practice(Page):
    """Where Leave is tried for the first time."""

    template = "practice.html"


@dataclass(frozen=True, kw_only=True)
class Practised(Page):
    """What Leave does, after it was tried."""

    template = "practised.html"


async def leave(request: Request) -> Response:
    """Lock, forget, drop the cookie, show a blank page. On the practice page: explain instead."""
    program = program_of(request)
    session = program.session
    if session.state == "none" and (await read_form(request)).one("practice") == "yes":
        session.draft.practised = True
        return render(request, Practised())
    locking = session.lock("asked")
    session.forget_place()
    program.door.shut()
    if locking is not None:
        await asyncio.wait([locking], timeout=_LONGEST_WAIT)
    answer = render(request, Gone())
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    answer.headers["clear-site-data"] = '"cache", "cookies", "storage"'
    return answer


async def lock(request: Request) -> Response:
    """Lock and show where to open again."""
    session = program_of(request).session
    locking = session.lock("asked")
    if locking is not None:
        await asyncio.wait([locking], timeout=_LONGEST_WAIT)
    return go("/open")


async def practise(request: Request) -> Response:
    """Show the practice page."""
    return render(request, Practice(back="/"))


ROUTES = (
    Route("/leave", leave, methods=["POST"]),
    Route("/lock", lock, methods=["POST"]),
    Route("/practice", practise),
)
