"""Run a relay: one process, one folder, one port on this computer; clean start, clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.relay.answer import Relay
from holdfire.relay.app import RelayApp
from holdfire.relay.key import open_key
from holdfire.relay.looking import find_tor
from holdfire.relay.onion import Onion, running_onion
from holdfire.relay.open_store import open_store
from holdfire.relay.page import pages
from holdfire.relay.store import Store
from holdfire.relay.writer import Writer
from holdfire.wire.origin import origin_of

#: Bytes of a request line with its headers; seconds for them, and between two requests.
MOST_HEADERS: Final = 8 << 10
HEADER_SECONDS: Final = 10
SILENT_SECONDS: Final = 5
#: Seconds for a whole answer to be fetched, 1 MiB at most: slow for Tor, and no client may keep one for ever.
ANSWER_SECONDS: Final = 60
#: Connections at one time.
MOST_CONNECTIONS: Final = 1_000
#: Seconds in which what was begun may end after a stop was asked for.
_LAST_SECONDS: Final = 10
_LOCK: Final = "relay.lock"


class PatientProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, but not for ever: who sends headers drop by drop, or never reads, is cut off."""

    #: Since when headers are waited for; None while they are not.
    _waits_since: float | None = None
    _headers_by: asyncio.TimerHandle | None = None
    _fetched_by: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._await_headers()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, and for this answer to be fetched."""
        super().on_response_complete()
        # The next answer begins only once this one is nearly gone, so a timer begun anew is earned by reading.
        self._stop_fetching()
        if self.transport.get_write_buffer_size():
            self._fetched_by = self.loop.call_later(ANSWER_SECONDS, self._cut_off)
        if not self.transport.is_closing():
            self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._waits_since = None
        if self._headers_by is not None:
            self._headers_by.cancel()
        self._stop_fetching()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Go on with what came; whole headers end the wait."""
        super().handle_events()
        if self._waits_since is not None and not getattr(self.cycle, "response_complete", True):
            self._waits_since = None

    def _await_headers(self) -> None:
        self._waits_since = self.loop.time()
        if self._headers_by is None:
            self._headers_by = self.loop.call_later(HEADER_SECONDS, self._look)

    def _look(self) -> None:
        # One timer for all requests of a connection: a timer for each, begun and ended, is a fiftieth of what a post costs.
        self._headers_by = None
        if self._waits_since is None:
            return
        left = self._waits_since + HEADER_SECONDS - self.loop.time()
        if left > 0:
            self._headers_by = self.loop.call_later(left, self._look)
        else:
            self.transport.close()

    def _stop_fetching(self) -> None:
        if self._fetched_by is not None:
            self._fetched_by.cancel()
            self._fetched_by = None

    def _cut_off(self) -> None:
        # To close would wait until all was read, and keep the bytes until then.
        if self.transport.get_write_buffer_size():
            self.transport.abort()


def serve(  # noqa: PLR0913 - what a host can choose
    folder: Path,
    listen: tuple[str, int],
    origin: str | None,
    price: int | None,
    tell: Callable[[str, str], None],
    now: Callable[[], int],
    db: str | None = None,
    objects: str | None = None,
    *,
    behind_tor: bool = False,
) -> None:
    """Serve until SIGTERM or Ctrl-C; what was begun is finished first.

    Args:
        folder: Where key, database and large files lie; made if it is not there.
        listen: Address and port; port 0 takes a free one.
        origin: Under which others reach it; None for where it listens.
        price: Bits of the puzzle; None asks for neither tickets nor puzzles.
        tell: Told the origin and the head key, in hexadecimal, once it listens.
        now: Seconds since 1970.
        db: Address of a PostgreSQL database instead of the folder's own; several relays may then share folder and database.
        objects: A bucket or a folder for what is large, instead of the relay's own.
        behind_tor: Whether to run the system's tor beside it, which gives it an onion name.

    Raises:
        UserError: There is no tor, it does not start or it ended, the folder is in use, the port is taken, the origin is none, or the database or bucket cannot be reached.
        StorageError: The key file is damaged.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if db is None:
            stack.enter_context(_alone(folder))
        listening = stack.enter_context(contextlib.closing(_listening(*listen)))
        host, port = listening.getsockname()[:2]
        onion = None
        if behind_tor:
            onion = stack.enter_context(running_onion(find_tor(), folder, (host, port), os.getpid()))
            origin = onion.origin
        reached = origin_of(origin or f"http://{host}:{port}")
        key = open_key(folder)
        store = stack.enter_context(contextlib.closing(open_store(db, objects, folder)))
        tell(reached, key.public.hex())
        # uvicorn ends what was begun, then raises the signal again: to end was the wish, and nothing went wrong.
        with contextlib.suppress(KeyboardInterrupt):
            _run(Relay(store, reached, key, price), store, listening, now, onion)
        if onion is not None:
            onion.check()


def _run(
    relay: Relay, store: Store, listening: socket.socket, now: Callable[[], int], onion: Onion | None
) -> None:
    writer = Writer(relay, store, now, _report)
    server = uvicorn.Server(
        uvicorn.Config(
            RelayApp(relay, writer, now, pages),
            http=PatientProtocol,
            ws="none",
            loop="asyncio",
            lifespan="on",
            interface="asgi3",
            # Not one line about who asked for what, ever.
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=MOST_HEADERS,
            timeout_keep_alive=SILENT_SECONDS,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
    )
    if onion is not None:

        def end_with_tor() -> None:
            onion.wait()
            # Nobody can reach it now: ended with an error, it is begun again by whoever watches it.
            server.should_exit = True

        Thread(target=end_with_tor, name="tor", daemon=True).start()
    server.run(sockets=[listening])


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; UserError where another relay has it."""
    with (folder / _LOCK).open("wb") as file:
        try:
            import fcntl  # noqa: PLC0415 — not on Windows, where two relays on one folder are not noticed

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise UserError(
                mark("Another relay runs on this folder."), mark("Stop it first, or name another --folder.")
            ) from None
        yield


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named: asyncio sends at once only on a socket that says it is TCP, else an answer in two parts waits 40 ms for the other side.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise UserError(
            mark("Address {host}, port {port} cannot be used."),
            mark("Another program may have it. Choose another with --listen."),
            host=host, port=port,
        ) from None  # fmt: skip
    listening.listen(512)
    return listening


def _report(fault: BaseException) -> None:
    """Say on standard error what kind of fault it was and where; never with what values."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_code.co_name}, line {place.tb_lineno}" if place else ""
    print(f"The relay failed: {type(fault).__name__}{where}", file=sys.stderr)  # noqa: T201 — an entrance speaks
