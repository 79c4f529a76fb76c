"""How a page is made: one typed context, one template, one language.

Every page is a frozen dataclass naming each key its template may use; a test compares the two. Templates
escape by default, and an undefined key is a fault, never an empty place. Besides its own keys a
template sees only `frame`, and these: `_` and `say` (translate), `link` (turns `[[id]]` into a link).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from holdfire.language import Language, mark
from holdfire.web.program import Program

_FOLDER: Final = Path(__file__).parent
_LINK: Final = re.compile(r"\[\[([a-z0-9-]+)\]\]")

#: The language of the guide's texts. Packs in other languages will bring theirs.
CONTENT: Final = "en"
#: Minutes the idle lock can be set to, in words, since text 2 says them in words.
MINUTES: Final = {
    1: mark("one minute"),
    2: mark("two minutes"),
    5: mark("five minutes"),
    10: mark("ten minutes"),
    15: mark("fifteen minutes"),
    30: mark("thirty minutes"),
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page is given.

    Attributes:
        back: Where the back link leads; empty for none.
    """

    template: ClassVar[str]
    back: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: the field's id and a marked sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Frame:
    """What stands around every page.

    Attributes:
        language: Code of the language of the page.
        direction: `ltr` or `rtl`.
        state: `none`, `open` or `pretend`: which vault is open.
        minutes: After how long it locks, in words.
        notice: What just happened, one sentence, or nothing.
        content: Code of the language of the guide's texts, which the packs bring.
        titles: Titles of the actions by id, for links; empty until a page of the guide is shown.
    """

    language: str
    direction: str
    state: str
    minutes: str
    notice: str
    content: str
    titles: Mapping[str, str]


def program_of(request: Request) -> Program:
    """Return the program this request was sent to."""
    program: Program = request.app.state.program
    return program


def render(request: Request, page: Page, status: int = 200) -> Response:
    """Return `page` as an answer, in the language of the session."""
    return HTMLResponse(text_of(program_of(request), page), status)


def text_of(program: Program, page: Page) -> str:
    """Return `page` as HTML."""
    session = program.session
    notice, session.notice = session.notice, ""
    frame = Frame(
        language=session.language.code,
        direction=session.language.direction,
        state=session.state,
        minutes=MINUTES.get(session.minutes, MINUTES[5]),
        notice=notice,
        content=CONTENT,
        titles=program.titles,
    )
    keys = {field.name: getattr(page, field.name) for field in fields(page)}
    return environment(session.language).get_template(page.template).render(frame=frame, **keys)


def go(path: str) -> Response:
    """Return the answer that leads to another page of ours with GET."""
    return RedirectResponse(path, 303)


@cache
def environment(language: Language) -> Environment:
    """Return the templates in one language."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    made.globals["say"] = language.say
    made.filters["link"] = link
    return made


def link(text: str, titles: Mapping[str, str]) -> Markup:
    """Return `text` escaped, each `[[id]]` a link to that action's page under its title."""
    parts = _LINK.split(text)
    made = [
        escape(part)
        if index % 2 == 0
        else Markup('<a href="/guide/{id}">{title}</a>').format(id=part, title=titles.get(part, part))
        for index, part in enumerate(parts)
    ]
    return Markup("").join(made)
