"""The way to one relay: a few requests in a row over one connection, straight or through a SOCKS proxy."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from holdfire.errors import NetworkError
from holdfire.reach.pool import NamelessError, authority, faults, pool, read, too_slow
from holdfire.reach.way import Proxy, check_way
from holdfire.sealing.noise import random_bytes
from holdfire.wire.http import FIRST, PREVIOUS, Answer, Request, most_answer
from holdfire.wire.origin import origin_of

if TYPE_CHECKING:
    import httpcore

#: Seconds for one exchange: a bucket or a piece is 1 MiB, and Tor has bad days.
SECONDS: Final = 180.0
_NAME_SIZE: Final = 8


class RelayWay:
    """A relay that can be asked, for one thread, inside `with`.

    Each way goes through Tor apart from all others: what is asked in one cannot be tied to another by where it comes from.

    Args:
        origin: Of the relay.
        proxy: A SOCKS5 proxy; None goes straight.
        seconds: For each exchange as a whole.
        trusted: Which TLS authorities are believed; None for Mozilla's.

    Raises:
        UserError: It is no origin, or cannot be reached this way.
    """

    def __init__(
        self,
        origin: str,
        proxy: Proxy | None = None,
        *,
        seconds: float = SECONDS,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self.origin = origin_of(origin)
        check_way(origin, proxy)
        self._proxy = proxy
        self._seconds = seconds
        self._trusted = trusted
        self._apart = random_bytes(_NAME_SIZE).hex() if proxy else ""
        self._runner = asyncio.Runner()
        self._stack: AsyncExitStack | None = None
        self._pool: httpcore.AsyncConnectionPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what stands open, in the thread that asked."""
        try:
            self._runner.run(self._close())
        finally:
            self._runner.close()

    def break_off(self) -> None:
        """End the question that is being asked, from any thread; the thread that asked then closes."""
        loop = self._runner.get_loop()
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])

    def ask(self, request: Request) -> Answer:
        """Return what the relay answers, whatever its status.

        Raises:
            NetworkError: It could not be reached, broke off, or took too long.
            PeerError: The answer is longer than any right one.
        """
        try:
            try:
                return self._runner.run(self._ask(request))
            except NamelessError:
                self._apart = ""
                self._runner.run(self._close())
                return self._runner.run(self._ask(request))
        except TimeoutError:
            self._runner.run(self._close())
            raise too_slow(self._seconds) from None
        except NetworkError:
            # What stood open may be what failed; the next question opens it anew.
            self._runner.run(self._close())
            raise

    async def _ask(self, request: Request) -> Answer:
        headers: Any = {
            "Host": authority(self.origin),
            **({"Content-Length": str(len(request.body))} if request.method in {"POST", "PUT"} else {}),
            **request.headers,
        }
        with faults(self._apart):
            async with (
                asyncio.timeout(self._seconds),
                (await self._opened()).stream(
                    request.method,
                    self.origin + request.path,
                    headers=headers,
                    content=request.body or None,
                ) as answer,
            ):
                body = await read(answer, most_answer(request))
        return Answer(answer.status, _wanted(answer), body)

    async def _opened(self) -> httpcore.AsyncConnectionPool:
        if self._pool is None:
            self._stack = AsyncExitStack()
            self._pool = await self._stack.enter_async_context(pool(self._proxy, self._apart, self._trusted))
        return self._pool

    async def _close(self) -> None:
        stack, self._stack, self._pool = self._stack, None, None
        if stack is not None:
            await stack.aclose()


def _wanted(answer: httpcore.Response) -> dict[str, str]:
    """Return the headers that a relay's answer can have; no other is looked at."""
    found = {name.lower(): value for name, value in answer.headers}
    return {
        name: found[name.encode("ascii")].decode("ascii", "replace")
        for name in (FIRST, PREVIOUS, "content-type")
        if name.encode("ascii") in found
    }
