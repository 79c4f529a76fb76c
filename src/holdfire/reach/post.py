"""One exchange over HTTP: bytes out, bytes back, nothing that says who or with what.

No cookie, no redirect, no name of a program, no language, nothing from the environment (no proxy variables, no key log). Time and
size are bounded as a whole: an answer that drips is cut off like one that never comes. TLS is verified against
Mozilla's list of authorities, not the computer's own, into which a service that owns it may have put one of theirs.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any, Final

from holdfire.errors import NetworkError, PeerError
from holdfire.language import mark
from holdfire.reach.way import Proxy, check_way, host_of, read_address

if TYPE_CHECKING:
    import httpcore

#: Seconds for a whole exchange; Tor takes ten on a bad day.
SECONDS: Final = 60.0
_DONE: Final = 200

_AGAIN: Final = mark("Nothing is lost: what was not sent waits. Try again later.")


class RefusedError(PeerError):
    """The other side answered with something other than “done”."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(
            mark("The other side did not take it; its answer was number {status}."),
            mark("Check the address. Some services refuse what comes through Tor."),
            status=status,
        )


class TooLongError(PeerError):
    """The answer is longer than any right one."""

    def __init__(self, most: int) -> None:
        super().__init__(
            mark("The other side's answer is longer than {most} bytes, and was not read."),
            mark("Check the address."),
            most=most,
        )


class _NamelessError(Exception):
    """The proxy takes no names, as ssh's does not."""


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
        except _NamelessError:
            return asyncio.run(_within(*given, "", seconds, trusted))
    except TimeoutError:
        raise NetworkError(
            mark("No whole answer came in {seconds} seconds."), _AGAIN, seconds=int(seconds)
        ) from None


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
    # Imported here: most who use this program never send anything.
    import httpcore  # noqa: PLC0415

    opened: list[httpcore.AsyncNetworkStream] = []

    class Backend(httpcore.AnyIOBackend):
        """Remembers what it opened: where a proxy or TLS refuses, the library leaves its socket open."""

        async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
            opened.append(await super().connect_tcp(*args, **kwargs))
            return opened[-1]

    given: dict[str, Any] = {
        "ssl_context": trusted or _mozilla(),
        "network_backend": Backend(),
        "retries": 0,
    }
    way: httpcore.AsyncConnectionPool
    if proxy is None:
        way = httpcore.AsyncConnectionPool(**given)
    else:
        name = (apart, apart) if apart else None
        way = httpcore.AsyncSOCKSProxy(f"socks5h://{proxy}", proxy_auth=name, **given)
    every: Any = {"Host": _authority(address), **headers, "Connection": "close"}
    try:
        async with (
            asyncio.timeout(seconds),
            way,
            way.stream(method, address, headers=every, content=body or None) as answer,
        ):
            return await _read(answer, most)
    except httpcore.ProxyError as fault:
        if apart and str(fault).startswith("Requested "):
            raise _NamelessError from None
        raise NetworkError(
            mark("The proxy did not let it through."), mark("Check that Tor runs, and its port.")
        ) from None
    except TimeoutError:
        raise
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        OSError,
        AssertionError,
    ):
        # The library asserts what a proxy that speaks no SOCKS5 breaks. Of the fault nothing is repeated: it can hold an address.
        raise NetworkError(mark("The other side could not be reached, or broke off."), _AGAIN) from None
    finally:
        for one in opened:
            await one.aclose()


async def _read(answer: httpcore.Response, most: int) -> bytes:
    if answer.status != _DONE:
        raise RefusedError(answer.status)
    found = bytearray()
    async for piece in answer.aiter_stream():
        found += piece
        if len(found) > most:
            raise TooLongError(most)
    return bytes(found)


def _authority(address: str) -> str:
    return address.split("://", 1)[1].split("/", 1)[0].split("?", 1)[0]


def _mozilla() -> ssl.SSLContext:
    """Return what TLS is verified with; not `create_default_context`, which would write keys to a file that the environment names."""
    import certifi  # noqa: PLC0415

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context
