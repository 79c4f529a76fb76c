"""Leave, lock, and the clock of the idle lock."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfire.errors import UserError
from holdfire.vault.vault import Vault
from holdfire.web.session import ABANDONED_SECONDS, FORGOTTEN_SECONDS
from simulators.served import Served

PHRASE = "seven grey owls sing low"


def wait_for(true: Callable[[], bool]) -> None:
    """Wait until something the program does by itself has happened."""
    for _ in range(400):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen")


def is_locked(vault: Vault) -> bool:
    """Say whether the keys are dropped: every use of a locked vault is refused."""
    try:
        vault.used()
    except UserError:
        return True
    return False


def open_vault_of(served: Served) -> Vault:
    assert served.program.session.vault is not None
    return served.program.session.vault


def test_leaving_locks_drops_the_cookie_and_shows_nothing(opened: Served) -> None:
    vault = open_vault_of(opened)
    answer = opened.post("/leave")
    assert answer.status == 200
    assert answer.header("clear-site-data") == '"cache", "cookies", "storage"'
    assert "Max-Age=0" in (answer.header("set-cookie") or "")
    assert "<a " not in answer.text
    assert "<button" not in answer.text
    wait_for(lambda: is_locked(vault))
    assert opened.ask("GET", "/").status == 403
    assert opened.program.session.path is None


def test_after_leaving_an_earlier_launch_link_is_dead(opened: Served) -> None:
    link = opened.program.door.new_launch()
    opened.post("/leave")
    assert opened.ask("GET", link).status == 403


def test_practising_leave_does_not_throw_the_newcomer_out(served: Served) -> None:
    assert "Press Leave once, to learn it." in served.get("/make").text
    assert "That is what it does" in served.post("/leave", practice="yes").text
    assert "Where shall it lie?" in served.get("/make").text


def test_practice_is_no_way_to_stay_when_a_vault_is_open(opened: Served) -> None:
    opened.post("/leave", practice="yes")
    assert opened.ask("GET", "/").status == 403


def test_locking_says_so_and_keeps_the_place(opened: Served, vault_file: Path) -> None:
    vault = open_vault_of(opened)
    answer = opened.post("/lock")
    assert "You locked this." in answer.text
    assert str(vault_file) in answer.text
    wait_for(lambda: is_locked(vault))


def test_nothing_of_an_open_vault_is_shown_once_locked(opened: Served) -> None:
    opened.post("/lock")
    for path in ("/plan", "/settings", "/plan/add", "/plan/print", "/settings/passphrase"):
        assert "Open" in opened.get(path).text
        assert opened.ask("GET", path).status == 303


def test_it_locks_after_five_minutes_without_any_request(opened: Served) -> None:
    vault = open_vault_of(opened)
    opened.clock.seconds += 5 * 60 - 1
    time.sleep(0.1)
    assert not is_locked(vault)
    opened.clock.seconds += 2
    wait_for(lambda: is_locked(vault))
    answer = opened.get("/")
    assert "Locked after five minutes. This page was not saved; the rest is." in answer.text


def test_each_request_starts_the_time_again(opened: Served) -> None:
    vault = open_vault_of(opened)
    for _ in range(4):
        opened.clock.seconds += 4 * 60
        opened.get("/")
    assert not is_locked(vault)


def test_a_request_that_comes_too_late_is_not_carried_out() -> None:
    with Served(watch_seconds=3600) as served:
        served.come_in()
        served.post("/look-around")
        served.clock.seconds += 5 * 60 + 1
        assert (
            "Locked" in served.post("/plan/ask-in-writing/add").text or served.program.session.vault is None
        )
        assert served.program.session.state == "none"


def test_the_time_can_be_changed_and_is_kept_in_the_vault(opened: Served, vault_file: Path) -> None:
    opened.post("/settings/minutes", minutes="15")
    opened.clock.seconds += 14 * 60
    assert "fifteen minutes" in opened.get("/settings").text
    opened.post("/lock")
    opened.post("/open", path=str(vault_file), phrase=PHRASE)
    assert opened.program.session.minutes == 15
    opened.clock.seconds += 16 * 60
    assert "Locked after fifteen minutes." in opened.get("/").text


@pytest.mark.parametrize("minutes", ["0", "3", "-5", "1000000", "x", "٥"])
def test_only_times_that_are_offered_are_taken(opened: Served, minutes: str) -> None:
    opened.post("/settings/minutes", minutes=minutes)
    assert opened.program.session.minutes == 5


def test_draft_answers_go_with_the_lock(opened: Served) -> None:
    opened.post("/question/state", answer="clear")
    assert opened.program.session.answers
    opened.post("/lock")
    assert not opened.program.session.answers


def test_draft_answers_without_a_vault_go_after_the_time_too(served: Served) -> None:
    served.post("/question/state", answer="clear")
    served.clock.seconds += 5 * 60 + 1
    wait_for(lambda: not served.program.session.answers)
    assert "your answers were discarded" in served.get("/").text


def test_a_program_nobody_came_into_ends_itself() -> None:
    with Served() as served:
        served.clock.seconds += ABANDONED_SECONDS + 1
        wait_for(lambda: served.ended)


def test_a_program_that_was_left_ends_itself() -> None:
    with Served() as served:
        served.come_in()
        served.post("/leave")
        served.clock.seconds += ABANDONED_SECONDS + 1
        wait_for(lambda: served.ended)


def test_a_program_with_somebody_inside_stays_longer(served: Served) -> None:
    served.clock.seconds += ABANDONED_SECONDS + 1
    assert served.get("/").status == 200
    served.clock.seconds += FORGOTTEN_SECONDS + 1
    wait_for(lambda: served.ended)


def test_ending_drops_the_keys(vault_file: Path) -> None:
    with Served() as served:
        served.come_in()
        served.post("/open", path=str(vault_file), phrase=PHRASE)
        vault = open_vault_of(served)
    assert is_locked(vault)
