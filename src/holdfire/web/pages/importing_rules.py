"""A regulation is brought in as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import MOST_FILE, Upload, read_upload
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.session import Work

#: What people call the languages whose regulations are labelled; another pack's language shows under its code.
LANGUAGES: Final = {
    "": mark("Find it by its words"),
    "en": mark("English"),
    "ru": mark("Russian"),
    "be": mark("Belarusian"),
    "es": mark("Spanish"),
}


@dataclass(frozen=True, kw_only=True)
class ImportAsked(Page):
    """The page on which a file is chosen.

    Attributes:
        fields: What is asked beside the file.
        most: Mebibytes that a file may have here.
        wrongs: What to mend.
    """

    template = "rule_import.html"
    fields: tuple[Asked, ...]
    most: int
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def ask_import(opened: Opened) -> Response:
    """Show the page on which a file is chosen."""
    return render(opened.request, _import_page(opened, {}))


@needs_vault
async def take_import(opened: Opened) -> Response:
    """Read the chosen file into the vault, with progress."""
    try:
        upload = await read_upload(opened.request, "file")
    except UserError as error:
        return render(
            opened.request, _import_page(opened, {}, (problem_of(opened.language, error, "file"),)), 422
        )
    _begin_import(opened, upload)
    return go("/progress")


def _begin_import(opened: Opened, upload: Upload) -> None:
    from holdfire.journeys.keep_regulation import import_regulation  # noqa: PLC0415

    language = upload.form.one("language")
    work = Work(
        title=mark("Reading the regulation"),
        then="/rules",
        notice=mark("The regulation is in your vault. Open it and compare it with the paper."),
        back="/rules/import",
    )
    vault, now, title = opened.vault, opened.program.now(), upload.form.one("title")
    opened.program.session.begin(
        work,
        lambda progress: import_regulation(
            vault, upload.stream, upload.name, now, title=title,
            language=language if language in LANGUAGES else "", progress=progress,
        ),
    )  # fmt: skip


def _import_page(opened: Opened, typed: dict[str, str], wrongs: tuple[Problem, ...] = ()) -> ImportAsked:
    hint = opened.say(mark("Empty: what the file itself says, or its first line."))
    fields = (
        Asked("title", mark("What it is called"), typed.get("title", ""), hint),
        Asked("language", mark("Its language"), typed.get("language", ""), choices=tuple(LANGUAGES.items())),
    )
    return ImportAsked(fields=fields, most=MOST_FILE >> 20, wrongs=wrongs, back="/rules")


#: What takes a form with a file.
UPLOADS: Final = ("/rules/import",)
ROUTES = (
    Route("/rules/import", ask_import, methods=["GET"]),
    Route("/rules/import", take_import, methods=["POST"]),
)
