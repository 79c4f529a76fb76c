"""A file comes through a page into memory, whole or not at all, and nothing of it touches the disk."""

from __future__ import annotations

import contextlib
import http.client
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from holdfire.errors import HoldfireError, UserError
from holdfire.web import guard
from holdfire.web.app import routes, uploads
from holdfire.web.forms import read_upload
from holdfire.web.guard import Door, Guard

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


async def _take(request: Request) -> Response:
    upload = await read_upload(request, "file", 1 << 20)
    content = upload.stream.read()
    return PlainTextResponse(f"{upload.name}|{len(content)}|{sum(content)}|{upload.form.one('kind')}")


async def _show(_: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 400 if isinstance(error, UserError) else 500)


@dataclass
class Desk:
    """A page that takes a file, and one that takes none, behind the real guard on a real port."""

    faults: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Self:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        self.address: tuple[str, int] = listening.getsockname()
        self.host = f"127.0.0.1:{self.address[1]}"
        door = Door(lambda: 0.0)
        app = Starlette(
            routes=[Route("/take", _take, methods=["POST"]), Route("/other", _take, methods=["POST"])],
            exception_handlers={HoldfireError: _show, Exception: _show},
        )
        guarded = Guard(
            app,
            self.host,
            door,
            lambda _scope, status, why: (status, why.encode()),
            self.faults.append,
            frozenset({"/take"}),
        )
        self.cookie = f"notes={door.enter(door.new_launch().removeprefix('/start/'))}"
        config = uvicorn.Config(
            guarded, http="h11", ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: self._server.run(sockets=[listening]))
        self._thread.start()
        self._listening = listening
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._listening.close()

    def post(
        self, body: bytes, *, path: str = "/take", kind: str | None = None, **headers: str
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        try:
            connection.request("POST", path, body, {
                "Cookie": self.cookie, "Origin": f"http://{self.host}",
                "Content-Type": kind or f"multipart/form-data; boundary={BOUNDARY}", **headers,
            })  # fmt: skip
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def door() -> Iterator[Desk]:
    with Desk() as opened:
        yield opened
    assert opened.faults == []


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    about = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    kind = "Content-Type: application/pdf\r\n" if filename is not None else ""
    return f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n{kind}\r\n".encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def test_a_file_and_the_fields_beside_it_arrive(door: Desk) -> None:
    content = bytes(range(256)) * 2_000
    body = part("kind", "закон".encode()) + part("file", content, "Статут.pdf") + END
    assert door.post(body) == (200, f"Статут.pdf|{len(content)}|{sum(content)}|закон")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\me\\\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("x" * 900 + ".pdf", "x" * 120),
        ("", "file"),
    ],
)
def test_a_name_leads_nowhere_and_shows_itself(door: Desk, sent: str, kept: str) -> None:
    assert door.post(part("file", b"ab", sent) + END) == (200, f"{kept}|2|195|")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (part("file", b"", "") + END, "No file was chosen."),
        (part("kind", b"x") + END, "No file was chosen."),
        (part("file", b"a", "a") + part("file", b"b", "b") + END, "More than one file"),
        (part("file", b"a", "a") + part("other", b"b", "b") + END, "More than one file"),
        (part("other", b"b", "b") + END, "More than one file"),
        (part("file", b"a" * ((1 << 20) + 1), "a") + END, "larger than 1 MiB"),
        (part("file", b"a", "a") + part("kind", b"x" * 70_000) + END, "too long"),
        (part("file", b"a", "a"), "could not be read"),
        (part("file", b"a" * 5_000, "a")[:3_000], "could not be read"),
        (part("kind", b"\xff\xfe") + part("file", b"a", "a") + END, "could not be read"),
        (b"", "could not be read"),
        (b"a=b", "could not be read"),
        (END, "No file was chosen."),
        (f"--{BOUNDARY}\r\n".encode() + b"X-Endless: " + b"x" * 100_000, "could not be read"),
        (f"--{BOUNDARY}\r\n".encode() + b"X-Many: y\r\n" * 100 + b"\r\na\r\n" + END, "could not be read"),
        (f"--{BOUNDARY}\r\n\r\nx\r\n".encode() + END, "could not be read"),
        (b"".join(part(f"n{number}", b"x") for number in range(401)) + END, "could not be read"),
    ],
)  # fmt: skip
def test_a_hostile_form_is_refused_with_a_sentence(door: Desk, body: bytes, said: str) -> None:
    status, text = door.post(body)
    assert (status, said in text) == (400, True), text


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 71,
        'multipart/form-data; boundary="a b"',
    ],
)
def test_a_form_without_a_sound_boundary_is_refused(door: Desk, kind: str) -> None:
    assert door.post(part("file", b"a", "a") + END, kind=kind)[0] == 400


def test_only_the_pages_that_ask_for_a_file_take_one(door: Desk) -> None:
    assert door.post(part("file", b"a", "a") + END, path="/other") == (415, guard.WRONG_FORM)
    assert door.post(part("file", b"a", "a") + END, path="/take/") == (415, guard.WRONG_FORM)
    assert uploads() <= {route.path for route in routes()}


def test_an_upload_needs_the_cookie_and_our_own_origin(door: Desk) -> None:
    body = part("file", b"a", "a") + END
    assert door.post(body, Cookie="notes=x") == (403, guard.NO_COOKIE)
    assert door.post(body, Origin="http://example.org") == (403, guard.WRONG_ORIGIN)
    assert door.post(b"a=b", kind="application/x-www-form-urlencoded", path="/take")[0] == 400


def test_more_than_an_upload_may_have_is_refused_whether_its_length_is_told_or_not(door: Desk) -> None:
    piece = b"a" * (1 << 20)
    body = part("file", piece * 65, "a") + END
    assert door.post(body) == (413, guard.UPLOAD_TOO_LARGE)
    connection = http.client.HTTPConnection(door.host, timeout=20)
    headers = {
        "Cookie": door.cookie, "Origin": f"http://{door.host}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }  # fmt: skip
    connection.request(
        "POST",
        "/take",
        iter([body[begin : begin + len(piece)] for begin in range(0, len(body), len(piece))]),
        headers,
        encode_chunked=True,
    )
    answer = connection.getresponse()
    assert (answer.status, answer.read().decode()) == (413, guard.UPLOAD_TOO_LARGE)
    connection.close()


def _files_held() -> set[str]:
    """The regular files this process has open, deleted ones too."""
    held: set[str] = set()
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            held.add(str(link.readlink()))
    return {name for name in held if name.startswith("/") and not name.startswith(("/dev", "/proc"))}


def test_nothing_of_an_upload_touches_the_disk(
    door: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starlette's own form reader would keep a file like this one in the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = _files_held()
    body = part("file", b"a" * 1_000_000, "a")
    with socket.create_connection(door.address) as half:
        head = (
            f"POST /take HTTP/1.1\r\nHost: {door.host}\r\nOrigin: http://{door.host}\r\nCookie: {door.cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body) + len(END)}\r\n\r\n"
        )
        half.sendall(head.encode() + body)
        assert door.post(body + END)[0] == 200
        assert _files_held() <= before
        assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=400), st.integers(0, 200), st.integers(0, 200))
def test_no_changed_byte_of_a_form_is_a_fault(door: Desk, noise: bytes, place: int, length: int) -> None:
    body = part("kind", b"x") + part("file", b"abc", "a") + END
    status, _ = door.post(body[:place] + noise + body[place + length :])
    assert status in {200, 400}
