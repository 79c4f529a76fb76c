"""Stamps on an item: what they say, ask for more, send what waits, or carry it by hand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import PeerError, UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of, said_of
from holdfire.web.forms import read_form, read_upload
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render

_ANSWER: Final = "/evidence/stamps/answer"
#: Pages that take a form with a file.
UPLOADS: Final = frozenset({_ANSWER})
_MOST_ANSWER: Final = 1 << 20
_MOST_DIGITS: Final = 9


@dataclass(frozen=True)
class StampLine:
    """A stamp: its number, of whom, what it says today, of how many events of how many; what asks elsewhere, if it waits."""

    place: int
    name: str
    says: str
    covers: int
    events: int
    command: str


@dataclass(frozen=True)
class Asked:
    """Somebody on the person's list: the name, and whether a calendar."""

    name: str
    calendar: bool


@dataclass(frozen=True)
class ItemLine:
    """An item: its number, what it is called, how many of its stamps wait, how many were answered."""

    number: int
    title: str
    waiting: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class StampsListed(Page):
    """Every item, and whether it is stamped.

    Attributes:
        items: By number.
    """

    template = "stamps_listed.html"
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, kw_only=True)
class StampsShown(Page):
    """The stamps of an item.

    Attributes:
        number: Of the item.
        title: As the person calls it.
        stamps: Those that were asked for.
        broken: What is wrong with the log, if something is; the stamps are then not shown.
        hosts: Where something would go if it were sent now: names and computers.
        proxy: Through what it went last; "" straight.
        asked: Who can be asked.
        action: Where an answer goes that was carried by hand.
        wrongs: What is to be mended, at which field.
    """

    template = "stamps.html"
    number: int
    title: str
    stamps: tuple[StampLine, ...]
    broken: str
    hosts: tuple[tuple[str, str], ...]
    proxy: str
    asked: tuple[Asked, ...]
    action: str
    wrongs: tuple[Problem, ...]


def _number(opened: Opened) -> int:
    return int(opened.request.path_params["number"])


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show every item and whether it is stamped, or lead to one that is named."""
    from holdfire.journeys.stamp_evidence import overview  # noqa: PLC0415 - the vault loads when it is needed

    asked = opened.request.query_params.get("number", "")
    if asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS:
        return go(f"/evidence/{int(asked)}/stamps")
    items = tuple(
        ItemLine(kept.number, kept.title, waiting, answered)
        for kept, waiting, answered in await opened.run(overview)
    )
    return render(opened.request, StampsListed(items=items, back="/evidence"))


@needs_vault
async def show(opened: Opened) -> Response:
    """Show what the stamps of an item say."""
    return render(opened.request, await _page(opened, _number(opened)))


async def _page(
    opened: Opened, number: int, wrongs: tuple[Problem, ...] = (), typed: str | None = None
) -> StampsShown:
    """Return the page of an item; `typed` is what stands in the field of the proxy."""
    from holdfire.evidence.custody.refusals import CustodyError  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.journeys.keep_evidence import find_evidence  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import all_authorities, last_proxy  # noqa: PLC0415
    from holdfire.journeys.stamp_evidence import errands, judge  # noqa: PLC0415

    kept = (await opened.run(find_evidence, number)).value
    broken = ""
    stamps: tuple[StampLine, ...] = ()
    try:
        judged = await opened.run(judge, number, opened.program.now())
    except CustodyError as fault:
        broken = opened.say(fault.sentence, **fault.values)
    else:
        stamps = tuple(
            StampLine(
                one.place,
                one.stamp.name,
                opened.say(one.verdict.sentence, **one.verdict.values),
                one.covers,
                one.events,
                "" if one.stamp.answer else one.stamp.command,
            )
            for one in judged
        )
    waiting = await opened.run(errands, number)
    proxy = await opened.run(last_proxy)
    asked = await opened.run(all_authorities)
    return StampsShown(
        number=number,
        title=kept.title,
        stamps=stamps,
        broken=broken,
        hosts=tuple(dict.fromkeys((one.name, one.host) for one in waiting)),
        proxy=typed if typed is not None else "" if proxy is None else str(proxy),
        asked=tuple(Asked(one.value.name, one.value.kind == "calendar") for one in asked),
        action=_ANSWER,
        wrongs=wrongs,
        back=f"/evidence/{number}",
    )


@needs_vault
async def ask(opened: Opened) -> Response:
    """Write requests into the vault; nothing is sent."""
    from holdfire.journeys.stamp_evidence import queue  # noqa: PLC0415

    names = (await read_form(opened.request)).several("names")
    if not names:
        nobody = Problem("names", mark("Nobody is chosen to be asked."))
        return render(opened.request, await _page(opened, _number(opened), (nobody,)), 422)
    made = await opened.run(queue, _number(opened), names, opened.program.now())
    opened.notice(
        mark("The requests are written and wait in your vault. Nothing was sent.")
        if made
        else mark("Those were asked about this very state of the log already. Nothing was written.")
    )
    return _back(opened)


@needs_vault
async def send(opened: Opened) -> Response:
    """Send what waits, when the box is ticked."""
    from holdfire.journeys.kept_stamps import keep_proxy  # noqa: PLC0415
    from holdfire.journeys.stamp_evidence import NotAllAnsweredError, attempt, errands, settle  # noqa: PLC0415
    from holdfire.reach.way import read_proxy  # noqa: PLC0415

    number, program = _number(opened), opened.program
    text = (await read_form(opened.request)).one("proxy")
    try:
        proxy = read_proxy(text) if text else None
    except UserError as fault:
        wrong = problem_of(opened.language, fault, "proxy")
        return render(opened.request, await _page(opened, number, (wrong,), text), 422)
    if not await opened.sure(mark("Nothing was sent: the box was not ticked.")):
        return _back(opened)

    await opened.run(keep_proxy, proxy, program.now())
    waiting = await opened.run(errands, number)
    # Not on the vault's thread: leaving must lock at once, also while somebody far away takes a minute to answer.
    answers = await asyncio.gather(*(asyncio.to_thread(attempt, one, proxy) for one in waiting))
    try:
        await opened.run(settle, list(zip(waiting, answers, strict=True)), program.now())
    except NotAllAnsweredError as fault:
        program.session.notice = " ".join(said for said in said_of(opened.language, fault) if said)
    else:
        opened.notice(mark("Sent. What each answered stands below."))
    return _back(opened)


@needs_vault
async def save_request(opened: Opened) -> Response:
    """Send a request as a file to save; its name says nothing."""
    from holdfire.journeys.stamp_evidence import find_stamp  # noqa: PLC0415

    place = int(opened.request.path_params["place"])
    stamp = (await opened.run(find_stamp, _number(opened), place)).value.stamp
    saved = {"content-disposition": f'attachment; filename="{stamp.request_name}"'}
    return Response(stamp.request, media_type="application/octet-stream", headers=saved)


@needs_vault
async def take_in(opened: Opened) -> Response:
    """Take in an answer that was carried by hand."""
    from holdfire.journeys.keep_evidence import find_evidence  # noqa: PLC0415
    from holdfire.journeys.stamp_evidence import take_in_file  # noqa: PLC0415

    upload = await read_upload(opened.request, "file", _MOST_ANSWER)
    number = upload.form.number("number", 1, 1 << 30)
    if number is None:
        raise UserError(mark("This form could not be read."), mark("Go back and send it again."))
    await opened.run(find_evidence, number)
    try:
        await opened.run(take_in_file, (number,), upload.stream.read(), upload.name, opened.program.now())
    except (PeerError, UserError) as fault:
        wrong = problem_of(opened.language, fault, "file")
        return render(opened.request, await _page(opened, number, (wrong,)), 422)
    opened.notice(mark("The answer is right, and kept beside its request."))
    return go(f"/evidence/{number}/stamps")


@needs_vault
async def remove(opened: Opened) -> Response:
    """Delete one stamp, when the box is ticked."""
    from holdfire.journeys.stamp_evidence import remove as delete  # noqa: PLC0415

    if await opened.sure():
        await opened.run(delete, _number(opened), int(opened.request.path_params["place"]))
        opened.notice(mark("The stamp is deleted here. Who was asked keeps what they keep."))
    return _back(opened)


def _back(opened: Opened) -> Response:
    return go(f"/evidence/{_number(opened)}/stamps")


ROUTES = (
    Route("/evidence/stamps", show_all, methods=["GET"]),
    Route(_ANSWER, take_in, methods=["POST"]),
    Route("/evidence/{number:int}/stamps", show, methods=["GET"]),
    Route("/evidence/{number:int}/stamps/ask", ask, methods=["POST"]),
    Route("/evidence/{number:int}/stamps/send", send, methods=["POST"]),
    Route("/evidence/{number:int}/stamps/{place:int}/request", save_request, methods=["GET"]),
    Route("/evidence/{number:int}/stamps/{place:int}/remove", remove, methods=["POST"]),
)
