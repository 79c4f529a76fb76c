"""A real relay, `holdfire relay serve`, on a port of this computer and a folder of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from holdfire.conversation.card import DeskRelay
from holdfire.relay.grant import new_grant

_COMMAND = [sys.executable, "-m", "holdfire.cli.main", "relay", "serve"]


@dataclass
class RelayServer:
    """A relay that can be stopped, killed and started again on its folder and port."""

    folder: Path
    arguments: tuple[str, ...] = ()
    origin: str = ""
    head_key: bytes = b""
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it and wait until it listens; a second start takes the same port."""
        port = self.origin.rpartition(":")[2] or "0"
        process = subprocess.Popen(
            [*_COMMAND, "--folder", str(self.folder), "--listen", f"127.0.0.1:{port}", *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert process.stdout
        assert process.stderr
        said = [process.stdout.readline().split(), process.stdout.readline().split()]
        if not said[1]:
            raise RuntimeError(process.stderr.read())
        self.origin, self.head_key = said[0][1], bytes.fromhex(said[1][1])
        self._process = process

    @property
    def pid(self) -> int:
        """The process that runs it."""
        assert self._process
        return self._process.pid

    def stop(self) -> str:
        """Ask it to stop, wait until it has, and return what it said on standard error."""
        assert self._process
        self._process.terminate()
        said = self._process.communicate(timeout=30)[1]
        self._process = None
        return said

    def ended(self) -> str:
        """Wait until it has ended by itself, with an error, and return what it said on standard error."""
        assert self._process
        said = self._process.communicate(timeout=30)[1]
        assert self._process.returncode == 1
        self._process = None
        return said

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self._process
        self._process.kill()
        self._process.communicate()
        self._process = None

    def grant(self, uses: int = 3) -> bytes:
        """Return a new grant."""
        return new_grant(self.folder, uses)

    def named(self, sheet: bytes) -> DeskRelay:
        """Return it as a desk's card names it."""
        return DeskRelay(self.origin, sheet, self.head_key)


@contextlib.contextmanager
def relaying(folder: Path, *arguments: str) -> Iterator[RelayServer]:
    """Run a relay on `folder` for as long as the block runs; by default it asks for the cheapest puzzle."""
    server = RelayServer(folder, arguments or ("--price", "0"))
    server.start()
    try:
        yield server
    finally:
        if server._process is not None:
            server.stop()
