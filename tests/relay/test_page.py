"""The relay's page for browsers explains, and takes nothing."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from simulators.relay_server import RelayServer, relaying

TAKES = re.compile(
    r"<(form|input|textarea|button|select|script|iframe|object|embed|link|img|a)\b|https?:|@import|url\(",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with relaying(tmp_path_factory.mktemp("relay")) as running:
        yield running


def asked(server: RelayServer, method: str, path: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(server.origin.removeprefix("http://"), timeout=30)
    connection.request(method, path, b"x" if method in {"POST", "PUT"} else None)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def test_it_has_nothing_to_type_into_and_asks_for_nothing_else(server: RelayServer) -> None:
    status, headers, body = asked(server, "GET", "/")
    assert status == 200
    assert "Nothing can be typed here, ever." in body.decode()
    assert not TAKES.search(body.decode())
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in headers["content-security-policy"]
    assert "server" not in headers
    assert "date" not in headers


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/"), ("GET", "/index.html"), ("GET", "/?q=1"), ("PUT", "/"), ("GET", "//")]
)
def test_every_other_way_to_it_is_nothing(server: RelayServer, method: str, path: str) -> None:
    status, _, body = asked(server, method, path)
    assert (status, body) == (404, b"nothing\n")


def test_it_is_read_on_a_telephone(server: RelayServer, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    seen: list[str] = []
    page.on("request", lambda one: seen.append(one.url))
    page.goto(f"{server.origin}/")
    assert page.locator("h1").inner_text() == "This is a relay"
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 390
    assert seen == [f"{server.origin}/"]
    page.close()
