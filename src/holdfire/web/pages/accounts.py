"""Accounts: small forms about harm, an incident, a claim or official conduct, reviewed and kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.evidence.accounts.forms import FORMS
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.account_fields import PartTold, account_of, told_part
from holdfire.web.pages.order_fields import pieces_of

if TYPE_CHECKING:
    from holdfire.evidence.accounts.obstacles import Obstacle
    from holdfire.journeys.keep_account import KeptAccount
    from holdfire.vault.records import Record


@dataclass(frozen=True)
class FormLine:
    """A form that can be filled in: kind, title and what it is for, marked."""

    kind: str
    title: str
    about: str


@dataclass(frozen=True)
class AccountLine:
    """An account in the list: number, title (marked), day, the evidence it became (0 for none), whether it was changed since."""

    number: int
    title: str
    day: str
    evidence: int
    changed: bool


@dataclass(frozen=True)
class Missing:
    """What stands in the way: the sentence (marked), the row it is about (0 for none), and the page that mends it ("" for none)."""

    sentence: str
    row: int
    path: str


@dataclass(frozen=True)
class ReviewTold:
    """What a second person checked; whether it holds for the account as it stands."""

    reviewer: str
    role: str
    on: str
    checked: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class AccountsShown(Page):
    """The forms there are, and the accounts by number.

    Attributes:
        forms: What can be written.
        accounts: What is written.
    """

    template = "accounts.html"
    forms: tuple[FormLine, ...]
    accounts: tuple[AccountLine, ...]


@dataclass(frozen=True, kw_only=True)
class AccountShown(Page):
    """An account.

    Attributes:
        number: Its number.
        title: Of the form, marked.
        alleged: Whether it is a record of official conduct.
        parts: What is known of it and what is not.
        missing: What stands in the way of becoming evidence; without the review, which has its own place.
        reviewed: The review, or None.
        ready: Whether it can be kept as evidence now.
        kept: The numbers of the evidence it became.
        changed: Whether it was changed since.
        version: Which version this is.
    """

    template = "account.html"
    number: int
    title: str
    alleged: bool
    parts: tuple[PartTold, ...]
    missing: tuple[Missing, ...]
    reviewed: ReviewTold | None
    ready: bool
    kept: tuple[int, ...]
    changed: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class AccountRead(Page):
    """An account whole, as it reads, a page at a time.

    Attributes:
        number: Its number.
        text: This piece of it.
        part: Which piece, from 1.
        parts: How many there are.
    """

    template = "account_text.html"
    number: int
    text: str
    part: int
    parts: int


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(Page):
    """What a second person checked.

    Attributes:
        number: Of the account.
        fields: What is asked of them.
        missing: What must be mended before a review.
        version: The version that they read.
    """

    template = "account_review.html"
    number: int
    fields: tuple[Asked, ...]
    missing: tuple[Missing, ...]
    version: int


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show the forms there are, and the accounts by number."""
    from holdfire.journeys.keep_account import all_accounts  # noqa: PLC0415 - the vault loads when it is needed

    lines = tuple(
        AccountLine(
            one.value.number,
            FORMS[one.value.account.kind].title,
            f"{one.saved.astimezone():%Y-%m-%d}",
            one.value.kept[-1] if one.value.kept else 0,
            one.value.changed,
        )
        for one in await opened.run(all_accounts)
    )
    forms = tuple(FormLine(form.kind, form.title, form.about) for form in FORMS.values())
    return render(opened.request, AccountsShown(forms=forms, accounts=lines, back="/"))


@needs_vault
async def show(opened: Opened) -> Response:
    """Show an account: what is known, what is missing, what it became."""
    from holdfire.journeys.keep_account import stands_in_way  # noqa: PLC0415

    kept = await account_of(opened)
    account = kept.value.account
    alleged = account.kind == "accountability"
    missing = await opened.run(stands_in_way, account, before_review=True)
    whole = missing if not alleged else await opened.run(stands_in_way, account)
    review = account.review
    page = AccountShown(
        number=kept.value.number,
        title=account.form.title,
        alleged=alleged,
        parts=tuple(told_part(part, account, opened.language) for part in account.form.parts),
        missing=_missing(kept, missing),
        reviewed=ReviewTold(review.reviewer, review.role, review.on, review.checked, account.reviewed())
        if review
        else None,
        ready=not whole and (not kept.value.kept or kept.value.changed),
        kept=kept.value.kept,
        changed=kept.value.changed,
        version=kept.version,
        back="/accounts",
    )
    return render(opened.request, page)


@needs_vault
async def show_text(opened: Opened) -> Response:
    """Show an account whole, as it reads."""
    from holdfire.evidence.accounts.written import draft_text  # noqa: PLC0415

    kept = await account_of(opened)
    number = kept.value.number
    pieces = pieces_of(draft_text(kept.value.account, opened.language))
    asked = Form(list(opened.request.query_params.multi_items()))
    part = asked.number("part", 1, len(pieces)) or 1
    page = AccountRead(
        number=number, text=pieces[part - 1], part=part, parts=len(pieces), back=f"/accounts/{number}"
    )
    return render(opened.request, page)


@needs_vault
async def ask_review(opened: Opened) -> Response:
    """Show what a second person is asked."""
    from holdfire.journeys.keep_account import stands_in_way  # noqa: PLC0415

    kept = await account_of(opened)
    if kept.value.account.kind != "accountability":
        raise HTTPException(404)
    missing = await opened.run(stands_in_way, kept.value.account, before_review=True)
    say = opened.say
    fields = (
        Asked("reviewer", mark("Who reviewed it"), "", say(mark("A name or alias. Never who wrote it."))),
        Asked("role", mark("What they are"), "", say(mark("Such as: lawyer, doctor, colleague who was not there."))),
        Asked("checked", mark("What they checked"), "",
              say(mark("Each statement against its source; whether it could be another person; what could be left out.")), 4),
    )  # fmt: skip
    number = kept.value.number
    page = ReviewAsked(
        number=number,
        fields=fields,
        missing=_missing(kept, missing),
        version=kept.version,
        back=f"/accounts/{number}",
    )
    return render(opened.request, page)


@needs_vault
async def review(opened: Opened) -> Response:
    """Note what a second person checked."""
    from holdfire.journeys.keep_account import review_account  # noqa: PLC0415

    kept = await account_of(opened)
    form = await read_form(opened.request)
    said = {name: form.one(name) for name in ("reviewer", "role", "checked")}
    await opened.run(
        review_account,
        kept.value.number,
        said,
        opened.program.now(),
        expected=form.number("version", 1, 1 << 30),
    )
    opened.notice(mark("The review is noted. It holds until the record is changed."))
    return go(f"/accounts/{kept.value.number}")


@needs_vault
async def keep(opened: Opened) -> Response:
    """Keep an account as evidence."""
    from holdfire.journeys.keep_account import keep_account  # noqa: PLC0415

    kept = await account_of(opened)
    await opened.run(keep_account, kept.value.number, opened.program.now())
    opened.notice(mark("It is kept as evidence, sealed, with a history of its own."))
    return go(f"/accounts/{kept.value.number}")


@needs_vault
async def export(opened: Opened) -> Response:
    """Send a kept account as a file to save, and note in its history that it left."""
    from holdfire.journeys.keep_account import exported_account  # noqa: PLC0415

    kept = await account_of(opened)
    readable = (await read_form(opened.request)).one("form") != "json"
    content = await opened.run(
        exported_account,
        kept.value.number,
        opened.program.now(),
        readable=readable,
        language=opened.language,
    )
    name = "notes.txt" if readable else "notes.json"
    kind = "text/plain; charset=utf-8" if readable else "application/json"
    return Response(
        content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@needs_vault
async def delete(opened: Opened) -> Response:
    """Delete an account in every version, when the form says so twice."""
    from holdfire.journeys.keep_account import delete_account  # noqa: PLC0415

    kept = await account_of(opened)
    if not await opened.sure():
        return go(f"/accounts/{kept.value.number}")
    await opened.run(delete_account, kept.value.number)
    opened.notice(
        mark("The account is deleted in every version. Evidence that it became stays, and so does what was saved as a file.")
    )  # fmt: skip
    return go("/accounts")


def _missing(kept: Record[KeptAccount], found: tuple[Obstacle, ...]) -> tuple[Missing, ...]:
    places = {one.id: part.id for part in kept.value.account.form.parts for one in part.fields}
    return tuple(
        Missing(
            one.sentence,
            one.row,
            f"/accounts/{kept.value.number}/part/{places[one.field]}" if one.field in places else "",
        )
        for one in found
    )


ROUTES = (
    Route("/accounts", show_all),
    Route("/accounts/{number:int}", show),
    Route("/accounts/{number:int}/text", show_text),
    Route("/accounts/{number:int}/review", ask_review, methods=["GET"]),
    Route("/accounts/{number:int}/review", review, methods=["POST"]),
    Route("/accounts/{number:int}/keep", keep, methods=["POST"]),
    Route("/accounts/{number:int}/export", export, methods=["POST"]),
    Route("/accounts/{number:int}/delete", delete, methods=["POST"]),
)
