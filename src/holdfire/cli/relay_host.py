"""`holdfire relay check`, `unit`: what a relay's host has to see to."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from holdfire.cli.options import json_option, print_json
from holdfire.cli.relay_options import address_of, folder_option, listen_option
from holdfire.language import ENGLISH


@click.command("check", short_help="Look whether this computer is fit for a relay.")
@folder_option
@listen_option
@json_option
@click.pass_context
def check_command(ctx: click.Context, folder: Path, listen: str, *, as_json: bool) -> None:
    """Look at this computer and say, one line each, what is right for a relay, what to mend, and what cannot be seen from here.

    Changes nothing and asks nobody. Run it as the user who runs the relay. Ends with 1 if something is to be mended.
    """
    from holdfire.relay.host import judge  # noqa: PLC0415
    from holdfire.relay.looking import look  # noqa: PLC0415

    findings = judge(look(folder, address_of(listen)))
    said = [
        (one, ENGLISH.say(one.sentence, **one.values), ENGLISH.say(one.hint, **one.values))
        for one in findings
    ]
    if as_json:
        print_json({"findings": [
            {"about": one.about, "state": one.state, "sentence": sentence, "hint": hint} for one, sentence, hint in said
        ]})  # fmt: skip
    else:
        for one, sentence, hint in said:
            click.echo(f"{one.state:<6}{sentence}")
            if hint:
                click.echo(f"      {hint}")
    if any(one.state == "mend" for one in findings):
        ctx.exit(1)


@click.command("unit", short_help="Print a systemd unit for the relay.")
@click.option("--onion", is_flag=True, help="The relay runs the system's tor, which goes out.")
def unit_command(*, onion: bool) -> None:
    """Print a systemd unit that runs the relay and allows it what it needs and no more, with this program's path in it."""
    from holdfire.relay.unit import is_hidden, unit  # noqa: PLC0415

    click.echo(unit(sys.executable, onion=onion), nl=False)
    if any(is_hidden(place) for place in (sys.executable, str(Path(sys.executable).resolve()), __file__)):
        click.echo("This program lies in a home folder, which the service cannot see: install Holdfire in /opt first.", err=True)  # fmt: skip
