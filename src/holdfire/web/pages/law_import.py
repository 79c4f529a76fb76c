"""Import an official text: the file comes through the page into memory, and from there into the vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_upload
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.law_texts import stated_fields, stated_in
from holdfire.web.session import Progress, Work

_PATH: Final = "/law/texts/import"
#: The pages that take a form with a file.
UPLOADS: Final = (_PATH,)


@dataclass(frozen=True, kw_only=True)
class ImportShown(Page):
    """Which file, and what it is.

    Attributes:
        fields: What the person can say of it.
        wrongs: What to mend.
    """

    template = "law_import.html"
    fields: tuple[Asked, ...]
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def ask(opened: Opened) -> Response:
    """Ask for the file."""
    return render(opened.request, ImportShown(fields=stated_fields(), back="/law/texts"))


@needs_vault
async def take(opened: Opened) -> Response:
    """Import the file, as long work, and lead to the text."""
    from holdfire.journeys.keep_law import import_text, judge_stated  # noqa: PLC0415 - the law loads when it is needed

    try:
        upload = await read_upload(opened.request, "file")
        stated = stated_in(upload.form)
        judge_stated(stated)
    except UserError as error:
        wrong = problem_of(opened.language, error, str(error.values.get("name", "file")))
        page = ImportShown(fields=stated_fields(), wrongs=(wrong,), back="/law/texts")
        return render(opened.request, page, 422)
    session, vault, now = opened.program.session, opened.vault, opened.program.now()
    work = Work(
        title=mark("Reading your text"),
        then="/law/texts",
        notice=mark(
            "The text lies in your vault. The file itself stays where it is, readable: delete it if it can harm you."
        ),
        back=_PATH,
    )

    def act(progress: Progress) -> None:
        record, there = import_text(vault, upload.stream, upload.name, stated, now, progress=progress)
        work.then = f"/law/texts/{record.value.number}"
        if there:
            work.notice = mark("This very file is in your vault already. Nothing was changed.")

    session.begin(work, act)
    return go("/progress")


ROUTES = (Route(_PATH, ask, methods=["GET"]), Route(_PATH, take, methods=["POST"]))
