from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.wire.encoding import Field, FormatError, Listed, Octets, Row, Shape, Text, Whole, pad, unpad

SHAPE = Shape(
    "thing",
    (
        Field(1, "count", Whole(1 << 40)),
        Field(2, "name", Text(300)),
        Field(3, "bytes", Octets(most=400), optional=True),
        Field(4, "rows", Listed(Row((("a", Whole(9)), ("b", Octets(2)))), 30)),
    ),
)
TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60)
VALUES = st.fixed_dictionaries(
    {
        "count": st.integers(0, 1 << 40),
        "name": TEXTS,
        "bytes": st.one_of(st.none(), st.binary(max_size=400)),
        "rows": st.lists(
            st.tuples(st.integers(0, 9), st.binary(min_size=2, max_size=2)).map(list), max_size=30
        ),
    }
)


@given(VALUES)
def test_what_is_written_is_read(values: dict[str, Any]) -> None:
    assert SHAPE.read(SHAPE.write(values), 1 << 16) == values


@given(VALUES, st.data())
def test_other_bytes_are_refused_or_are_the_one_spelling_of_other_values(
    values: dict[str, Any], data: st.DataObject
) -> None:
    written = bytearray(SHAPE.write(values))
    written[data.draw(st.integers(0, len(written) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(FormatError):
        found = SHAPE.read(bytes(written), 1 << 16)
        assert found != values
        assert SHAPE.write(found) == bytes(written)


@given(st.binary(max_size=300))
@settings(max_examples=2_000)
def test_any_bytes_are_read_or_refused_and_nothing_else(untrusted: bytes) -> None:
    with contextlib.suppress(FormatError):
        SHAPE.read(untrusted, 1 << 16)


@pytest.mark.parametrize(
    "untrusted",
    [
        b"\x9f" * 300,
        b"\x81" * 300,
        b"\xd8\x1c" * 200 + b"\x80",
        b"\xbb" + b"\xff" * 8,
        b"\x9b" + b"\xff" * 8,
        b"\x5b" + b"\x7f" * 8,
        b"\xa1\x00\xd8\x23\x78\x05(a+)+",
    ],
    ids=[
        "lists without end",
        "lists in lists",
        "shared values",
        "a giant map",
        "a giant list",
        "giant bytes",
        "a pattern",
    ],
)
def test_bombs_are_refused(untrusted: bytes) -> None:
    with pytest.raises(FormatError):
        SHAPE.read(untrusted, 1 << 16)


@given(st.binary(max_size=90), st.integers(91, 200))
def test_padding_comes_off_again(content: bytes, size: int) -> None:
    assert unpad(pad(content, size, "here"), "here") == content
    assert len(pad(content, size, "here")) == size


def test_an_error_names_its_place_in_a_sentence() -> None:
    with pytest.raises(FormatError) as refused:
        SHAPE.write({"count": 1, "name": "", "rows": [[0, b"xx"], [10, b"xx"]]})
    assert refused.value.where == "thing.rows[1].a"
    assert "thing.rows[1].a" in str(refused.value)
