"""The clock of a request, its times of answer, and the calendar file: pure functions of a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.letters.calendar import calendar_file
from holdfire.letters.clock import (
    OUTCOMES,
    Answered,
    Clock,
    Service,
    answer,
    decode_clock,
    due_first,
    encode_clock,
    set_due,
    standing,
    start,
    stop,
)
from holdfire.letters.kinds import KINDS
from holdfire.letters.terms import last_day

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
KIND_IDS = st.sampled_from([kind.id for kind in KINDS])
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Time:
    number: int
    unit: str


SERVICES = st.builds(Service, on=DAYS, to=st.text(max_size=9), number=st.text(max_size=9))
CLOCKS = st.builds(
    Clock, kind=KIND_IDS, service=SERVICES, due=st.none() | DAYS, rests_on=st.just(""),
    answered=st.none() | st.builds(Answered, on=DAYS, outcome=st.sampled_from(sorted(OUTCOMES)), words=st.text(max_size=9)),
    stopped=st.none() | DAYS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "number", "unit", "last"),
    [
        (MONDAY, 15, "days", date(2026, 12, 8)),
        (MONDAY, 1, "months", date(2026, 12, 23)),
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2026, 12, 31), 2, "months", date(2027, 2, 28)),
        (date(2028, 2, 29), 1, "years", date(2029, 2, 28)),
        (MONDAY, 5, "working-days", date(2026, 11, 30)),
        (date(2026, 11, 27), 1, "working-days", date(2026, 11, 30)),
        (date(2026, 11, 28), 1, "working-days", date(2026, 11, 30)),
    ],
)
def test_the_day_of_handing_in_does_not_count(begun: date, number: int, unit: str, last: date) -> None:
    assert last_day(begun, Time(number, unit)) == last


@given(
    begun=DAYS, number=st.integers(1, 500), unit=st.sampled_from(["days", "working-days", "months", "years"])
)
def test_a_last_day_lies_after_the_first_and_working_days_never_end_on_a_weekend(
    begun: date, number: int, unit: str
) -> None:
    last = last_day(begun, Time(number, unit))
    assert last > begun
    assert last >= begun + timedelta(days=number)
    if unit == "working-days":
        assert last.weekday() < 5
        between = (begun + timedelta(days=days) for days in range(1, (last - begun).days + 1))
        assert sum(day.weekday() < 5 for day in between) == number


@pytest.mark.parametrize(
    "time", [Time(0, "days"), Time(-1, "days"), Time(10**9, "days"), Time(9_999, "years"), Time(1, "moons")]
)
def test_what_cannot_be_counted_is_refused(time: Time) -> None:
    with pytest.raises(UserError, match="cannot be counted"):
        last_day(MONDAY, time)


def test_a_request_runs_from_waiting_over_due_to_late_and_then_offers_the_next_letters() -> None:
    clock = start("written-order", Service(MONDAY), term=Time(3, "days"), rests_on="rule")
    assert (clock.due, clock.rests_on) == (date(2026, 11, 26), "rule")
    seen = [standing(clock, MONDAY + timedelta(days=days)) for days in range(5)]
    assert [one.state for one in seen] == ["waiting", "waiting", "waiting", "due", "late"]
    assert [one.days for one in seen] == [3, 2, 1, 0, -1]
    assert seen[-1].letters == ("written-order", "explanation", "complaint")
    assert seen[0].letters == ()
    assert any("may still bind" in step for step in seen[0].steps)
    assert any("may still bind" in step for step in seen[-1].steps)


def test_without_a_known_time_the_clock_asks_for_a_day_of_ones_own() -> None:
    clock = start("conscience", Service(MONDAY))
    assert standing(clock, MONDAY).state == "open"
    own = set_due(clock, MONDAY + timedelta(days=7))
    assert own.rests_on == "own"
    assert standing(own, MONDAY).state == "waiting"
    assert set_due(own, None).rests_on == ""
    with pytest.raises(UserError, match="before the day"):
        set_due(clock, MONDAY - timedelta(days=1))


def test_a_refusal_leads_to_other_letters_than_silence() -> None:
    clock = answer(start("written-order", Service(MONDAY)), Answered(MONDAY, "refused", "Do it anyway."))
    now = standing(clock, MONDAY)
    assert now.state == "refused"
    assert now.letters == ("duty-note", "complaint")
    assert standing(answer(clock, Answered(MONDAY, "partly")), MONDAY).state == "answered"
    with pytest.raises(UserError, match="before the day"):
        answer(clock, Answered(MONDAY - timedelta(days=1), "granted"))


@given(clocks=st.lists(CLOCKS, max_size=6), today=DAYS)
def test_what_runs_is_listed_by_its_day_and_nothing_that_is_over(clocks: list[Clock], today: date) -> None:
    running = due_first(clocks, today)
    assert all(clock.answered is None and clock.stopped is None for clock in running)
    known = [clock.due for clock in running if clock.due]
    assert known == sorted(known)
    assert len(running) == sum(clock.answered is None and clock.stopped is None for clock in clocks)
    assert all(clock.due is None for clock in running[len(known) :])


@given(clock=CLOCKS, today=DAYS)
def test_every_clock_stands_somehow_rests_when_told_and_is_kept_whole(clock: Clock, today: date) -> None:
    assert decode_clock(encode_clock(clock)) == clock
    if clock.answered is None:
        assert standing(stop(clock, today), today) == standing(stop(clock, today), today + timedelta(days=9))
        assert standing(stop(clock, today), today).state == "stopped"


# The calendar file.


@given(clocks=st.lists(CLOCKS, max_size=5), title=st.text(max_size=120))
def test_a_calendar_holds_days_and_a_title_and_nothing_of_the_letters(
    clocks: list[Clock], title: str
) -> None:
    made = calendar_file(clocks, title.encode("utf-8", "ignore").decode())
    lines = made.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    whole = b"".join(lines).decode()  # unfolding never cuts a character, so that the whole decodes
    assert whole.startswith("BEGIN:VCALENDAR")
    expected = {
        f"{clock.due:%Y%m%d}" for clock in clocks if clock.due and not clock.answered and not clock.stopped
    }
    starts = [line for line in lines if line.startswith(b"DTSTART;VALUE=DATE:")]
    assert {line[-8:].decode() for line in starts} == expected
    assert len(starts) == len(expected)


def test_a_calendar_is_the_same_bytes_has_no_alarm_and_a_neutral_title() -> None:
    clock = start("complaint", Service(MONDAY, to="Prosecutor", number="17/3"), term=Time(15, "days"))
    made = calendar_file([clock])
    assert made == calendar_file([clock, clock])
    assert made == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Calendar//EN\r\nBEGIN:VEVENT\r\n"
        b"UID:20261208@reminder.invalid\r\nDTSTAMP:20261208T000000Z\r\nDTSTART;VALUE=DATE:20261208\r\n"
        b"DTEND;VALUE=DATE:20261209\r\nSUMMARY:Reminder\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_a_title_stays_one_line_and_means_nothing_else() -> None:
    made = calendar_file([set_due(start("leave", Service(MONDAY)), MONDAY)], "a;b,c\\d\nEND:VCALENDAR")
    assert rb"SUMMARY:a\;b\,c\\d\nEND:VCALENDAR" in made
    assert len(re.findall(rb"(?m)^END:VCALENDAR", made)) == 1
