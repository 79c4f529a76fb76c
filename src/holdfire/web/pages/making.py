"""Make a vault, one question a page, and watch it being made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of, said_of
from holdfire.web.forms import read_form
from holdfire.web.page import Page, Problem, go, program_of, render
from holdfire.web.session import Progress, Work

_GIBIBYTE: Final = 1024**3


@dataclass(frozen=True)
class Offer:
    """A place the file can lie in, as it is shown."""

    path: str
    room: str
    removable: bool


@dataclass(frozen=True)
class Size:
    """A size the file can have, as it is shown."""

    mebibytes: int
    words: str


SIZES: Final = (
    Size(64, mark("64 MiB: a plan and notes, quickly made")),
    Size(1024, mark("1 GiB: notes, letters and some pictures")),
    Size(4096, mark("4 GiB: recordings too (usual)")),
    Size(16384, mark("16 GiB: many recordings")),
)


@dataclass(frozen=True, kw_only=True)
class Where(Page):
    """Where the file shall lie.

    Attributes:
        places: What is offered, sticks first.
        chosen: Path of the offer that is chosen.
        other: A path typed instead.
        wrongs: What to mend.
    """

    template = "make_where.html"
    places: tuple[Offer, ...]
    chosen: str
    other: str = ""
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HowLarge(Page):
    """How large the file shall be.

    Attributes:
        room: Bytes free there, in words.
        warnings: What to know of the place, marked sentences.
        sizes: What is offered.
        chosen: MiB of the offer that is chosen.
        own: A size typed instead.
        least: Smallest size in MiB.
        wrongs: What to mend.
    """

    template = "make_size.html"
    room: str
    warnings: tuple[str, ...]
    sizes: tuple[Size, ...]
    chosen: int
    own: str
    least: int
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HowMany(Page):
    """How many compartments; nothing is preselected, nothing records it.

    Attributes:
        wrongs: What to mend.
    """

    template = "make_compartments.html"
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Phrases(Page):
    """A passphrase for each compartment.

    Attributes:
        numbers: 1 to the number of compartments.
        least: Fewest characters taken.
        advised: Characters advised.
        wrongs: What to mend.
    """

    template = "make_phrases.html"
    numbers: tuple[int, ...]
    least: int
    advised: int
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProgressShown(Page):
    """How far long work is; looks again by itself.

    Attributes:
        title: What is being done, a marked sentence.
        percent: Whole percent done.
        hint: What leaving does to it, a marked sentence.
    """

    template = "progress.html"
    title: str
    percent: int
    hint: str


async def begin(request: Request) -> Response:
    """Lead to the practice of Leave first, once."""
    session = program_of(request).session
    if session.state == "open":
        return go("/")
    if session.state == "pretend":
        locking = session.lock("asked")
        session.locked = ""
        if locking is not None:
            await locking
    return go("/make/where" if session.draft.practised else "/practice")


async def ask_where(request: Request) -> Response:
    """Ask where the file shall lie."""
    offers = _offers()
    chosen = program_of(request).session.draft.path
    other = chosen if chosen not in {offer.path for offer in offers} else ""
    if not chosen and offers:
        chosen = offers[0].path
    return render(request, Where(places=offers, chosen=chosen, other=other, back="/"))


async def take_where(request: Request) -> Response:
    """Judge the place."""
    from holdfire.journeys.make_vault import judge_place  # noqa: PLC0415 - the vault loads when it is needed

    form = await read_form(request)
    offered, typed = form.one("place"), form.one("path")
    try:
        path = judge_place(typed or offered)
    except UserError as error:
        wrong = problem_of(program_of(request).session.language, error, "path")
        page = Where(places=_offers(), chosen=offered, other=typed, wrongs=(wrong,), back="/")
        return render(request, page, 422)
    program_of(request).session.draft.path = str(path)
    return go("/make/size")


async def ask_size(request: Request) -> Response:
    """Ask how large the file shall be, with what to know of the place."""
    draft = program_of(request).session.draft
    return render(request, _size_page(draft.path, draft.mebibytes, "")) if draft.path else go("/make/where")


async def take_size(request: Request) -> Response:
    """Judge the size against the room there is."""
    from holdfire.journeys.make_vault import LEAST_MEBIBYTES, MEBIBYTE  # noqa: PLC0415
    from holdfire.journeys.places import room_at  # noqa: PLC0415

    draft = program_of(request).session.draft
    form = await read_form(request)
    own = form.one("own")
    chosen = form.number("own" if form.one("size") in {"own", ""} else "size", LEAST_MEBIBYTES, 1 << 24)
    if not draft.path:
        return go("/make/where")
    if chosen is None:
        wrong = Problem("size", mark("Choose a size of 64 MiB at least."))
    elif chosen * MEBIBYTE > (room_at(Path(draft.path).parent) or 0):
        wrong = Problem("size", mark("There is not so much room. Choose less, or another place."))
    else:
        draft.mebibytes = chosen
        return go("/make/compartments")
    return render(request, _size_page(draft.path, chosen or 0, own, (wrong,)), 422)


async def ask_how_many(request: Request) -> Response:
    """Ask how many compartments, with what they can and cannot do."""
    if not program_of(request).session.draft.mebibytes:
        return go("/make/where")
    return render(request, HowMany(back="/make/size"))


async def take_how_many(request: Request) -> Response:
    """Take one to four."""
    from holdfire.journeys.make_vault import MOST_COMPARTMENTS  # noqa: PLC0415

    count = (await read_form(request)).number("count", 1, MOST_COMPARTMENTS)
    if count is None:
        wrong = Problem("count", mark("Choose how many. Nothing records it."))
        return render(request, HowMany(wrongs=(wrong,), back="/make/size"), 422)
    program_of(request).session.draft.compartments = count
    return go("/make/phrases")


async def ask_phrases(request: Request) -> Response:
    """Ask for the passphrases, each twice."""
    count = program_of(request).session.draft.compartments
    return render(request, _phrases_page(count)) if count else go("/make/where")


async def make(request: Request) -> Response:
    """Judge the passphrases and begin to make the vault; the first of them opens it then."""
    from holdfire.journeys.make_vault import MEBIBYTE, judge_passphrase, make_vault  # noqa: PLC0415
    from holdfire.journeys.open_vault import open_vault  # noqa: PLC0415

    program = program_of(request)
    session, draft = program.session, program.session.draft
    if not (draft.path and draft.mebibytes and draft.compartments) or session.busy:
        return go("/progress" if session.busy else "/make/where")
    form = await read_form(request)
    phrases = [form.secret(f"phrase-{number}") for number in range(1, draft.compartments + 1)]
    wrongs: list[Problem] = []
    for number, phrase in enumerate(phrases, 1):
        try:
            judge_passphrase(phrase)
        except UserError as error:
            wrongs.append(problem_of(session.language, error, f"phrase-{number}"))
            continue
        if form.secret(f"again-{number}") != phrase:
            wrongs.append(Problem(f"again-{number}", mark("The two are not the same. Type both again.")))
        elif phrase in phrases[: number - 1]:
            wrongs.append(
                Problem(f"phrase-{number}", mark("Each compartment needs a passphrase of its own."))
            )
    if wrongs:
        return render(request, _phrases_page(draft.compartments, tuple(wrongs)), 422)
    path, size = draft.path, draft.mebibytes * MEBIBYTE

    def act(progress: Progress) -> None:
        make_vault(Path(path), phrases, size, profile=program.profile, progress=progress)
        vault = open_vault(path, phrases[0], profile=program.profile)
        if work.stopping:
            vault.lock()
            return
        session.opened(vault, pretend=False)

    work = Work(
        title=mark("Making your vault"),
        then="/keep" if session.answers else "/",
        notice=mark("Your vault is made and open. The passphrase is the only way back in."),
        back="/make/phrases",
    )
    session.begin(work, act)
    return go("/progress")


async def show_progress(request: Request) -> Response:
    """Show how far long work is; when it has ended, what came of it."""
    session = program_of(request).session
    work = session.work
    if work is None:
        return go("/")
    if not work.ended:
        return render(request, ProgressShown(title=work.title, percent=work.percent, hint=work.hint))
    session.work = None
    if work.fault is not None:
        session.notice = " ".join(said for said in said_of(session.language, work.fault) if said)
        return go(work.back)
    session.notice = work.notice
    return go(work.then)


def words_for_bytes(size: int) -> str:
    """Return a size as people say it, such as `3.5 GiB`."""
    if size >= _GIBIBYTE:
        return f"{size / _GIBIBYTE:.1f} GiB"
    return f"{size // (1024 * 1024)} MiB"


def _offers() -> tuple[Offer, ...]:
    from holdfire.journeys.places import places_here  # noqa: PLC0415

    return tuple(
        Offer(str(place.path), words_for_bytes(place.free), place.removable) for place in places_here()
    )


def _size_page(path: str, chosen: int, own: str, wrongs: tuple[Problem, ...] = ()) -> HowLarge:
    from holdfire.journeys.make_vault import LEAST_MEBIBYTES, USUAL_MEBIBYTES, warnings_of  # noqa: PLC0415
    from holdfire.journeys.places import room_at  # noqa: PLC0415

    place = Path(path)
    offered = {size.mebibytes for size in SIZES}
    return HowLarge(
        room=words_for_bytes(room_at(place.parent) or 0),
        warnings=warnings_of(place),
        sizes=SIZES,
        chosen=chosen if chosen or own else USUAL_MEBIBYTES,
        own=own or (str(chosen) if chosen and chosen not in offered else ""),
        least=LEAST_MEBIBYTES,
        wrongs=wrongs,
        back="/make/where",
    )


def _phrases_page(count: int, wrongs: tuple[Problem, ...] = ()) -> Phrases:
    from holdfire.journeys.make_vault import ADVISED_CHARACTERS, LEAST_CHARACTERS  # noqa: PLC0415

    return Phrases(
        numbers=tuple(range(1, count + 1)),
        least=LEAST_CHARACTERS,
        advised=ADVISED_CHARACTERS,
        wrongs=wrongs,
        back="/make/compartments",
    )


ROUTES = (
    Route("/make", begin),
    Route("/make/where", ask_where, methods=["GET"]),
    Route("/make/where", take_where, methods=["POST"]),
    Route("/make/size", ask_size, methods=["GET"]),
    Route("/make/size", take_size, methods=["POST"]),
    Route("/make/compartments", ask_how_many, methods=["GET"]),
    Route("/make/compartments", take_how_many, methods=["POST"]),
    Route("/make/phrases", ask_phrases, methods=["GET"]),
    Route("/make/phrases", make, methods=["POST"]),
    Route("/progress", show_progress),
)
