"""One exchange over HTTP: bytes out, bytes back, nothing that says who or with what.

Time and size are bounded as a whole: an answer that drips is cut off like one that never comes. How it gets there: `pool`.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Final

from holdfire.errors import PeerError
from holdfire.language import mark
from holdfire.reach.pool import NamelessError, authority, faults, pool, read, too_slow
from holdfire.reach.way import Proxy, check_way, host_of, read_address

#: Seconds for a whole exchange; Tor takes ten on a bad day.
SECONDS: Final = 60.0
_DONE: Final = 200


class RefusedError(PeerError):
    """The other side answered with something other than “done”."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(
            mark("The other side did not take it; its answer was number {status}."),
            mark("Check the address. Some services refuse what comes through Tor."),
            status=status,
        )


def post(
    address: str,
    body: bytes,
    *,
    kind: str,
    accept: str,
    most: int,
    proxy: Proxy | None = None,
    seconds: float = SECONDS,
    trusted: ssl.SSLContext | None = None,
) -> bytes:
    """Send `body` to `address` and return the answer.

    Args:
        address: Web address, with its scheme.
        body: What is sent.
        kind: Its media type.
        accept: The media type that is asked for.
        most: The most bytes the answer may have.
        proxy: Through what; None goes straight.
        seconds: For everything together.
        trusted: Which TLS authorities are believed; None for Mozilla's.

    Raises:
        UserError: The address is none, or cannot be reached this way.
        NetworkError: The way failed, or took too long.
        PeerError: The other side answered otherwise than with “done”, or too much.
    """
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Accept": accept}
    return _exchange("POST", address, headers, body, most, proxy, seconds, trusted)


def fetch(
    address: str,
    *,
    accept: str,
    most: int,
    proxy: Proxy | None = None,
    seconds: float = SECONDS,
    trusted: ssl.SSLContext | None = None,
) -> bytes:
    """Return what stands at `address`; otherwise as `post`."""
    return _exchange("GET", address, {"Accept": accept}, b"", most, proxy, seconds, trusted)


def _exchange(
    method: str,
    address: str,
    headers: dict[str, str],
    body: bytes,
    most: int,
    proxy: Proxy | None,
    seconds: float,
    trusted: ssl.SSLContext | None,
) -> bytes:
    address = read_address(address)
    check_way(address, proxy)
    given = (method, address, headers, body, most, proxy)
    try:
        try:
            # Tor keeps those apart who give different names: two authorities then see two different ways in.
            return asyncio.run(_within(*given, host_of(address)[:255], seconds, trusted))
        except NamelessError:
            return asyncio.run(_within(*given, "", seconds, trusted))
    except TimeoutError:
        raise too_slow(seconds) from None


async def _within(  # noqa: PLR0913, PLR0917
    method: str,
    address: str,
    headers: dict[str, str],
    body: bytes,
    most: int,
    proxy: Proxy | None,
    apart: str,
    seconds: float,
    trusted: ssl.SSLContext | None,
) -> bytes:
    every: Any = {"Host": authority(address), **headers, "Connection": "close"}
    with faults(apart):
        async with (
            asyncio.timeout(seconds),
            pool(proxy, apart, trusted) as way,
            way.stream(method, address, headers=every, content=body or None) as answer,
        ):
            if answer.status != _DONE:
                raise RefusedError(answer.status)
            return await read(answer, most)
