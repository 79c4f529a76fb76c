"""The assembly: every page, behind the guard, with the idle lock beside them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from holdfire.web.guard import App, Guard, Receive, Scope, Send
from holdfire.web.pages import (
    about,
    accounts,
    answering,
    authorities,
    checking,
    checklists,
    choosing,
    clock,
    copies,
    covering,
    desk,
    desk_day,
    desk_introduce,
    desk_refer,
    entry,
    evidence,
    evidence_adding,
    evidence_content,
    evidence_list,
    exhibits,
    exporting,
    guide,
    handing_in,
    importing_rules,
    keeping,
    law_import,
    law_texts,
    laws,
    leaving,
    letters,
    making,
    making_checklists,
    messages,
    opening,
    orders,
    packets,
    planning,
    printing_checklists,
    recording,
    resting,
    resulting,
    reviewing,
    rules,
    seen_parts,
    sending,
    setting,
    sources,
    stamps,
    swearing,
    writing,
    writing_accounts,
)
from holdfire.web.pages.refusals import HANDLERS, refuse
from holdfire.web.program import Program

# Sources before the guide: an action could not be called "sources". Writing before letters, likewise;
# imported texts before what else the law has.
_MODULES: Final = (
    about, answering, entry, sources, guide, law_import, law_texts, laws, keeping, leaving, making, opening, recording,
    orders, exhibits, packets, reviewing, choosing, writing, letters, clock, handing_in, importing_rules, rules, checklists,
    making_checklists, printing_checklists, copies, covering, evidence_adding, evidence_content, evidence, exporting, checking, stamps, authorities, accounts, seen_parts, evidence_list, messages, sending, desk, desk_day, desk_introduce, desk_refer, writing_accounts, planning, resting, resulting, setting, swearing,
)  # fmt: skip
_STATIC: Final = Path(__file__).parent / "static"
#: Seconds between two looks at the idle clock: the lock may come that much later.
WATCH_SECONDS: Final = 1.0
_WHILE_BUSY: Final = frozenset({"/progress", "/leave", "/lock", "/static/page.css", "/static/notes.png"})


def make_app(
    program: Program,
    host: str,
    *,
    report: Callable[[BaseException], None] = lambda _: None,
    watch_seconds: float = WATCH_SECONDS,
) -> App:
    """Return the whole app for one person.

    Args:
        program: What the pages are given.
        host: The one value of `Host` that is ours, such as `127.0.0.1:49152`.
        report: Told of faults inside the pages.
        watch_seconds: Seconds between two looks at the idle clock.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watch = asyncio.create_task(_watch(program, watch_seconds))
        yield
        watch.cancel()
        # Off the loop: ending waits for the vault's thread, whose last work may report to us.
        await asyncio.to_thread(program.session.end)

    app = Starlette(routes=list(routes()), exception_handlers=dict(HANDLERS), lifespan=lifespan)
    app.state.program = program
    return Guard(
        _Touch(app, program), host, program.door, partial(refuse, program), report, uploads(), streams()
    )


def uploads() -> frozenset[str]:
    """Return the paths of the pages that take a form with a file: each module names its own as `UPLOADS`."""
    return frozenset(path for module in _MODULES for path in getattr(module, "UPLOADS", ()))


def streams() -> frozenset[str]:
    """Return the paths of the pages that take files of any size: each module names its own as `STREAMS`."""
    return frozenset(path for module in _MODULES for path in getattr(module, "STREAMS", ()))


def routes() -> tuple[Route, ...]:
    """Return every page there is."""
    static = (Route("/static/page.css", _style), Route("/static/notes.png", _icon))
    return (*static, *(route for module in _MODULES for route in module.ROUTES))


class _Touch:
    """Takes note of each request that came through the guard, and leads to the progress of long work."""

    def __init__(self, app: App, program: Program) -> None:
        self._app = app
        self._program = program

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            session = self._program.session
            # Judged before it counts: a request that comes after the time is too late, watch or no watch.
            session.lock_when_idle()
            if not scope["path"].startswith("/static/"):
                session.touch()
            if session.busy and scope["path"] not in _WHILE_BUSY:
                # The vault's thread is taken: a page that asked it would wait, and say nothing.
                await RedirectResponse("/progress", 303)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _watch(program: Program, seconds: float) -> None:
    """Lock when the time is over, also when nobody asks anything; end a program that was abandoned."""
    while True:
        await asyncio.sleep(seconds)
        program.session.lock_when_idle()
        if program.session.abandoned(occupied=program.door.occupied):
            program.end()


async def _style(_: Request) -> Response:
    return Response((_STATIC / "page.css").read_bytes(), media_type="text/css")


async def _icon(_: Request) -> Response:
    return Response((_STATIC / "notes.png").read_bytes(), media_type="image/png")
