"""Bring two members together who both asked: choose the threads, write to each, read both letters, answer both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.desk import AT, has_desk
from holdfire.web.reaching import NOT_SENT, Ways, begin
from holdfire.web.session import Progress

if TYPE_CHECKING:
    from holdfire.journeys.introduce import Side

_HERE: Final = "/desk/introduce"
#: Digits of a thread's number, as far as anybody types one.
_DIGITS: Final = 9


@dataclass(frozen=True)
class AskingLine:
    """A thread whose member asked to meet somebody: number, whom."""

    number: int
    meet: tuple[str, ...]


@dataclass(frozen=True)
class SideShown:
    """One of two: the thread's number, whom its member wants to meet, what is written to them, the whole letter once it can be read."""

    number: int
    meet: tuple[str, ...]
    text: str
    letter: str


@dataclass(frozen=True, kw_only=True)
class Asking(Page):
    """Who asked to meet somebody.

    Attributes:
        threads: Of whom two can be chosen.
        wrongs: What is to be mended.
    """

    template = "desk_introduce.html"
    threads: tuple[AskingLine, ...]
    wrongs: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class Introducing(Page):
    """What two members are told.

    Attributes:
        sides: Both of them.
        read: Whether both letters can be read, and so sent.
        relay: Where the record stands.
        proxy: Through what it goes; "" straight.
        wrongs: What is to be mended.
    """

    template = "desk_introduce_write.html"
    sides: tuple[SideShown, ...]
    read: bool
    relay: str
    proxy: str
    wrongs: tuple[Problem, ...]


@needs_vault
async def choose(opened: Opened) -> Response:
    """Show who asked; with two of them chosen, where to write to both."""
    if not await has_desk(opened):
        return go(AT)
    chosen = opened.request.query_params.getlist("thread")
    numbers = [
        int(one) for one in dict.fromkeys(chosen) if one.isascii() and one.isdigit() and len(one) <= _DIGITS
    ]
    if not opened.request.query_params:
        return await _asking(opened)
    if len(numbers) != 2:  # noqa: PLR2004 - both sides, no more
        return await _asking(opened, Problem("thread", mark("Choose two of them.")))
    return await _write(opened, (numbers[0], numbers[1]))


async def _asking(opened: Opened, *wrongs: Problem) -> Response:
    from holdfire.journeys.introduce import asking  # noqa: PLC0415 - the vault loads when it is needed

    found = await opened.run(asking)
    lines = tuple(AskingLine(one.number, one.meet) for one in found)
    return render(opened.request, Asking(threads=lines, wrongs=wrongs, back=AT), 422 if wrongs else 200)


async def _write(
    opened: Opened,
    numbers: tuple[int, int],
    texts: tuple[str, str] = ("", ""),
    letters: tuple[str, str] = ("", ""),
    *wrongs: Problem,
) -> Response:
    from holdfire.journeys.introduce import asking  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415

    found = {one.number: one.meet for one in await opened.run(asking)}
    last = await opened.run(last_proxy)
    page = Introducing(
        sides=tuple(
            SideShown(number, found.get(number, ()), text, letter)
            for number, text, letter in zip(numbers, texts, letters, strict=True)
        ),
        read=all(letters),
        relay=(await opened.run(own_desk)).value.relays[0].origin,
        proxy="" if last is None else str(last),
        wrongs=wrongs,
        back=_HERE,
    )
    return render(opened.request, page, 422 if wrongs else 200)


@needs_vault
async def write(opened: Opened) -> Response:
    """Show both letters; or put both answers on record, when the box is ticked."""
    from holdfire.journeys import introduce  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415

    if not await has_desk(opened):
        return go(AT)
    form = await read_form(opened.request)
    said = (form.one("first"), form.one("second"))
    if not all(one.isascii() and one.isdigit() and len(one) <= _DIGITS for one in said):
        return go(_HERE)
    numbers, texts = (int(said[0]), int(said[1])), (form.one("text"), form.one("other"))
    one, other = (introduce.Side(number, text) for number, text in zip(numbers, texts, strict=True))
    try:
        letters = await opened.run(introduce.letters, one, other)
    except UserError as fault:
        wrong = problem_of(opened.language, fault, _field(fault, other))
        return await _write(opened, numbers, texts, ("", ""), wrong)
    if form.one("do") != "send" or not await opened.sure(NOT_SENT):
        return await _write(opened, numbers, texts, letters)
    vault, now = opened.vault, opened.program.now

    def act(ways: Ways, _: Progress) -> list[str]:
        with ways(own_desk(vault).value.relays[0].origin) as ask:
            introduce.introduce(vault, one, other, ask, now())
        return [opened.say(mark("Both answers stand in the record. They go out with the next edition."))]

    proxy = await opened.run(last_proxy)
    return begin(opened, mark("Putting both answers on record"), AT, proxy, act)


def _field(fault: UserError, other: Side) -> str:
    """Return at which of the two fields a person mends it."""
    return "other" if fault.values.get("number") == other.number else "text"


ROUTES = (
    Route(_HERE, choose, methods=["GET"]),
    Route(_HERE, write, methods=["POST"]),
)
