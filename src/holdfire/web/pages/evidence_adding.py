"""Take files in: of any size, piece by piece from the browser into the vault, nothing of them on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import StorageError, UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of, said_of
from holdfire.web.forms import Form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.evidence_words import fields_of, notes_in, size_words, words_of
from holdfire.web.places import answered
from holdfire.web.receiving import BrokenOffError, receive_files
from holdfire.web.session import StoppedError, Work

if TYPE_CHECKING:
    from holdfire.journeys.keep_evidence import Evidence

_PATH: Final = "/evidence/add"
#: The pages that take files of any size.
STREAMS: Final = (_PATH,)
#: The note fields that are asked when a file is taken in; the others wait on its page.
_ASKED: Final = ("when", "place")
_MOST_NUMBERS: Final = 400


@dataclass(frozen=True)
class KeptFile:
    """A file that was taken in.

    Attributes:
        number: What it is called by.
        title: In the person's words, or the program's.
        form: What it is, a marked sentence.
        size: In words.
        sha256: 64 hexadecimal digits.
        same: The number of an earlier item with the very same bytes; 0 for none.
    """

    number: int
    title: str
    form: str
    size: str
    sha256: str
    same: int


@dataclass(frozen=True, kw_only=True)
class AddShown(Page):
    """Which files, and what is known of them.

    Attributes:
        fields: What the person can say of them.
        wrongs: What to mend.
    """

    template = "evidence_add.html"
    fields: tuple[Asked, ...]
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KeptShown(Page):
    """What was taken in, and what of it still lies outside.

    Attributes:
        files: What was taken in.
        stamps: Whether this version can stamp.
    """

    template = "evidence_kept.html"
    files: tuple[KeptFile, ...]
    stamps: bool


@needs_vault
async def ask(opened: Opened) -> Response:
    """Ask for the files."""
    return render(opened.request, _page(opened, Form([])))


@needs_vault
async def take(opened: Opened) -> Response:
    """Take the files in while they come, and lead to what was kept."""
    from holdfire.journeys.keep_evidence import add_evidence  # noqa: PLC0415 - the vault loads when it is needed

    kept: list[int] = []
    sent = Form([])

    def keep(form: Form, name: str, pieces: Iterator[bytes]) -> None:
        nonlocal sent
        sent, title = form, " ".join(form.one("title").split())
        if title and kept:
            title = f"{title} ({len(kept) + 1})"
        record = add_evidence(
            opened.vault, pieces, opened.program.now(), title=title, name=name, capture=notes_in(form)
        )
        kept.append(record.value.number)

    work = Work(title=mark("Taking your file in"), then="/evidence", notice="", back=_PATH)
    try:
        await receive_files(opened.request, opened.program.session, work, "file", keep)
    except StoppedError:
        return go("/")
    except (UserError, StorageError) as error:
        if kept or isinstance(error, BrokenOffError):
            # The browser may be gone: then the page that comes next says it.
            opened.program.session.notice = " ".join(filter(None, said_of(opened.language, error)))
            return go(_kept_path(kept) if kept else _PATH)
        field = "title" if "most" in error.values else "file"
        return render(opened.request, _page(opened, sent, problem_of(opened.language, error, field)), 422)
    return go(_kept_path(kept))


@needs_vault
async def show_kept(opened: Opened) -> Response:
    """Show what was taken in, and what stays outside."""
    from holdfire.journeys.keep_evidence import all_evidence  # noqa: PLC0415

    asked = opened.request.query_params.getlist("number")[:_MOST_NUMBERS]
    everything = [record.value for record in await opened.run(all_evidence)]
    shown = [one for one in everything if str(one.number) in asked]
    if not shown:
        raise HTTPException(404)
    page = KeptShown(
        files=tuple(
            KeptFile(
                one.number, one.title, words_of(one), size_words(one.size), one.sha256, _same(one, everything)
            )
            for one in shown
        ),
        stamps=answered(opened.request, "/evidence/stamps"),
        back="/evidence",
    )
    return render(opened.request, page)


def _same(one: Evidence, everything: list[Evidence]) -> int:
    """Return the number of an earlier item with the same bytes, or 0."""
    earlier = [
        other.number for other in everything if other.sha256 == one.sha256 and other.number < one.number
    ]
    return min(earlier, default=0)


def _page(opened: Opened, sent: Form, *wrongs: Problem) -> AddShown:
    title = Asked(
        "title",
        mark("What it is, in your words"),
        sent.one("title"),
        opened.say(
            mark("So that you find it again, such as: square, evening, water cannon. You can leave it empty.")
        ),
    )
    said = {name: sent.one(name) for name in _ASKED}
    return AddShown(
        fields=(title, *fields_of(_ASKED, said, opened.language)[0]),
        wrongs=wrongs,
        back="/evidence",
    )


def _kept_path(numbers: list[int]) -> str:
    return "/evidence/kept?" + "&".join(f"number={number}" for number in numbers)


ROUTES = (
    Route(_PATH, ask, methods=["GET"]),
    Route(_PATH, take, methods=["POST"]),
    Route("/evidence/kept", show_kept, methods=["GET"]),
)
