"""Open a vault, or the throw-away one of looking around."""

from __future__ import annotations

import os
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import HoldfireError, NothingOpenedError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_form
from holdfire.web.page import MINUTES, Page, Problem, go, program_of, render
from holdfire.web.session import Session


@dataclass(frozen=True, kw_only=True)
class Open(Page):
    """Where and with what to open a vault.

    Attributes:
        heading: What this is: opening, or locked.
        sentence: Why it is locked, translated; or nothing.
        path: Where the vault lies, as far as this session knows; kept nowhere else.
        wrongs: What to mend.
    """

    template = "open.html"
    heading: str
    sentence: str = ""
    path: str = ""
    wrongs: tuple[Problem, ...] = ()


async def show(request: Request) -> Response:
    """Show the form; say why it is locked when it is."""
    session = program_of(request).session
    if session.state == "open":
        return go("/")
    path = str(session.path) if session.path else _likely_path()
    if session.locked == "":
        return render(request, Open(heading=mark("Open your vault"), path=path, back="/"))
    return render(request, Open(heading=mark("Locked"), sentence=_why_locked(session), path=path, back="/"))


async def open_it(request: Request) -> Response:
    """Open what the passphrase opens, or say why nothing opened."""
    from holdfire.journeys.open_vault import open_vault  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.journeys.settings import read_settings  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    form = await read_form(request)
    path, phrase = form.one("path"), form.secret("phrase")
    if session.vault is not None:
        waiting = session.lock("asked")
        if waiting is not None:
            await waiting
    try:
        vault = await session.run(open_vault, path, phrase, profile=program.profile)
    except HoldfireError as error:
        # A wrong passphrase says text 1 and nothing more: no word of what else could be there.
        field = "phrase" if isinstance(error, NothingOpenedError) else "path"
        wrong = problem_of(session.language, error, field)
        page = Open(heading=mark("Open your vault"), path=path, wrongs=(wrong,), back="/")
        return render(request, page, 422)
    session.opened(vault, pretend=False)
    session.minutes = (await session.run(read_settings, vault)).minutes
    return go("/keep" if session.answers else "/")


async def look_around(request: Request) -> Response:
    """Open a throw-away vault with made-up data."""
    from holdfire.journeys.look_around import look_around as open_made_up  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.state == "none":
        made_up = await session.run(
            open_made_up, program.guide, session.language.say, program.today, program.now()
        )
        session.opened(made_up, pretend=True)
    return go("/")


def _why_locked(session: Session) -> str:
    if session.locked == "asked":
        return session.language.say(mark("You locked this. What was not saved is gone."))
    if session.locked_after == 5:  # noqa: PLR2004 - the usual time has its own sentence (writing rules §5)
        return session.language.say(mark("Locked after five minutes. This page was not saved; the rest is."))
    return session.language.say(
        mark("Locked after {minutes}. This page was not saved; the rest is."),
        minutes=session.language.say(MINUTES.get(session.locked_after, MINUTES[5])),
    )


def _likely_path() -> str:
    """Return where a vault of this person probably lies: what the environment names, or our own suggestion."""
    from holdfire.journeys.places import vaults_here  # noqa: PLC0415

    named = os.environ.get("HOLDFIRE_VAULT", "")
    if named:
        return named
    found = vaults_here()
    return str(found[0]) if found else ""


ROUTES = (
    Route("/open", show, methods=["GET"]),
    Route("/open", open_it, methods=["POST"]),
    Route("/look-around", look_around, methods=["POST"]),
)
