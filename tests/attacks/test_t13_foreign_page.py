"""T13: a page from elsewhere makes the browser ask.

An adversary with a page in the same browser could post to the app, frame it, fetch it or read its answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from holdfire.web.app import routes
from simulators.served import Served


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as running:
        running.come_in()
        yield running


def posts() -> list[str]:
    named = {"question": "moment", "action": "ask-in-writing"}
    return sorted(
        {
            re.sub(r"\{(\w+)(:\w+)?\}", lambda found: named.get(found[1], "1"), route.path)
            for route in routes()
            if "POST" in (route.methods or ())
        }
    )


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1", "http://localhost:80"]
)
def test_every_post_from_elsewhere_is_refused_and_does_nothing(served: Served, origin: str | None) -> None:
    served.post("/look-around")
    for path in posts():
        assert served.ask("POST", path, b"keep=nothing&answer=today", {"Origin": origin}).status == 403
    assert served.program.session.vault is not None
    assert served.program.session.answers == {}


def test_the_cookie_stays_at_home(served: Served) -> None:
    cookie = served.ask("GET", served.program.door.new_launch()).header("set-cookie") or ""
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Domain" not in cookie


def test_every_answer_forbids_framing_fetching_and_scripts(served: Served) -> None:
    for path in ("/", "/guide", "/nothing-here", "/static/page.css"):
        answer = served.ask("GET", path)
        policy = answer.header("content-security-policy") or ""
        for rule in (
            "default-src 'none'",
            "script-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
        ):
            assert rule in policy
        assert answer.header("cross-origin-resource-policy") == "same-origin"
        assert answer.header("x-frame-options") == "DENY"
        assert answer.header("access-control-allow-origin") is None


def test_a_page_cannot_be_posted_as_another_kind_of_body(served: Served) -> None:
    for kind in ("multipart/form-data; boundary=x", "text/plain", "application/json"):
        answer = served.ask("POST", "/look-around", b"{}", {"Content-Type": kind})
        assert answer.status == 415
