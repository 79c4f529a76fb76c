"""The bytes of an item, from the vault to the browser and nowhere else: shown, played by ranges, drawn small, saved."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.web.guard import CONTENT_POLICY
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.pages.evidence_words import HEARD, PLAYED, SHOWN, file_name
from holdfire.web.ranges import MOST_AT_ONCE, Pieces, Read, answer_range

if TYPE_CHECKING:
    from holdfire.documents.drawing import Drawing
    from holdfire.journeys.keep_evidence import Evidence
    from holdfire.journeys.keep_small import Small
    from holdfire.vault.records import Record

_INLINE: Final = {**SHOWN, **PLAYED, **HEARD}
_POLICY: Final = CONTENT_POLICY.decode("ascii")
#: One file at a time is drawn: a list asks for many at once, and each takes memory.
_DRAWER: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")


@needs_vault
async def content(opened: Opened) -> Response:
    """Return an item, or the range of it that was asked for; only what a browser shows inside a page."""
    one = (await _found(opened)).value
    if one.form not in _INLINE:
        raise HTTPException(404)
    headers = {"content-disposition": "inline", "content-security-policy": _POLICY}
    asked = opened.request.headers.get("range")
    return await answer_range(asked, one.size, _reader(opened, one.item), _INLINE[one.form], headers)


@needs_vault
async def save_file(opened: Opened) -> Response:
    """Return an item as a file to be saved outside, byte for byte."""
    one = (await _found(opened)).value
    headers = {
        "content-disposition": f'attachment; filename="{file_name(one.number, one.form)}"',
        "content-security-policy": _POLICY,
    }
    return Pieces(_reader(opened, one.item), one.size, "application/octet-stream", headers)


@needs_vault
async def small(opened: Opened) -> Response:
    """Return the small picture of an item; 404 where there can be none."""
    return _jpeg((await small_of(opened, await _found(opened))).jpeg)


@needs_vault
async def drawn(opened: Opened) -> Response:
    """Return a page of a PDF, or a picture that browsers do not show, as a picture to look at."""
    from holdfire.documents.drawing import LARGE_EDGE  # noqa: PLC0415

    asked = opened.request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004 - six digits
    found = await draw(opened, (await _found(opened)).value, LARGE_EDGE, page)
    return _jpeg(found.jpeg if found else b"")


async def small_of(opened: Opened, record: Record[Evidence]) -> Small:
    """Return the small picture of an item from the vault; made and kept there the first time it is looked at."""
    from holdfire.documents.drawing import SMALL_EDGE  # noqa: PLC0415
    from holdfire.journeys.keep_evidence import EVIDENCE  # noqa: PLC0415
    from holdfire.journeys.keep_small import keep_small  # noqa: PLC0415
    from holdfire.journeys.keep_small import small_of as kept_small  # noqa: PLC0415

    kept = await opened.run(kept_small, record.id)
    if kept is not None:
        return kept
    made = await draw(opened, record.value, SMALL_EDGE, 1)

    def keep() -> Small:
        # It may have been deleted meanwhile: nothing of it may come back.
        opened.vault.records.get(EVIDENCE, record.id)
        return keep_small(opened.vault, record.id, made, opened.program.now())

    return await opened.program.session.run(keep)


async def draw(opened: Opened, one: Evidence, edge: int, page: int) -> Drawing | None:
    """Return an item, or a page of it, as a picture, or None where it cannot be drawn."""
    from holdfire.documents import drawing  # noqa: PLC0415

    if not drawable(one):
        return None
    loop, read = asyncio.get_running_loop(), _reader(opened, one.item)

    def work() -> Drawing | None:
        # Read when its turn comes: a list of large files never waits in memory.
        held = asyncio.run_coroutine_threadsafe(_whole(read, one.size), loop).result()
        return drawing.draw(held, one.form, edge, page)

    return await loop.run_in_executor(_DRAWER, work)


def drawable(one: Evidence) -> bool:
    """Say whether there can be a picture of an item."""
    from holdfire.documents import drawing  # noqa: PLC0415

    return one.form in drawing.DRAWN and one.size <= drawing.MOST_BYTES


async def _whole(read: Read, size: int) -> bytes:
    pieces = [await read(start, min(MOST_AT_ONCE, size - start)) for start in range(0, size, MOST_AT_ONCE)]
    return b"".join(pieces)


def _reader(opened: Opened, item: str) -> Read:
    """Return what reads an item on the vault's thread, so many bytes from a place."""
    return lambda offset, size: opened.run(lambda vault: vault.blobs.read(item, offset, size))


async def _found(opened: Opened) -> Record[Evidence]:
    from holdfire.journeys.keep_evidence import find_evidence  # noqa: PLC0415 - the vault loads when it is needed

    return await opened.run(find_evidence, int(opened.request.path_params["number"]))


def _jpeg(jpeg: bytes) -> Response:
    if not jpeg:
        raise HTTPException(404)
    headers = {"content-disposition": "inline", "content-security-policy": _POLICY}
    return Response(jpeg, headers=headers, media_type="image/jpeg")


ROUTES = (
    Route("/evidence/{number:int}/content", content, methods=["GET"]),
    Route("/evidence/{number:int}/file", save_file, methods=["GET"]),
    Route("/evidence/{number:int}/small", small, methods=["GET"]),
    Route("/evidence/{number:int}/drawn", drawn, methods=["GET"]),
)
