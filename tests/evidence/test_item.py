"""What is noted is bounded, complete and shown as it is; the published schema says what a record holds, field for field."""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfire.errors import UserError
from holdfire.evidence.item import (
    FIELDS,
    MOST_METADATA,
    MOST_NOTE,
    MOST_TITLE,
    OF_ITEM,
    OF_PROTECTION,
    OWN,
    UNKNOWN,
    Bytes,
    check_notes,
    clean,
    complete,
    escape,
    record,
)
from holdfire.evidence.kinds import FORM_WORDS

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "formats" / "evidence.schema.json").read_text("utf-8")
)
PHOTO = Bytes("jpeg", 3, "ab" * 32)
COPY = Bytes("png", 0, "00" * 32, copied=True, steps=("scrub", "cover 1"))


def is_valid(value: object) -> bool:
    return bool(Draft202012Validator(SCHEMA).is_valid(value))


def test_the_schema_names_every_field_and_no_other() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    parts = SCHEMA["properties"]
    for part in (SCHEMA, *(parts[name] for name in ("item", "collection", "protection"))):
        assert part["required"] == list(part["properties"])
        assert part["additionalProperties"] is False
    noted = [*parts["collection"]["properties"], *OF_ITEM, *OF_PROTECTION]
    assert sorted(noted) == sorted(FIELDS)
    assert set(parts["item"]["properties"]) >= {*OWN, *OF_ITEM}
    assert parts["item"]["properties"]["type"]["enum"] == list(FORM_WORDS)


@given(st.sampled_from([PHOTO, COPY]), st.dictionaries(st.sampled_from([*FIELDS]), st.text(max_size=50)),
       st.dictionaries(st.sampled_from(OWN), st.text(max_size=50)))  # fmt: skip
def test_every_record_fits_it(known: Bytes, notes: dict[str, str], own: dict[str, str]) -> None:
    made = record(known, "item-1", own, notes)
    assert is_valid(json.loads(json.dumps(made)))
    for path in (("item", "size"), ("collection", "place"), ("protection", "risk"), ("format",), ("item",)):
        without: Any = deepcopy(made)
        inner = without
        for name in path[:-1]:
            inner = inner[name]
        del inner[path[-1]]
        assert not is_valid(without), path


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("item", "home", "a street"),
        ("item", "size", -1),
        ("item", "size", "3"),
        ("item", "sha256", "AB" * 32),
        ("item", "type", "exe"),
        ("item", "id", "Heron's photograph"),
        ("item", "steps", ["scrub"]),
        ("collection", "place", ""),
        ("collection", "place", None),
        ("collection", "place", "a" * (MOST_NOTE + 1)),
        ("protection", "face", "yes"),
    ],
)
def test_what_is_no_record_does_not(part: str, name: str, value: object) -> None:
    made: Any = record(PHOTO, "item-1", {}, {})
    assert is_valid(made)
    made[part][name] = value
    assert not is_valid(made)


def test_what_nobody_said_is_unknown() -> None:
    assert complete({}) == dict.fromkeys(FIELDS, UNKNOWN)
    assert complete({"place": " here ", "risk": "  "}) == {**dict.fromkeys(FIELDS, UNKNOWN), "place": "here"}


def test_notes_are_bounded_and_known() -> None:
    check_notes({**dict.fromkeys(FIELDS, "a" * MOST_NOTE), "metadata": "a" * MOST_METADATA})
    with pytest.raises(UserError, match="no note called"):
        check_notes({"home": "a street"})
    for field, most in (("place", MOST_NOTE), ("metadata", MOST_METADATA)):
        with pytest.raises(UserError, match=f"{field} has more than {most}"):
            check_notes({field: "a" * (most + 1)})


@given(st.text())
def test_a_title_shows_all_that_is_in_it(name: str) -> None:
    title = clean(name)
    assert len(title) <= MOST_TITLE
    assert all(sign == " " or unicodedata.category(sign)[0] not in "CZ" for sign in title)
    assert clean(title) == title


@given(st.text(), st.text())
def test_an_escaped_name_is_seen_whole_and_names_one_file_only(one: str, other: str) -> None:
    shown = escape(one)
    assert all(sign == " " or unicodedata.category(sign)[0] not in "CZ" for sign in shown)
    assert (shown == escape(other)) == (one == other)


def test_a_name_that_turns_the_text_around_is_seen() -> None:
    name = "photo\u202egpj.exe\n2\udcff"
    assert escape(name) == "photo\\u202egpj.exe\\u000a2\\udcff"
    assert clean(name) == "photo gpj.exe 2"
