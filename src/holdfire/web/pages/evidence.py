"""One item of evidence: what it shows, its notes and its history, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.documents.encoding import sure_encoding
from holdfire.evidence.item import FIELDS, MOST_TITLE, UNKNOWN, escape
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form, read_form
from holdfire.web.guard import MEDIA_POLICY
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.evidence_content import drawable, small_of
from holdfire.web.pages.evidence_list import Next, offered
from holdfire.web.pages.evidence_words import (
    FIRST_FIELDS,
    HEARD,
    PLAYED,
    SHOWN,
    fields_of,
    history_of,
    notes_in,
    size_words,
    words_of,
)
from holdfire.web.pages.order_fields import pieces_of
from holdfire.web.pages.orders import TextShown
from holdfire.web.session import Progress, Work

if TYPE_CHECKING:
    from holdfire.journeys.keep_evidence import Evidence

#: Firefox plays what is larger, also in a private window, out of a hidden file in clear on the disk, unless it is told
#: not to; our own window and Tor Browser tell it (decision 0095).
_FIREFOX_HOLDS: Final = 8 << 20
#: How much of a text is shown.
_MOST_TEXT: Final = 8_000
#: How many events of the history stand on the page, the last ones.
_EVENTS: Final = 20
_MOST_COPIES: Final = 20

Shown = Literal["picture", "film", "sound", "drawn", "text", "none"]


@dataclass(frozen=True)
class EventLine:
    """One event of the history: when, what was done (marked), what is known of it (marked words, value)."""

    at: str
    done: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ItemShown(Page):
    """One item.

    Attributes:
        number: What it is called by.
        title: In the person's words.
        form: What it is, marked.
        size: In words.
        sha256: 64 hexadecimal digits.
        name: The file's name as it was found; "" unknown.
        made: The file's own date as found; "" unknown.
        added: The day it was taken in.
        copy_of: The number of the original; 0 for an original.
        steps: What was done to make this copy.
        tells: What this copy can still tell; empty for an original.
        copies: Numbers of its working copies.
        shown: How it is shown here.
        asks: Whether the person is asked before it plays, because the browser may write it to the disk.
        text: The beginning of a text.
        cut: Whether the text goes on.
        sheet: Which page of a PDF is shown.
        sheets: How many pages it has; 0 where nobody knows.
        first: Note fields that stand open.
        rest: Note fields behind a line.
        left: Names and words of note fields that are too long for this page.
        unknown: How many note fields are unknown.
        most: Most characters a title has.
        undo: Whether the notes before can be put back.
        events: What was done with it, the last first.
        earlier: How many events are not shown.
        broken: What is wrong with its history, translated; "" where it is whole.
        nexts: What can be done with it.
    """

    template = "evidence_item.html"
    number: int
    title: str
    form: str
    size: str
    sha256: str
    name: str
    made: str
    added: str
    copy_of: int
    steps: tuple[str, ...]
    tells: tuple[str, ...]
    copies: tuple[int, ...]
    shown: Shown
    asks: bool
    text: str
    cut: bool
    sheet: int
    sheets: int
    first: tuple[Asked, ...]
    rest: tuple[Asked, ...]
    left: tuple[tuple[str, str], ...]
    unknown: int
    most: int
    undo: bool
    events: tuple[EventLine, ...]
    earlier: int
    broken: str
    nexts: tuple[Next, ...]


@needs_vault
async def show(opened: Opened) -> Response:
    """Show one item."""
    from holdfire.evidence.copies.sayings import STEP_WORDS  # noqa: PLC0415
    from holdfire.journeys.keep_evidence import EVIDENCE, all_evidence, find_evidence  # noqa: PLC0415
    from holdfire.journeys.make_copy import still_tells  # noqa: PLC0415

    record = await opened.run(find_evidence, int(opened.request.path_params["number"]))
    one = record.value
    versions = await opened.run(lambda vault: vault.records.versions(EVIDENCE, record.id))
    shown, text = _shown_as(one), ""
    if shown == "text":
        text = await _beginning(opened, one)
    sheets = (await small_of(opened, record)).pages if one.form == "pdf" and shown == "drawn" else 0
    asked = opened.request.query_params.get("page", "")
    sheet = int(asked) if asked.isdigit() and len(asked) < 7 and 1 <= int(asked) <= max(sheets, 1) else 1  # noqa: PLR2004 - six digits
    events, broken = await _history(opened, one)
    rest = tuple(name for name in FIELDS if name not in FIRST_FIELDS)
    first, left = fields_of(FIRST_FIELDS, one.capture, opened.language)
    more, also_left = fields_of(rest, one.capture, opened.language)
    session = opened.program.session
    undo, session.undo = session.undo and len(versions) > 1, False
    page = ItemShown(
        number=one.number,
        title=one.title,
        form=words_of(one),
        size=size_words(one.size),
        sha256=one.sha256,
        name=escape(one.name),
        made=one.made,
        added=f"{versions[-1].saved.astimezone():%Y-%m-%d}",
        copy_of=one.copy_of,
        steps=tuple(opened.say(STEP_WORDS.get(step, step)) for step in one.steps),
        tells=still_tells(one),
        copies=tuple(
            other.value.number
            for other in await opened.run(all_evidence)
            if other.value.copy_of == one.number
        )[:_MOST_COPIES],
        shown=shown,
        asks=_asks(opened.request, one),
        text=text,
        cut=shown == "text" and one.size > _MOST_TEXT,
        sheet=sheet,
        sheets=sheets,
        first=first,
        rest=more,
        left=tuple((name, FIELDS[name]) for name in (*left, *also_left)),
        unknown=sum(value == UNKNOWN for value in one.capture.values()),
        most=MOST_TITLE,
        undo=undo,
        events=events[:_EVENTS],
        earlier=max(0, len(events) - _EVENTS),
        broken=broken,
        nexts=offered(opened, (_CHECK, *_NEXTS) if one.form in _PACKED else _NEXTS, one.number),
        back="/evidence",
    )
    answer = render(opened.request, page)
    if shown in {"film", "sound"}:
        answer.headers["content-security-policy"] = MEDIA_POLICY.decode("ascii")
    return answer


@needs_vault
async def note(opened: Opened) -> Response:
    """Keep what the person notes of an item, as a new version."""
    from holdfire.journeys.keep_evidence import change_notes, find_evidence  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    form = await read_form(opened.request)
    record = await opened.run(find_evidence, number)
    changed = await opened.run(
        change_notes, number, opened.program.now(), title=form.one("title"), capture=notes_in(form)
    )
    if changed.version == record.version:
        opened.notice(mark("Nothing was different, so nothing was changed."))
    else:
        opened.notice(mark("Your notes are kept. The version before stays too."))
        opened.program.session.undo = True
    return go(f"/evidence/{number}")


@needs_vault
async def read_note(opened: Opened) -> Response:
    """Show a long note, a piece of it on a page."""
    from holdfire.journeys.keep_evidence import find_evidence  # noqa: PLC0415

    number, name = int(opened.request.path_params["number"]), opened.request.path_params["field"]
    if name not in FIELDS:
        raise HTTPException(404)
    record = await opened.run(find_evidence, number)
    pieces = pieces_of(record.value.capture[name])
    part = Form(list(opened.request.query_params.multi_items())).number("part", 1, len(pieces)) or 1
    page = TextShown(
        title=FIELDS[name],
        text=pieces[part - 1],
        version=record.version,
        part=part,
        parts=len(pieces),
        back=f"/evidence/{number}",
    )
    return render(opened.request, page)


@needs_vault
async def undo_notes(opened: Opened) -> Response:
    """Put the notes of the version before back, as a new version."""
    from holdfire.journeys.keep_evidence import EVIDENCE, change_notes, find_evidence  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    record = await opened.run(find_evidence, number)
    versions = await opened.run(lambda vault: vault.records.versions(EVIDENCE, record.id))
    if len(versions) > 1:
        before = versions[1].value
        await opened.run(
            change_notes, number, opened.program.now(), title=before.title, capture=before.capture
        )
        opened.notice(mark("The notes are as they were before."))
    return go(f"/evidence/{number}")


@needs_vault
async def look_through(opened: Opened) -> Response:
    """Read every byte of an item again and compare it with what was taken in, as long work."""
    from holdfire.journeys.keep_evidence import find_evidence, stream_evidence  # noqa: PLC0415

    vault, number = opened.vault, int(opened.request.path_params["number"])
    size = (await opened.run(find_evidence, number)).value.size

    def act(progress: Progress) -> None:
        done = 0
        for piece in stream_evidence(vault, number):
            done += len(piece)
            progress(done, size)

    work = Work(
        title=mark("Reading every byte again"),
        then=f"/evidence/{number}",
        notice=mark("Every byte is as it was when it was taken in."),
        back=f"/evidence/{number}",
    )
    opened.program.session.begin(work, act)
    return go("/progress")


@needs_vault
async def delete(opened: Opened) -> Response:
    """Destroy an item, when the form says so twice."""
    from holdfire.journeys.delete_evidence import delete_evidence  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    if not await opened.sure(mark("Nothing was destroyed: the box was not ticked.")):
        return go(f"/evidence/{number}")
    remains = await opened.run(delete_evidence, number, opened.program.now())
    said = [opened.say(_DESTROYED)]
    if remains.copies:
        said.append(opened.say(_COPIES_REMAIN, numbers=", ".join(map(str, remains.copies))))
    if remains.accounts:
        said.append(opened.say(_ACCOUNTS_REMAIN, numbers=", ".join(map(str, remains.accounts))))
    if remains.given_to:
        said.append(opened.say(_GIVEN_REMAIN, whom=", ".join(remains.given_to)))
    opened.program.session.notice = " ".join(said)
    return go("/evidence")


def _shown_as(one: Evidence) -> Shown:
    """Return how an item is shown: what a browser plays, what is drawn first, text, or not at all."""
    if one.form in SHOWN:
        return "picture"
    if one.form in PLAYED:
        return "film"
    if one.form in HEARD:
        return "sound"
    if one.form == "text":
        return "text"
    return "drawn" if drawable(one) else "none"


def _asks(request: Request, one: Evidence) -> bool:
    """Say whether this browser may write what it plays to the disk, and the person was not asked yet."""
    hides = "Firefox/" in request.headers.get("user-agent", "") and one.size > _FIREFOX_HOLDS
    return hides and request.query_params.get("play") != "yes"


async def _beginning(opened: Opened, one: Evidence) -> str:
    from holdfire.journeys.keep_evidence import read_evidence  # noqa: PLC0415

    content = await opened.run(read_evidence, one.number, 0, _MOST_TEXT)
    return content.decode(sure_encoding(content, cut=True) or "utf-8", "replace").replace("\x00", "")


async def _history(opened: Opened, one: Evidence) -> tuple[tuple[EventLine, ...], str]:
    """Return what was done with an item, the last first, and what is wrong with that history."""
    from holdfire.evidence.custody.refusals import CustodyError  # noqa: PLC0415
    from holdfire.journeys.keep_evidence import custody_log  # noqa: PLC0415

    try:
        log = await opened.run(custody_log, one.number)
        return tuple(EventLine(*line) for line in reversed(history_of(log))), ""
    except CustodyError as fault:
        # Not through `said_of`: there every fault of this family is one sentence, and here each has its own name.
        return (), f"{opened.say(fault.sentence, **fault.values)} {opened.say(fault.hint)}"


_DESTROYED: Final = mark(
    "It is destroyed in this vault, with its notes and its history. The file it came from, and whatever was saved "
    "outside, stay where they are."
)
_COPIES_REMAIN: Final = mark("Working copies of it are still here: {numbers}.")
_ACCOUNTS_REMAIN: Final = mark("What was written for it is still kept as account: {numbers}.")
_GIVEN_REMAIN: Final = mark("It was handed over to: {whom}. That stays with them.")
#: Forms that a package comes in.
_PACKED: Final = frozenset({"tar", "age"})
_CHECK: Final = Next(
    mark("Check it as a package"),
    mark("If somebody handed it to you: was anything changed?"),
    "/evidence/{number}/package",
)
#: What other pages can do with one item; shown where this version can.
_NEXTS: Final = (
    Next(mark("Make a copy for others"), mark("Cleaned, with faces and places covered. The original stays as it is."), "/evidence/{number}/copy"),
    Next(mark("Have the day confirmed"), mark("An office outside puts a stamp on it, without seeing the file."), "/evidence/stamps?number={number}"),
    Next(mark("Hand it over"), mark("As one sealed package that a court can check."), "/evidence/export?number={number}"),
)  # fmt: skip
ROUTES = (
    Route("/evidence/{number:int}", show, methods=["GET"]),
    Route("/evidence/{number:int}/note/{field}", read_note, methods=["GET"]),
    Route("/evidence/{number:int}/notes", note, methods=["POST"]),
    Route("/evidence/{number:int}/notes/undo", undo_notes, methods=["POST"]),
    Route("/evidence/{number:int}/check", look_through, methods=["POST"]),
    Route("/evidence/{number:int}/delete", delete, methods=["POST"]),
)
