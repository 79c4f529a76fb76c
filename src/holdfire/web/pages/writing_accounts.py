"""Write an account down, its limits first, and complete it part by part; what is not taken in is said with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.evidence.accounts.account import Account
from holdfire.evidence.accounts.form import MOST_ROWS, Part
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.intake import Fault
from holdfire.evidence.accounts.intake import read_form as read_account_form
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, Problem, go, render
from holdfire.web.pages.account_fields import (
    AskedList,
    account_of,
    asked_fields,
    asked_list,
    flat,
    list_of,
    typed,
)

if TYPE_CHECKING:
    from holdfire.journeys.keep_account import KeptAccount
    from holdfire.vault.records import Record


@dataclass(frozen=True, kw_only=True)
class AccountAsked(Page):
    """One part of an account, to write it.

    Attributes:
        title: Of the form or part, marked.
        limits: What is said before the first field, marked; none once the account is begun.
        action: Where the form goes.
        fields: What it asks.
        rows: The list it asks, or None.
        path: Where other rows of the list are.
        version: The version that is shown; 0 for a new account.
        wrongs: What was not taken in.
    """

    template = "account_part.html"
    title: str
    limits: tuple[str, ...]
    action: str
    fields: tuple[Asked, ...]
    rows: AskedList | None
    path: str
    version: int
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def begin(opened: Opened) -> Response:
    """Show what a form asks first, after its limits."""
    form = FORMS.get(opened.request.path_params["kind"])
    if form is None:
        raise HTTPException(404)
    return render(opened.request, _new_page(opened, form.kind, {}))


@needs_vault
async def write(opened: Opened) -> Response:
    """Keep a new account; what cannot be taken in is asked again, and the rest is kept before that."""
    from holdfire.journeys.keep_account import add_account  # noqa: PLC0415

    form = FORMS.get(opened.request.path_params["kind"])
    if form is None:
        raise HTTPException(404)
    part = form.parts[0]
    said = typed(await read_form(opened.request), part, Account(form.kind))
    intake = read_account_form(form.kind, said)
    kept = await opened.run(add_account, intake.account, opened.program.now())
    if intake.faults:
        opened.notice(mark("Your account is saved, but not the following."))
        return render(opened.request, _part_page(opened, kept, part, said, faults=intake.faults), 422)
    opened.notice(mark("Saved in your vault, as a draft. Complete it whenever you can."))
    return go(f"/accounts/{kept.value.number}")


@needs_vault
async def show_part(opened: Opened) -> Response:
    """Show one part of an account, to complete it."""
    kept = await account_of(opened)
    part = _part(opened, kept)
    asked = Form(list(opened.request.query_params.multi_items()))
    first = asked.number("from", 1, MOST_ROWS) or 1
    return render(opened.request, _part_page(opened, kept, part, flat(kept.value.account, part), first=first))


@needs_vault
async def complete(opened: Opened) -> Response:
    """Keep a part of an account as a new version."""
    from holdfire.journeys.keep_account import complete_account  # noqa: PLC0415

    kept = await account_of(opened)
    part = _part(opened, kept)
    form = await read_form(opened.request)
    account = kept.value.account
    said = typed(form, part, account)
    intake = read_account_form(account.kind, said, account)
    expected = form.number("version", 1, 1 << 30)
    saved = await opened.run(
        complete_account, kept.value.number, intake.account, opened.program.now(), expected=expected
    )
    first = form.number("from", 1, MOST_ROWS) or 1
    if intake.faults:
        return render(
            opened.request, _part_page(opened, saved, part, said, first=first, faults=intake.faults), 422
        )
    opened.notice(mark("Saved as a new version. The earlier one is kept."))
    if saved.version == kept.version:
        opened.notice(mark("Nothing was changed."))
    if form.one("more") == "yes":
        rows = len(saved.value.account.rows(listed.id)) if (listed := list_of(part)) else 0
        return go(f"/accounts/{kept.value.number}/part/{part.id}?from={min(rows + 1, MOST_ROWS)}")
    return go(f"/accounts/{kept.value.number}")


def _part(opened: Opened, kept: Record[KeptAccount]) -> Part:
    name = opened.request.path_params["part"]
    for part in kept.value.account.form.parts:
        if part.id == name:
            return part
    raise HTTPException(404)


def _new_page(opened: Opened, kind: str, values: dict[str, str]) -> AccountAsked:
    form = FORMS[kind]
    return AccountAsked(
        title=form.title,
        limits=form.limits,
        action=f"/accounts/new/{kind}",
        fields=asked_fields(form.parts[0], values, opened.language),
        rows=None,
        path="",
        version=0,
        back="/accounts",
    )


def _part_page(
    opened: Opened,
    kept: Record[KeptAccount],
    part: Part,
    values: dict[str, str],
    *,
    first: int = 1,
    faults: tuple[Fault, ...] = (),
) -> AccountAsked:
    number = kept.value.number
    path = f"/accounts/{number}/part/{part.id}"
    return AccountAsked(
        title=part.title,
        limits=(),
        action=path,
        fields=asked_fields(part, values, opened.language),
        rows=asked_list(part, values, first, opened.language),
        path=path,
        version=kept.version,
        wrongs=tuple(_problem(opened, fault) for fault in faults),
        back=f"/accounts/{number}",
    )


def _problem(opened: Opened, fault: Fault) -> Problem:
    """Return why something was not taken in, with the words it is about."""
    rule = opened.say(fault.rule)
    return Problem(
        fault.field,
        opened.say(mark("“{words}”: {rule}"), words=fault.words, rule=rule) if fault.words else rule,
    )


ROUTES = (
    Route("/accounts/new/{kind}", begin, methods=["GET"]),
    Route("/accounts/new/{kind}", write, methods=["POST"]),
    Route("/accounts/{number:int}/part/{part}", show_part, methods=["GET"]),
    Route("/accounts/{number:int}/part/{part}", complete, methods=["POST"]),
)
