"""A forum that has closed is never offered, and its end is explained to those it still concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.law.forums import Forum, Standing, closed_since, is_open, open_forums, parse_forums
from holdfire.pack.levels import LEVEL_WORDS, Level
from holdfire.pack.reader import read

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
PLAIN = Forum(
    id="xx-court", jurisdiction="xx", kind="court", who_may_file="anyone", what="complaint", deadline="none",
    standing="open", status="open", status_as_of=date(2026, 1, 1), open_from=None, open_until=None, closed=None,
    source_url="https://example.org/", level="text", how="law read", checked=date(2026, 1, 1),
)  # fmt: skip


@st.composite
def forums(draw: st.DrawFn) -> Forum:
    begun, ended = sorted(draw(st.tuples(DAYS, DAYS)))
    return replace(
        PLAIN,
        standing=draw(st.sampled_from(get_args(Standing))),
        level=draw(st.sampled_from(list[Level](LEVEL_WORDS))),
        open_from=draw(st.sampled_from([begun, None])),
        open_until=draw(st.sampled_from([ended, None])),
        closed="What its end means.",
    )


@given(forums(), DAYS)
def test_nothing_is_offered_before_its_beginning_after_its_end_or_unchecked(one: Forum, on: date) -> None:
    if open_forums([one], {"xx"}, on):
        assert one.level != "not-verified"
        assert one.open_from is None or one.open_from <= on
        assert one.open_until is None or on <= one.open_until
        assert one.standing != "closed" or one.open_until is not None
    assert open_forums([one], {"yy"}, on) == ()


@given(forums(), DAYS, st.integers(0, 10_000))
def test_a_closed_forum_is_explained_exactly_to_those_whose_facts_it_could_have_heard(
    one: Forum, facts: date, later: int
) -> None:
    on = facts + timedelta(days=later)
    explained = closed_since([one], {"xx"}, facts=facts, on=on)
    assert bool(explained) == (is_open(one, facts) and not is_open(one, on))
    assert all(found.closed for found in explained)


FILE = """forums:
  - id: xx-court
    jurisdiction: xx
    kind: court
    who_may_file: anyone
    what: complaint
    deadline: none
    standing: open
    status: open
    status_as_of: 2026-01-01
    source: https://example.org/
    level: text
    how: law read
    checked: 2026-01-01
"""


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("status_as_of: 2026-01-01", "status_as_of: null", "as of when"),
        ("status_as_of: 2026-01-01", "status_as_of: 2026-01-02", "after checked"),
        ("standing: open", "standing: closed", "in `closed`"),
        ("standing: open", "standing: perhaps", "one of these"),
        ("kind: court", "kind: friend", "one of these"),
        ("    status: open", "    open_until: 2030-01-01\n    status: open", "in `closed`"),
        ("    status: open", "    open_until: 2025-01-01\n    closed: It ended.\n    status: open", "it is closed"),
        ("    status: open", "    open_from: 2030-01-02\n    open_until: 2030-01-01\n    closed: x\n    status: open", "before open_from"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named(old: str, new: str, rule: str) -> None:
    assert parse_forums(read(FILE.encode(), "law/forums.yaml")) == (PLAIN,)
    assert old in FILE
    with pytest.raises(ContentError, match=rule):
        parse_forums(read(FILE.replace(old, new).encode(), "law/forums.yaml"))
