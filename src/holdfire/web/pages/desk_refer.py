"""Write a thread down for a lawyer outside: choose, read, put on record, save; the record knows before the file is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, render
from holdfire.web.reaching import NOT_SENT, Ways, begin, told_at
from holdfire.web.session import Progress

if TYPE_CHECKING:
    from holdfire.journeys.refer_thread import Referral

_KINDS: Final = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
#: Digits of a message's number.
_DIGITS: Final = 4


@dataclass(frozen=True)
class ReferLine:
    """A message that can go along: its number, what it is about, the day."""

    number: int
    title: str
    day: str


@dataclass(frozen=True, kw_only=True)
class ReferChosen(Page):
    """What can go out.

    Attributes:
        number: Of the thread.
        messages: What came.
        wrongs: What is to be mended.
    """

    template = "desk_refer.html"
    number: int
    messages: tuple[ReferLine, ...]
    wrongs: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class ReferRead(Page):
    """What would go out, or may.

    Attributes:
        number: Of the thread.
        text: What it says.
        chosen: The numbers of the messages.
        answers: Whether the desk's answers go along.
        query: The same as an address has it.
        recorded: Whether it stands in the record, so that it can be saved.
        relay: Where the record stands.
        proxy: Through what it goes; "" straight.
        news: What putting it on record brought.
        wrongs: What is to be mended.
    """

    template = "desk_refer_read.html"
    number: int
    text: str
    chosen: tuple[int, ...]
    answers: bool
    query: str
    recorded: bool
    relay: str
    proxy: str
    news: tuple[str, ...]
    wrongs: tuple[Problem, ...]


@needs_vault
async def choose(opened: Opened) -> Response:
    """Show what can go out."""
    return await _choose(opened)


async def _choose(opened: Opened, *wrongs: Problem) -> Response:
    from holdfire.conversation.kinds import TITLES  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.journeys.run_desk import show  # noqa: PLC0415

    number = _number(opened)
    shown = await opened.run(show, number)
    lines = {one.number: ReferLine(one.number, TITLES[one.kind], f"{one.time.date()}") for one in shown.messages}  # fmt: skip
    page = ReferChosen(
        number=number, messages=tuple(lines.values()), wrongs=wrongs, back=f"/desk/threads/{number}"
    )
    return render(opened.request, page, 422 if wrongs else 200)


@needs_vault
async def read(opened: Opened) -> Response:
    """Show what would go out."""
    asked = opened.request.query_params
    wish = _wish(opened, asked.getlist("messages"), answers=asked.get("answers") == "yes")
    if not wish.messages:
        return await _choose(opened, Problem("messages", mark("Choose at least one message.")))
    return await _read(opened, wish)


async def _read(opened: Opened, wish: Referral, *wrongs: Problem) -> Response:
    from holdfire.journeys import refer_thread  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415

    recorded = await opened.run(refer_thread.is_on_record, wish)
    packet = await opened.run(refer_thread.refer, replace(wish, agreed=recorded), opened.language)
    last = await opened.run(last_proxy)
    page = ReferRead(
        number=wish.thread,
        text=refer_thread.made_of(packet, "txt", opened.language).decode(),
        chosen=wish.messages,
        answers=wish.answers,
        query=_query(wish),
        recorded=recorded,
        relay=(await opened.run(own_desk)).value.relays[0].origin,
        proxy="" if last is None else str(last),
        news=told_at(opened, _here(wish)),
        wrongs=wrongs,
        back=f"/desk/threads/{wish.thread}/refer",
    )
    return render(opened.request, page, 422 if wrongs else 200)


@needs_vault
async def record(opened: Opened) -> Response:
    """Put on record that it goes out."""
    from holdfire.journeys import refer_thread  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415

    form = await read_form(opened.request)
    wish = _wish(opened, form.several("messages"), answers=form.one("answers") == "yes")
    wish = replace(wish, agreed=form.one("agreed") == "yes")
    if not wish.messages:
        return await _choose(opened, Problem("messages", mark("Choose at least one message.")))
    try:
        refer_thread.check_agreed(wish)
    except UserError as fault:
        return await _read(opened, wish, problem_of(opened.language, fault, "agreed"))
    if not await opened.sure(NOT_SENT):
        return await _read(opened, wish)
    vault, now = opened.vault, opened.program.now

    def act(ways: Ways, _: Progress) -> list[str]:
        with ways(own_desk(vault).value.relays[0].origin) as ask:
            refer_thread.put_on_record(vault, wish, ask, now())
        return [opened.say(mark("It stands in the record."))]

    proxy = await opened.run(last_proxy)
    return begin(opened, mark("Putting it on record"), _here(wish), proxy, act)


@needs_vault
async def save_file(opened: Opened) -> Response:
    """Give the file, once the record knows of it."""
    from holdfire.journeys import refer_thread  # noqa: PLC0415

    asked, kind = opened.request.query_params, opened.request.path_params["kind"]
    wish = _wish(opened, asked.getlist("messages"), answers=asked.get("answers") == "yes")
    wish = replace(wish, agreed=True)
    if kind not in _KINDS or not wish.messages or not await opened.run(refer_thread.is_on_record, wish):
        raise HTTPException(404)
    packet = await opened.run(refer_thread.refer, wish, opened.language)
    made = await opened.run(lambda _: refer_thread.made_of(packet, kind, opened.language))
    saved = {"content-disposition": f'attachment; filename="notes.{kind}"'}
    return Response(made, media_type=_KINDS[kind], headers=saved)


def _number(opened: Opened) -> int:
    return int(opened.request.path_params["number"])


def _wish(opened: Opened, said: Iterable[str], *, answers: bool) -> Referral:
    from holdfire.journeys.refer_thread import Referral  # noqa: PLC0415

    numbers = {int(one) for one in said if one.isascii() and one.isdigit() and len(one) <= _DIGITS}
    return Referral(_number(opened), tuple(sorted(numbers)), answers)


def _query(wish: Referral) -> str:
    said = [("messages", str(one)) for one in wish.messages]
    return urlencode([*said, *([("answers", "yes")] if wish.answers else [])])


def _here(wish: Referral) -> str:
    return f"/desk/threads/{wish.thread}/refer/read?{_query(wish)}"


ROUTES = (
    Route("/desk/threads/{number:int}/refer", choose, methods=["GET"]),
    Route("/desk/threads/{number:int}/refer/read", read, methods=["GET"]),
    Route("/desk/threads/{number:int}/refer/record", record, methods=["POST"]),
    Route("/desk/threads/{number:int}/refer/notes.{kind}", save_file, methods=["GET"]),
)
