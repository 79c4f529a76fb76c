"""How an account comes in: from a form on a page, which never stops anybody, or from a file, which is judged strictly.

In both, a field that is missing stays as it was, and "unknown" or nothing makes it unknown. In a record of official conduct no
text about private life is taken in, and no name before the unit or post that makes its bearer an official.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from holdfire.evidence.accounts.account import Account, Row, Value, clean, fits
from holdfire.evidence.accounts.form import MOST_IN_ROW, MOST_ROWS, UNKNOWN, Field, Form
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.private import REASONS, find_private, says_private_person
from holdfire.language import mark
from holdfire.pack.reader import Node, read

_RULES: Final = {
    "line": mark("This takes one line of at most 300 letters, 400 in a list."),
    "text": mark("This takes at most 3,000 letters."),
    "moment": mark("Write a moment as 2020, 2020-08, 2020-08-11 or 2020-08-11 14:30, or “about” before it."),
    "choice": mark("Choose one of the answers there are."),
    "evidence": mark("Write the numbers of evidence, such as 3, 5."),
    "rows": mark("Twenty at most can be listed."),
}
#: A name alone makes a list of people.
NO_OFFICE: Final = mark(
    "First the service and the unit or post: only officials can be recorded, for what they did on duty."
)
PRIVATE_PERSON: Final = mark("This is no unit or post of a service. Private people cannot be recorded here.")


@dataclass(frozen=True)
class Fault:
    """What was not taken in: the field of the form, what was typed, the rule, and the words it is about ("" for all)."""

    field: str
    typed: str
    rule: str
    words: str = ""


@dataclass(frozen=True)
class Intake:
    """An account taken from a form, and what of the form was not taken in."""

    account: Account
    faults: tuple[Fault, ...] = ()


def cell(name: str, row: int, column: str) -> str:
    """Return what a form calls a field in a row, counted from 1."""
    return f"{name}-{row}-{column}"


def read_form(kind: str, untrusted_fields: Mapping[str, str], onto: Account | None = None) -> Intake:
    """Return the account in the fields of a form; never raises for what was typed.

    Args:
        kind: A key of `FORMS`.
        untrusted_fields: By field; in a list `statements-1-says`. Rows are given together: those not there are gone.
        onto: What is known already.
    """
    form = FORMS[kind]
    before = onto or Account(kind)
    typed = {name: _said(text) for name, text in untrusted_fields.items()}
    found: dict[str, Value] = dict(before.values)
    faults: list[Fault] = []
    for one in form.fields():
        if one.shape == "rows":
            if any(name.startswith(f"{one.id}-") for name in typed):
                found[one.id] = _rows(kind, one, typed, faults)
        elif one.id in typed:
            fault = _fault(kind, one, one.id, typed[one.id])
            if fault:
                faults.append(fault)
            else:
                found[one.id] = typed[one.id]
    faults += _office(form, before, found)
    values = {one.id: found[one.id] for one in form.fields() if found.get(one.id)}
    return Intake(replace(before, values=values), tuple(faults))


def _rows(kind: str, one: Field, typed: Mapping[str, str], faults: list[Fault]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for number in range(1, MOST_ROWS + 1):
        row: dict[str, str] = {}
        for column in one.columns:
            name = cell(one.id, number, column.id)
            text = typed.get(name, "")
            fault = _fault(kind, column, name, text, MOST_IN_ROW)
            if fault:
                faults.append(fault)
            elif text:
                row[column.id] = text
        # A row of which a part was not taken in keeps its place: it is mended by that place.
        if row or any(fault.field.startswith(f"{one.id}-{number}-") for fault in faults):
            rows.append(row)
    return tuple(rows)


def _fault(kind: str, one: Field, name: str, text: str, most: int = 0) -> Fault | None:
    if not text:
        return None
    if not fits(one, text, most):
        return Fault(name, text, _RULES[one.shape])
    if kind != "accountability" or one.shape not in {"line", "text"}:
        return None
    found = find_private(text, place=one.place)
    if found:
        return Fault(name, text, REASONS[found.reason], found.words)
    if one.id in {"unit", "post"} and says_private_person(text):
        return Fault(name, text, PRIVATE_PERSON)
    return None


def _office(form: Form, before: Account, found: dict[str, Value]) -> list[Fault]:
    """Take a name away while nothing says that its bearer is an official."""
    if form.kind != "accountability" or not found.get("name"):
        return []
    if found.get("service") and (found.get("unit") or found.get("post")):
        return []
    typed = str(found.pop("name"))
    if before.text("name") == typed:
        return [Fault("name", "", NO_OFFICE)]
    return [Fault("name", typed, NO_OFFICE)]


def read_account(untrusted_bytes: bytes, file: str, kind: str, onto: Account | None = None) -> Account:
    """Return the account in a YAML file (docs/formats/accounts.md), or raise ContentError with the line of the fault.

    Args:
        untrusted_bytes: The file as found.
        file: Its name, for the error.
        kind: A key of `FORMS`.
        onto: What is known already; fields that the file leaves out stay as they are there.
    """
    form = FORMS[kind]
    node = read(untrusted_bytes, file)
    known = node.fields("", " ".join(one.id for one in form.fields())).known
    typed: dict[str, str] = {}
    places: dict[str, Node] = {}
    for name, item in known.items():
        for key, place, text in _given(form.field(name), item):
            typed[key], places[key] = text, place
    intake = read_form(kind, typed, onto)
    for fault in intake.faults:
        raise places.get(fault.field, node).refuse(fault.rule)
    return intake.account


def _given(one: Field, node: Node) -> list[tuple[str, Node, str]]:
    """Return what a file says of a field as a form would: key, place, text."""
    if one.shape != "rows":
        return [(one.id, node, _text(node))]
    if node.value is None or node.value == UNKNOWN:
        return [(cell(one.id, 1, one.columns[0].id), node, "")]
    items = node.items()
    if len(items) > MOST_ROWS:
        raise node.refuse(_RULES["rows"])
    columns = " ".join(column.id for column in one.columns)
    return [
        (cell(one.id, number, key), inside, _text(inside))
        for number, item in enumerate(items, 1)
        for key, inside in item.fields("", columns).known.items()
    ] or [(cell(one.id, 1, one.columns[0].id), node, "")]


def _text(node: Node) -> str:
    if node.value is None:
        return ""
    return "\n".join(node.texts()) if isinstance(node.value, list) else node.text()


def _said(text: str) -> str:
    text = clean(text)
    return "" if text.casefold() == UNKNOWN else text
