"""Letters: choose one, fill in what is known, read it first, take it away as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form, read_form
from holdfire.web.page import Page, Problem, go, program_of, render
from holdfire.web.pages.orders import LetterLine, found, heading_of
from holdfire.web.pages.reviewing import country_choices
from holdfire.web.program import Program

if TYPE_CHECKING:
    from holdfire.journeys.write_letter import Draft
    from holdfire.letters.answers import Answers
    from holdfire.letters.letter import Letter
    from holdfire.letters.preview import Note
    from holdfire.letters.texts import LetterText
    from holdfire.orders.order import Order
    from holdfire.vault.records import Record

#: What people call the languages of the letters; another pack's language shows under its code.
LANGUAGES: Final = {"en": mark("English"), "ru": mark("Russian"), "be": mark("Belarusian")}
_LONG: Final = {
    "order_words": 4, "limitation": 3, "belief": 4, "own_words": 4, "refusal": 2, "motive": 2,
    "questions": 4, "facts": 5, "proposals": 3, "requests": 3, "earlier": 3, "enclosures": 3,
}  # fmt: skip
_FILES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}
_DRAFT: Final = mark("not handed in")
#: No letter names more provisions than a superior will read.
_MOST_OFFERED: Final = 16


@dataclass(frozen=True)
class KindLine:
    """A kind of letter to choose."""

    id: str
    title: str
    about: str


@dataclass(frozen=True)
class Offered:
    """A provision that can be cited."""

    id: str
    title: str
    chosen: bool


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
class KindsShown(Page):
    """The kinds of letters, to choose one.

    Attributes:
        order: The number of the order it is about; 0 for none.
        kinds: Kinds to choose from.
        chosen: The kind that is chosen already.
        languages: Codes and names of languages.
        countries: Codes and names of countries.
    """

    template = "letter_new.html"
    order: int
    kinds: tuple[KindLine, ...]
    chosen: str
    languages: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class FillShown(Page):
    """What a letter asks.

    Attributes:
        title: What the letter is called.
        before: What to know first.
        hidden: What was chosen: names and values.
        fields: What it asks.
        added: Paragraphs that stand in it only when the person writes them.
        offered: Provisions that can be cited.
        wrongs: What to mend.
    """

    template = "letter_fill.html"
    title: str
    before: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    fields: tuple[Asked, ...]
    added: tuple[Asked, ...]
    offered: tuple[Offered, ...]
    wrongs: tuple[Problem, ...] = ()


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


async def letters_about(program: Program, order: str | None) -> tuple[LetterLine, ...]:
    """Return the letters about an order by the id of its record, or every letter for None."""
    from holdfire.journeys.keep_letter import LETTER, REQUEST  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    session = program.session
    if session.vault is None:
        return ()
    records = session.vault.records
    kept = await session.run(records.all, LETTER)
    handed = {one.value.letter: one.value.clock for one in await session.run(records.all, REQUEST)}
    return tuple(
        LetterLine(
            record.id,
            kind_called(record.value.kind).title,
            mark("handed in") if record.id in handed else _DRAFT,
            handed[record.id].service.on.isoformat() if record.id in handed else "",
        )
        for record in kept
        if order is None or record.value.order == order
    )


async def show_all(request: Request) -> Response:
    """Show every letter."""
    program = program_of(request)
    if program.session.vault is None:
        return go("/open")
    return render(request, LettersShown(letters=await letters_about(program, None), back="/"))


async def choose(request: Request) -> Response:
    """Show the kinds of letters, for an order or for none."""
    from holdfire.letters.kinds import KINDS  # noqa: PLC0415

    if program_of(request).session.vault is None:
        return go("/open")
    number = int(request.path_params.get("number", 0))
    if number:
        await found(request)
    asked = request.query_params.get("kind", "")
    kinds = tuple(KindLine(kind.id, kind.title, kind.about) for kind in KINDS)
    page = KindsShown(
        order=number,
        kinds=kinds,
        chosen=asked if asked in {kind.id for kind in kinds} else kinds[0].id,
        languages=tuple(LANGUAGES.items()),
        countries=country_choices(),
        back=f"/orders/{number}" if number else "/letters",
    )
    return render(request, page)


async def fill(request: Request) -> Response:
    """Show what a letter asks, with what is known already."""
    from holdfire.journeys.keep_letter import answers_from, answers_so_far  # noqa: PLC0415
    from holdfire.letters.answers import join_answers  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    chosen = _chosen(Form(list(request.query_params.multi_items())))
    if chosen.get("letter"):
        draft = (await _kept(program, chosen["letter"])).value
        return render(request, await _fill_page(program, draft, chosen))
    order = await _order(program, chosen)
    answers = await session.run(answers_so_far, session.vault)
    if order is not None:
        answers = join_answers(answers, answers_from(order[1]))
    # What was cited in an earlier letter belongs to that one; this order's own rules are offered again.
    draft = replace(_draft(chosen, answers), answers=replace(answers, provisions=()))
    return render(request, await _fill_page(program, draft, chosen))


async def keep(request: Request) -> Response:
    """Keep what was filled in, and lead to the letter to read."""
    from holdfire.journeys.keep_letter import keep_letter  # noqa: PLC0415
    from holdfire.journeys.write_letter import compose_here  # noqa: PLC0415
    from holdfire.letters.answers import FIELDS, MANY, PROVISIONS, judge_answers  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    form = await read_form(request)
    chosen = _chosen(form)
    before = await _kept(program, chosen["letter"]) if chosen.get("letter") else None
    names = [name for name in FIELDS if form.one(name)]
    typed: dict[str, object] = {
        name: form.one(name).splitlines() if name in MANY else form.one(name) for name in names
    }
    typed[PROVISIONS] = list(form.several(PROVISIONS))
    try:
        answers = judge_answers(typed)
        if before is None:
            order = await _order(program, chosen)
            draft = replace(_draft(chosen, answers), order=order[0] if order else "")
        else:
            draft = replace(before.value, answers=answers)
        await session.run(compose_here, draft, program.today)
    except UserError as error:
        from holdfire.letters.answers import Answers  # noqa: PLC0415

        said = session.language.say(error.sentence, **error.values)
        shown = before.value if before else _draft(chosen, Answers())
        lines = {name: {"": tuple(form.one(name).splitlines())} for name in names}
        shown = replace(shown, answers=Answers(lines, tuple(form.several(PROVISIONS))))
        page = await _fill_page(program, shown, chosen)
        named = str(error.values.get("name", ""))
        wrong = Problem(named if named in {one.id for one in page.fields} else "to", said)
        return render(request, replace(page, wrongs=(wrong,)), 422)
    kept = await session.run(
        keep_letter, session.vault, draft, program.now(), record=before.id if before else None
    )
    session.notice = mark("Kept in your vault. Read it first; no file was made.")
    return go(f"/letters/{kept.id}")


async def show(request: Request) -> Response:
    """Show a letter as text, with what it states, and beside it what can be said aloud."""
    from holdfire.journeys.keep_letter import REQUEST  # noqa: PLC0415
    from holdfire.journeys.write_letter import load_shelf  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415
    from holdfire.letters.preview import preview  # noqa: PLC0415
    from holdfire.letters.script import BESIDE, script  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    kept = await _kept(program, request.path_params["letter"])
    draft = kept.value
    order = await _order_of(program, draft)
    letter = await _compose(program, draft)
    said = preview(letter)
    aloud = script(load_shelf().text(draft.kind, draft.languages[0], draft.country))
    handed = await session.run(session.vault.records.all, REQUEST)
    page = LetterShown(
        id=kept.id,
        title=kind_called(draft.kind).title,
        order=(order[0], heading_of(order[1])) if order else None,
        sides=tuple(_sides(letter)),
        states=tuple(_say(program, note) for note in said.states),
        before=tuple(_say(program, note) for note in said.before),
        blanks=said.blanks,
        script=aloud.language,
        say_aloud=aloud.say,
        on_refusal=aloud.on_refusal,
        beside=BESIDE,
        requests=tuple(
            (one.id, one.value.clock.service.on.isoformat()) for one in handed if one.value.letter == kept.id
        ),
        back=f"/orders/{order[0]}" if order else "/letters",
    )
    return render(request, page)


async def save_file(request: Request) -> Response:
    """Send a letter as one file to save; it is made in memory."""
    from holdfire.letters.write import write  # noqa: PLC0415 - the writers load when they are needed

    program = program_of(request)
    if program.session.vault is None:
        return go("/open")
    form = request.path_params["form"]
    if form not in _FILES:
        raise HTTPException(404)
    kept = await _kept(program, request.path_params["letter"])
    letter = await _compose(program, kept.value)
    written = await asyncio.to_thread(write, letter, form)
    saved = {"content-disposition": f'attachment; filename="notes.{form}"'}
    return Response(written, media_type=_FILES[form], headers=saved)


async def delete(request: Request) -> Response:
    """Delete a letter in every version, when the form says so twice."""
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    if session.vault is None:
        return go("/open")
    kept = await _kept(program, request.path_params["letter"])
    if (await read_form(request)).one("sure") != "yes":
        session.notice = mark("Nothing was deleted: the box was not ticked.")
        return go(f"/letters/{kept.id}")
    await session.run(session.vault.records.delete, LETTER, kept.id)
    session.notice = mark(
        "The letter is deleted in every version. What was printed or downloaded stays where it is."
    )
    return go("/letters")


async def _kept(program: Program, letter: str) -> Record[Draft]:
    from holdfire.journeys.keep_letter import LETTER  # noqa: PLC0415

    session = program.session
    if session.vault is None:
        raise HTTPException(404)
    for record in await session.run(session.vault.records.all, LETTER):
        if record.id == letter:
            return record
    raise HTTPException(404)


async def _compose(program: Program, draft: Draft) -> Letter:
    from holdfire.journeys.write_letter import compose_here  # noqa: PLC0415

    return await program.session.run(compose_here, draft, program.today)


async def _order(program: Program, chosen: dict[str, str]) -> tuple[str, Order] | None:
    """Return the id and the order that the form names by its number."""
    from holdfire.journeys.record_order import find_order  # noqa: PLC0415

    session, number = program.session, Form([("order", chosen.get("order", ""))]).number("order", 1, 1 << 30)
    if session.vault is None or number is None:
        return None
    record = await session.run(find_order, session.vault, number)
    return record.id, record.value.order


async def _order_of(program: Program, draft: Draft) -> tuple[int, Order] | None:
    """Return the number and the order a kept letter is about; None when there is none, or it was deleted."""
    from holdfire.journeys.record_order import list_orders  # noqa: PLC0415

    session = program.session
    if session.vault is None or not draft.order:
        return None
    for record in await session.run(list_orders, session.vault):
        if record.id == draft.order:
            return record.value.number, record.value.order
    return None


_CHOSEN: Final = ("kind", "language", "second", "country", "order", "letter")


def _chosen(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in _CHOSEN if form.one(name)}


def _draft(chosen: dict[str, str], answers: Answers) -> Draft:
    from holdfire.journeys.write_letter import Draft  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    kind = kind_called(chosen.get("kind", "")).id
    languages = dict.fromkeys((chosen.get("language", "en"), chosen.get("second", "")))
    countries = {code for code, _ in country_choices()}
    country = chosen.get("country", "")
    return Draft(
        kind,
        tuple(one for one in languages if one),
        answers,
        country if country in countries and country else None,
    )


async def _fill_page(program: Program, draft: Draft, chosen: dict[str, str]) -> FillShown:
    from holdfire.journeys.write_letter import load_shelf  # noqa: PLC0415
    from holdfire.letters.answers import ADDED, FIELDS, PROVISIONS  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    kind = kind_called(draft.kind)
    taken = _taken(load_shelf().text(draft.kind, draft.languages[0], draft.country))

    def asked(name: str) -> Asked:
        lines = _LONG.get(name, 1)
        value = "\n".join(draft.answers.lines(name, draft.languages[0]))
        return Asked(name, FIELDS[name], value, "", max(lines, value.count("\n") + 1))

    order = await _order(program, chosen) or await _order_of(program, draft)
    number = chosen.get("order", "")
    back = (
        f"/letters/{chosen['letter']}"
        if chosen.get("letter")
        else f"/orders/{number}/letter"
        if number
        else "/letters/new"
    )
    return FillShown(
        title=kind.title,
        before=kind.before,
        hidden=tuple(chosen.items()),
        fields=tuple(asked(name) for name in FIELDS if name in taken and name not in ADDED),
        added=tuple(asked(name) for name in ADDED),
        offered=tuple(await _offered(program, order[1] if order else None, draft))
        if PROVISIONS in taken
        else (),
        back=back,
    )


async def _offered(program: Program, order: Order | None, draft: Draft) -> list[Offered]:
    """Return what a letter about this order can cite: what its review named, where the wording was read."""
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415
    from holdfire.journeys.record_order import review_order  # noqa: PLC0415

    law = load_law().provisions
    findings = await program.session.run(review_order, order, draft.country) if order else ()
    named = [
        one.provision_id
        for finding in findings
        for one in (*finding.speaks_against, *finding.speaks_for)
        if one.level == "text" and not law[one.provision_id].comparator
    ]
    # What the person chose stays; then the law of their own country, which a superior knows.
    named.sort(key=lambda one: law[one].jurisdiction != draft.country)
    ids = dict.fromkeys((*draft.answers.provisions, *named))
    return [
        Offered(one, f"{law[one].instrument}, {law[one].article}", one in draft.answers.provisions)
        for one in list(ids)[:_MOST_OFFERED]
        if one in law
    ]


def _taken(text: LetterText) -> set[str]:
    """Return the answers a letter takes."""
    taken = {"to", "from", "date", "enclosures"}
    for part in text.parts:
        taken |= {part.answer, *(name for name, _ in part.labels)}
        if part.kind == "provisions":
            taken.add("provisions")
    return taken


def _sides(letter: Letter) -> Iterator[SideShown]:
    from holdfire.letters.text import as_text  # noqa: PLC0415

    for side in letter.sides:
        text = as_text(replace(letter, sides=(side,)))
        yield SideShown(side.language, "rtl" if side.right_to_left else "ltr", text)


def _say(program: Program, note: Note) -> str:
    return program.session.language.say(note.sentence, **note.values)


ROUTES = (
    Route("/letters", show_all),
    Route("/letters/new", choose),
    Route("/orders/{number:int}/letter", choose),
    Route("/letters/write", fill, methods=["GET"]),
    Route("/letters/write", keep, methods=["POST"]),
    Route("/letters/{letter}", show),
    Route("/letters/{letter}/notes.{form}", save_file),
    Route("/letters/{letter}/delete", delete, methods=["POST"]),
)
