"""The guard over real HTTP: each rule, each header, each refusal."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from holdfire.web.guard import HEADERS, LAUNCH_SECONDS, MOST_BODY
from simulators.served import Served


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as app:
        yield app


@pytest.fixture
def inside(served: Served) -> Served:
    served.come_in()
    return served


def test_launch_link_becomes_a_strict_cookie_that_no_script_reads(served: Served) -> None:
    answer = served.ask("GET", served.program.door.new_launch())
    assert answer.status == 303
    assert answer.header("location") == "/"
    cookie = answer.header("set-cookie") or ""
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert len(cookie.partition(";")[0]) == len("notes=") + 64


def test_launch_link_works_once(served: Served) -> None:
    link = served.program.door.new_launch()
    assert served.ask("GET", link).status == 303
    second = served.ask("GET", link)
    assert second.status == 403
    assert "This address was used already. Start again from the program." in second.text
    assert second.header("set-cookie") is None


def test_launch_link_dies_after_a_minute(served: Served) -> None:
    link = served.program.door.new_launch()
    served.clock.seconds += LAUNCH_SECONDS + 1
    assert served.ask("GET", link).status == 403


def test_a_wrong_secret_does_not_spend_the_link(served: Served) -> None:
    link = served.program.door.new_launch()
    assert served.ask("GET", "/start/" + "0" * 64).status == 403
    assert served.ask("GET", "/start/%D0%BF").status == 403
    assert served.ask("GET", link).status == 303


def test_asking_for_the_head_does_not_spend_the_link(served: Served) -> None:
    link = served.program.door.new_launch()
    assert served.ask("HEAD", link).status == 403
    assert served.ask("GET", link).status == 303


def test_a_step_from_a_page_of_the_browsers_own_is_answered_with_a_page(served: Served) -> None:
    answer = served.ask("GET", served.program.door.new_launch(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 200
    assert 'content="0;url=/"' in answer.text
    assert answer.header("set-cookie")


@pytest.mark.parametrize("path", ["/", "/guide", "/open", "/plan", "/nothing", "/static/other"])
def test_without_the_cookie_nothing_is_shown(served: Served, path: str) -> None:
    answer = served.ask("GET", path)
    assert answer.status == 403
    assert "Locked" in answer.text
    assert "Before you begin" not in answer.text


@pytest.mark.parametrize("cookie", ["notes=", "notes=" + "0" * 64, "other=1", "notes", ";;;", 'notes="a\\"'])
def test_a_wrong_cookie_is_no_cookie(inside: Served, cookie: str) -> None:
    assert inside.ask("GET", "/", headers={"Cookie": cookie}).status == 403


def test_a_new_cookie_ends_the_old_one(inside: Served) -> None:
    old = inside.cookie
    inside.cookie = ""
    inside.come_in()
    assert inside.ask("GET", "/").status == 200
    assert inside.ask("GET", "/", headers={"Cookie": old}).status == 403


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.0.0.1:1", "evil.example", "evil.example:80", "", None]
)
def test_another_name_is_misdirected(inside: Served, host: str | None) -> None:
    assert inside.ask("GET", "/", headers={"Host": host}).status in {400, 421}


def test_our_name_beside_another_is_misdirected(inside: Served) -> None:
    port = int(inside.host.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            f"GET / HTTP/1.1\r\nHost: {inside.host}\r\nHost: evil.example\r\n"
            f"Cookie: {inside.cookie}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    assert answer.split()[1] in {b"400", b"421"}
    assert b"Before you begin" not in answer


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", ""]
)
def test_a_post_from_elsewhere_is_refused_and_does_nothing(inside: Served, origin: str | None) -> None:
    answer = inside.ask("POST", "/look-around", b"", {"Origin": origin})
    assert answer.status == 403
    assert inside.program.session.state == "none"


def test_a_post_with_our_origin_is_taken(inside: Served) -> None:
    assert inside.ask("POST", "/look-around", b"").status == 303
    assert inside.program.session.state == "pretend"


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "application/json", None])
def test_only_plain_forms_are_read(inside: Served, kind: str | None) -> None:
    assert inside.ask("POST", "/look-around", b"a=b", {"Content-Type": kind}).status == 415
    assert inside.program.session.state == "none"


def test_a_body_is_bounded_by_what_it_says(inside: Served) -> None:
    answer = inside.ask("POST", "/open", b"x" * (MOST_BODY + 1))
    assert answer.status == 413
    assert "too long" in answer.text


def test_a_body_is_bounded_by_what_it_is(inside: Served) -> None:
    port = int(inside.host.rpartition(":")[2])
    chunk = b"%x\r\n" % 16_384 + b"x" * 16_384 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            f"POST /open HTTP/1.1\r\nHost: {inside.host}\r\nOrigin: {inside.address}\r\n"
            f"Cookie: {inside.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Transfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(5):
            line.sendall(chunk)
        assert line.recv(65_536).split()[1] == b"413"


def test_the_largest_body_is_taken(inside: Served) -> None:
    body = b"path=" + b"x" * (MOST_BODY - 5)
    assert inside.ask("POST", "/open", body).status == 422


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(inside: Served, method: str) -> None:
    assert inside.ask(method, "/").status in {400, 405}


def test_every_answer_carries_the_same_headers(inside: Served) -> None:
    expected = {name.decode(): value.decode() for name, value in HEADERS}
    cookie = inside.cookie
    answers = [
        inside.ask("GET", "/"),
        inside.ask("GET", "/static/page.css"),
        inside.ask("GET", "/static/notes.png"),
        inside.ask("GET", "/nothing"),
        inside.ask("GET", "/plan"),
        inside.ask("GET", "/pass-on/guide.html"),
        inside.ask("GET", "/", headers={"Host": "evil.example"}),
        inside.ask("GET", "/", headers={"Cookie": None}),
        inside.ask("GET", "/start/used"),
        inside.ask("POST", "/leave", b"", {"Origin": None}),
        inside.ask("POST", "/open", b"x" * (MOST_BODY + 1)),
        inside.ask("PUT", "/"),
        inside.ask("GET", "/leave"),
        inside.ask("POST", "/open", b"path=%ff"),
        inside.ask("POST", "/leave", b""),
        inside.ask("GET", "/", headers={"Cookie": cookie}),
    ]
    assert {answer.status for answer in answers} == {200, 303, 400, 403, 404, 405, 413, 421}
    for answer in answers:
        assert {name: answer.header(name) for name in expected} == expected
        assert answer.header("server") is None
        assert answer.header("date") is None


def test_the_policy_allows_no_script_no_frame_and_nobody_else() -> None:
    policy = dict(HEADERS)[b"content-security-policy"].decode()
    assert policy == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; script-src 'none'"
    )


def test_a_fault_shows_a_page_and_no_trace(inside: Served) -> None:
    secret = "the secret reason"

    def fail() -> None:
        raise RuntimeError(secret)

    inside.program.load_guide = fail  # type: ignore[assignment]
    answer = inside.ask("GET", "/guide")
    assert answer.status == 500
    assert "Something went wrong inside the program." in answer.text
    assert secret not in answer.text
    inside.stop()
    inside.wait()
    assert [str(fault) for fault in inside.faults] == [secret]


def test_two_starts_have_nothing_in_common(served: Served) -> None:
    first, second = served.program.door.new_launch(), served.program.door.new_launch()
    assert first != second
    assert served.ask("GET", first).status == 403, "an earlier link dies with a new one"
    assert served.ask("GET", second).status == 303
