"""Where something is sent, and through what: addresses and proxies, judged before anything is asked of the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from holdfire.errors import UserError
from holdfire.language import mark

MOST_ADDRESS: Final = 500
_PORTS: Final = range(1, 65_536)
_PORT: Final = re.compile(r"[0-9]{1,5}\Z")
#: Seen, and without what a shell or a header would take for something else: addresses are shown in commands too.
_SIGNS: Final = re.compile(r"[A-Za-z0-9._~:/?\[\]@!'()*+,;=%&-]+\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,255}\Z")


@dataclass(frozen=True)
class Proxy:
    """A SOCKS5 proxy, such as Tor's at 127.0.0.1:9050; it looks names up itself, so that nobody near sees them."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class AddressError(UserError):
    """This is no web address."""


def read_proxy(text: str) -> Proxy:
    """Return the proxy that `HOST:PORT` names.

    Raises:
        UserError: It names none.
    """
    host, _, port = text.strip().rpartition(":")
    if not _HOST.match(host) or not _PORT.match(port) or int(port) not in _PORTS:
        raise UserError(
            mark("This is no proxy."),
            mark("Write its name and port as 127.0.0.1:9050, which is where Tor usually waits."),
        )
    return Proxy(host, int(port))


def read_address(text: str) -> str:
    """Return a web address that something can be sent to, as it was given.

    Raises:
        UserError: It is none, or holds a name and password.
    """
    wrong = AddressError(
        mark("This is no web address."), mark("Write it whole, as https://example.org/stamp.")
    )
    address = text.strip()
    if len(address) > MOST_ADDRESS or not _SIGNS.match(address):
        raise wrong
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong from None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not (_HOST.match(host) or ":" in host) or port == 0:
        raise wrong
    if parts.username is not None or parts.fragment:
        raise wrong
    return address


def host_of(address: str) -> str:
    """Return the name of the computer that an address leads to."""
    return urlsplit(address).hostname or ""


def check_way(address: str, proxy: Proxy | None) -> None:
    """Return if the address can be reached this way without telling its name to somebody else.

    Raises:
        UserError: An onion address without a proxy: asking for it would tell the nearest name server.
    """
    if proxy is None and host_of(address).lower().rstrip(".").endswith(".onion"):
        raise UserError(
            mark("An address that ends in .onion is reached through Tor only."),
            mark("Give Tor's proxy, usually 127.0.0.1:9050."),
        )
