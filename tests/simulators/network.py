"""A small network on this computer: a web server that keeps what it was sent, and a SOCKS5 proxy that knows names nobody else does."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

#: What a page answers: status and body; a body that is a list is sent piece by piece, a number among it a pause in seconds.
Answer = tuple[int, bytes | list[bytes | float]]


@dataclass
class Asked:
    """One request as it came: the first line, every header line, the body."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def wire(self) -> bytes:
        lines = [self.line, *(f"{key}: {value}" for key, value in self.headers)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass
class Server:
    """A web server at `address` whose answers `respond` gives."""

    address: str
    port: int
    asked: list[Asked] = field(default_factory=list)


@contextlib.contextmanager
def serving(
    respond: Callable[[str, bytes], Answer], context: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Run a server on a free port for as long as the block runs; `respond` is given the path and the body."""
    made = Server("", 0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            made.asked.append(Asked(self.requestline, list(self.headers.items()), body))
            status, found = respond(self.path, body)
            self.send_response(status)
            if status in {301, 302}:
                self.send_header("Location", f"{made.address}/elsewhere")
            self.send_header("Set-Cookie", "seen=1")
            pieces = found if isinstance(found, list) else [found]
            self.send_header("Content-Length", str(sum(len(one) for one in pieces if isinstance(one, bytes))))
            self.end_headers()
            with contextlib.suppress(OSError):
                for one in pieces:
                    if isinstance(one, bytes):
                        self.wfile.write(one)
                    else:
                        time.sleep(one)

        do_POST = do_GET = _answer  # noqa: N815 — the library's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    made.address = f"{'https' if context else 'http'}://127.0.0.1:{made.port}"
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Proxy:
    """A SOCKS5 proxy: `names` says where the names lead that only it knows; `asked` keeps what was asked of it."""

    port: int
    names: dict[str, int]
    takes_names: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def proxying(names: dict[str, int], *, takes_names: bool = True) -> Iterator[Proxy]:
    """Run a proxy on a free port; without `takes_names` it takes no user name, as ssh's does not."""
    door = socket.create_server(("127.0.0.1", 0))
    made = Proxy(door.getsockname()[1], names, takes_names)

    def run() -> None:
        while True:
            try:
                one, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=_serve, args=(one, made), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield made
    finally:
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()


def _serve(one: socket.socket, proxy: Proxy) -> None:
    with one, contextlib.suppress(OSError, struct.error, IndexError):
        stream = one.makefile("rb")
        offered = stream.read(stream.read(2)[1])
        wanted = 2 if proxy.takes_names else 0
        if wanted not in offered:
            one.sendall(b"\x05\xff")
            return
        one.sendall(bytes([5, wanted]))
        user = ""
        if wanted:
            user = stream.read(stream.read(2)[1]).decode()
            stream.read(stream.read(1)[0])
            one.sendall(b"\x01\x00")
        kind = stream.read(4)[3]
        host = stream.read(stream.read(1)[0]).decode() if kind == 3 else socket.inet_ntoa(stream.read(4))
        port = struct.unpack(">H", stream.read(2))[0]
        proxy.asked.append((user, f"{host}:{port}"))
        if host not in proxy.names:
            one.sendall(b"\x05\x04\x00\x01" + bytes(6))
            return
        with socket.create_connection(("127.0.0.1", proxy.names[host])) as other:
            one.sendall(b"\x05\x00\x00\x01" + bytes(6))
            threading.Thread(target=_copy, args=(other, one), daemon=True).start()
            while piece := stream.read1(65_536):
                other.sendall(piece)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


def tls(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the two ends of TLS for `host`: of the server, and of a client that believes its authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(Encoding.PEM)
    file = folder / "tls.pem"
    file.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=pem.decode())
    return server, client
