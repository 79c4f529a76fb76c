"""The head of every page that stands on an open vault; where none is open, it leads to where one is opened.

A handler is given the vault that was open when it was asked. If it locks meanwhile, the vault itself refuses
(`LockedError`), and nothing is read half.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from holdfire.language import Language, mark
from holdfire.web.forms import read_form
from holdfire.web.page import go, program_of
from holdfire.web.program import Program

if TYPE_CHECKING:  # loaded when a vault is first needed: the first page comes sooner
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.journeys.write_letter import Draft
    from holdfire.vault.records import Kind, Record
    from holdfire.vault.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]

_NOT_DELETED = mark("Nothing was deleted: the box was not ticked.")
#: How many records are read from the vault at once.
_AT_ONCE = 100


@dataclass(frozen=True)
class Opened:
    """What a page that stands on an open vault is given.

    Attributes:
        request: What was asked.
        program: The running program.
        vault: The open vault; all work on it goes through `run`.
    """

    request: Request
    program: Program
    vault: Vault

    async def run(self, act: Callable[Concatenate[Vault, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `act` returns of the vault, on the vault's own thread."""
        return await self.program.session.run(act, self.vault, *args, **kwargs)

    async def all(self, kind: Kind[T]) -> tuple[Record[T], ...]:
        """Return the latest version of every record of a kind, the last saved first."""
        return await self.run(_all, kind)

    async def one(self, kind: Kind[T], record: str) -> Record[T]:
        """Return the latest version of a record; HTTPException 404 when there is none of this kind."""
        from holdfire.vault.refusals import MissingError  # noqa: PLC0415 - see above

        try:
            return await self.run(lambda vault: vault.records.get(kind, record))
        except MissingError:
            raise HTTPException(404) from None

    @property
    def language(self) -> Language:
        """The language of the session."""
        return self.program.session.language

    def say(self, sentence: str, **values: object) -> str:
        """Return a marked sentence in the language of the session."""
        return self.language.say(sentence, **values)

    def notice(self, sentence: str) -> None:
        """Show a marked sentence on the page that comes next."""
        self.program.session.notice = sentence

    async def sure(self, otherwise: str = _NOT_DELETED) -> bool:
        """Say whether the form that was sent ticks its box; where it does not, the next page shows `otherwise`."""
        ticked = (await read_form(self.request)).one("sure") == "yes"
        if not ticked:
            self.notice(otherwise)
        return ticked


def opened_by(request: Request) -> Opened | None:
    """Return what stands open for this request, or None; for pages that work without a vault too."""
    program = program_of(request)
    vault = program.session.vault
    return None if vault is None else Opened(request, program, vault)


def needs_vault(handler: Callable[[Opened], Awaitable[Response]]) -> Handler:
    """Return a handler that asks for a vault first."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        opened = opened_by(request)
        return go("/open") if opened is None else await handler(opened)

    return answer


def needs_order(handler: Callable[[Opened, Record[KeptOrder]], Awaitable[Response]]) -> Handler:
    """Return a handler that is given the order whose `number` the address names, in its latest version.

    Raises:
        UserError: From the handler, when there is no such order.
    """

    @needs_vault
    @wraps(handler)
    async def answer(opened: Opened) -> Response:
        from holdfire.journeys.record_order import find_order  # noqa: PLC0415 - see above

        return await handler(opened, await opened.run(find_order, int(opened.request.path_params["number"])))

    return answer


def needs_letter(handler: Callable[[Opened, Record[Draft]], Awaitable[Response]]) -> Handler:
    """Return a handler that is given the letter whose id the address names; 404 where there is none."""

    @needs_vault
    @wraps(handler)
    async def answer(opened: Opened) -> Response:
        from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415 - see above

        return await handler(opened, await opened.one(LETTER, opened.request.path_params["letter"]))

    return answer


def _all(vault: Vault, kind: Kind[T]) -> tuple[Record[T], ...]:
    return tuple(
        record
        for start in range(0, vault.records.count(kind), _AT_ONCE)
        for record in vault.records.all(kind, limit=_AT_ONCE, offset=start)
    )
