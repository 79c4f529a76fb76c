"""Every value has one spelling; another spelling is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.evidence.canonical import Value, canonical, parse

FOLDER = Path(__file__).parents[1] / "vectors" / "jcs"
NAMES = sorted(path.name for path in (FOLDER / "input").iterdir())
TEXTS = st.text(st.characters(codec="utf-8"))
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


def test_all_public_pairs_are_here() -> None:
    assert len(NAMES) == 6


@pytest.mark.parametrize("name", NAMES)
def test_the_public_pairs(name: str) -> None:
    value = json.loads((FOLDER / "input" / name).read_text("utf-8"))
    written = (FOLDER / "output" / name).read_bytes()
    assert canonical(value) == written
    assert canonical(parse(written, 1_000)) == written


@given(VALUES)
def test_what_is_written_is_read(value: Value) -> None:
    text = canonical(value)
    assert parse(text, len(text)) == value
    for other in (text + b" ", b" " + text, b"\xef\xbb\xbf" + text, text + b"\n"):
        with pytest.raises(ValueError, match=r"."):
            parse(other, 10_000_000)
    with pytest.raises(ValueError, match="long"):
        parse(text, len(text) - 1)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b'{"a":1,"a":1}', b'{"a":1,"a":2}', b'{"b":1,"a":2}', b'{"a": 1}', b"1.0", b"01", b"-0", b"1e2", b"NaN", b"Infinity", b"[1,]", b'"\\u0061"', b'"\\/"', b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b"9007199254740993", b"9" * 5_000, b"[" * 100_000, b'{"a":' * 100_000, b"null null"],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_other_spellings_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text, 1_000_000)


def test_what_json_cannot_hold_is_not_written() -> None:
    for value in (float("nan"), float("inf"), 2**53, -(2**53), "\ud800"):
        with pytest.raises(ValueError, match=r"."):
            canonical(value)
