"""The result: every action in its place with its reasons, the four choices side by side, and what to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.guide.actions import RISK_GROUPS, RISK_WORDS
from holdfire.guide.grid import Column
from holdfire.guide.guide import Guide
from holdfire.guide.questions import judge_answers
from holdfire.guide.reasoner import Assessment, Option, assess
from holdfire.guide.rules import PLACES
from holdfire.language import mark
from holdfire.web.page import Page, go, program_of, render
from holdfire.web.program import Program

PLACE_WORDS: Final = {
    "now": mark("Now"),
    "prepare": mark("Prepare"),
    "later": mark("Later"),
    "not": mark("Not for you now"),
}
PLACE_TEXTS: Final = {
    "now": mark("Nothing you answered speaks against beginning these."),
    "prepare": mark("Read and get ready. Something must be known or done first."),
    "later": mark("These wait until something changes."),
    "not": mark("You ruled these out, or they do not fit where you stand."),
}
#: Actions on one page of the result: a page stays under 30 KB.
_A_PAGE: Final = 10


@dataclass(frozen=True)
class Count:
    """A place, and how many actions have it."""

    id: str
    words: str
    text: str
    count: int


@dataclass(frozen=True)
class RiskLine:
    """The first risk of a group: its title, the word that opens it, what it says."""

    title: str
    word: str
    text: str


@dataclass(frozen=True)
class OptionLine:
    """One action, judged, with titles in place of ids."""

    id: str
    title: str
    step: int
    because: tuple[str, ...]
    limits: tuple[str, ...]
    read_first: tuple[str, ...]
    risks: tuple[RiskLine, ...]
    needs: tuple[tuple[str, str], ...]
    change: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Result(Page):
    """One place of the result, a page at a time.

    Attributes:
        places: The four places with their counts.
        place: The one that is shown.
        options: Its actions, in order.
        first: Number of the first one shown, from 1.
        earlier: Address of the page before, or nothing.
        following: Address of the page after, or nothing.
        life: Whether the life card stands on top.
        unanswered: How many questions have no answer.
        questions: How many questions there are.
    """

    template = "result.html"
    places: tuple[Count, ...]
    place: Count
    options: tuple[OptionLine, ...]
    first: int
    earlier: str
    following: str
    life: bool
    unanswered: int
    questions: int


@dataclass(frozen=True, kw_only=True)
class Compare(Page):
    """The four choices side by side.

    Attributes:
        columns: The choices with their rows and cautions.
    """

    template = "compare.html"
    columns: tuple[Column, ...]


def judge(program: Program) -> Assessment:
    """Return the assessment of the answers of this session."""
    book = program.guide.book
    return assess(judge_answers(program.session.answers, book.questions), book)


async def result(request: Request) -> Response:
    """Show one place of the result; the care page alone when the person might hurt someone."""
    program = program_of(request)
    assessment = judge(program)
    if assessment.care:
        program.session.notice = mark(
            "You said that you might hurt yourself or someone. This page first; the guide stays open. "
            "When you are out of that danger, change the answer and come back."
        )
        return go("/care")
    asked = request.query_params.get("place", "now")
    places = tuple(
        Count(place, PLACE_WORDS[place], PLACE_TEXTS[place], len(assessment.at(place))) for place in PLACES
    )
    place = next((one for one in places if one.id == asked), places[0])
    options = [option for option in assessment.options if option.place == place.id]
    last = max(0, (len(options) - 1) // _A_PAGE)
    untrusted_page = request.query_params.get("page", "0")
    number = min(int(untrusted_page), last) if untrusted_page in {str(n) for n in range(last + 1)} else 0
    shown = options[number * _A_PAGE : (number + 1) * _A_PAGE]
    page = Result(
        places=places,
        place=place,
        options=tuple(_line(program.guide, option) for option in shown),
        first=number * _A_PAGE + 1,
        earlier=f"/result?place={place.id}&page={number - 1}" if number else "",
        following=f"/result?place={place.id}&page={number + 1}" if number < last else "",
        life="life" in assessment.cards,
        unanswered=len(assessment.unanswered),
        questions=len(program.guide.book.questions),
        back="/questions/check",
    )
    return render(request, page)


async def compare(request: Request) -> Response:
    """Show the four choices side by side."""
    return render(request, Compare(columns=judge(program_of(request)).columns, back="/result"))


def _line(guide: Guide, option: Option) -> OptionLine:
    action = guide.actions[option.action]
    first_of = (
        (RISK_GROUPS["who_learns"], action.risks.who_learns[0]),
        (RISK_GROUPS["law"], action.risks.law[0]),
    )
    titles = {question.id: question.title for question in guide.book.questions}
    return OptionLine(
        id=option.action,
        title=action.title,
        step=option.step,
        because=option.because,
        limits=option.limits,
        read_first=option.read_first,
        risks=tuple(RiskLine(title, RISK_WORDS[risk.word], risk.text) for title, risk in first_of),
        needs=tuple((need, guide.actions[need].title) for need in option.needs),
        change=option.change,
        questions=tuple((one, titles[one]) for one in option.questions),
    )


ROUTES = (Route("/result", result), Route("/result/compare", compare))
