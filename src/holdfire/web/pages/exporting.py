"""Hand evidence over: choose what leaves, read it first, make the package, save it, see what remains where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, program_of, render
from holdfire.web.pages.evidence_words import size_words
from holdfire.web.session import Progress, Work

if TYPE_CHECKING:
    from holdfire.journeys.export_evidence import Time, Wish
    from holdfire.vault.vault import Vault

#: What one page offers to tick; older items go by their numbers.
_OFFERED: Final = 60
_MOST_NUMBERS: Final = 2_000
_MOST_SHOWN: Final = 16_000
_WISHED: Final = ("item", "numbers", "to", "keys", "open", "time", "names", "note", "events", "stamps")
_TIMES: Final[tuple[tuple[Time, str], ...]] = (
    ("none", mark("No time at all")),
    ("day", mark("The day")),
    ("hour", mark("The hour")),
    ("exact", mark("The second")),
)
_EVENTS: Final = (
    ("all", mark("All events")),
    ("chosen", mark("Only that it was received, and that it is handed over now")),
)
_OUR_EXPORT: Final = "/evidence/export"


@dataclass(frozen=True)
class Offered:
    """An item that can be ticked: number, title, what it is, how large, whether it is a working copy, whether it is ticked."""

    number: int
    title: str
    form: str
    size: str
    copy: bool
    ticked: bool


@dataclass(frozen=True)
class Waiting:
    """A package that was made and waits: its number, for whom, how many items."""

    number: int
    to: str
    items: int


@dataclass(frozen=True, kw_only=True)
class ExportChosen(Page):
    """What is to leave.

    Attributes:
        items: What can be ticked, the latest first.
        more: How many older items there are.
        numbers: Which of these, as it was written.
        fields: For whom, their key, how exactly times are told, which events.
        unsealed: Whether it is to lie open.
        names: Whether names go along.
        stamps: Whether time stamps go along.
        notes: Notes that can go along: name, label, ticked.
        waiting: Packages that wait to be saved.
        problems: What is to be mended.
    """

    template = "export.html"
    items: tuple[Offered, ...]
    more: int
    numbers: str
    fields: tuple[Asked, ...]
    unsealed: bool
    names: bool
    stamps: bool
    notes: tuple[tuple[str, str, bool], ...]
    waiting: tuple[Waiting, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class ExportRead(Page):
    """What would leave, to be read first.

    Attributes:
        hidden: What was chosen: names and values.
        text: The report as it would stand there.
        cut: Whether it is longer than a page shows.
        originals: Numbers of items that go out as they are.
        files: How many items leave.
        size: How large they are.
        stamped: Numbers of those whose stamps stay here.
        sealed: To how many keys; 0 when it is open.
        quantum: Whether these keys hold against a quantum computer.
    """

    template = "export_read.html"
    hidden: tuple[tuple[str, str], ...]
    text: str
    cut: bool
    originals: tuple[int, ...]
    files: int
    size: str
    stamped: tuple[int, ...]
    sealed: int
    quantum: bool


@dataclass(frozen=True, kw_only=True)
class PackageShown(Page):
    """A package that was made and waits to be saved.

    Attributes:
        number: Of the package.
        to: Who it is for.
        fingerprint: In groups.
        sealed: Whether it is sealed.
        size: Of the file that is saved.
        items: Names and sizes of the items in it.
    """

    template = "package.html"
    number: int
    to: str
    fingerprint: str
    sealed: bool
    size: str
    items: tuple[tuple[str, str], ...]


@needs_vault
async def choose(opened: Opened) -> Response:
    """Show what can leave."""
    from holdfire.journeys.export_evidence import USUAL_NOTES  # noqa: PLC0415 - the vault loads when it is needed

    # An item leads here with its own number, which is then ticked.
    asked = [("item", number) for number in opened.request.query_params.getlist("number")]
    form = Form([*asked, ("time", "day"), ("events", "all"), *(("note", note) for note in USUAL_NOTES)])
    return render(opened.request, await _choice(opened, form, ()))


async def _choice(opened: Opened, form: Form, wrong: tuple[Problem, ...]) -> ExportChosen:
    from holdfire.evidence.item import UNKNOWN  # noqa: PLC0415
    from holdfire.evidence.kinds import FORM_WORDS  # noqa: PLC0415
    from holdfire.journeys.export_evidence import packages  # noqa: PLC0415
    from holdfire.journeys.keep_evidence import all_evidence  # noqa: PLC0415
    from holdfire.journeys.package_papers import CHOOSABLE, WITH_NAMES  # noqa: PLC0415

    say = opened.say
    kept = [one.value for one in await opened.run(all_evidence)]
    # Those that were ticked come first: an old one is not lost below what a page shows.
    ticked = form.several("item")
    kept.sort(key=lambda one: (str(one.number) not in ticked, -one.number))
    said = {name for one in kept for name, words in one.capture.items() if words != UNKNOWN} | {"title"}
    noted = form.several("note")
    return ExportChosen(
        items=tuple(
            Offered(one.number, one.title, FORM_WORDS[one.form], size_words(one.size), bool(one.copy_of), str(one.number) in ticked)
            for one in kept[:_OFFERED]
        ),
        more=max(0, len(kept) - _OFFERED),
        numbers=form.one("numbers"),
        fields=(
            Asked("to", mark("For whom"), form.one("to"),
                  say(mark("As you call them. It stands in each item's history and in the report; empty: nobody is named."))),
            Asked("keys", mark("Their key"), form.one("keys"),
                  say(mark("One line that begins with age1, for each who may open it. They make it with the free program age and send you this line; it is no secret. Check it with them by another way.")), lines=3),
            Asked("time", mark("How exactly the histories say when"), form.one("time"), choices=_TIMES),
            Asked("events", mark("Which events they show"), form.one("events"), choices=_EVENTS),
        ),
        unsealed=form.one("open") == "yes",
        names=form.one("names") == "yes",
        stamps=form.one("stamps") == "yes",
        notes=tuple(
            (name, label, name in noted)
            for name, label in CHOOSABLE.items()
            if name in said and name not in WITH_NAMES
        ),
        waiting=tuple(
            Waiting(one.value.number, one.value.to, len(one.value.items)) for one in await opened.run(packages)
        ),
        problems=wrong,
        back="/evidence",
    )  # fmt: skip


@needs_vault
async def read(opened: Opened) -> Response:
    """Show what would leave, before anything does; what cannot be meant is shown on the form again."""
    from holdfire.journeys.export_evidence import check_keys, preview  # noqa: PLC0415

    form = await read_form(opened.request)
    field = "keys"
    try:
        check_keys(_keys(form))
        field = "item"
        wish = _wish(form)
        shown = await opened.run(preview, wish, opened.language)
        stamped = () if wish.stamps else await opened.run(_with_stamps, wish.numbers)
    except UserError as fault:
        wrong = (problem_of(opened.language, fault, field),)
        return render(opened.request, await _choice(opened, form, wrong), 422)
    page = ExportRead(
        hidden=tuple((name, value) for name in _WISHED for value in form.several(name) if value),
        text=shown.report[:_MOST_SHOWN],
        cut=len(shown.report) > _MOST_SHOWN,
        originals=shown.originals,
        files=len(shown.files),
        size=size_words(shown.size),
        stamped=stamped,
        sealed=len(wish.recipients),
        quantum=all(one.startswith("age1pq1") for one in wish.recipients),
        back=_OUR_EXPORT,
    )
    return render(opened.request, page)


@needs_vault
async def make(opened: Opened) -> Response:
    """Make the package in the vault, and lead to it."""
    from holdfire.journeys.export_evidence import make_package, packages, preview  # noqa: PLC0415

    program = opened.program
    wish = _wish(await read_form(opened.request))
    # What cannot be meant is said at once, not on the page of progress.
    await opened.run(preview, wish, opened.language)
    number = 1 + max((one.value.number for one in await opened.run(packages)), default=0)

    def act(progress: Progress) -> None:
        made = make_package(opened.vault, wish, program.now(), language=opened.language)
        progress(made.value.number, made.value.number)

    work = Work(
        title=mark("Putting it together"),
        then=f"/evidence/packages/{number}",
        notice=mark("The package is made. Nothing has left yet: save it now."),
        back=_OUR_EXPORT,
    )
    program.session.begin(work, act)
    return go("/progress")


@needs_vault
async def show(opened: Opened) -> Response:
    """Show a package, its fingerprint, and what remains where."""
    from holdfire.evidence.package.layout import grouped  # noqa: PLC0415
    from holdfire.journeys.export_evidence import find_package, written  # noqa: PLC0415

    kept = (await opened.run(find_package, _number(opened))).value
    size, _ = await opened.run(written, kept)
    page = PackageShown(
        number=kept.number,
        to=kept.to,
        fingerprint=grouped(kept.fingerprint),
        sealed=bool(kept.sealing),
        size=size_words(size),
        items=tuple((name, size_words(length)) for name, length, _, _ in kept.items),
        back=_OUR_EXPORT,
    )
    return render(opened.request, page)


@needs_vault
async def save_file(opened: Opened) -> Response:
    """Send a package as one file to save, sealed piece by piece as it is read from the vault."""
    from holdfire.journeys.export_evidence import find_package, written  # noqa: PLC0415

    kept = (await opened.run(find_package, _number(opened))).value
    size, pieces = await opened.run(written, kept)

    async def sent() -> AsyncIterator[bytes]:
        while batch := await opened.program.session.run(_batch, pieces):
            yield batch

    name = "notes.age" if kept.sealing else "notes.tar"
    saved = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
    return StreamingResponse(sent(), media_type="application/octet-stream", headers=saved)


@needs_vault
async def forget(opened: Opened) -> Response:
    """Destroy what the vault keeps of a package, when the form says so twice."""
    from holdfire.journeys.export_evidence import forget_package  # noqa: PLC0415

    number = _number(opened)
    if not await opened.sure(mark("Nothing was forgotten: the box was not ticked.")):
        return go(f"/evidence/packages/{number}")
    await opened.run(forget_package, number)
    opened.notice(
        mark(
            "The package is forgotten here. What was saved stays where it is, and each item's history says that it was handed over."
        )
    )
    return go(_OUR_EXPORT)


async def guide(request: Request) -> Response:
    """Send the guide for clerks and judges, one page to print."""
    from holdfire.evidence.package.words import guide_pdf  # noqa: PLC0415

    saved = {"content-disposition": 'attachment; filename="guide.pdf"'}
    return Response(
        guide_pdf(program_of(request).session.language), media_type="application/pdf", headers=saved
    )


def _batch(pieces: Iterator[bytes]) -> bytes:
    """Return the next MiB or so: a turn of the vault's thread for each chunk would cost more than sealing it."""
    batch: list[bytes] = []
    for piece in pieces:
        batch.append(bytes(piece))
        if len(batch) == 16:  # noqa: PLR2004 - chunks of 64 KiB
            break
    return b"".join(batch)


def _number(opened: Opened) -> int:
    return int(opened.request.path_params["number"])


def _wish(form: Form) -> Wish:
    from holdfire.journeys.export_evidence import TIMES, Wish  # noqa: PLC0415

    time = form.one("time")
    return Wish(
        numbers=_numbers(form),
        to=" ".join(form.one("to").split()),
        recipients=_keys(form),
        time=next((one for one in TIMES if one == time), "none"),
        names=form.one("names") == "yes",
        notes=form.several("note"),
        events="all" if form.one("events") == "all" else "chosen",
        stamps=form.one("stamps") == "yes",
    )


def _with_stamps(vault: Vault, numbers: tuple[int, ...]) -> tuple[int, ...]:
    from holdfire.journeys.stamp_evidence import stamps_of  # noqa: PLC0415 - the vault loads when it is needed

    return tuple(number for number in numbers if stamps_of(vault, number))


def _keys(form: Form) -> tuple[str, ...]:
    """Return the keys that were pasted; UserError when there is none and it is not to lie open."""
    keys = tuple(line.strip() for line in form.one("keys").splitlines() if line.strip())
    if not keys and form.one("open") != "yes":
        raise UserError(
            mark("There is no key: nobody could open it."),
            mark("Paste the recipient's key, or tick that it is to lie open."),
        )
    return keys


def _numbers(form: Form) -> tuple[int, ...]:
    """Return the ticked items, then those written as numbers, such as 1, 4, 7-9."""
    ticked = sorted((one for one in form.several("item")), key=lambda one: (len(one), one))
    typed = [one for one in form.one("numbers").replace(",", " ").replace(";", " ").split() if one]
    found: list[int] = []
    for one in (*ticked, *typed):
        first, _, last = one.partition("-")
        ends = (first, last or first)
        if not all(end.isascii() and end.isdigit() and len(end) <= 9 for end in ends):  # noqa: PLR2004 - as forms bound numbers
            raise UserError(
                mark("This is not a number: {what}."), mark("Write them as 1, 4, 7-9."), what=one[:20]
            )
        found += range(int(first), min(int(ends[1]), int(first) + _MOST_NUMBERS) + 1)
    return tuple(dict.fromkeys(found[:_MOST_NUMBERS]))


ROUTES = (
    Route(_OUR_EXPORT, choose, methods=["GET"]),
    Route("/evidence/export/read", read, methods=["POST"]),
    Route("/evidence/export/make", make, methods=["POST"]),
    Route("/evidence/packages/{number:int}", show, methods=["GET"]),
    Route("/evidence/packages/{number:int}/notes", save_file, methods=["GET"]),
    Route("/evidence/packages/{number:int}/forget", forget, methods=["POST"]),
    Route("/evidence/guide.pdf", guide, methods=["GET"]),
)
