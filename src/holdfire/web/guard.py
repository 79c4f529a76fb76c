"""The guard at the door of the pages: who may ask, how, and what every answer carries.

Other programs and other people on this computer are not trusted; neither is any page the browser
may show beside ours. The rules, in the order they are applied:

1. Only HTTP, only GET, HEAD and POST (405).
2. `Host` must be the one address the program was started on, once (421): a foreign name that
   points here (DNS rebinding) is not us.
3. A launch link works once, for a minute, and becomes a cookie no script can read; after that 403.
4. Everything else but the stylesheet and the icon needs that cookie (403).
5. Every post needs `Origin` to be our own address, also when it is missing (403), a plain form, and
   at most 64 KiB (413, 415). Only the pages named as uploads also take a form with a file, of at most
   `MOST_UPLOAD`, which goes through as it comes and is never kept here; those named as streams take files
   of any size, up to `MOST_STREAM`, because they hold none of it.
6. Every answer carries the same headers, refusals and faults too. A page may choose among `POLICIES`,
   no other policy.

Pure ASGI: it holds no page and knows no session beyond the cookie. See docs/decisions/0030.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from holdfire.sealing.token import new_token, same_token

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
#: Answers a refusal as a page: scope, status, and which refusal it is.
Refuse = Callable[[Scope, int, str], tuple[int, bytes]]

MOST_BODY: Final = 64 * 1024
#: A form with a file: 64 MiB for the file, which is held in memory, and a little for the fields beside it.
MOST_UPLOAD: Final = (64 << 20) + MOST_BODY
#: A form whose files go on while they come: 1 TiB, more than any vault.
MOST_STREAM: Final = 1 << 40
#: What is read and thrown away of an upload that is too large: a browser shows no answer before it has sent all.
_MOST_DISCARDED: Final = 1 << 32
#: Seconds a launch link lives: long enough for a slow browser to start.
LAUNCH_SECONDS: Final = 60.0
COOKIE: Final = "notes"
START: Final = "/start/"
#: What may be fetched without the cookie, so that a refusal can be read: no content, no state.
OPEN_PATHS: Final = frozenset({"/static/page.css", "/static/notes.png"})

_POLICY: Final = b"content-security-policy"
PAGE_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    b"frame-ancestors 'none'; base-uri 'none'; script-src 'none'"
)
#: Of a page that plays film or sound from the vault.
MEDIA_POLICY: Final = PAGE_POLICY + b"; media-src 'self'"
#: Of bytes from the vault, which somebody else may have made: whatever they are, they do nothing here.
CONTENT_POLICY: Final = (
    b"default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
#: What a page may ask for in place of the first.
POLICIES: Final = frozenset({PAGE_POLICY, MEDIA_POLICY, CONTENT_POLICY})

HEADERS: Final = (
    (_POLICY, PAGE_POLICY),
    # Not no-referrer: with it Chromium posts `Origin: null` and every form is refused by rule 5.
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-dns-prefetch-control", b"off"),
    (
        b"permissions-policy",
        (
            b"accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), "
            b"hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
        ),
    ),
)
_OURS: Final = frozenset(name for name, _ in HEADERS)

#: Refusals as the pages know them.
WRONG_METHOD, WRONG_HOST, USED_LINK, NO_COOKIE = "method", "host", "used", "cookie"
WRONG_ORIGIN, TOO_LARGE, WRONG_FORM, FAULT = "origin", "large", "form", "fault"
UPLOAD_TOO_LARGE: Final = "upload"


class Door:
    """Who may come in: the one launch link and the one cookie it became.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._launch: str | None = None
        self._launched = 0.0
        self._cookie: str | None = None

    def new_launch(self) -> str:
        """Return the path of a fresh launch link; an earlier one is dead from now on."""
        self._launch = new_token()
        self._launched = self._clock()
        return START + self._launch

    def enter(self, untrusted_secret: str) -> str | None:
        """Return the cookie a launch link turns into, or None when it is wrong, used or old."""
        if self._launch is None or not same_token(self._launch, untrusted_secret):
            return None
        self._launch = None
        if self._clock() - self._launched > LAUNCH_SECONDS:
            return None
        self._cookie = new_token()
        return self._cookie

    def knows(self, untrusted_cookie: str | None) -> bool:
        """Say whether this is the cookie of the open session."""
        return (
            self._cookie is not None
            and untrusted_cookie is not None
            and same_token(self._cookie, untrusted_cookie)
        )

    def shut(self) -> None:
        """Forget cookie and launch link: nobody comes in until the program starts again."""
        self._cookie = self._launch = None

    @property
    def occupied(self) -> bool:
        """Whether somebody has come in and not left."""
        return self._cookie is not None


class Guard:
    """ASGI application that lets only the person's own requests through to `app`.

    Args:
        app: The pages.
        host: The one value `Host` may have, such as `127.0.0.1:49152`.
        door: Who may come in.
        refuse: Makes the page of a refusal: status and body.
        report: Told of a fault inside the pages; must not keep content.
        uploads: Paths of the pages that take a form with a file.
        streams: Paths of the pages that take files of any size.
    """

    def __init__(
        self,
        app: App,
        host: str,
        door: Door,
        refuse: Refuse,
        report: Callable[[BaseException], None],
        uploads: frozenset[str] = frozenset(),
        streams: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._host = host.encode("ascii")
        self._origin = b"http://" + self._host
        self._door = door
        self._refuse = refuse
        self._report = report
        self._most = dict.fromkeys(uploads, MOST_UPLOAD) | dict.fromkeys(streams, MOST_STREAM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass the lifespan on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _Answer(send)
        try:
            await self._judge(scope, receive, answer)
        except Exception as fault:  # noqa: BLE001 - the last line: the person sees a page, never a trace
            self._report(fault)
            if not answer.started:
                await self._say_no(scope, answer, 500, FAULT)

    async def _judge(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        path: str = scope["path"]
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            await self._say_no(scope, answer, 405, WRONG_METHOD)
        elif _all(scope, b"host") != [self._host]:
            await self._say_no(scope, answer, 421, WRONG_HOST)
        elif path.startswith(START):
            await self._start(scope, answer)
        elif path not in OPEN_PATHS and not self._door.knows(_cookie(scope)):
            await self._say_no(scope, answer, 403, NO_COOKIE)
        elif scope["method"] == "POST":
            await self._post(scope, receive, answer)
        else:
            await self._app(scope, receive, answer)

    async def _start(self, scope: Scope, answer: _Answer) -> None:
        # HEAD must not spend the link: link previews ask that way.
        cookie = self._door.enter(scope["path"][len(START) :]) if scope["method"] == "GET" else None
        if cookie is None:
            await self._say_no(scope, answer, 403, USED_LINK)
            return
        set_cookie = (b"set-cookie", f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict".encode())
        if _all(scope, b"sec-fetch-site") == [b"cross-site"]:
            # A browser led here by a page of its own (web/window.py) would not send a Strict cookie along
            # a redirect; a step taken by our own page counts as ours.
            body = b'<!doctype html><html lang="en"><meta http-equiv="refresh" content="0;url=/"><title>Notes</title>'
            await _send(answer, 200, body, set_cookie)
        else:
            await _send(answer, 303, b"", set_cookie, (b"location", b"/"))

    async def _post(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        if _all(scope, b"origin") != [self._origin]:
            await self._say_no(scope, answer, 403, WRONG_ORIGIN)
            return
        kind = b"".join(_all(scope, b"content-type")).partition(b";")[0].strip().lower()
        if kind == b"multipart/form-data" and scope["path"] in self._most:
            await self._upload(scope, receive, answer, self._most[scope["path"]])
            return
        if kind != b"application/x-www-form-urlencoded":
            await self._say_no(scope, answer, 415, WRONG_FORM)
            return
        body = await _read(scope, receive)
        if body is None:
            await self._say_no(scope, answer, 413, TOO_LARGE)
            return
        await self._app(scope, _replay(body, receive), answer)

    async def _upload(self, scope: Scope, receive: Receive, answer: _Answer, most: int) -> None:
        """Let a form with a file through piece by piece, up to its bound."""
        counted = _Counted(receive, most)
        lengths = _all(scope, b"content-length")
        if any(not length.isdigit() or int(length) > most for length in lengths):
            await self._too_large(scope, counted, answer)
            return

        async def send(message: Message) -> None:
            # What the pages say of a form that breaks off is not the reason it broke off.
            if not counted.over:
                await answer(message)

        with contextlib.suppress(UploadTooLargeError):
            await self._app(scope, counted, send)
        if counted.over and not answer.started:
            await self._too_large(scope, counted, answer)

    async def _too_large(self, scope: Scope, counted: _Counted, answer: _Answer) -> None:
        await counted.discard()
        await self._say_no(scope, answer, 413, UPLOAD_TOO_LARGE)

    async def _say_no(self, scope: Scope, answer: _Answer, status: int, why: str) -> None:
        status, body = self._refuse(scope, status, why)
        await _send(answer, status, b"" if scope["method"] == "HEAD" else body)


class UploadTooLargeError(Exception):
    """More came than an upload may have; only the guard catches it."""


class _Counted:
    """A `receive` that gives up beyond a bound."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._more = True
        self.over = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._more = message["type"] == "http.request" and message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over = True
            raise UploadTooLargeError
        return message

    async def discard(self) -> None:
        """Read what still comes and keep none of it."""
        left = _MOST_DISCARDED
        while self._more and left > 0:
            message = await self._receive()
            self._more = message["type"] == "http.request" and message.get("more_body", False)
            left -= len(message.get("body", b""))


class _Answer:
    """Sends on, with our headers in place of any the pages set under the same names."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            sent = list(message.get("headers", ()))
            kept = [(name, value) for name, value in sent if name.lower() not in _OURS]
            ours = dict(HEADERS)
            ours.update((name, value) for name, value in sent if name == _POLICY and value in POLICIES)
            message = {**message, "headers": [*kept, *ours.items()]}
        await self._send(message)


async def _send(answer: _Answer, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    about = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(body)), *headers]
    await answer({"type": "http.response.start", "status": status, "headers": about})
    await answer({"type": "http.response.body", "body": body})


def _all(scope: Scope, name: bytes) -> list[bytes]:
    """Return every value of a header; a header sent twice is two values, and equal to none."""
    return [value for key, value in scope["headers"] if key.lower() == name]


def _cookie(scope: Scope) -> str | None:
    """Return our cookie, or None when it is missing or the header cannot be read."""
    for line in _all(scope, b"cookie"):
        try:
            found = SimpleCookie(line.decode("latin-1")).get(COOKIE)
        except CookieError:
            continue
        if found is not None:
            return found.value
    return None


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body, or None as soon as it is known to be too large."""
    for length in _all(scope, b"content-length"):
        if not length.isdigit() or int(length) > MOST_BODY:
            return None
    parts: list[bytes] = []
    total = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        total += len(part)
        if total > MOST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
