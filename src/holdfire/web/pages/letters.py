"""Letters as they are kept: read first as text, with what can be said aloud; then taken away as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.opened import Opened, needs_letter, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.letter_fields import LANGUAGES
from holdfire.web.pages.order_fields import heading_of

if TYPE_CHECKING:
    from holdfire.journeys.write_letter import Draft
    from holdfire.letters.letter import Letter
    from holdfire.letters.preview import Note
    from holdfire.orders.order import Order
    from holdfire.vault.records import Record

_FILES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}
_DRAFT: Final = mark("not handed in")


@dataclass(frozen=True)
class LetterLine:
    """A letter in a list."""

    id: str
    title: str
    status: str
    on: str


@dataclass(frozen=True)
class SideShown:
    """The letter in one language, as text."""

    language: str
    direction: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LettersShown(Page):
    """Every letter that is kept.

    Attributes:
        letters: Them, the latest first.
    """

    template = "letters.html"
    letters: tuple[LetterLine, ...]


@dataclass(frozen=True, kw_only=True)
class LetterShown(Page):
    """A letter to read before it becomes a file.

    Attributes:
        id: Of its record.
        title: What it is called.
        order: Number and a few words of the order it is about, or None.
        sides: Its text, in one language or two.
        states: What it states of refusal and motive, translated.
        before: What to know before it is handed in, translated.
        blanks: What is left to fill by hand.
        script: Language of what can be said aloud.
        say_aloud: What can be said aloud.
        on_refusal: What can be said when the answer is no.
        beside: What to do while saying it.
        requests: When it was handed in: id and day.
    """

    template = "letter.html"
    id: str
    title: str
    order: tuple[int, str] | None
    sides: tuple[SideShown, ...]
    states: tuple[str, ...]
    before: tuple[str, ...]
    blanks: tuple[str, ...]
    script: str
    say_aloud: tuple[str, ...]
    on_refusal: tuple[str, ...]
    beside: tuple[str, ...]
    requests: tuple[tuple[str, str], ...]


async def letters_about(opened: Opened, order: str | None) -> tuple[LetterLine, ...]:
    """Return the letters about an order by the id of its record, or every letter for None; the latest first."""
    from holdfire.journeys.keep_letter import LETTER, REQUEST  # noqa: PLC0415 - the letters load when needed
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    handed = {one.value.letter: one.value.clock for one in await opened.all(REQUEST)}
    return tuple(
        LetterLine(
            record.id,
            kind_called(record.value.kind).title,
            mark("handed in") if record.id in handed else _DRAFT,
            handed[record.id].service.on.isoformat() if record.id in handed else "",
        )
        for record in await opened.all(LETTER)
        if order is None or record.value.order == order
    )


async def order_of(opened: Opened, draft: Draft) -> tuple[int, Order] | None:
    """Return the number and the order a letter is about; None when there is none, or it was deleted."""
    from holdfire.journeys.record_order import ORDER  # noqa: PLC0415

    for record in await opened.all(ORDER) if draft.order else ():
        if record.id == draft.order:
            return record.value.number, record.value.order
    return None


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show every letter."""
    return render(opened.request, LettersShown(letters=await letters_about(opened, None), back="/"))


@needs_letter
async def show(opened: Opened, kept: Record[Draft]) -> Response:
    """Show a letter as text, with what it states, and beside it what can be said aloud."""
    from holdfire.journeys.keep_letter import REQUEST  # noqa: PLC0415
    from holdfire.journeys.write_letter import load_shelf  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415
    from holdfire.letters.preview import preview  # noqa: PLC0415
    from holdfire.letters.script import BESIDE, script  # noqa: PLC0415

    draft = kept.value
    order = await order_of(opened, draft)
    letter = await _compose(opened, draft)
    said = preview(letter)
    aloud = script(load_shelf().text(draft.kind, draft.languages[0], draft.country))
    page = LetterShown(
        id=kept.id,
        title=kind_called(draft.kind).title,
        order=(order[0], heading_of(order[1])) if order else None,
        sides=tuple(_sides(letter)),
        states=tuple(_say(opened, note) for note in said.states),
        before=tuple(_say(opened, note) for note in said.before),
        blanks=said.blanks,
        script=aloud.language,
        say_aloud=aloud.say,
        on_refusal=aloud.on_refusal,
        beside=BESIDE,
        requests=tuple(
            (one.id, one.value.clock.service.on.isoformat())
            for one in await opened.all(REQUEST)
            if one.value.letter == kept.id
        ),
        back=f"/orders/{order[0]}" if order else "/letters",
    )
    return render(opened.request, page)


@needs_letter
async def save_file(opened: Opened, kept: Record[Draft]) -> Response:
    """Send a letter as one file to save; it is made in memory."""
    from holdfire.letters.write import write  # noqa: PLC0415 - the writers load when they are needed

    form = opened.request.path_params["form"]
    if form not in _FILES:
        raise HTTPException(404)
    written = await asyncio.to_thread(write, await _compose(opened, kept.value), form)
    saved = {"content-disposition": f'attachment; filename="notes.{form}"'}
    return Response(written, media_type=_FILES[form], headers=saved)


@needs_letter
async def delete(opened: Opened, kept: Record[Draft]) -> Response:
    """Delete a letter in every version, when the form says so twice."""
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415

    if not await opened.sure():
        return go(f"/letters/{kept.id}")
    await opened.run(lambda vault: vault.records.delete(LETTER, kept.id))
    opened.notice(
        mark("The letter is deleted in every version. What was printed or downloaded stays where it is.")
    )
    return go("/letters")


async def _compose(opened: Opened, draft: Draft) -> Letter:
    from holdfire.journeys.write_letter import compose_here  # noqa: PLC0415

    return await opened.program.session.run(compose_here, draft, opened.program.today)


def _sides(letter: Letter) -> Iterator[SideShown]:
    from holdfire.letters.text import as_text  # noqa: PLC0415

    for side in letter.sides:
        text = as_text(replace(letter, sides=(side,)), width=None)
        yield SideShown(side.language, "rtl" if side.right_to_left else "ltr", text)


def _say(opened: Opened, note: Note) -> str:
    values = dict(note.values)
    if "languages" in values:
        values["languages"] = ", ".join(
            opened.say(LANGUAGES.get(one, one)) for one in values["languages"].split(", ")
        )
    return opened.say(note.sentence, **values)


ROUTES = (
    Route("/letters", show_all),
    Route("/letters/{letter}", show),
    Route("/letters/{letter}/notes.{form}", save_file),
    Route("/letters/{letter}/delete", delete, methods=["POST"]),
)
