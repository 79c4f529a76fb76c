"""What to keep of the result: the plan alone, the answers too, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.guide.plan import make_plan
from holdfire.language import mark
from holdfire.web.forms import read_form
from holdfire.web.page import Page, go, program_of, render
from holdfire.web.pages.resulting import judge


@dataclass(frozen=True, kw_only=True)
class Keep(Page):
    """What to keep.

    Attributes:
        possible: Whether a vault is open to keep it in.
        count: How many actions the plan would have.
    """

    template = "keep.html"
    possible: bool
    count: int


async def ask(request: Request) -> Response:
    """Ask what to keep."""
    program = program_of(request)
    assessment = judge(program)
    if assessment.care:
        return go("/result")
    count = len(make_plan(assessment, program.today).items)
    return render(request, Keep(possible=program.session.vault is not None, count=count, back="/result"))


async def take(request: Request) -> Response:
    """Keep what was chosen; the answers leave the memory in every case."""
    from holdfire.journeys.keep_plan import discard_answers, keep_answers, keep_plan  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    keep = (await read_form(request)).one("keep", "plan")
    if keep == "nothing":
        session.answers = {}
        session.notice = mark("Nothing was kept. Your answers are discarded.")
        return go("/")
    vault = session.vault
    assessment = judge(program)
    if vault is None or assessment.care:
        return go("/keep" if vault is None else "/result")
    await session.run(keep_plan, vault, assessment, program.today, program.now())
    if keep == "answers":
        await session.run(keep_answers, vault, dict(session.answers), program.now())
        session.notice = mark(
            "Your plan and your answers are kept. You can discard the answers in the settings."
        )
    else:
        await session.run(discard_answers, vault)
        session.notice = mark("Your plan is kept. Your answers are discarded.")
    session.answers = {}
    return go("/plan")


ROUTES = (Route("/keep", ask, methods=["GET"]), Route("/keep", take, methods=["POST"]))
