"""Write to a desk, look at it once more, send it and look for answers; nothing goes out before the box is ticked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.messages import desk_page, number_of
from holdfire.web.reaching import NOT_SENT, Ways, fault_lines, proxy_typed
from holdfire.web.reaching import begin as begin_reaching
from holdfire.web.session import Progress, StoppedError

if TYPE_CHECKING:
    from holdfire.conversation.kinds import Kind
    from holdfire.journeys.exchange import News

#: Languages a person can ask to be answered in.
_LANGUAGES: Final = (("", mark("any")), ("en", "English"), ("ru", "Русский"), ("be", "Беларуская"))


@dataclass(frozen=True)
class AskedLine:
    """A question of the form: its field, what is asked, what was typed, the answers if they are few, whether it must be answered."""

    field: str
    asks: str
    value: str
    answers: tuple[str, ...]
    needed: bool


@dataclass(frozen=True)
class FileLine:
    """Evidence that can go with it: its number, title, how large it is, whether it is the file as it was found, whether chosen."""

    number: int
    title: str
    size: str
    original: bool
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class KindsShown(Page):
    """What a message can be about.

    Attributes:
        number: Of the desk.
        name: What it calls itself.
        kinds: Name in the address, and words.
        contact: What was noted on whether contact is forbidden.
    """

    template = "messages_kinds.html"
    number: int
    name: str
    kinds: tuple[tuple[str, str], ...]
    contact: str


@dataclass(frozen=True, kw_only=True)
class MessageAsked(Page):
    """A message to be written.

    Attributes:
        number: Of the desk.
        name: What it calls itself.
        kind: Name of the kind in the address.
        title: What it is about.
        warning: Whether it warns of something.
        asked: Questions of the kind's form.
        text: What was typed.
        files: Evidence that can go with it.
        languages: In which it can be answered: code, words, whether chosen.
        confirmed: Whether the desk's words were compared.
        wrongs: What is to be mended, at which field.
    """

    template = "messages_write.html"
    number: int
    name: str
    kind: str
    title: str
    warning: bool
    asked: tuple[AskedLine, ...]
    text: str
    files: tuple[FileLine, ...]
    languages: tuple[tuple[str, str, bool], ...]
    confirmed: bool
    wrongs: tuple[Problem, ...]


def _kind(opened: Opened) -> Kind:
    from holdfire.conversation.kinds import Kind  # noqa: PLC0415 - its package loads when it is needed

    for one in Kind:
        if _named(one) == opened.request.path_params["kind"]:
            return one
    raise HTTPException(404)


def _named(kind: Kind) -> str:
    return kind.name.lower().replace("_", "-")


@needs_vault
async def choose(opened: Opened) -> Response:
    """Show what a message can be about."""
    from holdfire.conversation.kinds import TITLES  # noqa: PLC0415
    from holdfire.journeys.keep_desk import find_desk  # noqa: PLC0415

    number = number_of(opened)
    known = (await opened.run(find_desk, number)).value
    contact = opened.say(known.contact.said.sentence, **known.contact.said.values)
    kinds = tuple((_named(kind), title) for kind, title in TITLES.items())
    page = KindsShown(
        number=number, name=known.name, kinds=kinds, contact=contact, back=f"/messages/{number}"
    )
    return render(opened.request, page)


@needs_vault
async def begin(opened: Opened) -> Response:
    """Show an empty form."""
    return render(opened.request, await _form(opened, Form([])))


async def _form(opened: Opened, typed: Form, wrongs: tuple[Problem, ...] = ()) -> MessageAsked:
    from holdfire.conversation.kinds import FORMS, TITLES, WARNINGS  # noqa: PLC0415
    from holdfire.journeys.keep_desk import find_desk  # noqa: PLC0415
    from holdfire.journeys.keep_evidence import all_evidence  # noqa: PLC0415

    number, kind = number_of(opened), _kind(opened)
    known = (await opened.run(find_desk, number)).value
    chosen = typed.several("files")
    return MessageAsked(
        number=number,
        name=known.name,
        kind=_named(kind),
        title=TITLES[kind],
        warning=kind in WARNINGS,
        asked=tuple(
            AskedLine(_field(one.name), one.asks, typed.one(_field(one.name)), one.answers, one.needed)
            for one in FORMS[kind]
        ),
        text=typed.one("text"),
        files=tuple(
            FileLine(
                one.value.number, one.value.title, _size(one.value.size), not one.value.copy_of,
                str(one.value.number) in chosen,
            )
            for one in await opened.run(all_evidence)
        ),
        languages=tuple((code, words, code == typed.one("language")) for code, words in _LANGUAGES),
        confirmed=known.confirmed is not None,
        wrongs=wrongs,
        back=f"/messages/{number}/write",
    )  # fmt: skip


def _field(name: str) -> str:
    return "ask-" + name.replace(" ", "-")


def _size(size: int) -> str:
    return f"{max(1, size >> 20)} MiB" if size >= 1 << 20 else f"{max(1, size >> 10)} KiB"


@needs_vault
async def write(opened: Opened) -> Response:
    """Keep a message in the vault; nothing is sent."""
    from holdfire.conversation.kinds import FORMS  # noqa: PLC0415
    from holdfire.journeys.write_message import write as keep  # noqa: PLC0415

    number, kind, form = number_of(opened), _kind(opened), await read_form(opened.request)
    answers = {one.name: form.one(_field(one.name)) for one in FORMS[kind]}
    answers = {name: answer for name, answer in answers.items() if answer}
    files = [int(one) for one in form.several("files") if one.isascii() and one.isdigit() and len(one) < 10]  # noqa: PLR2004
    if not (answers or files or form.one("text")) and _named(kind) != "check-in":
        nothing = Problem("text", mark("There is nothing in this message."))
        return render(opened.request, await _form(opened, form, (nothing,)), 422)
    try:
        await opened.run(
            keep, number, kind, form.one("text"), answers, opened.program.now(), attachments=files,
            language=form.one("language"), unconfirmed=form.one("unconfirmed") == "yes",
        )  # fmt: skip
    except UserError as fault:
        missing = next((one for one in FORMS[kind] if one.needed and one.name not in answers), None)
        field = _field(missing.name) if missing else "text"
        wrong = problem_of(opened.language, fault, field)
        return render(opened.request, await _form(opened, form, (wrong,)), 422)
    opened.notice(mark("Written, in your vault. Nothing was sent. Read it once more below, then send it."))
    return go(f"/messages/{number}")


@needs_vault
async def take_back(opened: Opened) -> Response:
    """Take the last message back, of which nothing was sent."""
    from holdfire.journeys.write_message import discard  # noqa: PLC0415

    number = number_of(opened)
    await opened.run(discard, number, int(opened.request.path_params["message"]))
    opened.notice(mark("Taken back. Nothing of it was sent."))
    return go(f"/messages/{number}")


@needs_vault
async def exchange(opened: Opened) -> Response:
    """Send what waits and look for answers, when the box is ticked."""
    from holdfire.journeys import exchange as steps  # noqa: PLC0415

    number, now = number_of(opened), opened.program.now
    form = await read_form(opened.request)
    text, unconfirmed = form.one("proxy"), form.one("unconfirmed") == "yes"
    try:
        proxy = await proxy_typed(opened, text)
        await opened.run(
            steps.errand, number, (await opened.run(steps.origins, number))[0], unconfirmed=unconfirmed
        )
    except HoldfireError as fault:
        wrong = problem_of(opened.language, fault, "proxy")
        return render(opened.request, await desk_page(opened, number, (wrong,), proxy=text), 422)
    if not await opened.sure(NOT_SENT):
        return go(f"/messages/{number}")
    vault = opened.vault

    def act(ways: Ways, progress: Progress) -> list[str]:
        told: list[str] = []
        for origin in steps.waiting_at(vault, number, now()) or steps.origins(vault, number)[:1]:
            errand = steps.errand(vault, number, origin, unconfirmed=unconfirmed)
            try:
                with ways(origin) as ask:
                    found = steps.look(errand, ask)
                    news = steps.take_in(vault, found, now())
                    told += _told(opened, news, steps.send(vault, found, ask, now, progress=progress))
            except StoppedError:
                raise
            except HoldfireError as fault:
                told += fault_lines(opened, fault)
        return told

    return begin_reaching(opened, mark("Asking the relay"), f"/messages/{number}", proxy, act)


def _told(opened: Opened, news: News, sent: int) -> list[str]:
    lines = [opened.say(one.sentence, **one.values) for one in news.said]
    if sent:
        lines.append(opened.say(mark("Sent: {count}. It has arrived only when the desk's receipt is here: look again in some hours."), count=sent))  # fmt: skip
    lines += [f"{one.day.isoformat()} {one.title}: {one.text}" for one in news.bulletins]
    for fault in news.faults:
        lines += fault_lines(opened, fault)
    return lines


ROUTES = (
    Route("/messages/{number:int}/write", choose, methods=["GET"]),
    Route("/messages/{number:int}/write/{kind}", begin, methods=["GET"]),
    Route("/messages/{number:int}/write/{kind}", write, methods=["POST"]),
    Route("/messages/{number:int}/back/{message:int}", take_back, methods=["POST"]),
    Route("/messages/{number:int}/exchange", exchange, methods=["POST"]),
)
