"""The published schema says what is written, field for field, and refuses what is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from holdfire.evidence.custody import event
from holdfire.evidence.custody.extract import extract
from holdfire.evidence.custody.log import Log

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "docs" / "formats" / "custody.schema.json").read_text("utf-8")
)
KNOWN = {
    **event.when(datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC), "phone"),
    "role": "witness",
    "steps": ["one", "two"],
}


def errors(part: str, value: object) -> list[str]:
    schema = {**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{part}"}]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    parts = SCHEMA["$defs"]
    for part in (parts["record"], parts["event"]["properties"]["fields"]):
        assert tuple(part["required"]) == tuple(part["properties"]) == event.FIELDS
    assert tuple(parts["event"]["properties"]["action"]["enum"]) == event.ACTIONS


@pytest.mark.parametrize("values", [{}, KNOWN], ids=["unknown", "known"])
def test_what_is_written_fits_it(values: dict[str, event.FieldValue]) -> None:
    log = Log.new()
    for action in event.ACTIONS:
        entry = log.append(action, values)
    earlier = log.head
    log.append("dispose", values)
    assert not errors("event", json.loads(entry.event))
    assert not [
        errors("opening", json.loads(text))
        for text in entry.openings.values()
        if errors("opening", json.loads(text))
    ]
    record = event.opened(event.read(entry.event, 5), 5, list(entry.openings.values()))
    assert not errors("record", record)
    assert not errors("head", json.loads(log.head.head.text()))
    first, before, shown = (json.loads(line) for line in extract(log, {5: ["day", "why"]}, [earlier]))
    assert not errors("first_line", first)
    assert not errors("earlier_line", before)
    assert not errors("event_line", shown)


def test_what_lacks_or_adds_a_field_does_not_fit() -> None:
    record: dict[str, object] = dict.fromkeys(event.FIELDS, "unknown")
    assert not errors("record", record)
    for field in event.FIELDS:
        assert errors("record", {name: value for name, value in record.items() if name != field})
    assert errors("record", {**record, "home": "x"})
    assert errors("record", {**record, "exact": "2026-03-01"})
    assert errors("record", {**record, "why": ""})
