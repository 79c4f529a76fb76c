"""What goes out says nothing of who sends it, goes where it was told and nowhere else, and ends in time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from holdfire.errors import NetworkError, PeerError, UserError
from holdfire.reach.pool import TooLongError
from holdfire.reach.post import RefusedError, fetch, post
from holdfire.reach.way import Proxy, check_way, read_address, read_proxy
from simulators.network import Answer, proxying, serving, tls


def send(
    address: str,
    body: bytes = b"asked",
    *,
    proxy: Proxy | None = None,
    seconds: float = 20,
    most: int = 1_000,
) -> bytes:
    return post(
        address,
        body,
        kind="application/x-ask",
        accept="application/x-say",
        most=most,
        proxy=proxy,
        seconds=seconds,
    )


def say(path: str, body: bytes) -> Answer:
    return 200, b"said " + path.encode() + b" " + body


class TestWhatGoesOut:
    def test_these_headers_and_no_other(self) -> None:
        with serving(say) as server:
            assert send(f"{server.address}/stamp") == b"said /stamp asked"
            [asked] = server.asked
        assert asked.line == "POST /stamp HTTP/1.1"
        assert asked.headers == [
            ("Host", f"127.0.0.1:{server.port}"), ("Content-Type", "application/x-ask"), ("Content-Length", "5"),
            ("Accept", "application/x-say"), ("Connection", "close"),
        ]  # fmt: skip
        assert asked.body == b"asked"

    def test_asking_for_something_sends_no_body(self) -> None:
        with serving(say) as server:
            assert fetch(f"{server.address}/x", accept="a/b", most=100) == b"said /x "
            [asked] = server.asked
        assert asked.line == "GET /x HTTP/1.1"
        assert [key for key, _ in asked.headers] == ["Host", "Accept", "Connection"]

    def test_no_cookie_comes_back_and_no_redirect_is_followed(self) -> None:
        with serving(lambda path, _: (302 if path == "/moved" else 200, b"x")) as server:
            send(f"{server.address}/one")
            with pytest.raises(RefusedError, match="302"):
                send(f"{server.address}/moved")
            send(f"{server.address}/two")
            assert [one.line.split()[1] for one in server.asked] == ["/one", "/moved", "/two"]
            assert not any(key.lower() == "cookie" for one in server.asked for key, _ in one.headers)

    def test_the_environment_has_no_say(self, tmp_path: Path) -> None:
        """Proxies and key logs that the environment names are not used: another program could have set them."""
        server_end, _ = tls(tmp_path, "127.0.0.1")
        log = tmp_path / "keys"
        with (
            serving(say) as server,
            serving(say, server_end) as secret,
            proxying({"127.0.0.1": server.port}) as proxy,
        ):
            elsewhere = f"socks5://127.0.0.1:{proxy.port}"
            script = (
                "import sys\nfrom holdfire.reach.post import fetch\nfrom holdfire.errors import NetworkError\n"
                "fetch(sys.argv[1], accept='a/b', most=100)\n"
                "try:\n    fetch(sys.argv[2], accept='a/b', most=100)\nexcept NetworkError:\n    print('refused')\n"
            )
            env = {**os.environ, "SSLKEYLOGFILE": str(log), "SSL_CERT_FILE": str(tmp_path / "tls.pem")}
            env |= dict.fromkeys(
                ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"), elsewhere
            )
            done = subprocess.run(
                [sys.executable, "-c", script, server.address, secret.address],
                env=env, capture_output=True, text=True, check=True, timeout=60,
            )  # fmt: skip
            assert done.stdout == "refused\n"
            assert proxy.asked == []
        assert not log.exists()


class TestThroughAProxy:
    def test_the_proxy_alone_looks_the_name_up(self) -> None:
        """`only-the-proxy-knows.test` leads nowhere here: were it asked for on this side, nothing would arrive."""
        with serving(say) as server, proxying({"only-the-proxy-knows.test": server.port}) as proxy:
            with pytest.raises(socket.gaierror):
                socket.getaddrinfo("only-the-proxy-knows.test", 80)
            found = send("http://only-the-proxy-knows.test/stamp", proxy=Proxy("127.0.0.1", proxy.port))
            assert found == b"said /stamp asked"
            assert proxy.asked == [("only-the-proxy-knows.test", "only-the-proxy-knows.test:80")]
            assert server.asked[0].headers[0] == ("Host", "only-the-proxy-knows.test")

    def test_no_name_is_looked_up_on_this_side(self, tmp_path: Path) -> None:
        with serving(say) as server, proxying({"hidden.onion": server.port}) as proxy:
            script = (
                "import sys\nasked = []\n"
                "sys.addaudithook(lambda event, args: asked.append(args[0]) if event == 'socket.getaddrinfo' else None)\n"
                "from holdfire.reach.post import fetch\nfrom holdfire.reach.way import Proxy\n"
                "fetch('http://hidden.onion/', accept='a/b', most=100, proxy=Proxy('127.0.0.1', int(sys.argv[1])))\n"
                "print(set(asked) <= {'127.0.0.1', b'127.0.0.1'})\n"
            )
            done = subprocess.run(
                [sys.executable, "-c", script, str(proxy.port)],
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
            assert done.stdout == "True\n"

    def test_two_authorities_get_two_names_at_the_proxy(self) -> None:
        with serving(say) as server, proxying({"one.test": server.port, "two.test": server.port}) as proxy:
            for host in ("one.test", "two.test"):
                send(f"http://{host}/", proxy=Proxy("127.0.0.1", proxy.port))
            assert [user for user, _ in proxy.asked] == ["one.test", "two.test"]

    def test_a_proxy_that_takes_no_names(self) -> None:
        with serving(say) as server, proxying({"one.test": server.port}, takes_names=False) as proxy:
            assert send("http://one.test/", proxy=Proxy("127.0.0.1", proxy.port)) == b"said / asked"

    def test_a_proxy_that_refuses_or_is_none(self) -> None:
        with proxying({}) as proxy, pytest.raises(NetworkError, match="did not reach") as away:
            send("http://one.test/", proxy=Proxy("127.0.0.1", proxy.port))
        assert "few minutes" in away.value.hint
        with pytest.raises(NetworkError, match=f"No proxy answers at 127.0.0.1:{proxy.port}") as off:
            send("http://one.test/", proxy=Proxy("127.0.0.1", proxy.port))
        assert "Tor runs" in off.value.hint
        with serving(say) as server, pytest.raises(NetworkError):
            send("http://one.test/", proxy=Proxy("127.0.0.1", server.port), seconds=5)

    def test_an_onion_address_without_a_proxy_is_not_even_looked_up(self) -> None:
        for address in ("http://hidden.onion/", "https://HIDDEN.ONION./x"):
            with pytest.raises(UserError, match="Tor"):
                send(address)


class TestBounds:
    def test_an_answer_longer_than_any_right_one(self) -> None:
        with serving(lambda _, __: (200, b"x" * 1_001)) as server, pytest.raises(TooLongError):
            send(server.address)
        with serving(lambda _, __: (200, b"x" * 1_000)) as server:
            assert len(send(server.address)) == 1_000

    @pytest.mark.parametrize("pieces", [[5.0, b"late"], [b"a", *[0.3, b"a"] * 30]], ids=["late", "dripping"])
    def test_an_answer_that_does_not_come_to_an_end(self, pieces: list[bytes | float]) -> None:
        with serving(lambda _, __: (200, pieces)) as server, pytest.raises(NetworkError, match="1 seconds"):
            send(server.address, seconds=1)

    def test_a_server_that_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(NetworkError):
            send(f"http://127.0.0.1:{door.getsockname()[1]}/", seconds=1)

    def test_nobody_there(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]
        with pytest.raises(NetworkError):
            send(f"http://127.0.0.1:{port}/")

    @pytest.mark.parametrize("status", [204, 400, 403, 404, 500])
    def test_anything_but_done_is_a_refusal(self, status: int) -> None:
        with serving(lambda _, __: (status, b"")) as server, pytest.raises(PeerError, match=str(status)):
            send(server.address)


class TestTLS:
    def test_the_name_is_verified(self, tmp_path: Path) -> None:
        server_end, client_end = tls(tmp_path, "one.test")
        with (
            serving(say, server_end) as server,
            proxying({"one.test": server.port, "two.test": server.port}) as proxy,
        ):
            way = Proxy("127.0.0.1", proxy.port)
            assert (
                fetch("https://one.test/", accept="a/b", most=99, proxy=way, trusted=client_end) == b"said / "
            )
            with pytest.raises(NetworkError):
                fetch("https://two.test/", accept="a/b", most=99, proxy=way, trusted=client_end)
            with pytest.raises(NetworkError):
                fetch("https://one.test/", accept="a/b", most=99, proxy=way)
            assert len(server.asked) == 1


class TestAddresses:
    @pytest.mark.parametrize(
        "text", ["https://example.org/tsr", " http://127.0.0.1:8080 ", "https://[::1]/x?y=1"]
    )
    def test_right_ones(self, text: str) -> None:
        assert read_address(text) == text.strip()

    @pytest.mark.parametrize(
        "text",
        [
            "", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https://a:b@example.org", "https://a@b",
            "https://exämple.org", "https://example.org/\r\nX: y", "https://example.org:99999", "https://e.org:0/", "https://e x.org",
            "https://e.org/#part", "https://e.org/" + "a" * 500, "javascript:x", "https://[::1",
        ],
    )  # fmt: skip
    def test_wrong_ones(self, text: str) -> None:
        with pytest.raises(UserError):
            read_address(text)

    @pytest.mark.parametrize(
        "text", ["", "127.0.0.1", ":9050", "127.0.0.1:0", "127.0.0.1:65536", "a b:1", "h:-1", "h:１"]
    )
    def test_no_proxies(self, text: str) -> None:
        with pytest.raises(UserError):
            read_proxy(text)

    def test_a_proxy(self) -> None:
        assert str(read_proxy(" localhost:9050 ")) == "localhost:9050"

    def test_an_onion_is_fine_through_a_proxy(self) -> None:
        check_way("http://hidden.onion/", Proxy("127.0.0.1", 9050))
