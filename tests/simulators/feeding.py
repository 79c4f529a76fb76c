"""A browser that sends a form with files slowly, stops in the middle, or goes away."""

from __future__ import annotations

import http.client
import socket
from typing import Self

from simulators.served import Served

BOUNDARY = "----WebKitFormBoundaryA1b2C3d4E5f6G7h8"
END = f"--{BOUNDARY}--\r\n".encode()


def field(name: str, value: str) -> bytes:
    """Return a field of a form as it is sent."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value.encode() + b"\r\n"


def file(content: bytes, filename: str = "a.bin", name: str = "file") -> bytes:
    """Return a file of a form as it is sent."""
    return begun_file(filename, name) + content + b"\r\n"


def begun_file(filename: str = "a.bin", name: str = "file") -> bytes:
    """Return how a file of a form begins."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return head.encode() + b"Content-Type: application/octet-stream\r\n\r\n"


def send(served: Served, path: str, *parts: bytes, **headers: str) -> tuple[int, str, str]:
    """Send a whole form; return the status, where it leads, and what stands there."""
    connection = http.client.HTTPConnection(served.host, timeout=60)
    body = b"".join((*parts, END))
    connection.request("POST", path, body, {**_headers(served, len(body)), **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("location") or "", text


class Feeding:
    """A form whose bytes are sent one by one as a test wants. Use it as a context manager; leaving goes away.

    Args:
        served: The app.
        path: Where the form goes.
        length: What the browser says it will send.
    """

    def __init__(self, served: Served, path: str, length: int) -> None:
        host, _, port = served.host.partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=60)
        lines = [f"POST {path} HTTP/1.1", f"Host: {served.host}"]
        lines += [f"{name}: {value}" for name, value in _headers(served, length).items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def send(self, *pieces: bytes) -> None:
        """Send what comes next."""
        for piece in pieces:
            self._socket.sendall(piece)

    def patience(self, seconds: float) -> None:
        """Give up after so many seconds in which nothing is taken."""
        self._socket.settimeout(seconds)

    def go(self) -> None:
        """Go away, as a closed tab does."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.go()


def _headers(served: Served, length: int) -> dict[str, str]:
    return {
        "Cookie": served.cookie,
        "Origin": served.address,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(length),
    }
