"""What a person sees when the guard or a page says no: a sentence, a hint, never a path or a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark
from holdfire.web import guard
from holdfire.web.faults import said_of
from holdfire.web.guard import Scope
from holdfire.web.page import Page, program_of, render, text_of
from holdfire.web.places import answered
from holdfire.web.program import Program

_PROGRAM: Final = mark("Start again from the program.")


@dataclass(frozen=True, kw_only=True)
class Refusal(Page):
    """The guard said no.

    Attributes:
        heading: What happened, in a word or two.
        sentence: What happened, one sentence.
        hint: What to do; may be empty.
    """

    template = "refusal.html"
    heading: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault(Page):
    """A page could not do what was asked.

    Attributes:
        heading: What happened, in a word or two.
        sentence: What happened, one sentence, translated.
        hint: What to do, translated; may be empty.
    """

    template = "fault.html"
    heading: str
    sentence: str
    hint: str = ""


_REFUSALS: Final = {
    guard.NO_COOKIE: Refusal(
        heading=mark("Locked"), sentence=mark("Nothing is open here."), hint=_PROGRAM
    ),
    guard.USED_LINK: Refusal(
        heading=mark("Locked"), sentence=mark("This address was used already. Start again from the program.")
    ),
    guard.WRONG_HOST: Refusal(
        heading=mark("Not this address"), sentence=mark("This was asked for under another name."), hint=_PROGRAM
    ),
    guard.WRONG_ORIGIN: Refusal(
        heading=mark("Not sent"),
        sentence=mark("This form did not come from a page of this program, so nothing was done."),
        hint=mark("Go back to the start and send it from there."),
        back="/",
    ),
    guard.TOO_LARGE: Refusal(
        heading=mark("Too long"),
        sentence=mark("What was sent is too long for this page. Nothing was saved."),
        hint=mark("Go back and shorten it."),
        back="/",
    ),
    guard.UPLOAD_TOO_LARGE: Refusal(
        heading=mark("Too large"),
        sentence=mark("This file is larger than 64 MiB, too large for a page. Nothing was saved."),
        hint=mark("The command line takes larger files, piece by piece: holdfire --help says how."),
        back="/",
    ),
    guard.WRONG_FORM: Refusal(
        heading=mark("Not sent"), sentence=mark("This form could not be read."), back="/"
    ),
    guard.WRONG_METHOD: Refusal(heading=mark("Not possible"), sentence=mark("This page cannot do that.")),
    guard.FAULT: Refusal(
        heading=mark("Something went wrong"),
        sentence=mark("Something went wrong inside the program."),
        hint=mark("What was saved before is kept."),
        back="/",
    ),
}  # fmt: skip


def refuse(program: Program, scope: Scope, status: int, why: str) -> tuple[int, bytes]:
    """Return the page of one of the guard's refusals."""
    del scope  # what was asked for is not repeated: it may hold a secret
    return status, text_of(program, _REFUSALS[why]).encode()


async def show_missing(request: Request, error: Exception) -> Response:
    """Answer for a page that does not exist, or cannot be asked that way."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    page = Fault(
        heading=mark("Not found"),
        sentence=_say(request, mark("There is no page here.")),
        hint=_say(request, mark("Perhaps it belongs to a vault that is locked now.")),
        back=_list_above(request),
    )
    return render(request, page, status)


async def show_error(request: Request, error: Exception) -> Response:
    """Answer for an error that a sentence and a hint explain."""
    sentence, hint = said_of(program_of(request).session.language, error)
    page = Fault(heading=mark("This did not work"), sentence=sentence, hint=hint, back=_list_above(request))
    return render(request, page, 400 if isinstance(error, UserError) else 500)


async def show_fault(request: Request, error: Exception) -> Response:
    """Answer for a fault of ours; the guard has been told of it already."""
    del error
    page = _REFUSALS[guard.FAULT]
    return render(request, page, 500)


def _list_above(request: Request) -> str:
    """Return the list that an address lies under, so that what is gone from it is no dead end; "" where there is none."""
    first = "/" + request.url.path.split("/")[1]
    return first if first != request.url.path and answered(request, first) else ""


def _say(request: Request, sentence: str, **values: object) -> str:
    return program_of(request).session.language.say(sentence, **values)


HANDLERS = {HTTPException: show_missing, HoldfireError: show_error, Exception: show_fault}
