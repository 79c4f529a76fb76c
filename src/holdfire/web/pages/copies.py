"""Working copies: what a file tells now, a clean or covered copy to look at beside it, and keeping that one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.evidence_words import size_words
from holdfire.web.pages.seen_parts import Choosing, chosen_of, item_of, watching
from holdfire.web.session import Progress, Work

if TYPE_CHECKING:
    from holdfire.evidence.apart.asking import Wish
    from holdfire.evidence.copies.working_copy import Step
    from holdfire.web.forms import Form

#: What a picture can be written as, beside what its own form gives.
_FORMS: Final = (
    ("", mark("The same kind of file where that can be done")),
    ("jpg", mark("JPEG: every program opens it")),
    ("png", mark("PNG: sharp, and larger")),
)


@dataclass(frozen=True, kw_only=True)
class CopyBegun(Page):
    """What a file tells, and what can be made of it.

    Attributes:
        number: Of the item.
        title: As the person calls it.
        sort: What can be covered in it: `picture`, `paper`, `film`, `sound` or `none`.
        told: Kinds of things its metadata tells.
        left: What a clean copy still tells.
        forms: What it can be written as; empty where there is no choice.
        text: Whether its text can be kept as text.
        marked: How many boxes and silences are marked already.
        tried: Whether a copy waits to be looked at.
        refused: Why no copy can be made, a sentence and a hint; empty where one can.
    """

    template = "copy.html"
    number: int
    title: str
    sort: str
    told: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    forms: tuple[tuple[str, str], ...] = ()
    text: bool = False
    marked: int = 0
    tried: bool = False
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CopyTried(Page):
    """A copy beside the original, before it counts.

    Attributes:
        number: Of the original.
        sort: What it is: `picture`, `paper`, `film` or `sound`.
        choosing: Which page or moment of both is shown.
        form: What the copy is.
        size: How large it is.
        steps: What was done, in sentences.
        told: What the original's metadata told.
        left: What the copy can still tell.
    """

    template = "copy_tried.html"
    number: int
    sort: str
    choosing: Choosing
    form: str
    size: str
    steps: tuple[str, ...]
    told: tuple[str, ...]
    left: tuple[str, ...]


@needs_vault
async def begin(opened: Opened) -> Response:
    """Show what the file tells now, and what a clean copy of it still tells."""
    from holdfire.evidence.copies.refusals import CopyRefusedError  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.evidence.copies.working_copy import left_in  # noqa: PLC0415
    from holdfire.journeys.keep_copy_draft import draft_of  # noqa: PLC0415
    from holdfire.journeys.make_copy import FORMS, look_at, sort_of  # noqa: PLC0415

    record = await item_of(opened)
    kept = record.value
    back = f"/evidence/{kept.number}"
    try:
        told = await opened.run(look_at, kept.number, watching(opened))
    except CopyRefusedError as fault:
        said = (opened.say(fault.sentence, **fault.values), opened.say(fault.hint))
        page = CopyBegun(number=kept.number, title=kept.title, sort="none", refused=said, back=back)
        return render(opened.request, page)
    draft = await opened.run(draft_of, record.id)
    sort = sort_of(kept)
    page = CopyBegun(
        number=kept.number,
        title=kept.title,
        sort=sort,
        told=told.traces,
        left=left_in(FORMS[kept.form]),
        forms=_FORMS if sort == "picture" else (),
        text=kept.form == "pdf" and not draft.boxes,
        marked=len(draft.boxes) + len(draft.silences),
        tried=draft.tried is not None,
        back=back,
    )
    return render(opened.request, page)


@needs_vault
async def attempt(opened: Opened) -> Response:
    """Make a copy with what is marked, to be looked at."""
    from holdfire.journeys.keep_copy_draft import draft_of  # noqa: PLC0415
    from holdfire.journeys.make_copy import try_copy  # noqa: PLC0415

    record = await item_of(opened)
    number, program = record.value.number, opened.program
    draft = await opened.run(draft_of, record.id)
    wish = _wish(await read_form(opened.request), draft.spec)

    def act(progress: Progress) -> None:
        try_copy(opened.vault, number, wish, program.now(), progress)

    work = Work(
        title=mark("Making the copy"),
        then=f"/evidence/{number}/copy/tried",
        notice=mark("This is the copy. It is not kept yet: look at every corner first."),
        back=f"/evidence/{number}/copy" + ("/cover" if draft.spec else ""),
    )
    program.session.begin(work, act)
    return go("/progress")


def _wish(form: Form, spec: object) -> Wish:
    from holdfire.evidence.apart.asking import Wish  # noqa: PLC0415
    from holdfire.evidence.copies.form import Form as FileForm  # noqa: PLC0415
    from holdfire.evidence.copies.spec import Spec  # noqa: PLC0415

    wanted = form.one("as")
    written = FileForm(wanted) if wanted in {name for name, _ in _FORMS if name} else None
    covered = spec if isinstance(spec, Spec) else None
    return Wish(covered, written, keep_text=form.one("text") == "yes" and covered is None)


@needs_vault
async def tried(opened: Opened) -> Response:
    """Show the copy beside the original, what was done, and what it can still tell."""
    from holdfire.evidence.copies.refusals import CopyRefusedError  # noqa: PLC0415
    from holdfire.journeys.keep_copy_draft import draft_of  # noqa: PLC0415
    from holdfire.journeys.make_copy import sort_of  # noqa: PLC0415

    record = await item_of(opened)
    number, sort = record.value.number, sort_of(record.value)
    made = (await opened.run(draft_of, record.id)).tried
    if made is None:
        raise UserError(mark("There is no copy to look at."), mark("Go back and make one."))
    choosing = Choosing(1, 0, 1)
    if sort != "sound":
        try:
            choosing = await chosen_of(opened, record, tried=True)
        except CopyRefusedError:
            sort = "sound"  # a film without a picture
    page = CopyTried(
        number=number,
        sort=sort,
        choosing=choosing,
        form=made.form.upper(),
        size=size_words(made.size),
        steps=tuple(_said(opened, step) for step in made.steps),
        told=made.found,
        left=made.left,
        back=f"/evidence/{number}/copy",
    )
    return render(opened.request, page)


def _said(opened: Opened, step: Step) -> str:
    return opened.say(step.sentence, **dict(step.values))


@needs_vault
async def keep(opened: Opened) -> Response:
    """Keep the copy as an item of its own."""
    from holdfire.journeys.make_copy import keep_tried  # noqa: PLC0415

    record = await item_of(opened)
    kept = await opened.run(keep_tried, record.value.number, opened.program.now())
    opened.notice(
        mark(
            "The copy is kept, with a history of its own. Read what it can still tell before you give it away."
        )
    )
    return go(f"/evidence/{kept.value.number}")


@needs_vault
async def throw_away(opened: Opened) -> Response:
    """Destroy the copy that was tried, or with it everything that was marked."""
    from holdfire.journeys.keep_copy_draft import forget_draft, forget_trial  # noqa: PLC0415

    record = await item_of(opened)
    everything = (await read_form(opened.request)).one("marks") == "yes"
    await opened.run(forget_draft if everything else forget_trial, record.id, opened.program.now())
    opened.notice(mark("The copy is destroyed. The original is as it was."))
    return go(f"/evidence/{record.value.number}/copy" + ("" if everything else "/cover"))


ROUTES = (
    Route("/evidence/{number:int}/copy", begin, methods=["GET"]),
    Route("/evidence/{number:int}/copy/try", attempt, methods=["POST"]),
    Route("/evidence/{number:int}/copy/tried", tried, methods=["GET"]),
    Route("/evidence/{number:int}/copy/keep", keep, methods=["POST"]),
    Route("/evidence/{number:int}/copy/throw", throw_away, methods=["POST"]),
)
