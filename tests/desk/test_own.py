"""What a desk's device holds: which key it tries first, and which go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from holdfire.desk.own import DAYS_AHEAD, DAYS_KEPT, with_days, without_past
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.sealing.noise import random_bytes
from holdfire.vault.vault import Vault
from simulators.desk_threads import make_desk
from simulators.served import BEGIN


def days_tried(now: datetime) -> list[int]:
    """Return how far each day is from `now`, in the order in which keys are tried, a week after the desk was made."""
    with Vault.in_memory() as vault:
        own = with_days(make_desk(vault, now - timedelta(days=7)), now, random_bytes)
    return [(day - now.date()).days for day, _ in own.secret_keys(now.date())]


def test_todays_key_is_tried_first_and_keys_ahead_last() -> None:
    assert days_tried(BEGIN) == [*range(0, -8, -1), *range(1, DAYS_AHEAD)]


def test_a_day_key_goes_after_a_week_and_only_once_its_day_was_read() -> None:
    with Vault.in_memory() as vault:
        make_desk(vault, BEGIN)
        own = own_desk(vault).value
        later = BEGIN + timedelta(days=DAYS_KEPT + 3)
        assert without_past(own, later) == own
        read = without_past(replace(own, pulled=later), later)
        assert [day for day, _ in read.days] == days_from(later.date() - timedelta(days=DAYS_KEPT), own.days)
        stale = replace(own, pulled=BEGIN + timedelta(days=1))
        assert without_past(stale, later).days[0][0] == BEGIN.date() + timedelta(days=1)


def days_from(first: date, days: tuple[tuple[date, bytes], ...]) -> list[date]:
    return [day for day, _ in days if day >= first]
