"""What a desk is told to do, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from holdfire.desk.due import due
from holdfire.desk.own import OwnDesk
from holdfire.journeys.keep_own_desk import Room, new_desk
from holdfire.vault.vault import Vault

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk() -> OwnDesk:
    rooms = [Room("https://a.example", b"k" * 32, b"g" * 32), Room("https://b.example", b"k" * 32, b"g" * 32)]
    with Vault.in_memory() as vault:
        return new_desk(vault, "Lawyers", "", rooms, "first", NOW)[0].value


def kept(desk: OwnDesk, published: timedelta, pulled: timedelta = timedelta()) -> OwnDesk:
    """Return the desk as one that published and read so long ago."""
    relays = tuple(replace(one, published=NOW - published) for one in desk.relays)
    return replace(desk, relays=relays, pulled=NOW - pulled)


def test_a_desk_that_keeps_its_hours_is_told_nothing(desk: OwnDesk) -> None:
    assert due(desk, NOW) == ()
    assert due(kept(desk, timedelta(hours=6)), NOW) == ()


@pytest.mark.parametrize(("hours", "late"), [(13, False), (49, True)])
def test_an_edition_that_was_missed_is_named_for_each_relay(desk: OwnDesk, hours: int, late: bool) -> None:  # noqa: FBT001
    found = due(kept(desk, timedelta(hours=hours)), NOW)
    assert [(one.relay, one.late) for one in found] == [(f"https://{name}.example", late) for name in "ab"]


def test_unread_inboxes_are_named(desk: OwnDesk) -> None:
    found = due(kept(desk, timedelta(), timedelta(days=30)), NOW)
    assert [(one.day, one.late) for one in found] == [((NOW - timedelta(days=30)).date(), True)]


@pytest.mark.parametrize(
    ("days", "expected"), [(15, []), (14, [False]), (1, [False]), (0, [True]), (-1, [True])]
)
def test_a_certificate_is_spoken_of_before_it_ends(desk: OwnDesk, days: int, expected: list[bool]) -> None:
    ends = replace(kept(desk, timedelta()), until=NOW + timedelta(days=days))
    assert [one.late for one in due(ends, NOW)] == expected


def test_what_is_late_stands_first(desk: OwnDesk) -> None:
    both = replace(kept(desk, timedelta(days=3)), until=NOW + timedelta(days=2))
    assert [one.late for one in due(both, NOW)] == [True, True, False]
