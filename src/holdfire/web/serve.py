"""Start the app on loopback and open it in a window; called by the command line.

One process, one person: the server binds to 127.0.0.1 alone, keeps no log, and ends when its window is
closed, when it was abandoned, or on Ctrl+C. The vault is locked before it ends.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import uvicorn

from holdfire.errors import UserError
from holdfire.guide.guide import Guide
from holdfire.language import LANGUAGES, mark
from holdfire.vault.hardening import harden
from holdfire.web.app import make_app
from holdfire.web.guard import Door
from holdfire.web.program import Program
from holdfire.web.session import Session
from holdfire.web.window import Window, open_window

ADDRESS = "127.0.0.1"


def serve(port: int | None = None, *, window: bool = True, language: str = "en") -> None:
    """Serve the pages until the person is done.

    Args:
        port: Where to listen; a free port when None.
        window: Whether to open a private window. Without one, the one-time address is printed.
        language: Code of the language of the pages.

    Raises:
        UserError: The port is taken, or there is no such language.
    """
    if language not in LANGUAGES:
        raise UserError(mark("There is no such language here."), mark("This version speaks English."))
    harden()
    listening = _listen(port or 0)
    host = f"{ADDRESS}:{listening.getsockname()[1]}"
    program = Program(
        session=Session(time.monotonic, LANGUAGES[language]),
        door=Door(time.monotonic),
        now=lambda: datetime.now(UTC),
        load_guide=_load_guide,
    )
    address = f"http://{host}{program.door.new_launch()}"
    shown = _Shown(address)
    if window:
        # It starts while the pages load: the socket already listens, so its first request waits there.
        shown.start()
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(program, host, report=_report),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
    )

    def end() -> None:
        server.should_exit = True

    program.end = end
    if window:
        shown.when_closed = end
    else:
        shown.say()
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()
        shown.close()


class _Shown(threading.Thread):
    """The window, from its start to its end; the printed address where there can be none."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._window: Window | None = None
        self.when_closed: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Open the window and wait until the person closes it."""
        self._window = open_window(self._address)
        if self._window is None:
            self.say()
            return
        self._window.wait()
        self.when_closed()

    def say(self) -> None:
        """Print the one-time address."""
        print(f"Open this address once, within a minute, in a private window:\n{self._address}", flush=True)  # noqa: T201 - an entrance speaks

    def close(self) -> None:
        """Close the window, if one stands."""
        if self._window is not None:
            self._window.close()


def _load_guide() -> Guide:
    from holdfire.journeys.guide_here import load_guide  # noqa: PLC0415 - the packs are read when a page needs them

    return load_guide()


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback alone."""
    # Named: asyncio sends at once only on a socket that says it is TCP, else a page in two parts waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError as fault:
        listening.close()
        raise UserError(mark("Port {port} cannot be used."), mark("Leave it out: a free one is found."),
                        port=port) from fault  # fmt: skip
    listening.listen(64)
    return listening


def _report(fault: BaseException) -> None:
    """Say on standard error what kind of fault it was and where; never with what values."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_code.co_name}, line {place.tb_lineno}" if place else ""
    print(f"A page failed: {type(fault).__name__}{where}", file=sys.stderr)  # noqa: T201 - an entrance speaks
