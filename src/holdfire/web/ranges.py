"""Which bytes of a file a browser asks for (RFC 9110 §14), and the answer that carries them.

Film and sound play without leaving the vault: the browser asks for the stretch it shows next.

1. One range of bytes is heard; several, another unit, or words that are no range are as if nothing was asked (§14.2).
2. A range that begins behind the end is answered with 416 and the size (§15.5.17).
3. An answer carries at most `MOST_AT_ONCE`; it says which bytes it carries, and the browser asks for the rest (§15.3.7).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from holdfire.vault.refusals import LockedError

#: Bytes of one answer to a range, and of one reading from the vault.
MOST_AT_ONCE: Final = 4 << 20
_PIECE: Final = 1 << 20
_RANGE: Final = re.compile(r"bytes=\s*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))\s*", re.IGNORECASE)


class OutsideError(Exception):
    """The range begins behind the end."""


@dataclass(frozen=True)
class Range:
    """Bytes from `start` to before `end`."""

    start: int
    end: int


def asked_range(untrusted: str | None, size: int) -> Range | None:
    """Return the bytes a `Range` header asks for, of a file of `size` bytes; None for all of them.

    Raises:
        OutsideError: There are none of them (rule 2).
    """
    found = _RANGE.fullmatch(untrusted or "")
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, end = max(0, size - int(suffix)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise OutsideError
    return Range(start, end)


#: Reads so many bytes from a place in the file.
Read = Callable[[int, int], Awaitable[bytes]]


async def answer_range(
    untrusted: str | None, size: int, read: Read, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return the bytes of a file that were asked for, or all of them, piece by piece.

    Args:
        untrusted: The `Range` header of the request.
        size: Of the file.
        read: Reads from the vault.
        media_type: What the browser is told it is.
        headers: What the answer says besides.

    Raises:
        LockedError: The vault was locked before anything was read.
    """
    told = {**headers, "accept-ranges": "bytes"}
    try:
        asked = asked_range(untrusted, size)
    except OutsideError:
        return Response(status_code=416, headers={**told, "content-range": f"bytes */{size}"})
    if asked is None:
        return Pieces(read, size, media_type, told)
    end = min(asked.end, asked.start + MOST_AT_ONCE)
    content = await read(asked.start, end - asked.start)
    told["content-range"] = f"bytes {asked.start}-{end - 1}/{size}"
    return Response(content, 206, told, media_type)


class Pieces(Response):
    """A whole file, read from the vault while it is sent; it stops short when the vault locks.

    Args:
        read: Reads from the vault.
        size: Of the file.
        media_type: What the browser is told it is.
        headers: What the answer says besides.
    """

    def __init__(self, read: Read, size: int, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "content-length": str(size)}, media_type=media_type)
        self._read = read
        self._size = size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head and the pieces."""
        del receive
        head = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(head)
        if scope["method"] != "HEAD":
            try:
                async for piece in self._pieces():
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except LockedError:
                # Ended without its end: the connection closes, and what the browser has is no whole file.
                return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, self._size, _PIECE):
            yield await self._read(start, min(_PIECE, self._size - start))
