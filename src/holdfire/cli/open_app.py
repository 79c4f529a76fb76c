"""`holdfire open`: the app, on loopback, in a private window."""

from __future__ import annotations

import click


@click.command("open")
@click.option("--port", type=click.IntRange(1024, 65535), help="A fixed port instead of a free one.")
@click.option("--no-window", is_flag=True, help="Open no window; print the one-time address.")
@click.option("--language", default="en", hidden=True, help="The language of the pages.")
def command(port: int | None = None, *, no_window: bool = False, language: str = "en") -> None:
    """Open the app in a private window on this computer.

    The address it prints works once and for one minute. Nothing leaves this computer.
    """
    from holdfire.web.serve import serve  # noqa: PLC0415 -- the server takes 200 ms to import

    serve(port, window=not no_window, language=language)
