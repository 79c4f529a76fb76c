"""A package that somebody handed over is kept as evidence and checked from the vault, by the pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from holdfire.evidence.package.layout import grouped
from holdfire.journeys.export_evidence import Wish, make_package, written
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.sealing.age.x25519 import X25519Identity
from simulators.served import Answer, Served

ME = X25519Identity.new()
STRANGER = X25519Identity.new()


def ask(served: Served, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what `act` says of the open vault, on its own thread."""
    session = served.program.session
    return session._thread.submit(lambda: act(session.vault, *args, **kwargs)).result()


def handed_over(served: Served, *, sealed: bool) -> tuple[bytes, str]:
    """Return the bytes of a package of item 1, and the fingerprint of its key."""
    wish = Wish(numbers=(1,), to="us", recipients=(str(ME.recipient()),) if sealed else ())
    kept = ask(served, make_package, wish, served.program.now()).value
    content = ask(served, lambda vault: b"".join(map(bytes, written(vault, kept)[1])))
    return content, kept.fingerprint


def taken_in(served: Served, content: bytes) -> str:
    """Keep what was handed over, and return the address at which it is checked."""
    number = ask(served, add_evidence, [content], served.program.now(), title="From a colleague").value.number
    return f"/evidence/{number}/package"


def checked(served: Served, address: str, **form: str) -> Answer:
    answer = served.post(address, form)
    for _ in range(600):
        if 'http-equiv="refresh"' not in answer.text:
            return answer
        time.sleep(0.05)
        answer = served.get("/progress")
    raise AssertionError("the work did not end")


@pytest.fixture
def kept(opened: Served) -> Served:
    ask(opened, add_evidence, [b"what was said"], opened.program.now(), title="Notes")
    return opened


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "open"])
def test_a_whole_package_is_found_whole_and_shown(kept: Served, *, sealed: bool) -> None:
    content, fingerprint = handed_over(kept, sealed=sealed)
    address = taken_in(kept, content)
    assert f'href="{address}"' in kept.get(address.removesuffix("/package")).text
    before = kept.get(address).text
    assert ('name="key"' in before) is sealed
    assert "Nothing was changed" not in before
    page = checked(kept, address, key=ME.secret_text(), fingerprint=fingerprint).text
    assert "Nothing was changed since this package was made." in page
    assert grouped(fingerprint) in page
    assert "It is the one you were told." in page
    assert "item-1.txt" in page
    assert ME.secret_text() not in page
    assert "Compare it with the one" in checked(kept, address, key=ME.secret_text()).text


@pytest.mark.parametrize("place", [0.3, 0.6])
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "open"])
def test_a_changed_byte_is_said_and_no_fault_of_the_vault(
    kept: Served, place: float, *, sealed: bool
) -> None:
    content = bytearray(handed_over(kept, sealed=sealed)[0])
    content[int(len(content) * place)] ^= 1
    page = checked(kept, taken_in(kept, bytes(content)), key=ME.secret_text()).text
    assert "Something was changed, or is missing." in page
    assert "use your backup" not in page
    assert "Nothing was changed" not in page


def test_another_fingerprint_than_was_told_is_said(kept: Served) -> None:
    content, _ = handed_over(kept, sealed=False)
    page = checked(kept, taken_in(kept, content), fingerprint="0" * 64).text
    assert "Something was changed, or is missing." in page


def test_a_wrong_key_or_none_is_said(kept: Served) -> None:
    address = taken_in(kept, handed_over(kept, sealed=True)[0])
    assert "does not open with what you gave" in checked(kept, address, key=STRANGER.secret_text()).text
    assert "This package is sealed." in checked(kept, address).text


def test_what_was_found_goes_when_it_locks(kept: Served) -> None:
    address = taken_in(kept, handed_over(kept, sealed=False)[0])
    session = kept.program.session
    checked(kept, address)
    held = [session.found]
    kept.post("/lock", {})
    assert held != [None]
    assert [session.found] == [None]


def test_what_is_no_package_is_refused(kept: Served) -> None:
    assert 'href="/evidence/1/package"' not in kept.get("/evidence/1").text
    assert "is not packed as a package is" in checked(kept, "/evidence/1/package").text
