"""The person's own list of who can be asked for stamps: whom they believe, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.forms import read_form, read_upload
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, go, render

if TYPE_CHECKING:
    from holdfire.evidence.stamps.known import Known

_LIST: Final = "/evidence/authorities"
_AUTHORITY: Final = "/evidence/authorities/authority"
#: Pages that take a form with a file.
UPLOADS: Final = frozenset({_AUTHORITY})
_MOST_ROOTS: Final = 1 << 20


@dataclass(frozen=True)
class AuthorityLine:
    """Somebody on the list: name, whether a calendar, where, whether openly readable on the way, roots with their SHA-256."""

    name: str
    calendar: bool
    address: str
    plain: bool
    roots: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AuthoritiesShown(Page):
    """Who can be asked.

    Attributes:
        listed: Whom the person put on the list.
        known: Whom others use.
        action: Where a new authority goes.
    """

    template = "authorities.html"
    listed: tuple[AuthorityLine, ...]
    known: tuple[Known, ...]
    action: str


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the list."""
    from holdfire.evidence.stamps.known import KNOWN  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.journeys.kept_stamps import all_authorities  # noqa: PLC0415
    from holdfire.sealing.certificate import read_file  # noqa: PLC0415

    listed = []
    for record in await opened.run(all_authorities):
        one = record.value
        roots = read_file(one.roots.encode("ascii")) if one.roots else ()
        shown = tuple(
            (root.subject, f"{root.ends:%Y-%m-%d}", root.fingerprint) for root in roots if root.is_root
        )
        listed.append(
            AuthorityLine(
                one.name, one.kind == "calendar", one.address, one.address.startswith("http://"), shown
            )
        )
    page = AuthoritiesShown(listed=tuple(listed), known=KNOWN, action=_AUTHORITY, back="/evidence")
    return render(opened.request, page)


@needs_vault
async def add_authority(opened: Opened) -> Response:
    """Put an authority on the list, with its certificates."""
    from holdfire.journeys.kept_stamps import add_authority as add  # noqa: PLC0415

    upload = await read_upload(opened.request, "file", _MOST_ROOTS)
    form = upload.form
    await opened.run(
        add, form.one("called"), "authority", form.one("address"), upload.stream.read(), opened.program.now()
    )
    opened.notice(
        mark(
            "It is on your list. Compare the SHA-256 of its root below with what it says of itself by another way."
        )
    )
    return go(_LIST)


@needs_vault
async def add_calendar(opened: Opened) -> Response:
    """Put a calendar on the list."""
    from holdfire.journeys.kept_stamps import add_authority as add  # noqa: PLC0415

    form = await read_form(opened.request)
    await opened.run(add, form.one("called"), "calendar", form.one("address"), b"", opened.program.now())
    opened.notice(mark("It is on your list. Nobody was asked."))
    return go(_LIST)


@needs_vault
async def remove(opened: Opened) -> Response:
    """Take somebody off the list, when the box is ticked."""
    from holdfire.journeys.kept_stamps import remove_authority  # noqa: PLC0415

    name = (await read_form(opened.request)).one("called")
    if await opened.sure(mark("Nobody was taken off: the box was not ticked.")):
        await opened.run(remove_authority, name)
        opened.notice(mark("Taken off your list. The stamps they gave stay."))
    return go(_LIST)


ROUTES = (
    Route(_LIST, show, methods=["GET"]),
    Route(_AUTHORITY, add_authority, methods=["POST"]),
    Route("/evidence/authorities/calendar", add_calendar, methods=["POST"]),
    Route("/evidence/authorities/remove", remove, methods=["POST"]),
)
