"""The fields of an account as forms ask them and pages show them: lists row by row, a few rows to a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.evidence.accounts.account import Account
from holdfire.evidence.accounts.form import MOST_ROWS, UNKNOWN, Field, Part
from holdfire.evidence.accounts.intake import cell
from holdfire.language import Language, mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form
from holdfire.web.opened import Opened
from holdfire.web.pages.order_fields import BEGINNING, pieces_of

if TYPE_CHECKING:
    from holdfire.journeys.keep_account import KeptAccount
    from holdfire.vault.records import Record

#: Rows of a list on one page: with four full fields each it stays under 30 KB.
ROWS: Final = 4
_UNKNOWN: Final = mark("unknown")
#: A day is refused where it is not written as numbers; who is told how before need not be refused.
_MOMENT: Final = mark("As 2020-08-11 14:30, or only 2020-08-11; “about” before it where you are not sure.")
_LINES: Final = {"text": 5, "rows": 1}


@dataclass(frozen=True)
class AskedRow:
    """A row of a list: its number, and its fields."""

    number: int
    fields: tuple[Asked, ...]


@dataclass(frozen=True)
class AskedList:
    """Some rows of a list.

    Attributes:
        label: What it is called, marked.
        hint: How it is filled, marked.
        rows: Those on this page.
        first: The first row of each other page that there is.
    """

    label: str
    hint: str
    rows: tuple[AskedRow, ...]
    first: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """A field as people read it: what it is called, marked; its text, or the beginning; whether that is not all."""

    label: str
    text: str
    more: bool


@dataclass(frozen=True)
class PartTold:
    """A part of an account: its id, its title, what is known, and the names of what is not."""

    id: str
    title: str
    known: tuple[Told, ...]
    unknown: tuple[str, ...]


def list_of(part: Part) -> Field | None:
    """Return the list of a part, or None where it has none."""
    return next((one for one in part.fields if one.shape == "rows"), None)


def asked_fields(part: Part, values: Mapping[str, str], language: Language) -> tuple[Asked, ...]:
    """Return the fields of a part but its list, with what stands in them."""
    return tuple(
        _asked(one, one.id, values.get(one.id, ""), language) for one in part.fields if one.shape != "rows"
    )


def asked_list(part: Part, values: Mapping[str, str], first: int, language: Language) -> AskedList | None:
    """Return the rows of a part's list from `first`, empty ones at the end; None where it has no list."""
    one = list_of(part)
    if one is None:
        return None
    filled = max((number for number in range(1, MOST_ROWS + 1) for column in one.columns
                  if values.get(cell(one.id, number, column.id))), default=0)  # fmt: skip
    last = min(MOST_ROWS, first + ROWS - 1)
    rows = tuple(
        AskedRow(
            number,
            tuple(
                _asked(column, name, values.get(name, ""), language)
                for column in one.columns
                for name in (cell(one.id, number, column.id),)
            ),
        )
        for number in range(first, last + 1)
    )
    pages = tuple(start for start in range(1, min(MOST_ROWS, filled + 1) + 1, ROWS) if start != first)
    return AskedList(one.label, one.hint, rows, pages)


def _asked(one: Field, name: str, value: str, language: Language) -> Asked:
    choices = (("", _UNKNOWN), *one.choices.items()) if one.shape == "choice" else ()
    told = one.hint or (_MOMENT if one.shape == "moment" else "")
    hint = language.say(told) if told else ""
    return Asked(name, one.label, value, hint, _LINES.get(one.shape, 1), choices)


def flat(account: Account, part: Part) -> dict[str, str]:
    """Return what is known of a part as its form holds it."""
    values: dict[str, str] = {}
    for one in part.fields:
        values[one.id] = account.text(one.id)
        for number, row in enumerate(account.rows(one.id), 1):
            values |= {cell(one.id, number, column): text for column, text in row.items()}
    return values


def typed(form: Form, part: Part, before: Account) -> dict[str, str]:
    """Return what a form says of a part; rows that were on no page of it stay as they were."""
    values = flat(before, part)
    for name in list(values):
        if not form.several(name) and name in {one.id for one in part.fields}:
            del values[name]
    for one in part.fields:
        names = [one.id] if one.shape != "rows" else [
            cell(one.id, number, column.id) for number in range(1, MOST_ROWS + 1) for column in one.columns
        ]  # fmt: skip
        values |= {name: form.one(name) for name in names if form.several(name)}
    return values


def told_part(part: Part, account: Account, language: Language) -> PartTold:
    """Return what is known of a part, each field from its beginning, and the names of what is not."""
    known = []
    for one in part.fields:
        if account.values.get(one.id):
            first, *more = pieces_of(told_text(one, account, language), BEGINNING)
            known.append(Told(one.label, first, bool(more)))
    return PartTold(
        part.id,
        part.title,
        tuple(known),
        tuple(one.label for one in part.fields if not account.values.get(one.id)),
    )


def told_text(one: Field, account: Account, language: Language) -> str:
    """Return a field as people read it; a list as one paragraph a row."""

    def said(column: Field, text: str) -> str:
        return (
            language.say(column.choices[text])
            if column.shape == "choice" and text in column.choices
            else text
        )

    if one.shape != "rows":
        return said(one, account.text(one.id))
    return "\n".join(
        f"{number}. "
        + " · ".join(
            said(column, row[column.id]) if row.get(column.id)
            else f"{language.say(column.label)}: {language.say(UNKNOWN)}"
            for column in one.columns
        )
        for number, row in enumerate(account.rows(one.id), 1)
    )  # fmt: skip


async def account_of(opened: Opened) -> Record[KeptAccount]:
    """Return the account whose `number` the address names; UserError when there is none."""
    from holdfire.journeys.keep_account import find_account  # noqa: PLC0415

    return await opened.run(find_account, int(opened.request.path_params["number"]))
