"""A desk of one's own: what must be done, what came, warnings first, its card, its bulletins, its record of acts."""

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
from holdfire.web.reaching import told_at

if TYPE_CHECKING:
    from holdfire.journeys.desk_members import Member
    from holdfire.journeys.run_desk import Shown
    from holdfire.vault.vault import Vault

AT: Final = "/desk"
#: How many threads, or acts, one page shows.
_AT_ONCE: Final = 50
#: What a device can do, by the name of the act, as the record of acts is read.
_ACTS: Final = {
    "ACCEPT": mark("took files in"),
    "ASSIGN": mark("gave it to"),
    "LABEL": mark("labelled it"),
    "UNLABEL": mark("took a label off"),
    "NOTE": mark("noted"),
    "STATUS": mark("said where it stands"),
    "REPLY": mark("answered"),
    "EXPORT": mark("gave it out in writing"),
    "END": mark("ended the conversation"),
    "PUBLISH": mark("published"),
    "ROSTER": mark("changed who belongs to the desk"),
    "WRAPPING_KEY": mark("made a key ready"),
}
_URGENCY: Final = (mark("WARNING"), mark("IN NEED"), "")


@dataclass(frozen=True)
class DueLine:
    """Something the desk itself must do: what is the matter, what to do, whether somebody waits in vain already."""

    said: str
    hint: str
    late: bool


@dataclass(frozen=True)
class ThreadLine:
    """A thread: its number, how many messages, since when it waits, and words on it: its kinds, labels, who has it."""

    number: int
    messages: int
    day: str
    urgent: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class ActLine:
    """An act: when, who, what, about which thread (0 for none), and what it says."""

    time: str
    who: str
    act: str
    thread: int
    detail: str


@dataclass(frozen=True, kw_only=True)
class NoDesk(Page):
    """What a desk is, where this vault holds none."""

    template = "desk_none.html"


@dataclass(frozen=True, kw_only=True)
class Inbox(Page):
    """What came, and what a desk does in a day.

    Attributes:
        name: What the desk calls itself.
        due: What must be done first.
        threads: Some of them, as they should be read.
        total: How many there are.
        page: Which page of them this is, from 1.
        more: Whether there is another.
        words: What was searched for; "" for nothing.
        eight: The eight words of its card.
        code: Where the card lies, as its QR code says it.
        relays: Where it is found.
        members: Who belongs to it: name, and words on their device.
        publishes: Whether this device publishes.
        bulletins: What it tells everyone: day, title, text.
        told: What stands in the fields of the next one: title, text.
        proxy: Through what it went last; "" straight.
        news: What the last reading or publishing brought, line by line.
        wrongs: What is to be mended, at which field.
    """

    template = "desk.html"
    name: str
    due: tuple[DueLine, ...]
    threads: tuple[ThreadLine, ...]
    total: int
    page: int
    more: bool
    words: str
    eight: str
    code: str
    relays: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    publishes: bool
    bulletins: tuple[tuple[str, str, str], ...]
    told: tuple[str, str]
    proxy: str
    news: tuple[str, ...]
    wrongs: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class RecordShown(Page):
    """What was done at this desk, by whom.

    Attributes:
        acts: The last of them first.
        total: How many there are.
    """

    template = "desk_record.html"
    acts: tuple[ActLine, ...]
    total: int


async def has_desk(opened: Opened) -> bool:
    """Say whether this vault holds a desk of its own."""
    from holdfire.journeys.kept_desk import OWN  # noqa: PLC0415 - the vault loads when it is needed

    return await opened.run(lambda vault: vault.records.count(OWN)) > 0


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the inbox, or what a desk is."""
    if not await has_desk(opened):
        return render(opened.request, NoDesk(back="/"))
    asked = opened.request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004
    return render(opened.request, await inbox(opened, page=max(1, page), news=told_at(opened, AT)))


@needs_vault
async def search(opened: Opened) -> Response:
    """Show the threads in which some words stand; sent as a form, so that they are in no history."""
    words = (await read_form(opened.request)).one("words")
    return render(opened.request, await inbox(opened, words=words))


async def inbox(
    opened: Opened,
    *,
    page: int = 1,
    words: str = "",
    proxy: str | None = None,
    told: tuple[str, str] = ("", ""),
    news: tuple[str, ...] = (),
    wrongs: tuple[Problem, ...] = (),
) -> Inbox:
    """Return the page of the inbox; `proxy` is what stands in its field.

    Raises:
        UserError: This vault holds no desk.
    """
    from holdfire.conversation.card_code import code_of  # noqa: PLC0415 - see above
    from holdfire.desk.due import due  # noqa: PLC0415
    from holdfire.journeys.desk_members import members  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415
    from holdfire.journeys.run_desk import threads  # noqa: PLC0415

    own = (await opened.run(own_desk)).value
    found = await opened.run(threads, words)
    last = await opened.run(last_proxy)
    start = (page - 1) * _AT_ONCE
    return Inbox(
        name=own.card.name,
        due=tuple(
            DueLine(opened.say(one.said, day=one.day, relay=one.relay), one.hint, one.late)
            for one in due(own, opened.program.now())
        ),
        threads=tuple(_line(opened, one) for one in found[start : start + _AT_ONCE]),
        total=len(found),
        page=page,
        more=len(found) > start + _AT_ONCE,
        words=words,
        eight=own.card.words,
        code=str(code_of(own.card)),
        relays=tuple(one.origin for one in own.relays),
        members=tuple((one.name, _device(one)) for one in await opened.run(members)),
        publishes=own.publish is not None,
        bulletins=tuple((one.day.isoformat(), one.title, one.text) for one in reversed(own.bulletins)),
        told=told,
        proxy=proxy if proxy is not None else "" if last is None else str(last),
        news=news,
        wrongs=wrongs,
        back="/",
    )


def _device(one: Member) -> str:
    if one.here:
        return mark("this device")
    return "" if one.ready else mark("no key ready: it must read soon")


def _line(opened: Opened, shown: Shown) -> ThreadLine:
    thread = shown.thread
    return ThreadLine(
        thread.number,
        thread.messages,
        thread.last.date().isoformat(),
        opened.say(_URGENCY[thread.urgency]) if thread.urgency < len(_URGENCY) - 1 else "",
        marks_of(opened, shown),
    )


def marks_of(opened: Opened, shown: Shown) -> tuple[str, ...]:
    """Return the words that stand beside a thread: what it is about, and what the record says of it."""
    from holdfire.conversation.kinds import TITLES  # noqa: PLC0415

    thread, said = shown.thread, shown.said
    words = [opened.say(TITLES[kind]) for kind in TITLES if kind in thread.kinds]
    words += [said.status, *sorted(said.labels)]
    words += [opened.say(mark("for {who}"), who=said.assigned)] if said.assigned else []
    words += [opened.say(mark("ended"))] if said.ended else []
    words += [opened.say(mark("{count} forged"), count=thread.forged)] if thread.forged else []
    words += [opened.say(mark("answer not read yet"))] if len(said.replies) > thread.seen else []
    return tuple(one for one in words if one)


@needs_vault
async def bulletin(opened: Opened) -> Response:
    """Keep a bulletin for the next edition; nothing is sent."""
    from holdfire.journeys.keep_own_desk import tell_everyone  # noqa: PLC0415

    form = await read_form(opened.request)
    title, text = form.one("title").strip(), form.one("text").strip()
    try:
        await opened.run(tell_everyone, title, text, opened.program.now())
    except UserError as fault:
        wrong = problem_of(opened.language, fault, "title")
        return render(opened.request, await inbox(opened, told=(title, text), wrongs=(wrong,)), 422)
    opened.notice(mark("It stands in the next edition. Publish when its hour comes."))
    return go(AT)


@needs_vault
async def card(opened: Opened) -> Response:
    """Give the desk's card as a file to hand out."""
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415

    document = (await opened.run(own_desk)).value.document
    headers = {"Content-Disposition": 'attachment; filename="card"'}
    return Response(document, media_type="application/octet-stream", headers=headers)


@needs_vault
async def card_code(opened: Opened) -> Response:
    """Give the picture of the card's code."""
    from holdfire.conversation.card_code import code_of  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.typesetting.code import draw_code  # noqa: PLC0415

    code = str(code_of((await opened.run(own_desk)).value.card))
    return Response(draw_code(code, "svg"), media_type="image/svg+xml")


@needs_vault
async def record(opened: Opened) -> Response:
    """Show what was done here, by whom."""
    found = await opened.run(_acts)
    page = RecordShown(acts=found[:_AT_ONCE], total=len(found), back=AT)
    return render(opened.request, page)


def _acts(vault: Vault) -> tuple[ActLine, ...]:
    from holdfire.journeys.desk_record import told  # noqa: PLC0415

    return tuple(
        ActLine(f"{one.time:%Y-%m-%d %H:%M}", one.who, _ACTS[one.act.name], one.thread, one.detail)
        for one in reversed(told(vault))
    )


ROUTES = (
    Route(AT, show, methods=["GET"]),
    Route(AT, search, methods=["POST"]),
    Route("/desk/bulletin", bulletin, methods=["POST"]),
    Route("/desk/card", card, methods=["GET"]),
    Route("/desk/card.svg", card_code, methods=["GET"]),
    Route("/desk/record", record, methods=["GET"]),
)
