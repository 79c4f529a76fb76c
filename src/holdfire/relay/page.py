"""The relay's page for browsers: it explains, and takes nothing. There is no form, no script, no text box in it, ever."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final

_PAGE: Final = (files("holdfire.relay") / "page.html").read_bytes()
_HEADERS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-length", str(len(_PAGE)).encode("ascii")),
    # Its own style, and nothing else: no script, no form, no frame, nothing from elsewhere.
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
]  # fmt: skip
_NOTHING: Final = b"nothing\n"

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def pages(scope: dict[str, Any], _receive: object, send: Send) -> None:
    """Answer a path that the protocol does not know: the page at `/`, nothing elsewhere."""
    here = scope["path"] == "/" and scope["method"] in {"GET", "HEAD"} and not scope["query_string"]
    body = _PAGE if here and scope["method"] == "GET" else b"" if here else _NOTHING
    length = str(len(_NOTHING)).encode("ascii")
    headers = _HEADERS if here else [(b"content-type", b"text/plain"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200 if here else 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})
