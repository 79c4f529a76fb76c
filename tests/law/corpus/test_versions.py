"""What is said of two wordings follows from their dates, and what is not known is said to be unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from holdfire.journeys.law_here import load_law
from holdfire.law.corpus.versions import compare

ARTICLE_7 = replace(
    load_law().provisions["by-const-7"],
    level="text",
    adopted="1994-03-15",
    in_force_from=date(1994, 3, 30),
    stood_on=None,
    wording_from=date(2005, 1, 1),
    wording_until=None,
    checked=date(2026, 11, 22),
)


@pytest.mark.parametrize(
    ("changed", "version", "standing", "word"),
    [
        ({}, None, "unknown", "not known of which day"),
        ({}, date(2010, 1, 1), "same-time", "stood then"),
        ({}, date(2000, 1, 1), "may-differ", "only from {start}"),
        ({}, date(1990, 1, 1), "may-differ", "before this was in force"),
        ({}, date(2027, 1, 1), "may-differ", "only until {end}"),
        (
            {"level": "text-earlier-version", "wording_until": date(2022, 3, 14)},
            date(2022, 3, 15),
            "may-differ",
            "until",
        ),
        (
            {"level": "text-earlier-version", "wording_until": date(2022, 3, 14)},
            date(2022, 3, 14),
            "same-time",
            "stood then",
        ),
        ({"level": "text-earlier-version"}, date(2010, 1, 1), "may-differ", "until"),
        ({"level": "citation"}, date(2010, 1, 1), "unknown", "Nobody has read"),
        ({"wording_from": None}, date(2010, 1, 1), "unknown", "not known whether"),
        ({"in_force_from": None, "adopted": "1994-03"}, date(1994, 2, 28), "may-differ", "before"),
        ({"in_force_from": None, "adopted": "1994-03"}, date(1994, 3, 1), "may-differ", "only from"),
    ],
)
def test_dates_are_compared(changed: dict[str, Any], version: date | None, standing: str, word: str) -> None:
    found = compare(replace(ARTICLE_7, **changed), version)
    assert found.standing == standing
    assert word in found.sentence
    assert found.sentence.format(**found.values)


def test_every_shipped_provision_can_be_compared() -> None:
    for one in load_law().provisions.values():
        for version in (None, date(1900, 1, 1), date(2020, 8, 9), date(2026, 11, 22)):
            found = compare(one, version)
            assert "{" not in found.sentence.format(**found.values)
