"""Desks a person knows: take a card in, compare its eight words, note what contact means here, read what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_form, read_upload
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.reaching import told_at

if TYPE_CHECKING:
    from holdfire.journeys.write_message import Line
    from holdfire.vault.vault import Vault

_LIST: Final = "/messages"
_CARD: Final = "/messages/card"
#: Pages that take a form with a file.
UPLOADS: Final = frozenset({_CARD})
_MOST_CARD: Final = 1 << 15
#: Where a conversation stands, by the name of its stage, as a person is told.
STAGES: Final = {
    "NOTHING": mark("nothing written yet"),
    "WAITING": mark("no receipt yet: it has not arrived"),
    "RECEIVED": mark("the desk has everything"),
    "ANSWERED": mark("answered"),
    "SILENT": mark("nothing for 30 days"),
    "ENDED": mark("ended"),
}


@dataclass(frozen=True)
class DeskLine:
    """A desk: its number, what it calls itself, whether its words were compared, where the conversation stands."""

    number: int
    name: str
    confirmed: str
    stage: str


@dataclass(frozen=True)
class SaidLine:
    """One line of a conversation: whose, its number, what it is about, text, day, where it stands, files, whether it can be taken back."""

    mine: bool
    number: int
    kind: str
    text: str
    day: str
    state: str
    files: tuple[str, ...]
    own: bool


@dataclass(frozen=True, kw_only=True)
class MessagesListed(Page):
    """The desks that are known.

    Attributes:
        desks: By number.
        action: Where a card goes.
        wrongs: What is to be mended, at which field.
    """

    template = "messages.html"
    desks: tuple[DeskLine, ...]
    action: str
    wrongs: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class DeskShown(Page):
    """A desk and the conversation with it.

    Attributes:
        number: Of the desk.
        name: What it calls itself.
        promises: What it promises, in its own words.
        relays: Where it is found.
        confirmed: On which day its words were compared; "" for never.
        stopped: Whether it contradicted itself.
        contact: What was noted on whether contact is forbidden, as a sentence.
        bans: What can be noted: value, words, whether chosen.
        source: Where that was read.
        stage: Where the conversation stands.
        lines: What was said.
        waiting: How many messages wait.
        proxy: Through what it went last; "" straight.
        news: What the last check-in brought, sentence by sentence.
        wrongs: What is to be mended, at which field.
    """

    template = "messages_desk.html"
    number: int
    name: str
    promises: str
    relays: tuple[str, ...]
    confirmed: str
    stopped: bool
    contact: str
    bans: tuple[tuple[str, str, bool], ...]
    source: str
    stage: str
    lines: tuple[SaidLine, ...]
    waiting: int
    proxy: str
    news: tuple[str, ...]
    wrongs: tuple[Problem, ...]


def number_of(opened: Opened) -> int:
    """Return the number of the desk that the address names."""
    return int(opened.request.path_params["number"])


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show the desks that are known."""
    return render(opened.request, await _list(opened))


async def _list(opened: Opened, wrongs: tuple[Problem, ...] = ()) -> MessagesListed:
    return MessagesListed(desks=await opened.run(_desks), action=_CARD, wrongs=wrongs, back="/")


def _desks(vault: Vault) -> tuple[DeskLine, ...]:
    from holdfire.journeys.keep_desk import all_desks  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.journeys.write_message import talk  # noqa: PLC0415

    return tuple(
        DeskLine(
            one.value.number, one.value.name,
            one.value.confirmed.isoformat() if one.value.confirmed else "",
            STAGES[talk(vault, one.value.number).stage.name],
        )
        for one in all_desks(vault)
    )  # fmt: skip


@needs_vault
async def add_card(opened: Opened) -> Response:
    """Take a card in."""
    from holdfire.journeys.keep_desk import add_desk  # noqa: PLC0415

    upload = await read_upload(opened.request, "file", _MOST_CARD)
    try:
        desk = await opened.run(add_desk, upload.stream.read(), opened.program.now())
    except HoldfireError as fault:
        wrong = problem_of(opened.language, fault, "file")
        return render(opened.request, await _list(opened, (wrong,)), 422)
    opened.notice(mark("The card is here. It proves nothing yet: compare its eight words."))
    return go(f"{_LIST}/{desk.value.number}")


@needs_vault
async def show(opened: Opened) -> Response:
    """Show a desk and what was said."""
    news = told_at(opened, f"{_LIST}/{number_of(opened)}")
    return render(opened.request, await desk_page(opened, number_of(opened), news=news))


async def desk_page(
    opened: Opened,
    number: int,
    wrongs: tuple[Problem, ...] = (),
    *,
    proxy: str | None = None,
    news: tuple[str, ...] = (),
) -> DeskShown:
    """Return the page of a desk; `proxy` is what stands in its field, `news` what a check-in just brought.

    Raises:
        UserError: There is no such desk.
    """
    from holdfire.drop.known import Ban  # noqa: PLC0415
    from holdfire.journeys.keep_desk import find_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415
    from holdfire.journeys.write_message import outbox, talk  # noqa: PLC0415

    known = (await opened.run(find_desk, number)).value
    said = await opened.run(talk, number)
    waiting = [one for one in await opened.run(outbox) if one.desk == number]
    last = await opened.run(last_proxy)
    words = {
        Ban.UNKNOWN: mark("I do not know"),
        Ban.BANNED: mark("It is forbidden"),
        Ban.ALLOWED: mark("It is not forbidden"),
    }
    own = max((one.number for one in waiting), default=0)
    return DeskShown(
        number=number,
        name=known.name,
        promises=known.card.promises,
        relays=known.origins,
        confirmed=known.confirmed.isoformat() if known.confirmed else "",
        stopped=known.stopped,
        contact=opened.say(known.contact.said.sentence, **known.contact.said.values),
        bans=tuple((ban.value, text, known.contact.status is ban) for ban, text in words.items()),
        source=known.contact.source,
        stage=STAGES[said.stage.name],
        lines=tuple(_line(one, own) for one in said.lines),
        waiting=len(waiting),
        proxy=proxy if proxy is not None else "" if last is None else str(last),
        news=news,
        wrongs=wrongs,
        back=_LIST,
    )


def _line(one: Line, own: int) -> SaidLine:
    from holdfire.conversation.kinds import TITLES  # noqa: PLC0415
    from holdfire.journeys.write_message import WRITTEN  # noqa: PLC0415

    kind = "" if one.kind is None else TITLES[one.kind]
    mine = one.mine and one.state == WRITTEN and one.number == own
    return SaidLine(one.mine, one.number, kind, one.text, one.day.isoformat(), one.state, one.files, mine)


@needs_vault
async def confirm(opened: Opened) -> Response:
    """Compare the eight words that came another way."""
    from holdfire.journeys.keep_desk import confirm_desk  # noqa: PLC0415

    number = number_of(opened)
    typed = (await read_form(opened.request)).one("words")
    try:
        await opened.run(confirm_desk, number, typed, opened.program.now())
    except UserError as fault:
        wrong = problem_of(opened.language, fault, "words")
        return render(opened.request, await desk_page(opened, number, (wrong,)), 422)
    opened.notice(mark("These are the words of this desk. You can write to it."))
    return go(f"{_LIST}/{number}")


@needs_vault
async def note_contact(opened: Opened) -> Response:
    """Keep what the person found out on whether contact is forbidden."""
    from holdfire.drop.known import Ban  # noqa: PLC0415
    from holdfire.journeys.keep_desk import said_of_ban  # noqa: PLC0415

    number, now = number_of(opened), opened.program.now()
    form = await read_form(opened.request)
    chosen = {one.value: one for one in Ban}.get(form.one("ban"), Ban.UNKNOWN)
    try:
        await opened.run(said_of_ban, number, chosen, now.date(), form.one("source"), now)
    except UserError as fault:
        wrong = problem_of(opened.language, fault, "source")
        return render(opened.request, await desk_page(opened, number, (wrong,)), 422)
    opened.notice(mark("Noted, with today's date. It stays in your vault."))
    return go(f"{_LIST}/{number}")


@needs_vault
async def forget(opened: Opened) -> Response:
    """Delete a desk with all that was said, when the box is ticked."""
    from holdfire.journeys.keep_desk import forget_desk  # noqa: PLC0415

    number = number_of(opened)
    if not await opened.sure():
        return go(f"{_LIST}/{number}")
    await opened.run(forget_desk, number)
    opened.notice(mark("The desk and everything said is deleted here. The desk was not told."))
    return go(_LIST)


ROUTES = (
    Route(_LIST, show_all, methods=["GET"]),
    Route(_CARD, add_card, methods=["POST"]),
    Route("/messages/{number:int}", show, methods=["GET"]),
    Route("/messages/{number:int}/words", confirm, methods=["POST"]),
    Route("/messages/{number:int}/contact", note_contact, methods=["POST"]),
    Route("/messages/{number:int}/forget", forget, methods=["POST"]),
)
