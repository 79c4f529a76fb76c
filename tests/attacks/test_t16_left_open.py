"""T16: the app is left open.

An adversary who takes the computer while the app is open could read on. After the idle time the keys are dropped, also if
no request comes; Leave drops them at once and ends the visit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from holdfire.sealing.passphrase import TEST
from holdfire.vault.refusals import LockedError
from holdfire.vault.vault import Vault
from holdfire.web.session import DEFAULT_MINUTES
from simulators.served import Served

PHRASE = "a phrase for tests"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    path = tmp_path / "notes.bin"
    Vault.create(path, [PHRASE], 64 << 20, profile=TEST)
    with Served() as running:
        running.come_in()
        running.post("/open", path=str(path), phrase=PHRASE)
        yield running


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait for what another thread does; ten seconds are a bound, not a measure."""
    for _ in range(1_000):
        if holds():
            return True
        time.sleep(0.01)
    return False


def is_locked(vault: Vault) -> bool:
    try:
        vault.used()
    except LockedError:
        return True
    return False


def test_the_keys_go_when_nobody_asks_for_anything(served: Served) -> None:
    vault = served.program.session.vault
    assert vault is not None
    served.clock.seconds += DEFAULT_MINUTES * 60 + 1
    assert eventually(lambda: served.program.session.vault is None)
    assert eventually(lambda: is_locked(vault))


def test_a_request_after_the_time_is_too_late(served: Served) -> None:
    served.program.session.minutes = 1
    served.clock.seconds += 61
    assert "Locked" in served.get("/plan").text
    assert served.program.session.vault is None


def test_leaving_drops_keys_cookie_and_place_at_once(served: Served) -> None:
    vault = served.program.session.vault
    assert vault is not None
    answer = served.post("/leave", follow=False)
    assert is_locked(vault)
    assert 'notes="";' in (answer.header("set-cookie") or "")
    assert "cookies" in (answer.header("clear-site-data") or "")
    assert "notes.bin" not in answer.text
    for path in ("/", "/plan", "/guide", "/open"):
        assert served.ask("GET", path).status == 403


def test_after_leaving_the_old_cookie_opens_nothing(served: Served) -> None:
    kept = served.cookie
    served.post("/leave")
    served.come_in()
    assert served.ask("GET", "/", headers={"Cookie": kept}).status == 403
