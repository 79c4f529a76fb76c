"""The log of a checklist on paper: read first, then saved as one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, render

_FILES: Final = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
#: Bytes of the log on the page that shows it before it is printed; the files have it whole.
_MOST_PREVIEW: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class PrintShown(Page):
    """The log as it is printed, to read first.

    Attributes:
        number: Of the checklist.
        language: Of the regulation.
        text: The log as text.
    """

    template = "checklist_print.html"
    number: int
    language: str
    text: str


@needs_vault
async def show_print(opened: Opened) -> Response:
    """Show the log as it is printed."""
    from holdfire.journeys.work_to_rule import sheet_here  # noqa: PLC0415
    from holdfire.rules.sheet import sheet_text  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    sheet = await opened.run(sheet_here, number)
    page = PrintShown(
        number=number,
        language=sheet.language,
        text=_preview(sheet_text(sheet).decode()),
        back=f"/checklists/{number}",
    )
    return render(opened.request, page)


@needs_vault
async def save_file(opened: Opened) -> Response:
    """Send the log as one file to save; it is made in memory."""
    from holdfire.journeys.work_to_rule import sheet_here  # noqa: PLC0415
    from holdfire.rules.sheet import sheet_pdf, sheet_text  # noqa: PLC0415

    form = opened.request.path_params["form"]
    if form not in _FILES:
        raise HTTPException(404)
    sheet = await opened.run(sheet_here, int(opened.request.path_params["number"]))
    made = sheet_pdf(sheet) if form == "pdf" else sheet_text(sheet)
    saved = {"content-disposition": f'attachment; filename="notes.{form}"'}
    return Response(made, media_type=_FILES[form], headers=saved)


def _preview(text: str) -> str:
    """Return as much of the log as one page holds."""
    shown = text
    while len(escape(shown).encode()) > _MOST_PREVIEW:
        shown = shown[: len(shown) * 3 // 4]
    return shown if shown == text else f"{shown}…"


ROUTES = (
    Route("/checklists/{number:int}/print", show_print),
    Route("/checklists/{number:int}/notes.{form}", save_file),
)
