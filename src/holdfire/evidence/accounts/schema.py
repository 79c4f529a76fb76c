"""The JSON Schema of accounts, made from the forms: docs/formats/accounts.schema.json is what this returns."""

from __future__ import annotations

from typing import Any

from holdfire.evidence.accounts.account import REVIEW
from holdfire.evidence.accounts.form import MOST_ROWS, UNKNOWN, Field, Form
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.written import FORMAT, VERSION

_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def schema() -> dict[str, Any]:
    """Return the schema of a written account."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An account, format 1 (accounts.md)",
        "oneOf": [_form(form) for form in FORMS.values()],
    }


def _form(form: Form) -> dict[str, Any]:
    members: dict[str, Any] = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "kind": {"const": form.kind},
        "made": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "corrects": _or_unknown(_HASH),
        "fields": _object({one.id: _field(one) for one in form.fields()}),
    }
    if form.kind == "accountability":
        members["alleged"] = {"const": True}
        members["review"] = _object({name: {"type": "string", "minLength": 1} for name in REVIEW})
    return {"title": form.title, **_object(members)}


def _field(one: Field) -> dict[str, Any]:
    if one.shape == "rows":
        rows = _object({column.id: _field(column) for column in one.columns})
        value = _or_unknown({"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": rows})
    elif one.shape == "evidence":
        value = _or_unknown({"type": "array", "minItems": 1, "items": _HASH})
    elif one.shape == "choice":
        value = {"enum": [*one.choices, UNKNOWN]}
    else:
        value = {"type": "string", "minLength": 1}
    return {"title": one.label, **value}


def _or_unknown(value: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"const": UNKNOWN}, value]}


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": members, "required": list(members), "additionalProperties": False,
    }  # fmt: skip
