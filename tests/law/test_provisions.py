"""A provision is offered only while it may have stood, and cited only where its wording was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.law.provisions import (
    BINDING_WORDS,
    STANDS_WHEN_ADOPTED,
    Binding,
    Left,
    Provision,
    in_force,
    parse_provisions,
    select,
    wording_in_force,
)
from holdfire.pack.levels import LEVEL_WORDS, Level
from holdfire.pack.reader import read

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
PLAIN = Provision(
    id="xx-1", instrument="Law", article="art. 1", jurisdiction="xx", frbr=None, adopted="2000-02-03",
    in_force_from=None, in_force_until=None, tags=frozenset({"force"}), paraphrase="Something.",
    source_url="https://example.org/", level="text", how="article read", checked=date(2026, 1, 1), binding="law",
)  # fmt: skip


@st.composite
def provisions(draw: st.DrawFn) -> Provision:
    days = sorted(draw(st.lists(DAYS, min_size=4, max_size=4)))
    adopted = days[0].isoformat()[: draw(st.sampled_from([4, 7, 10]))]
    return replace(
        PLAIN,
        adopted=draw(st.sampled_from([adopted, None])),
        in_force_from=draw(st.sampled_from([days[1], None])),
        stood_on=draw(st.sampled_from([days[2], None])),
        in_force_until=draw(st.sampled_from([days[3], None])),
        binding=draw(st.sampled_from(list[Binding](BINDING_WORDS))),
        level=draw(st.sampled_from(list[Level](LEVEL_WORDS))),
        comparator=draw(st.booleans()),
        jurisdiction=draw(st.sampled_from(["international", "xx", "yy"])),
        left=draw(
            st.sampled_from([(), (Left("xx", days[2], "It left."),), (Left("xx", None, "Never in."),)])
        ),
    )


@given(provisions(), DAYS)
def test_nothing_stands_before_its_adoption_or_after_its_end(one: Provision, on: date) -> None:
    stood = in_force(one, on)
    if one.in_force_until is not None and on > one.in_force_until:
        assert stood is False
    if one.adopted is not None and on.isoformat()[: len(one.adopted)] < one.adopted:
        assert stood is False
    if one.in_force_from is not None and (one.in_force_until is None or on <= one.in_force_until):
        assert stood is (on >= one.in_force_from)


@given(provisions(), DAYS)
def test_yes_is_said_only_where_something_shows_it(one: Provision, on: date) -> None:
    if in_force(one, on):
        shown = [day for day in (one.in_force_from, one.stood_on) if day is not None and day <= on]
        assert shown or (one.binding in STANDS_WHEN_ADOPTED and one.adopted is not None)


@given(provisions(), DAYS, st.integers(0, 20_000))
def test_what_stood_keeps_standing_until_its_end(one: Provision, on: date, later: int) -> None:
    after = on + timedelta(days=later)
    if in_force(one, on) and (one.in_force_until is None or after <= one.in_force_until):
        assert in_force(one, after)


@given(st.lists(provisions(), max_size=8), DAYS, st.sets(st.sampled_from(["international", "xx", "yy"])))
def test_only_what_is_usable_here_and_then_is_offered(
    all_of: list[Provision], on: date, where: set[str]
) -> None:
    found = select(all_of, jurisdictions=where, on=on)
    for one in found:
        assert one.level != "not-verified"
        assert not one.comparator
        assert one.jurisdiction in where
        assert in_force(one, on) is not False
        assert "xx" not in where or in_force(one, on, "xx") is not False
    whole = [one for one in all_of if one.usable and one.jurisdiction in where]
    assert list(select(all_of, jurisdictions=where, on=None)) == whole


@given(provisions())
def test_a_letter_may_cite_only_read_wording_of_the_readers_own_law(one: Provision) -> None:
    assert one.citable == (one.level == "text" and not one.comparator)
    assert one.usable or not one.citable


@given(provisions(), DAYS)
def test_the_wording_is_never_that_of_a_day_when_nothing_stood(one: Provision, on: date) -> None:
    if wording_in_force(one, on):
        assert in_force(one, on)
        assert one.level in {"text", "text-earlier-version"}


def test_tags_choose_any_of_them() -> None:
    other = replace(PLAIN, id="xx-2", tags=frozenset({"torture", "detention"}))
    chosen = select([PLAIN, other], tags=("detention", "press"), jurisdictions={"xx"}, on=None)
    assert [one.id for one in chosen] == ["xx-2"]


def test_an_older_wording_is_the_right_one_for_an_older_order() -> None:
    old = replace(
        PLAIN,
        level="text-earlier-version",
        in_force_from=date(1994, 3, 30),
        wording_from=date(2005, 1, 1),
        wording_until=date(2022, 3, 14),
    )
    assert wording_in_force(old, date(2020, 8, 10)) is True
    assert wording_in_force(old, date(2022, 3, 15)) is False
    assert wording_in_force(old, date(1999, 1, 1)) is None
    assert in_force(old, date(2022, 3, 15)) is True


FILE = """instruments:
  - instrument: A Law
    jurisdiction: xx
    binding: law
    frbr: /akn/xx/act/2000-02-03/1
    adopted: 2000-02-03
    source: https://example.org/law
    checked: 2026-01-01
    provisions:
      - id: xx-1
        article: art. 1
        at: art_1
        tags: [force]
        paraphrase: Force is the last resort.
        level: text
        how: the article read on the official portal
"""


def parse(text: str) -> tuple[Provision, ...]:
    return parse_provisions(read(text.encode(), "law/provisions/a.yaml"))


def test_what_the_instrument_says_holds_for_its_provisions() -> None:
    (one,) = parse(FILE)
    assert (one.instrument, one.adopted, one.source_url) == ("A Law", "2000-02-03", "https://example.org/law")
    assert one.frbr == "/akn/xx/act/2000-02-03/1/!main~art_1"
    assert not one.comparator
    own = FILE.replace(
        "        level: text\n",
        "        level: text\n        adopted: 2001\n        source: https://example.org/b\n",
    )
    (one,) = parse(own)
    assert (one.adopted, one.source_url) == ("2001", "https://example.org/b")


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("level: text", "level: read", 15, "one of these"),
        ("how: the article read on the official portal", "how: ''", 16, "a text belongs here"),
        ("how: the article read on the official portal", "how: drafted from general knowledge", 16, "where the wording was read"),
        ("    source: https://example.org/law\n", "", 9, "'source' is missing"),
        ("https://example.org/law", "a friend", 7, "https://"),
        ("https://example.org/law", "http://example.org/law", 7, "https://"),
        ("adopted: 2000-02-03", "adopted: in spring", 6, "YYYY"),
        ("adopted: 2000-02-03", "adopted: 2000-13", 6, "YYYY"),
        ("checked: 2026-01-01", "checked: 2026-01-01\n    in_force_from: 1999-01-01", 9, "before adopted"),
        ("checked: 2026-01-01", "checked: 2026-01-01\n    in_force_until: 1999-01-01", 9, "before adopted"),
        ("checked: 2026-01-01", "checked: 2026-01-01\n    stood_on: 2026-01-02", 9, "after checked"),
        ("checked: 2026-01-01", "checked: 2026-01-01\n    wording_until: 2020-01-01", 9, "text-earlier-version"),
        ("tags: [force]", "tags: []", 13, "at least 1"),
        ("binding: law", "binding: strong", 4, "one of these"),
        ("at: art_1", "at: art 1", 12, "art_7"),
        ("    frbr: /akn/xx/act/2000-02-03/1\n", "", 11, "frbr"),
        ("id: xx-1", "id: XX", 10, "an id has"),
        ("id: xx-1", "id: xx-1\n        quote: whole text", 11, "not known"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_line(old: str, new: str, line: int, rule: str) -> None:
    assert old in FILE
    with pytest.raises(ContentError, match=rule) as caught:
        parse(FILE.replace(old, new))
    assert (caught.value.file, caught.value.line) == ("law/provisions/a.yaml", line)
