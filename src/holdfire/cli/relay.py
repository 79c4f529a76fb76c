"""`holdfire relay`: run a relay for desks, and let desks in."""

from __future__ import annotations

from pathlib import Path
from time import time
from typing import Final

import click

from holdfire.cli.options import F, json_option, print_json
from holdfire.cli.relay_host import check_command, unit_command
from holdfire.cli.relay_options import address_of, folder_option, listen_option
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.wire.puzzle import MOST_PRICE

#: A desk makes one sheet and two boards.
_DESK_USES: Final = 3


def _store_options(function: F) -> F:
    for option in (
        click.option("--objects", metavar="PLACE", envvar="HOLDFIRE_RELAY_OBJECTS",
                     help="Keep what is large in s3://bucket/folder or in another folder. Needs `holdfire[relay]`."),
        click.option("--db", metavar="URL", envvar="HOLDFIRE_RELAY_DB",
                     help="Keep the rest in postgresql://host/name. Needs `holdfire[relay]`."),
    ):  # fmt: skip
        function = option(function)
    return function


@click.group(short_help="Run a server that keeps sealed messages and can read none.")
def command() -> None:
    """Run a relay: a server between members and desks that keeps sealed bytes and can read none of them.

    It keeps no addresses, no names of programs, and no time finer than a day. Put it behind Tor: its host then sees no addresses either.
    """


@command.command("serve", short_help="Start the relay.")
@folder_option
@listen_option
@click.option("--origin", metavar="URL",
              help="How others reach it: http://….onion or https://…; without it, where it listens.")  # fmt: skip
@click.option("--price", type=click.IntRange(0, MOST_PRICE), default=4, show_default=True,
              help="Bits of the puzzle that newcomers solve; it rises by itself when very many come.")  # fmt: skip
@click.option("--onion", "behind_tor", is_flag=True, help="Run the system's tor beside it, and print the onion address.")  # fmt: skip
@click.option("--open", "is_open", is_flag=True, help="Ask newcomers for no puzzle. For trying out only.")
@_store_options
def serve_command(
    folder: Path,
    listen: str,
    origin: str | None,
    price: int,
    db: str | None,
    objects: str | None,
    *,
    behind_tor: bool,
    is_open: bool,
) -> None:
    """Start the relay and serve until Ctrl-C.

    It prints its address and its key: a desk needs both, and a grant (see `relay grant`).
    """
    from holdfire.relay.serve import serve  # noqa: PLC0415 — the server takes a tenth of a second to load

    if behind_tor and origin:
        raise click.UsageError("Tor gives the address: leave --origin out.")
    serve(
        folder,
        address_of(listen),
        origin,
        None if is_open else price,
        _tell,
        lambda: int(time()),
        db,
        objects,
        behind_tor=behind_tor,
    )


@command.command("grant", short_help="Let a desk make its boards here.")
@folder_option
@click.option("--uses", type=click.IntRange(1, 100), default=_DESK_USES, show_default=True,
              help="How many boards and sheets it is good for; a desk needs three.")  # fmt: skip
@_store_options
@json_option
def grant_command(folder: Path, uses: int, db: str | None, objects: str | None, *, as_json: bool) -> None:
    """Make a grant and print it, once: 64 letters that you give to a desk. The relay may be running."""
    from holdfire.relay.grant import new_grant  # noqa: PLC0415 — as above

    if db is None and not (folder / "relay.db").is_file():
        raise UserError(mark("No relay was ever started on this folder."), mark("Start it first: `holdfire relay serve`."))  # fmt: skip
    grant = new_grant(folder, uses, db, objects).hex()
    if as_json:
        print_json({"grant": grant, "uses": uses})
    else:
        click.echo(grant)
        click.echo("Give it to the desk by a way that you trust. It is shown once.", err=True)


def _tell(origin: str, head_key: str) -> None:
    click.echo(f"Relay: {origin}")
    click.echo(f"Key:   {head_key}")
    click.echo("A desk needs both, and a grant: `holdfire relay grant`. Ctrl-C stops the relay.", err=True)


command.add_command(check_command)
command.add_command(unit_command)
