"""Connections to other computers, straight or through a SOCKS proxy, and what their faults mean to a person.

No cookie, no redirect, no name of a program, nothing from the environment (no proxy variables, no key log). TLS is verified against
Mozilla's list of authorities, not the computer's own, into which a service that owns it may have put one of theirs.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Final

from holdfire.errors import NetworkError, PeerError
from holdfire.language import mark
from holdfire.reach.way import Proxy

if TYPE_CHECKING:
    import httpcore

AGAIN: Final = mark("Nothing is lost: what was not sent waits. Try again later.")
#: How the library's text begins where a proxy took the question and answered with a code of its own (RFC 1928 §6).
_ANSWERED: Final = "Proxy Server could not connect"


class TooLongError(PeerError):
    """The answer is longer than any right one."""

    def __init__(self, most: int) -> None:
        super().__init__(
            mark("The other side's answer is longer than {most} bytes, and was not read."),
            mark("Check the address."),
            most=most,
        )


class NamelessError(Exception):
    """The proxy takes no names, as ssh's does not."""


def too_slow(seconds: float) -> NetworkError:
    """Return what is raised when a whole exchange took too long."""
    return NetworkError(mark("No whole answer came in {seconds} seconds."), AGAIN, seconds=int(seconds))


@asynccontextmanager
async def pool(
    proxy: Proxy | None, apart: str = "", trusted: ssl.SSLContext | None = None
) -> AsyncIterator[httpcore.AsyncConnectionPool]:
    """Give connections that are all closed at the end.

    Args:
        proxy: Through what; None goes straight.
        apart: Tor takes another way for each name; empty where the proxy takes none.
        trusted: Which TLS authorities are believed; None for Mozilla's.
    """
    # Imported here: most who use this program never send anything.
    import httpcore  # noqa: PLC0415

    opened: list[httpcore.AsyncNetworkStream] = []

    class Backend(httpcore.AnyIOBackend):
        """Remembers what it opened: where a proxy or TLS refuses, the library leaves its socket open."""

        async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
            try:
                opened.append(await super().connect_tcp(*args, **kwargs))
            except (httpcore.NetworkError, httpcore.TimeoutException):
                if proxy is None:
                    raise
                raise NetworkError(
                    mark("No proxy answers at {proxy}."),
                    mark("Check that Tor runs, and its port."),
                    proxy=str(proxy),
                ) from None
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
    try:
        async with way:
            yield way
    finally:
        for one in opened:
            await one.aclose()


@contextmanager
def faults(apart: str) -> Iterator[None]:
    """Raise what the library raises as what a person can understand.

    Raises:
        NetworkError: The way failed.
        NamelessError: `apart` was given and the proxy takes no names.
        TimeoutError: As it was.
    """
    import httpcore  # noqa: PLC0415

    try:
        yield
    except httpcore.ProxyError as fault:
        if apart and str(fault).startswith("Requested "):
            raise NamelessError from None
        if str(fault).startswith(_ANSWERED):
            raise NetworkError(
                mark("The proxy runs, and did not reach the other side."),
                mark(
                    "Nothing is lost. The other side may be away, or Tor has only just started: try again in a few minutes."
                ),
            ) from None
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
        raise NetworkError(mark("The other side could not be reached, or broke off."), AGAIN) from None


async def read(answer: httpcore.Response, most: int) -> bytes:
    """Return the body of an answer.

    Raises:
        TooLongError: It has more than `most` bytes.
    """
    found = bytearray()
    async for piece in answer.aiter_stream():
        found += piece
        if len(found) > most:
            raise TooLongError(most)
    return bytes(found)


def authority(address: str) -> str:
    """Return host and port as a request's `Host` has them."""
    return address.split("://", 1)[1].split("/", 1)[0].split("?", 1)[0]


def _mozilla() -> ssl.SSLContext:
    """Return what TLS is verified with; not `create_default_context`, which would write keys to a file that the environment names."""
    import certifi  # noqa: PLC0415

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context
