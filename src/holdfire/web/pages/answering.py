"""The private questions: one a page, in any order, each with its reason; the answers stay in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.guide.questions import OPEN_ANSWERS, Question
from holdfire.language import mark
from holdfire.web.forms import read_form
from holdfire.web.page import Page, Problem, go, program_of, render

_ANSWERED: Final = mark("Answered")
_OPEN: Final = mark("Left open")
_NOT_YET: Final = mark("Not asked yet")


@dataclass(frozen=True)
class QuestionLine:
    """A question in a list: its status, and, on the check page alone, its answers."""

    id: str
    title: str
    status: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class List(Page):
    """All questions with their status.

    Attributes:
        questions: The questions in order.
        answered: How many have an answer, open ones too.
        following: Id of the first without one, or nothing.
    """

    template = "questions.html"
    questions: tuple[QuestionLine, ...]
    answered: int
    following: str


@dataclass(frozen=True)
class Choosable:
    """One answer that can be chosen; `ours` when its words are the program's, not a pack's."""

    id: str
    text: str
    chosen: bool
    ours: bool


@dataclass(frozen=True, kw_only=True)
class Ask(Page):
    """One question.

    Attributes:
        question: What is asked, and why.
        number: Its place, from 1.
        count: How many questions there are.
        choices: The answers.
        again: Whether the check page waits for the answer.
        wrongs: What to mend.
    """

    template = "question.html"
    question: Question
    number: int
    count: int
    choices: tuple[Choosable, ...]
    again: bool
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Check(Page):
    """The answers, to be checked before the result.

    Attributes:
        questions: The questions with their answers.
    """

    template = "check.html"
    questions: tuple[QuestionLine, ...]


async def show_list(request: Request) -> Response:
    """Show every question with its status."""
    program = program_of(request)
    answers = program.session.answers
    questions = program.guide.book.questions
    page = List(
        questions=tuple(QuestionLine(one.id, one.title, _status(answers.get(one.id))) for one in questions),
        answered=len(answers),
        following=next((one.id for one in questions if one.id not in answers), ""),
        back="/",
    )
    return render(request, page)


async def ask(request: Request) -> Response:
    """Show one question."""
    return render(request, _page(request, _question(request)))


async def take(request: Request) -> Response:
    """Take the answers to one question and go where the person wants."""
    question = _question(request)
    form = await read_form(request)
    chosen = frozenset(form.several("answer"))
    wrong = _wrong_with(question, chosen)
    if wrong:
        problem = Problem("answer", program_of(request).session.language.say(wrong, many=question.many))
        return render(request, _page(request, question, chosen, (problem,)), 422)
    answers = program_of(request).session.answers
    if chosen:
        answers[question.id] = chosen
    else:
        answers.pop(question.id, None)
    then = form.one("then")
    if then == "result":
        return go("/result")
    if form.one("again") or then == "check":
        return go("/questions/check")
    questions = [one.id for one in program_of(request).guide.book.questions]
    place = questions.index(question.id) + 1
    return go(f"/question/{questions[place]}" if place < len(questions) else "/questions/check")


async def check(request: Request) -> Response:
    """Show the answers, each with a way to change it."""
    program = program_of(request)
    answers = program.session.answers
    lines = tuple(
        QuestionLine(one.id, one.title, _status(answers.get(one.id)),
                     tuple(choice.text for choice in one.choices if choice.id in answers.get(one.id, ())))
        for one in program.guide.book.questions
    )  # fmt: skip
    return render(request, Check(questions=lines, back="/questions"))


async def discard(request: Request) -> Response:
    """Forget every answer of this session."""
    session = program_of(request).session
    session.answers = {}
    session.notice = mark("Your answers are discarded. They were never written down.")
    return go("/questions")


async def use_kept(request: Request) -> Response:
    """Take the answers that were kept in the vault, to change them."""
    from holdfire.journeys.keep_plan import read_answers  # noqa: PLC0415 - the vault loads when it is needed

    session = program_of(request).session
    if session.vault is not None:
        session.answers = dict(await session.run(read_answers, session.vault))
    return go("/questions/check")


def _question(request: Request) -> Question:
    for question in program_of(request).guide.book.questions:
        if question.id == request.path_params["question"]:
            return question
    raise HTTPException(404)


def _page(
    request: Request,
    question: Question,
    chosen: frozenset[str] | None = None,
    wrongs: tuple[Problem, ...] = (),
) -> Ask:
    program = program_of(request)
    questions = program.guide.book.questions
    kept = program.session.answers.get(question.id, frozenset()) if chosen is None else chosen
    number = questions.index(question) + 1
    again = request.query_params.get("again", "") == "yes"
    own = (Choosable(one.id, one.text, one.id in kept, ours=False) for one in question.choices)
    always = (Choosable(one, text, one in kept, ours=True) for one, text in OPEN_ANSWERS.items())
    back = f"/question/{questions[number - 2].id}" if number > 1 else "/questions"
    return Ask(
        question=question,
        number=number,
        count=len(questions),
        choices=(*own, *always),
        again=again,
        wrongs=wrongs,
        back="/questions/check" if again else back,
    )


def _wrong_with(question: Question, chosen: frozenset[str]) -> str:
    """Return what is wrong with a choice, as a marked sentence; nothing when it can be taken."""
    known = {choice.id for choice in question.choices} | set(OPEN_ANSWERS)
    alone = {choice.id for choice in question.choices if choice.alone} | set(OPEN_ANSWERS)
    if not chosen <= known:
        return mark("Choose one of the answers that stand here.")
    if len(chosen) > 1 and chosen & alone:
        return mark("One of these answers stands alone. Choose it alone, or the others without it.")
    if len(chosen) > question.many:
        return mark("Choose {many} at most.")
    return ""


def _status(chosen: frozenset[str] | None) -> str:
    if chosen is None:
        return _NOT_YET
    return _OPEN if chosen & set(OPEN_ANSWERS) else _ANSWERED


ROUTES = (
    Route("/questions", show_list),
    Route("/questions/check", check),
    Route("/questions/discard", discard, methods=["POST"]),
    Route("/questions/kept", use_kept, methods=["POST"]),
    Route("/question/{question}", ask, methods=["GET"]),
    Route("/question/{question}", take, methods=["POST"]),
)
