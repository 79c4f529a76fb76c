"""A moment is read as it is written, holds no more than was known, and refuses days that never were."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.orders.moment import Moment, parse_moment
from orders_drawn import MOMENTS


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2020", Moment(date(2020, 1, 1), date(2020, 12, 31))),
        ("2020-02", Moment(date(2020, 2, 1), date(2020, 2, 29))),
        ("2020-08-11", Moment(date(2020, 8, 11), date(2020, 8, 11))),
        ("2020-08-11 14:30", Moment(date(2020, 8, 11), date(2020, 8, 11), time(14, 30))),
        ("2020-08-11T14:30", Moment(date(2020, 8, 11), date(2020, 8, 11), time(14, 30))),
        ("about 2020-08", Moment(date(2020, 8, 1), date(2020, 8, 31), about=True)),
    ],
)
def test_what_is_written_is_what_is_known(written: str, moment: Moment) -> None:
    assert parse_moment(written) == moment
    assert moment.day == (moment.first if moment.first == moment.last else None)


@pytest.mark.parametrize(
    "written",
    ["", "today", "2020-13", "2020-00", "0000", "0000-05", "2021-02-29", "2020-08-11 24:00", "2020-08-11 9:00",
     "11.08.2020", "2020-08 14:30", "２０２０", "2020-08-11 14:30:00"],
)  # fmt: skip
def test_what_is_no_moment_is_none(written: str) -> None:
    assert parse_moment(written) is None


@given(MOMENTS)
def test_a_moment_written_and_read_is_the_same(moment: Moment) -> None:
    assert parse_moment(moment.written()) == moment


@given(st.text(alphabet="0123456789-:T about", max_size=24))
def test_no_text_breaks_it(text: str) -> None:
    found = parse_moment(text)
    assert found is None or found.first <= found.last
