"""The relay as a service: the text of its systemd unit, which allows it what it needs and no more."""

from __future__ import annotations

from importlib.resources import files
from pathlib import PurePosixPath
from string import Template
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

NAME: Final = "holdfire-relay.service"
#: What systemd puts in place of it: /var/lib/holdfire-relay.
_FOLDER: Final = "%S/holdfire-relay"
#: What `ProtectHome` hides.
_HOMES: Final = ("/home", "/root", "/run/user")
_INWARD: Final = """\
# It sends nothing by itself: it is reached from this computer alone, by tor or a server that ends TLS. A database or
# bucket elsewhere needs an IPAddressAllow of its own, and its keys a file that only root reads: EnvironmentFile=.
IPAddressDeny=any
IPAddressAllow=localhost"""
_OUTWARD: Final = "# Its tor goes out to the Tor network, so no address can be shut off; the relay itself listens on this computer alone."


def unit(python: str, *, onion: bool) -> str:
    """Return the text of the unit.

    Args:
        python: The interpreter for which Holdfire is installed, from the root.
        onion: Whether the relay runs a tor of its own, which must go out; else nothing leaves this computer.

    Raises:
        UserError: systemd cannot start a program at such a path.
    """
    words = [_quoted(python), "-I", "-m", "holdfire.cli.main", "relay", "serve", "--folder", _FOLDER]
    if onion:
        words.append("--onion")
    text = (files("holdfire.relay") / NAME).read_text("utf-8")
    return Template(text).substitute(command=" ".join(words), network=_OUTWARD if onion else _INWARD)


def is_hidden(program: str) -> bool:
    """Say whether a program lies in a home, where the unit's service cannot see it."""
    return any(PurePosixPath(program).is_relative_to(home) for home in _HOMES)


def _quoted(path: str) -> str:
    """Return the path of a program as systemd reads it back in the first place of a command line (systemd.service(5))."""
    if not set(path).isdisjoint("\"'\\\n"):
        raise UserError(
            mark("A service cannot start a program whose path has quotes or backslashes in it."),
            mark("Install Holdfire elsewhere, as in /opt."),
        )
    said = path.replace("%", "%%")
    return f'"{said}"' if " " in said else said
