"""Ask relays as long work: the page of progress shows how far it is, and leaving locks at once, however slow a relay is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from holdfire.language import mark
from holdfire.web.faults import said_of
from holdfire.web.opened import Opened
from holdfire.web.page import go
from holdfire.web.session import STOPPED, Progress, StoppedError, Work

if TYPE_CHECKING:
    from holdfire.reach.way import Proxy
    from holdfire.wire.http import Answer, Ask, Request

#: Gives a way to the relay of an origin, for as long as it is used with `with`.
Ways = Callable[[str], "AbstractContextManager[Ask]"]
NOT_SENT = mark("Nothing was sent and nobody was asked: the box was not ticked.")


@dataclass(frozen=True)
class Told:
    """What came of asking: on the page of which path it is shown, line by line."""

    path: str
    lines: tuple[str, ...]


class Aside:
    """Ways to relays on a thread of their own; who waits for an answer stops waiting the moment the person leaves.

    Args:
        proxy: Through which they go; None for straight.
    """

    def __init__(self, proxy: Proxy | None) -> None:
        self._proxy = proxy
        self._left: Future[None] = Future()

    def stop(self) -> None:
        """End all waiting, from any thread."""
        if not self._left.done():
            self._left.set_result(None)

    @contextmanager
    def to(self, origin: str) -> Iterator[Ask]:
        """Give a way to a relay.

        Raises:
            UserError: It cannot be reached this way.
            StoppedError: From the way, once the person has left.
        """
        from holdfire.reach.relay import RelayWay  # noqa: PLC0415 - its library loads when it is needed

        way, thread = RelayWay(origin, self._proxy), ThreadPoolExecutor(1, "way")

        def ask(request: Request) -> Answer:
            asked = thread.submit(way.ask, request)
            either: tuple[Future[Any], ...] = (asked, self._left)
            wait(either, return_when=FIRST_COMPLETED)
            if self._left.done():
                way.break_off()
                raise StoppedError(STOPPED)
            return asked.result()

        try:
            yield ask
        finally:
            thread.submit(way.close)
            thread.shutdown(wait=not self._left.done())


def begin(
    opened: Opened, title: str, path: str, proxy: Proxy | None, act: Callable[[Ways, Progress], list[str]]
) -> Response:
    """Begin to ask relays, and lead to the page of progress.

    To be called only when the person has just said so.

    Args:
        opened: The open vault.
        title: What is being done, a marked sentence.
        path: Of the page that comes after it and shows what it returns.
        proxy: Through which it goes.
        act: Does it, on the vault's thread; returns what is to be told.
    """
    session, aside = opened.program.session, Aside(proxy)
    session.found = None

    def go_and_tell(progress: Progress) -> None:
        lines = act(aside.to, progress)
        if not work.stopping:
            session.found = Told(path, tuple(lines))

    work = Work(
        title=title,
        then=path,
        notice="",
        back=path,
        hint=mark("Leaving stops it. What went stays sent; the rest goes next time."),
        when_stopped=aside.stop,
    )
    session.begin(work, go_and_tell)
    return go("/progress")


def told_at(opened: Opened, path: str) -> tuple[str, ...]:
    """Return what the last asking is to tell on a page, once."""
    session = opened.program.session
    found = session.found
    if not isinstance(found, Told) or found.path != path:
        return ()
    session.found = None
    return found.lines


async def proxy_typed(opened: Opened, text: str) -> Proxy | None:
    """Return the proxy that was typed, and remember it; None for straight.

    Raises:
        UserError: It is none.
    """
    from holdfire.journeys.kept_stamps import keep_proxy  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.reach.way import read_proxy  # noqa: PLC0415

    proxy = read_proxy(text) if text else None
    await opened.run(keep_proxy, proxy, opened.program.now())
    return proxy


def fault_lines(opened: Opened, fault: BaseException) -> list[str]:
    """Return a fault as one line that tells it, with what to do."""
    return [" ".join(said for said in said_of(opened.language, fault) if said)]
