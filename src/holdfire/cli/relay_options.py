"""What the commands of a relay share: its folder, where it listens."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from holdfire.cli.options import F
from holdfire.errors import UserError
from holdfire.language import mark

_FOLDER: Final = Path("holdfire-relay")
_PORT: Final = 8_008


def folder_option(function: F) -> F:
    """Add `--folder`."""
    return click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=_FOLDER,
        show_default=True,
        help="Where the relay keeps what it keeps.",
    )(function)


def listen_option(function: F) -> F:
    """Add `--listen`."""
    return click.option(
        "--listen",
        default=f"127.0.0.1:{_PORT}",
        show_default=True,
        metavar="HOST:PORT",
        help="Where it listens. Port 0 takes a free one.",
    )(function)


def address_of(text: str) -> tuple[str, int]:
    """Return address and port; UserError if it is no place to listen."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) >= 1 << 16:
        raise UserError(mark("This is no place to listen."), mark("Write it as 127.0.0.1:8008."))
    return host.strip("[]"), int(port)
