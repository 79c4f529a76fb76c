"""Files kept with an order: take one in, see what it is, destroy it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.forms import read_upload
from holdfire.web.opened import Opened, needs_order, needs_vault
from holdfire.web.page import Page, go, render

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record

_ATTACH: Final = "/orders/attach"
#: Pages that take a form with a file.
UPLOADS: Final = frozenset({_ATTACH})
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class KeptLine:
    """A file kept with the order: its place, title, what it is, how large, its SHA-256, the day it was added."""

    place: int
    title: str
    form: str
    size: int
    sha256: str
    added: str


@dataclass(frozen=True, kw_only=True)
class ExhibitsShown(Page):
    """The files of an order.

    Attributes:
        number: Of the order.
        action: Where a new file goes.
        files: Those that are kept.
    """

    template = "exhibits.html"
    number: int
    action: str
    files: tuple[KeptLine, ...]


@needs_order
async def show(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show the files of an order, and where another is taken in."""
    from holdfire.journeys.keep_exhibit import exhibits_of  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.packets.reading import FORM_WORDS  # noqa: PLC0415

    number = kept.value.number
    files = tuple(
        KeptLine(
            place,
            one.value.title,
            FORM_WORDS[one.value.form],
            one.value.size,
            one.value.sha256,
            f"{one.saved.astimezone():%Y-%m-%d}",
        )
        for place, one in enumerate(await opened.run(exhibits_of, number), 1)
    )
    page = ExhibitsShown(number=number, action=_ATTACH, files=files, back=f"/orders/{number}")
    return render(opened.request, page)


@needs_vault
async def attach(opened: Opened) -> Response:
    """Keep a file with an order."""
    from holdfire.journeys.keep_exhibit import attach as keep  # noqa: PLC0415

    upload = await read_upload(opened.request, "file")
    number = upload.form.number("number", 1, 1 << 30)
    if number is None:
        raise UserError(mark("This form could not be read."), mark("Go back and send it again."))
    await opened.run(keep, number, upload.form.one("title"), _pieces(upload.stream), opened.program.now())
    opened.notice(mark("The file is kept in your vault. The file outside stays where it is."))
    return go(f"/orders/{number}/files")


@needs_order
async def detach(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Destroy a file of an order, when the form says so twice."""
    from holdfire.journeys.keep_exhibit import detach as destroy  # noqa: PLC0415

    number = kept.value.number
    if await opened.sure(mark("Nothing was destroyed: the box was not ticked.")):
        await opened.run(destroy, number, int(opened.request.path_params["place"]))
        opened.notice(
            mark(
                "The file is destroyed in the vault. A packet that holds its pages stays until you destroy it."
            )
        )
    return go(f"/orders/{number}/files")


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.read(_PIECE), b"")


ROUTES = (
    Route("/orders/{number:int}/files", show, methods=["GET"]),
    Route(_ATTACH, attach, methods=["POST"]),
    Route("/orders/{number:int}/files/{place:int}/destroy", detach, methods=["POST"]),
)
