"""The official texts a person imported: listed, searched, read, said what they are, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.faults import problem_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.guide import day

if TYPE_CHECKING:
    from holdfire.law.corpus.imported import ImportedText, Stated
    from holdfire.vault.passages import Passage
    from holdfire.vault.snippets import Piece

#: Hits on a page, and pieces of a text in one part of its list: a page stays under 30 KB.
_MOST_HITS: Final = 20
_MOST_PIECES: Final = 100
#: Characters of one piece on a page; longer ones are shown in parts.
_MOST_CHARACTERS: Final = 9_000
UNKNOWN: Final = mark("unknown")
FORMS: Final = {
    "pdf": "PDF", "docx": "DOCX", "html": "HTML", "akn": "Akoma Ntoso", "text": mark("plain text"),
}  # fmt: skip


@dataclass(frozen=True)
class TextLine:
    """An imported text in the list."""

    number: int
    title: str
    instrument: str
    version: str


@dataclass(frozen=True)
class HitLine:
    """An article in which the words were found."""

    text: int
    piece: int
    name: str
    title: str
    page: int | None
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class PieceLine:
    """A piece of a text in its list: its number from 1, its name, its page."""

    number: int
    name: str
    page: int | None


@dataclass(frozen=True, kw_only=True)
class TextsShown(Page):
    """Every imported text.

    Attributes:
        texts: Them, by number.
    """

    template = "law_texts.html"
    texts: tuple[TextLine, ...]


@dataclass(frozen=True, kw_only=True)
class SearchShown(Page):
    """Words looked for in every imported text.

    Attributes:
        words: Them; "" when nothing was asked yet.
        hits: Where they stand.
        more: Whether there are more.
        texts: How many texts there are to look in.
    """

    template = "law_search.html"
    words: str
    hits: tuple[HitLine, ...]
    more: bool
    texts: int


@dataclass(frozen=True, kw_only=True)
class TextShown(Page):
    """One imported text: what it is, what could not be read, its pieces.

    Attributes:
        number: Its number.
        title: Its title.
        facts: Names and values.
        remarks: What could not be read, translated.
        fields: What the person can say of it.
        pieces: Those of the part that is shown.
        part: The part, from 1.
        parts: How many there are.
        provision: The provision a place is looked for; "" for none.
        wrongs: What to mend.
    """

    template = "law_text.html"
    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    fields: tuple[Asked, ...]
    pieces: tuple[PieceLine, ...]
    part: int
    parts: int
    provision: str
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PieceShown(Page):
    """One article of an imported text.

    Attributes:
        text: The number of the text.
        title: Of the text.
        name: Of the article.
        language: Of the text; "" unknown.
        page: On which page it begins.
        words: The part of it that is shown.
        part: That part, from 1.
        parts: How many there are.
        number: Its number in the text, from 1.
        before: The number of the piece before it; 0 for none.
        after: The number of the piece after it; 0 for none.
        provision: The provision a place is looked for; "" for none.
    """

    template = "law_piece.html"
    text: int
    title: str
    name: str
    language: str
    page: int | None
    words: str
    part: int
    parts: int
    number: int
    before: int
    after: int
    provision: str


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show every imported text."""
    from holdfire.journeys.keep_law import list_texts  # noqa: PLC0415 - the law loads when it is needed

    found = await opened.run(list_texts)
    lines = tuple(
        TextLine(one.number, one.title, instrument_name(one), day(one.version) if one.version else "")
        for record in found
        for one in (record.value,)
    )
    return render(opened.request, TextsShown(texts=lines, back="/law"))


@needs_vault
async def search(opened: Opened) -> Response:
    """Show where words stand in the imported texts."""
    from holdfire.journeys.keep_law import list_texts, search_texts  # noqa: PLC0415

    words = " ".join(opened.request.query_params.get("words", "").split())[:200]
    hits, more = await opened.run(search_texts, words, _MOST_HITS)
    lines = tuple(
        HitLine(
            one.text.number,
            one.article + 1,
            _called(one.name, one.heading),
            one.text.title,
            one.page,
            one.snippet,
        )
        for one in hits
    )
    texts = len(await opened.run(list_texts))
    return render(opened.request, SearchShown(words=words, hits=lines, more=more, texts=texts, back="/law"))


@needs_vault
async def show(opened: Opened) -> Response:
    """Show one imported text."""
    query = Form(list(opened.request.query_params.multi_items()))
    return render(opened.request, await _page(opened, query))


@needs_vault
async def correct(opened: Opened) -> Response:
    """Keep what the person says of a text."""
    from holdfire.journeys.keep_law import correct_text  # noqa: PLC0415

    form = await read_form(opened.request)
    number = int(opened.request.path_params["number"])
    try:
        await opened.run(correct_text, number, stated_in(form), opened.program.now())
    except UserError as error:
        page = await _page(opened, form, (problem_of(opened.language, error, _field_of(error)),))
        return render(opened.request, page, 422)
    opened.notice(mark("Kept in your vault."))
    return go(f"/law/texts/{number}")


@needs_vault
async def pair(opened: Opened) -> Response:
    """Keep which article of a text is the wording of a provision."""
    from holdfire.journeys.keep_law import say_pair  # noqa: PLC0415
    from holdfire.law.corpus.imported import NONE  # noqa: PLC0415

    form = await read_form(opened.request)
    provision, said = form.one("provision"), form.one("article")
    number = form.number("article", 1, 1 << 30)
    article = NONE if said == "none" else None if number is None else number - 1
    await opened.run(
        say_pair, int(opened.request.path_params["number"]), provision, article, opened.program.now()
    )
    opened.notice(mark("Kept in your vault. You can change it again."))
    return go(f"/law/provision/{provision}")


@needs_vault
async def show_piece(opened: Opened) -> Response:
    """Show one article of an imported text."""
    from holdfire.journeys.keep_law import read_article  # noqa: PLC0415

    number, piece = (int(opened.request.path_params[name]) for name in ("number", "piece"))
    record, passage = await opened.run(read_article, number, piece - 1)
    text = record.value
    parts = _parts(passage.text)
    query = Form(list(opened.request.query_params.multi_items()))
    part = query.number("part", 1, len(parts)) or 1
    page = PieceShown(
        text=number,
        title=text.title,
        name=_called(passage.name, passage.heading) or f"{piece}",
        language=text.language,
        page=passage.page,
        words=parts[part - 1],
        part=part,
        parts=len(parts),
        number=piece,
        before=piece - 1,
        after=piece + 1 if piece < text.articles else 0,
        provision=query.one("provision"),
        back=f"/law/texts/{number}",
    )
    return render(opened.request, page)


@needs_vault
async def delete(opened: Opened) -> Response:
    """Delete an imported text whole, when the form says so twice."""
    from holdfire.journeys.keep_law import forget_text  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    if not await opened.sure():
        return go(f"/law/texts/{number}")
    await opened.run(forget_text, number)
    opened.notice(mark("The text is deleted here. The file it came from stays where it is."))
    return go("/law/texts")


def stated_fields(text: ImportedText | None = None) -> tuple[Asked, ...]:
    """Return the fields by which a person says what a text is."""
    from holdfire.journeys.law_here import load_instruments  # noqa: PLC0415

    choices = (
        ("", mark("None of these, or not known")),
        *((one.id, one.name) for one in load_instruments().values()),
    )
    version = day(text.version) if text and text.version else ""
    return (
        Asked("title", mark("What you call it"), text.title if text else ""),
        Asked("instrument", mark("What it is; then its wording stands beside our words"), text.instrument if text else "",
              choices=choices),
        Asked("version", mark("The day whose wording it gives"), version, kind="date"),
        Asked("language", mark("Its language: be, ru, en, es"), text.language if text else ""),
    )  # fmt: skip


def stated_in(form: Form) -> Stated:
    """Return what the person says of a text; UserError for a day that is none."""
    from holdfire.law.corpus.imported import Stated  # noqa: PLC0415

    written = form.one("version")
    try:
        version = date.fromisoformat(written) if written else None
    except ValueError:
        raise UserError(
            mark("This day cannot be read."), mark("Write it as 2026-11-22."), name="version"
        ) from None
    return Stated(form.one("title"), form.one("language"), form.one("instrument"), version)


def instrument_name(text: ImportedText) -> str:
    """Return what a text is, in English; "" when nobody said, the short name where the packs do not know it now."""
    from holdfire.journeys.law_here import load_instruments  # noqa: PLC0415

    one = load_instruments().get(text.instrument) if text.instrument else None
    return one.name if one else text.instrument


def _field_of(error: UserError) -> str:
    named = str(error.values.get("name", ""))
    return named or ("language" if "code" in error.values else "title")


async def _page(opened: Opened, query: Form, wrongs: tuple[Problem, ...] = ()) -> TextShown:
    from holdfire.journeys.keep_law import find_text, list_articles  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    text = (await opened.run(find_text, number)).value
    parts = max(1, -(-text.articles // _MOST_PIECES))
    part = query.number("part", 1, parts) or 1
    first = (part - 1) * _MOST_PIECES
    pieces = await opened.run(list_articles, number, first, _MOST_PIECES)
    return TextShown(
        number=number,
        title=text.title,
        facts=_facts(opened, text),
        remarks=tuple(opened.say(one.sentence, **one.values) for one in text.remarks),
        fields=stated_fields(text),
        pieces=tuple(_piece(first + at, one) for at, one in enumerate(pieces, 1)),
        part=part,
        parts=parts,
        provision=query.one("provision"),
        wrongs=wrongs,
        back="/law/texts",
    )


def _facts(opened: Opened, text: ImportedText) -> tuple[tuple[str, str], ...]:
    by = {"person": mark("as you said"), "file": mark("as the file says"), "": ""}[text.version_from]
    version = f"{day(text.version)}, {opened.say(by)}" if text.version and by else opened.say(UNKNOWN)
    return (
        (mark("What it is"), instrument_name(text) or UNKNOWN),
        (mark("Wording of"), version),
        (mark("Language"), text.language or UNKNOWN),
        (mark("Read from"), FORMS[text.form]),
        (mark("Imported on"), day(text.imported)),
        (mark("SHA-256 of the file"), text.sha256),
    )


def _piece(number: int, one: Passage) -> PieceLine:
    return PieceLine(number, _called(one.name, one.heading) or f"… {number}", one.page)


def _called(name: str, heading: str) -> str:
    return ". ".join(part for part in (name, heading[:100]) if part)


def _parts(text: str) -> list[str]:
    """Return a long article in parts of whole lines; one line alone may be longer, and is cut."""
    parts = [""]
    for line in text.split("\n"):
        for start in range(0, max(len(line), 1), _MOST_CHARACTERS):
            piece = line[start : start + _MOST_CHARACTERS]
            if parts[-1] and len(parts[-1]) + len(piece) > _MOST_CHARACTERS:
                parts.append("")
            parts[-1] += f"{piece}\n"
    return parts


ROUTES = (
    Route("/law/search", search),
    Route("/law/texts", show_all),
    Route("/law/texts/{number:int}", show),
    Route("/law/texts/{number:int}/correct", correct, methods=["POST"]),
    Route("/law/texts/{number:int}/pair", pair, methods=["POST"]),
    Route("/law/texts/{number:int}/delete", delete, methods=["POST"]),
    Route("/law/texts/{number:int}/{piece:int}", show_piece),
)
