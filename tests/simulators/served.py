"""The whole app on a real port, with a clock that tests move and a cheap passphrase."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlencode

import uvicorn

from holdfire.journeys.guide_here import load_guide
from holdfire.language import ENGLISH, Language
from holdfire.sealing.passphrase import TEST, Profile
from holdfire.web.app import make_app
from holdfire.web.guard import Door
from holdfire.web.program import Program
from holdfire.web.session import Session

BEGIN = datetime(2030, 5, 1, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Seconds since the test began; moves only when told."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)


@dataclass
class Answer:
    """One answer, with its headers as they came."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2, f"{name} came twice"
        return found[0] if found else None


@dataclass
class Served:
    """A running app. Use it as a context manager."""

    language: Language = ENGLISH
    profile: Profile | None = TEST
    watch_seconds: float = 0.02
    clock: Clock = field(default_factory=Clock)
    faults: list[BaseException] = field(default_factory=list)
    cookie: str = ""

    def __enter__(self) -> Self:
        listening = socket.socket(proto=socket.IPPROTO_TCP)
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        self.address = f"http://{self.host}"
        self.program = Program(
            session=Session(self.clock, self.language),
            door=Door(self.clock),
            now=self.clock.now,
            load_guide=load_guide,
            profile=self.profile,
        )
        app = make_app(self.program, self.host, report=self.faults.append, watch_seconds=self.watch_seconds)
        self._server = uvicorn.Server(
            uvicorn.Config(app, http="h11", ws="none", lifespan="on", log_config=None, access_log=False,
                           server_header=False, date_header=False, timeout_graceful_shutdown=1)
        )  # fmt: skip
        self.program.end = self.stop
        self._listening = listening
        self._thread = threading.Thread(target=lambda: self._server.run(sockets=[listening]))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.wait()
        self._listening.close()

    def stop(self) -> None:
        self._server.should_exit = True

    def wait(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not end"

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def launch(self) -> str:
        """Return a fresh one-time address."""
        return self.address + self.program.door.new_launch()

    def come_in(self) -> None:
        """Take the cookie as a browser does."""
        answer = self.ask("GET", self.program.door.new_launch())
        assert answer.status == 303
        self.cookie = (answer.header("set-cookie") or "").partition(";")[0]

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send one request; a header that is None is left out."""
        wanted: dict[str, str | None] = {"Host": self.host}
        if self.cookie:
            wanted["Cookie"] = self.cookie
        if body is not None:
            wanted["Content-Type"] = "application/x-www-form-urlencoded"
            wanted["Origin"] = self.address
            wanted["Content-Length"] = str(len(body))
        wanted.update(headers or {})
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in wanted.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.getheaders(), response.read().decode("utf-8", "replace"))
        connection.close()
        return answer

    def get(self, path: str) -> Answer:
        """Ask for a page and follow where it leads."""
        answer = self.ask("GET", path)
        while answer.status == 303:
            answer = self.ask("GET", answer.header("location") or "")
        return answer

    def upload(self, path: str, /, name: str, content: bytes, **fields: str) -> Answer:
        """Send a form with a file as browsers do, wait until it was taken in, and follow where that leads."""
        boundary = "----WebKitFormBoundaryA1b2C3d4E5f6G7h8"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        file = f"--{boundary}\r\n{head}Content-Type: application/octet-stream\r\n\r\n".encode()
        body = b"".join((*parts, file, content, f"\r\n--{boundary}--\r\n".encode()))
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = self.ask("POST", path, body, kind)
        while answer.status == 303 or 'content="1;url=/progress"' in answer.text:
            answer = self.ask("GET", answer.header("location") or "/progress")
        return answer

    def post(
        self,
        path: str,
        typed: Mapping[str, str | list[str]] = MappingProxyType({}),
        /,
        *,
        follow: bool = True,
        **fields: str | list[str],
    ) -> Answer:
        """Send a form and follow where it leads; in the names of `fields`, not of `typed`, `_` stands for `-`."""
        named = {key.replace("_", "-"): value for key, value in fields.items()}
        body = urlencode({**typed, **named}, doseq=True).encode()
        answer = self.ask("POST", path, body)
        while follow and answer.status == 303:
            answer = self.ask("GET", answer.header("location") or "")
        return answer
