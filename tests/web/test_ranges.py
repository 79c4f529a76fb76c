"""Film, sound and pictures are answered by ranges, out of the vault, and as nothing but what we say they are."""

from __future__ import annotations

import http.client
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from holdfire.journeys.keep_evidence import add_evidence
from holdfire.web.guard import CONTENT_POLICY, MEDIA_POLICY, PAGE_POLICY
from holdfire.web.ranges import MOST_AT_ONCE, OutsideError, Range, asked_range
from simulators.served import Served

NOW = datetime(2030, 5, 1, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"
FILM = b"\x1aE\xdf\xa3" + bytes(12) + b"webm"


def keep(served: Served, content: bytes, name: str = "") -> int:
    session = served.program.session
    assert session.vault is not None
    return (
        session._thread.submit(add_evidence, session.vault, [content], NOW, name=name).result().value.number
    )


def ask(served: Served, path: str, asked: str = "", method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(served.host, timeout=30)
    connection.request(method, path, headers={"Cookie": served.cookie} | ({"Range": asked} if asked else {}))
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("header", "size", "found"),
    [
        ("bytes=0-0", 10, Range(0, 1)),
        ("bytes=0-499", 1_000, Range(0, 500)),
        ("bytes=9-", 10, Range(9, 10)),
        ("bytes=0-999", 10, Range(0, 10)),
        ("bytes=-3", 10, Range(7, 10)),
        ("bytes=-99", 10, Range(0, 10)),
        ("BYTES= 2-3 ", 10, Range(2, 4)),
        (None, 10, None),
        ("", 10, None),
        ("bytes=3-2", 10, None),
        ("bytes=0-1,4-5", 10, None),
        ("lines=0-1", 10, None),
        ("bytes=-", 10, None),
        ("bytes=a-b", 10, None),
        ("bytes=٠-١", 10, None),
        ("bytes=0-" + "9" * 40, 10, None),
    ],
)
def test_a_range_is_what_rfc_9110_says(header: str | None, size: int, found: Range | None) -> None:
    assert asked_range(header, size) == found


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)]
)
def test_a_range_behind_the_end_is_none(header: str, size: int) -> None:
    with pytest.raises(OutsideError):
        asked_range(header, size)


@given(
    st.text(max_size=30) | st.builds("bytes={}-{}".format, st.integers(0, 99), st.integers(0, 99)),
    st.integers(0, 60),
)
@example("bytes=5-5", 6)
def test_what_is_found_lies_inside_the_file(header: str, size: int) -> None:
    try:
        found = asked_range(header, size)
    except OutsideError:
        return
    assert found is None or 0 <= found.start < found.end <= size


def test_an_answer_carries_the_bytes_it_says_and_no_more_than_its_bound(opened: Served) -> None:
    content = FILM + bytes(range(256)) * 20_000
    path = f"/evidence/{keep(opened, content)}/content"
    for asked, start, end in (
        ("bytes=0-", 0, MOST_AT_ONCE),
        ("bytes=65530-65545", 65_530, 65_546),
        (f"bytes={MOST_AT_ONCE}-", MOST_AT_ONCE, len(content)),
        ("bytes=-7", len(content) - 7, len(content)),
    ):
        status, headers, body = ask(opened, path, asked)
        assert (status, headers["content-range"]) == (206, f"bytes {start}-{end - 1}/{len(content)}")
        assert body == content[start:end]
        assert headers["content-length"] == str(len(body))
    status, headers, body = ask(opened, path, f"bytes={len(content)}-")
    assert (status, headers["content-range"], body) == (416, f"bytes */{len(content)}", b"")
    status, headers, body = ask(opened, path)
    assert (status, headers["accept-ranges"], body) == (200, "bytes", content)
    status, headers, body = ask(opened, path, method="HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(content)), b"")


def test_nothing_of_it_may_be_stored_run_or_taken_for_something_else(opened: Served) -> None:
    number = keep(opened, PNG + b"<script>alert(1)</script>")
    _, headers, _ = ask(opened, f"/evidence/{number}/content")
    assert headers["content-type"] == "image/png"
    assert headers["content-security-policy"].encode() == CONTENT_POLICY
    assert "sandbox" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n", b"words",
        b"PK\x03\x04" + bytes(60), b"", bytes(40),
    ],
)  # fmt: skip
def test_what_could_do_more_than_show_is_never_shown_inline_and_always_saved(
    opened: Served, content: bytes
) -> None:
    number = keep(opened, content, "evil.html")
    assert ask(opened, f"/evidence/{number}/content")[0] == 404
    status, headers, body = ask(opened, f"/evidence/{number}/file")
    assert (status, body, headers["content-type"]) == (200, content, "application/octet-stream")
    assert headers["content-disposition"].startswith(f'attachment; filename="notes-{number}.')
    assert "evil" not in headers["content-disposition"]


def test_only_a_page_that_plays_may_load_film_and_sound(opened: Served) -> None:
    film, picture = keep(opened, FILM), keep(opened, PNG)
    assert ask(opened, f"/evidence/{film}")[1]["content-security-policy"].encode() == MEDIA_POLICY
    assert ask(opened, f"/evidence/{picture}")[1]["content-security-policy"].encode() == PAGE_POLICY


def test_without_the_cookie_or_an_open_vault_nothing_is_answered(opened: Served) -> None:
    number = keep(opened, PNG)
    for path in ("content", "file", "small", "drawn"):
        assert opened.ask("GET", f"/evidence/{number}/{path}", headers={"Cookie": None}).status == 403
    opened.post("/lock")
    for path in ("content", "file", "small", "drawn"):
        answer = opened.ask("GET", f"/evidence/{number}/{path}")
        assert (answer.status, answer.header("location")) == (303, "/open")


def test_locking_ends_an_answer_that_is_under_way(opened: Served) -> None:
    content = FILM + bytes(8 << 20)
    number = keep(opened, content)
    connection = http.client.HTTPConnection(opened.host, timeout=30)
    connection.request("GET", f"/evidence/{number}/content", headers={"Cookie": opened.cookie})
    answer = connection.getresponse()
    answer.read(1 << 16)
    assert opened.ask("POST", "/lock", b"").status == 303
    with pytest.raises(http.client.IncompleteRead) as short:
        answer.read()
    connection.close()
    assert len(short.value.partial) < len(content) - (1 << 16)
