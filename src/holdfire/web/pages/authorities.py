"""The person's own list of who can be asked for stamps: whom they believe, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form, read_upload
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render

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
        typed: What was typed of a new authority: its name and address.
        calendar: What was typed of a new calendar.
        wrongs: What is to be mended, at which field.
    """

    template = "authorities.html"
    listed: tuple[AuthorityLine, ...]
    known: tuple[Known, ...]
    action: str
    typed: tuple[str, str]
    calendar: tuple[str, str]
    wrongs: tuple[Problem, ...]


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the list."""
    return render(opened.request, await _page(opened))


async def _page(
    opened: Opened,
    wrongs: tuple[Problem, ...] = (),
    typed: tuple[str, str] = ("", ""),
    calendar: tuple[str, str] = ("", ""),
) -> AuthoritiesShown:
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
    return AuthoritiesShown(
        listed=tuple(listed), known=KNOWN, action=_AUTHORITY, typed=typed, calendar=calendar, wrongs=wrongs,
        back="/evidence/stamps",
    )  # fmt: skip


@needs_vault
async def add_authority(opened: Opened) -> Response:
    """Put an authority on the list, with its certificates."""
    from holdfire.journeys.kept_stamps import RootError  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import add_authority as add  # noqa: PLC0415
    from holdfire.reach.way import AddressError  # noqa: PLC0415

    upload = await read_upload(opened.request, "file", _MOST_ROOTS)
    typed, content = _typed(upload.form), upload.stream.read()
    try:
        await opened.run(add, typed[0], "authority", typed[1], content, opened.program.now())
    except UserError as fault:
        at = (
            "address"
            if isinstance(fault, AddressError)
            else "file"
            if isinstance(fault, RootError)
            else "called"
        )
        wrong = problem_of(opened.language, fault, at)
        return render(opened.request, await _page(opened, (wrong,), typed=typed), 422)
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
    from holdfire.reach.way import AddressError  # noqa: PLC0415

    typed = _typed(await read_form(opened.request))
    try:
        await opened.run(add, typed[0], "calendar", typed[1], b"", opened.program.now())
    except UserError as fault:
        at = "calendar-address" if isinstance(fault, AddressError) else "calendar-called"
        wrong = problem_of(opened.language, fault, at)
        return render(opened.request, await _page(opened, (wrong,), calendar=typed), 422)
    opened.notice(mark("It is on your list. Nobody was asked."))
    return go(_LIST)


def _typed(form: Form) -> tuple[str, str]:
    return form.one("called"), form.one("address")


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
