"""The relay's own tor: the system's program as a child, with a configuration of ours, that ends with the relay."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.relay.host import TorProgram, is_loopback

TORRC: Final = "torrc"
#: The service's keys and its name: whoever has them can be the relay's address.
SERVICE: Final = "onion"
#: Seconds for tor to make its keys, for which it needs no network, and to end.
_START_SECONDS: Final = 60
_END_SECONDS: Final = 10
_LOOK_SECONDS: Final = 0.05


class Onion:
    """A tor that runs beside a relay.

    Args:
        origin: Under which the relay is reached through it.
        process: Of tor.
        settings: The file that it was started with.
    """

    def __init__(self, origin: str, process: subprocess.Popen[bytes], settings: Path) -> None:
        self.origin = origin
        self._process = process
        self._settings = settings

    def wait(self) -> None:
        """Return when tor has ended, by itself or with the relay."""
        self._process.wait()

    def check(self) -> None:
        """Return if it runs; UserError where it has ended, and nobody can reach the relay any more."""
        if self._process.poll() is not None:
            raise UserError(
                mark("tor ended, and with it the only way to this relay."),
                mark("Start the relay again. See what tor says: tor -f {file}"),
                file=str(self._settings),
            )


def torrc(folder: Path, listen: tuple[str, int], *, proves: bool, owner: int) -> str:
    """Return the configuration of a tor that brings visitors to a relay, and does nothing else.

    Args:
        folder: The relay's, from the root.
        listen: Where the relay listens on this computer.
        proves: Whether this tor can ask visitors for proof of work while they are too many.
        owner: The process with which tor ends, also when that is killed.
    """
    host, port = listen
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [
        f"DataDirectory {_quoted(folder / 'tor')}",
        f"HiddenServiceDir {_quoted(folder / SERVICE)}",
        f"HiddenServicePort 80 {place}",
        *(["HiddenServicePoWDefensesEnabled 1"] if proves else []),
        # Nobody else uses this tor, and it passes nothing on.
        "SocksPort 0",
        "ControlPort 0",
        "ORPort 0",
        # To a pipe that nobody reads, never to a file.
        "Log err stdout",
        "SafeLogging 1",
        "AvoidDiskWrites 1",
        f"__OwningControllerProcess {owner}",
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def running_onion(
    tor: TorProgram | None, folder: Path, listen: tuple[str, int], owner: int
) -> Iterator[Onion]:
    """Run tor for as long as the block runs, and give it with the origin at which the relay is reached through it.

    The address is known before tor has found the network, and is the same at every start on this folder.

    Args:
        tor: The system's.
        folder: The relay's.
        listen: Where the relay listens.
        owner: This process.

    Raises:
        UserError: There is no tor, it does not start, or the relay listens to more than this computer.
    """
    if tor is None:
        raise UserError(
            mark("There is no tor on this computer."),
            mark("Install it (Debian, Ubuntu: apt install tor), or start the relay without --onion."),
        )
    if not is_loopback(listen[0]):
        raise UserError(
            mark("With --onion the relay listens on this computer alone: whoever came past tor would show his address."),
            mark("Leave out --listen, or give 127.0.0.1 in it."),
        )  # fmt: skip
    folder = folder.resolve()
    for name in ("tor", SERVICE):
        # tor takes no folder that others can reach into.
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    written = folder / TORRC
    written.write_text(torrc(folder, listen, proves=tor.proves, owner=owner), "utf-8")
    process = subprocess.Popen(  # noqa: S603 — the system's own program, on a file of ours
        # The system's own defaults could bring back a log or an open port.
        [tor.path, "-f", str(written), "--defaults-torrc", str(folder / "tor" / "none"), "--hush"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl-C in a terminal is for the relay: tor goes after it has finished what it began.
        start_new_session=True,
    )
    try:
        yield Onion(f"http://{_name(process, folder)}", process, written)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
        process.kill()
        process.wait()


def _name(process: subprocess.Popen[bytes], folder: Path) -> str:
    """Return the name that tor made for the service, or found there."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        # Before the name: one that lies there from an earlier start says nothing of this one.
        has_ended = process.poll() is not None
        with suppress(OSError):
            name = (folder / SERVICE / "hostname").read_text("ascii")
            if name.endswith(".onion\n") and not has_ended and _is_ready(folder):
                return name.strip()
        if has_ended:
            break
        time.sleep(_LOOK_SECONDS)
    raise UserError(
        mark("tor did not start."),
        mark("See what it says: tor -f {file}"),
        file=str(folder / TORRC),
    )


def _is_ready(folder: Path) -> bool:
    """Say whether this start of tor got past reading its configuration: it holds a lock in its folder from then on."""
    return (folder / "tor" / "lock").exists()


def _quoted(path: Path) -> str:
    """Return a path as tor reads it back between quotes: like a string of C."""
    said = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{said}"'
