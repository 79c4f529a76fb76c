"""The relay over HTTP: what may be refused before a byte of a body is read is refused then (docs/protocols/relay.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from holdfire.relay.answer import Relay, Sizes, error
from holdfire.relay.gate import Solved
from holdfire.relay.writer import Writer
from holdfire.wire import http
from holdfire.wire.http import Answer, Request, Route

#: Seconds for a whole body.
BODY_SECONDS: Final = 60
#: Bodies of more than this many bytes that are read at one time, and what counts as one.
_LARGE_AT_ONCE: Final = 64
_LARGE: Final = 64 << 10
#: Puzzles that can wait to be judged, and threads that judge.
_MOST_JUDGED: Final = 256
_JUDGES: Final = 2
#: Boards whose entry size is remembered.
_MOST_KNOWN: Final = 10_000
_EXPIRY_SECONDS: Final = 3_600

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class RelayApp:
    """An ASGI application: requests of the protocol go to the writer, everything else to the pages for browsers.

    Args:
        relay: The core.
        writer: The one thread that uses the store.
        now: Seconds since 1970.
        pages: Asked about paths that the protocol does not know; None has no pages.
    """

    def __init__(
        self, relay: Relay, writer: Writer, now: Callable[[], int], pages: App | None = None
    ) -> None:
        self._relay, self._writer, self._now, self._pages = relay, writer, now, pages
        self._judges = ThreadPoolExecutor(_JUDGES, "judge")
        self._judged = self._large = 0
        self._known: dict[tuple[str, str, bytes], Sizes] = {}
        self._expiry: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            route = http.route(scope["method"], scope["path"])
            if route is None and self._pages is not None:
                await self._pages(scope, receive, send)
            else:
                await _answer(send, await self._respond(route, scope, receive))

    async def _respond(self, route: Route | None, scope: Scope, receive: Receive) -> Answer:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        request = Request(scope["method"], scope["path"], headers)
        if route is None or scope["query_string"]:
            return error(404)
        try:
            length, solved = await self._begin(route, request)
            with self._room_for(length):
                async with asyncio.timeout(BODY_SECONDS):
                    body = await _read(receive, length)
                whole = Request(request.method, request.path, headers, body)
                if route.name == "post" and http.PUZZLE in headers and not self._relay.gate.is_open:
                    solved = await self._judge(route, whole)
                    if solved is None:
                        return error(403)
                return await self._writer.answer(whole, solved)
        except TimeoutError:
            return error(408)
        except _RefusalError as no:
            return error(no.status)

    async def _begin(self, route: Route, request: Request) -> tuple[int, Solved | None]:
        """Return how long the body will be, and the puzzle that was judged already; raise what refuses it unread."""
        if not self._relay.may_send(route, request):
            raise _RefusalError(404)
        sizes = await self._sizes(route)
        if sizes is None:
            raise _RefusalError(404)
        length = _length(request, sizes)
        if route.name != "write piece" or self._relay.gate.is_open:
            return length, None
        # Before a million bytes are read: only they who will be let in send them.
        solved = await self._judge(route, request)
        if solved is None and not await self._writer.ask(lambda: self._relay.has_ticket(route, request)):
            raise _RefusalError(403)
        return length, solved

    async def _sizes(self, route: Route) -> Sizes | None:
        key = (route.name, route.file.kind if route.file else "", route.board or route.sheet)
        if key not in self._known:
            found = await self._writer.ask(lambda: self._relay.sizes(route))
            if found is None:
                return None
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            # An entry's size never changes; of a board that was closed, the core says so.
            self._known[key] = found
        return self._known[key]

    async def _judge(self, route: Route, request: Request) -> Solved | None:
        gate = self._relay.gate
        seen = gate.glance(route, request, self._now())
        if seen is None:
            return None
        if self._judged >= _MOST_JUDGED:
            raise _RefusalError(503)
        self._judged += 1
        try:
            held = await asyncio.get_running_loop().run_in_executor(self._judges, gate.holds, *seen)
        finally:
            self._judged -= 1
        return seen[0] if held else None

    @contextmanager
    def _room_for(self, length: int) -> Iterator[None]:
        large = length > _LARGE
        if large and self._large >= _LARGE_AT_ONCE:
            raise _RefusalError(503)
        self._large += large
        try:
            yield
        finally:
            self._large -= large

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._writer.expire()
        self._expiry = asyncio.create_task(self._expire())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._expiry.cancel()
        await self._writer.close()
        self._judges.shutdown()
        await send({"type": "lifespan.shutdown.complete"})

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(_EXPIRY_SECONDS)
            await self._writer.expire()


class _RefusalError(Exception):
    """A request is refused before the core sees it."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


def _length(request: Request, sizes: Sizes) -> int:
    """Return the length that a body will have; what has none, or another than must stand there, is refused."""
    said = request.headers.get("content-length")
    if said is None:
        # A request without a body needs not say so; one that comes in pieces of unknown number is not taken.
        if sizes.fit(0) and "transfer-encoding" not in request.headers:
            return 0
        raise _RefusalError(411)
    length = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1  # noqa: PLR2004
    if not sizes.fit(length):
        raise _RefusalError(413)
    return length


async def _read(receive: Receive, length: int) -> bytes:
    """Return a body of just this length; who breaks off is refused."""
    # It grows by an eighth and gives its bytes away uncopied; kept in a list, a million parts of one byte would take forty times as much.
    body = BytesIO()
    while True:
        event = await receive()
        part = event.get("body", b"")
        if event["type"] == "http.disconnect" or body.tell() + len(part) > length:
            raise _RefusalError(400)
        body.write(part)
        if not event.get("more_body"):
            break
    if body.tell() != length:
        raise _RefusalError(400)
    return body.getvalue()


async def _answer(send: Send, answer: Answer) -> None:
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in answer.headers.items()]
    if answer.status != 204:  # noqa: PLR2004
        headers.append((b"content-length", str(len(answer.body)).encode("ascii")))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
