"""A desk's day: read what came, look into a thread, answer it, take its files in, publish; each goes out only when the box is ticked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.desk import AT, has_desk, inbox, marks_of
from holdfire.web.pages.evidence_words import size_words
from holdfire.web.reaching import NOT_SENT, Ways, begin, fault_lines, proxy_typed, told_at
from holdfire.web.session import Progress, StoppedError

if TYPE_CHECKING:
    from holdfire.conversation.desk_log import Act
    from holdfire.journeys.kept_desk import Came
    from holdfire.journeys.run_desk import News

#: What can be done with a thread beside answering it, by the name of the act.
_CHOICES: Final = {
    "LABEL": mark("Put a label on it"),
    "UNLABEL": mark("Take a label off"),
    "ASSIGN": mark("Say who takes care of it, by the name the desk uses"),
    "STATUS": mark("Say where it stands, in a word"),
    "NOTE": mark("Note something for the desk alone"),
    "END": mark("End the conversation: once the member has read that, its keys go"),
}


@dataclass(frozen=True)
class FileLine:
    """A file of a message: how large, the number of the evidence that it became (0 for not fetched), whether it is gone from the relay."""

    size: str
    evidence: int
    gone: bool


@dataclass(frozen=True)
class CameLine:
    """A message: its number, what it is about, the day, answers to its form, text, whether another with its number came, files."""

    number: int
    title: str
    day: str
    form: tuple[tuple[str, str], ...]
    text: str
    clash: bool
    files: tuple[FileLine, ...]


@dataclass(frozen=True, kw_only=True)
class ThreadShown(Page):
    """A thread: what came, what was answered, and what can be done.

    Attributes:
        number: Of the thread.
        marks: Words on it.
        forged: How many messages came that do not continue it.
        messages: What came.
        answers: Number, text, whether the member has read it.
        notes: What the desk noted for itself.
        fetchable: Whether files wait to be fetched, or to be put on record.
        ended: Whether the conversation is over.
        templates: Answers to begin from, in the member's language: name, title.
        text: What stands in the answer's field.
        most: How many bytes an answer can have.
        choices: What else can be done: name, words, whether chosen.
        detail: What stands in its field.
        relay: Where the record stands.
        proxy: Through what it goes; "" straight.
        news: What the last act brought, line by line.
        wrongs: What is to be mended, at which field.
    """

    template = "desk_thread.html"
    number: int
    marks: tuple[str, ...]
    forged: int
    messages: tuple[CameLine, ...]
    answers: tuple[tuple[int, str, bool], ...]
    notes: tuple[str, ...]
    fetchable: bool
    ended: bool
    templates: tuple[tuple[str, str], ...]
    text: str
    most: int
    choices: tuple[tuple[str, str, bool], ...]
    detail: str
    relay: str
    proxy: str
    news: tuple[str, ...]
    wrongs: tuple[Problem, ...]


@needs_vault
async def day(opened: Opened) -> Response:
    """Read the inboxes, or publish an edition, on every relay."""
    if not await has_desk(opened):
        return go(AT)
    form = await read_form(opened.request)
    text, restored = form.one("proxy"), form.one("restored") == "yes"
    publishes = form.one("do") == "publish"
    try:
        proxy = await proxy_typed(opened, text)
    except UserError as fault:
        wrong = problem_of(opened.language, fault, "proxy")
        return render(opened.request, await inbox(opened, proxy=text, wrongs=(wrong,)), 422)
    if not await opened.sure(NOT_SENT):
        return go(AT)
    vault, now = opened.vault, opened.program.now

    def act(ways: Ways, progress: Progress) -> list[str]:
        from holdfire.journeys import run_desk  # noqa: PLC0415 - its package loads when it is needed
        from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415

        told: list[str] = []
        for origin in [one.origin for one in own_desk(vault).value.relays]:
            told.append(opened.say(mark("On {relay}:"), relay=origin))
            try:
                with ways(origin) as ask:
                    told += news_lines(opened, run_desk.look(vault, origin, ask, now()))
                    if publishes:
                        for done, total in run_desk.publish(vault, origin, ask, now(), restored=restored):
                            progress(done, total)
                        told.append(opened.say(mark("Published.")))
            except StoppedError:
                raise
            except HoldfireError as fault:
                told += fault_lines(opened, fault)
        return told

    title = mark("Reading, then publishing") if publishes else mark("Reading what came")
    return begin(opened, title, AT, proxy, act)


def news_lines(opened: Opened, news: News) -> list[str]:
    """Return what a look into an inbox brought, line by line."""
    said = (
        (news.messages, mark("New messages: {count}.")),
        (news.junk, mark("Entries that no key of this desk opens: {count}.")),
        (news.forged, mark("Messages that do not continue the conversation they name: {count}. Somebody else wrote them.")),
        (news.gone, mark("Entries that went before they were read: {count}. Their senders get no receipt, and send again.")),
    )  # fmt: skip
    return [opened.say(text, count=count) for count, text in said if count] or [
        opened.say(mark("Nothing new."))
    ]


def _number(opened: Opened) -> int:
    return int(opened.request.path_params["number"])


@needs_vault
async def show(opened: Opened) -> Response:
    """Show a thread; `template` in the address begins an answer."""
    from holdfire.desk.answering import template  # noqa: PLC0415
    from holdfire.journeys.run_desk import find_thread  # noqa: PLC0415

    number, name = _number(opened), opened.request.query_params.get("template", "")
    language = (await opened.run(find_thread, number)).language
    text = template(name, language).text if name else ""
    news = told_at(opened, f"/desk/threads/{number}")
    return render(opened.request, await _thread(opened, number, text=text, news=news))


async def _thread(
    opened: Opened,
    number: int,
    *,
    text: str = "",
    chosen: str = "",
    detail: str = "",
    news: tuple[str, ...] = (),
    wrongs: tuple[Problem, ...] = (),
) -> ThreadShown:
    from holdfire.conversation.reply import MOST_TEXT  # noqa: PLC0415
    from holdfire.desk.answering import templates  # noqa: PLC0415
    from holdfire.journeys.accept_files import unrecorded  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415
    from holdfire.journeys.run_desk import show as show_thread  # noqa: PLC0415

    shown = await opened.run(show_thread, number)
    # Files can be here of which the record does not know yet: the way to it broke off.
    untold = await opened.run(unrecorded, number)
    own = (await opened.run(own_desk)).value
    last = await opened.run(last_proxy)
    files = [file for one in shown.messages for file in one.files]
    return ThreadShown(
        number=number,
        marks=marks_of(opened, shown),
        forged=shown.thread.forged,
        messages=tuple(_came(one) for one in shown.messages),
        answers=tuple((place, said, place <= shown.thread.seen) for place, said in enumerate(shown.said.replies, 1)),
        notes=shown.said.notes,
        fetchable=bool(untold) or any(not one.evidence and not one.gone for one in files),
        ended=shown.said.ended,
        templates=tuple((one.name, one.title) for one in templates(shown.thread.language)),
        text=text,
        most=MOST_TEXT,
        choices=tuple((name, words, name == chosen) for name, words in _CHOICES.items()),
        detail=detail,
        relay=own.relays[0].origin,
        proxy="" if last is None else str(last),
        news=news,
        wrongs=wrongs,
        back=AT,
    )  # fmt: skip


def _came(one: Came) -> CameLine:
    from holdfire.conversation.kinds import TITLES, answered  # noqa: PLC0415

    return CameLine(
        one.number,
        TITLES[one.kind],
        one.time.date().isoformat(),
        answered(one.kind, one.form),
        one.text,
        one.verdict == "clash",
        tuple(FileLine(size_words(file.attachment.length), file.evidence, file.gone) for file in one.files),
    )


@needs_vault
async def answer(opened: Opened) -> Response:
    """Answer a thread; the answer goes out with the next edition."""
    from holdfire.conversation.desk_log import Act  # noqa: PLC0415

    text = (await read_form(opened.request)).one("text")
    if not await opened.sure(NOT_SENT):
        return render(opened.request, await _thread(opened, _number(opened), text=text))
    return await _do(opened, Act.REPLY, text, "text", mark("Putting the answer on record"))


@needs_vault
async def act_on(opened: Opened) -> Response:
    """Label a thread, give it to somebody, note something, end it."""
    from holdfire.conversation.desk_log import Act  # noqa: PLC0415

    form = await read_form(opened.request)
    name, detail = form.one("what"), form.one("detail").strip()
    if name not in _CHOICES or not (detail or name == "END"):
        wrong = Problem("detail", mark("Choose what to do, and say what it is to say."))
        page = await _thread(opened, _number(opened), chosen=name, detail=detail, wrongs=(wrong,))
        return render(opened.request, page, 422)
    if not await opened.sure(NOT_SENT):
        return render(opened.request, await _thread(opened, _number(opened), chosen=name, detail=detail))
    return await _do(opened, Act[name], "" if name == "END" else detail, "detail", mark("Putting it on record"))  # fmt: skip


async def _do(opened: Opened, what: Act, detail: str, field: str, title: str) -> Response:
    """Post an act, through the proxy that was used last."""
    from holdfire.journeys import run_desk  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415

    number, vault, now = _number(opened), opened.vault, opened.program.now
    try:
        await opened.run(run_desk.check_act, what, number, detail)
    except UserError as fault:
        wrong = problem_of(opened.language, fault, field)
        page = await _thread(opened, number, text=detail if field == "text" else "", wrongs=(wrong,))
        return render(opened.request, page, 422)

    def act(ways: Ways, _: Progress) -> list[str]:
        with ways(own_desk(vault).value.relays[0].origin) as ask:
            run_desk.do(vault, what, number, detail, ask, now())
        return [opened.say(mark("It stands in the record."))]

    proxy = await opened.run(last_proxy)
    return begin(opened, title, f"/desk/threads/{number}", proxy, act)


@needs_vault
async def fetch(opened: Opened) -> Response:
    """Fetch the files of a thread into the vault, and judge packages among them."""
    from holdfire.journeys import accept_files, fetch_files, run_desk  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415

    number, vault, now = _number(opened), opened.vault, opened.program.now
    here = f"/desk/threads/{number}"
    if not await opened.sure(NOT_SENT):
        return go(here)

    def act(ways: Ways, progress: Progress) -> list[str]:
        before = {file.evidence for one in run_desk.show(vault, number).messages for file in one.files}
        origins = [one.origin for one in own_desk(vault).value.relays]
        for origin in origins:
            with ways(origin) as ask:
                for done, total in fetch_files.accept(vault, number, origin, ask, now()):
                    progress(done, total)
        if accept_files.unrecorded(vault, number):
            with ways(origins[0]) as ask:
                accept_files.put_on_record(vault, number, ask, now())
        told = []
        for one in run_desk.show(vault, number).messages:
            for file in one.files:
                if file.evidence not in before:
                    told.append(opened.say(mark("Message {number}: evidence {evidence}."), number=one.number, evidence=file.evidence))  # fmt: skip
                    told += fetch_files.judged(vault, file.evidence)
        return told or [opened.say(mark("Nothing was there to fetch."))]

    proxy = await opened.run(last_proxy)
    return begin(opened, mark("Fetching the files"), here, proxy, act)


ROUTES = (
    Route("/desk/day", day, methods=["POST"]),
    Route("/desk/threads/{number:int}", show, methods=["GET"]),
    Route("/desk/threads/{number:int}/answer", answer, methods=["POST"]),
    Route("/desk/threads/{number:int}/act", act_on, methods=["POST"]),
    Route("/desk/threads/{number:int}/files", fetch, methods=["POST"]),
)
