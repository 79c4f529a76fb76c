"""`holdfire desk request`, `add`, `join`, `members`, `remove`: who belongs to a desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from holdfire.cli.desk_options import at_relay, on_relays, way_options
from holdfire.cli.drop_options import opened
from holdfire.cli.options import json_option, passphrase_option, print_json, progress, vault_option
from holdfire.cli.write_file import write_file
from holdfire.errors import UserError
from holdfire.language import mark

_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_MOST_REQUEST: Final = 1 << 14
root_option = click.option(
    "--root",
    "root_files",
    type=_FILE,
    multiple=True,
    required=True,
    help="The root's file, or a share; may be given again.",
)


@click.command("request", short_help="Ask to belong to a desk, with this vault.")
@click.argument("name")
@click.option(
    "--out", type=_OUT, required=True, help="Write the request to this file, and hand it to the desk."
)
@vault_option
@passphrase_option
@json_option
def request(**given: Any) -> None:
    """Make a request to belong to a desk. NAME is what the desk shall call you; never a real name. Nothing is sent.

    Say its eight words to the desk by voice: they show that nobody put another key in its place.
    """
    from holdfire.journeys import desk_members  # noqa: PLC0415 — its package loads the crypto library

    with opened(given) as vault:
        made = desk_members.request(vault, given["name"], datetime.now(UTC))
    write_file([made.write()], given["out"])
    if given["as_json"]:
        print_json({"name": made.name, "words": made.words})
        return
    click.echo(f"The request is written. Its eight words: {made.words}")
    click.echo("Hand the file to the desk, say the words by voice, and wait for an invitation.")


@click.command("add", short_help="Add a member's device to the desk, with the root.")
@click.argument("request_file", metavar="REQUEST", type=_FILE)
@root_option
@click.option("--words", required=True, help="The eight words of the request, as its maker said them.")
@click.option("--out", type=_OUT, required=True, help="Write the invitation to this file.")
@way_options
@vault_option
@passphrase_option
def add(**given: Any) -> None:
    """Write a device into the roster and make an invitation for it: all that the desk knows, which only that device opens, once.

    Its holder reads, labels, notes and answers from then on; this device publishes.
    """
    from holdfire.conversation.joining import read_request  # noqa: PLC0415
    from holdfire.journeys import desk_members  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import root_of  # noqa: PLC0415

    with given["request_file"].open("rb") as file:
        asked = read_request(file.read(_MOST_REQUEST))
    if asked.words.split() != given["words"].casefold().split():
        raise UserError(
            mark("These are not the words of this request."),
            mark("Ask its maker again, by voice. Somebody may have put another file in its place."),
        )
    root = root_of(lambda: [file.read_bytes() for file in given["root_files"]])
    with opened(given) as vault:
        for _, ask in at_relay(vault, given, first=True):
            write_file([desk_members.add(vault, asked, root, ask, datetime.now(UTC))], given["out"])
    click.echo(f"{asked.name} belongs to the desk. Hand the invitation over: nobody else can open it.")


@click.command("join", short_help="Take a desk's invitation in.")
@click.argument("invitation", type=_FILE)
@click.option("--words", required=True, help="The eight words of the desk, as you heard them.")
@vault_option
@passphrase_option
def join(**given: Any) -> None:
    """Take an invitation in. From then on this vault holds the desk, too. Nothing is sent; `desk pull` reads what came since."""
    from holdfire.conversation.joining import MOST_INVITATION  # noqa: PLC0415
    from holdfire.journeys import desk_members  # noqa: PLC0415

    with given["invitation"].open("rb") as file:
        content = file.read(MOST_INVITATION + 1)
    with opened(given) as vault:
        name = desk_members.join(vault, content, given["words"], datetime.now(UTC)).value.card.name
    click.echo(f"You belong to {name}. Next: `holdfire desk pull`, so that keys can be handed to you.")


@click.command("members", short_help="List who belongs to the desk.")
@vault_option
@passphrase_option
@json_option
def members(**given: Any) -> None:
    """List who belongs to the desk, as far as this device has read its record."""
    from holdfire.journeys import desk_members  # noqa: PLC0415

    with opened(given) as vault:
        found = desk_members.members(vault)
    if given["as_json"]:
        print_json([vars(one) for one in found])
        return
    for one in found:
        words = [
            *(["this device"] if one.here else []),
            *(["publishes"] if one.publishes else []),
            *([] if one.ready else ["no key ready: it must read soon"]),
        ]
        click.echo(one.name + (f" ({', '.join(words)})" if words else ""))


@click.command("remove", short_help="Take a member off: the desk moves, under new keys.")
@click.argument("name")
@root_option
@click.option(
    "--grant",
    "grants",
    multiple=True,
    metavar="HEX",
    required=True,
    help="A grant of the host for the new boards; one for each relay, in the order of the card.",
)
@way_options
@vault_option
@passphrase_option
def remove(**given: Any) -> None:
    """Take a member off. The inboxes are read, the desk moves to new boards under new keys, and an edition is published at once.

    What they have read, they have; what comes after the new edition they cannot read. Broken off, say it again.
    """
    from holdfire.cli.desk_making import hex_of  # noqa: PLC0415
    from holdfire.journeys import move_desk, run_desk  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk, root_of  # noqa: PLC0415

    root = root_of(lambda: [file.read_bytes() for file in given["root_files"]])
    grants = [hex_of(one) for one in given["grants"]]
    with opened(given) as vault:
        origins = [one.origin for one in own_desk(vault).value.relays]
        if len(grants) != len(origins):
            raise click.UsageError(f"Give --grant {len(origins)} times, once for each relay.")
        for grant, (origin, ask) in zip(grants, at_relay(vault, given), strict=True):
            run_desk.look(vault, origin, ask, datetime.now(UTC))
            own = move_desk.begin_move(vault, given["name"], root, datetime.now(UTC))
            if own.moving:
                move_desk.make_room(own, origin, grant, ask)
        given["yes"] = True
        if own_desk(vault).value.moving:
            for _, ask in at_relay(vault, given, first=True):
                for one in move_desk.move(vault, ask, datetime.now(UTC)):
                    click.echo(f"{one} had no key ready: ask for a new request, and add them again.")
        for origin, ask in at_relay(vault, given):
            with progress("Publishing") as told:
                for done, total in run_desk.publish(vault, origin, ask, datetime.now(UTC)):
                    told(done, total)
    click.echo(
        f"Nobody here is called {given['name']} any more. The desk has moved, and its new edition is out."
    )


@click.command("leave-relay", short_help="Leave a relay that was destroyed, or is not trusted any more.")
@click.argument("origin")
@root_option
@click.option("--grant", default="", metavar="HEX",
              help="A grant of the first relay that is left; needed when the record stood on the one you leave.")  # fmt: skip
@way_options
@vault_option
@passphrase_option
def leave_relay(**given: Any) -> None:
    """Leave a relay. It is not asked: it may be gone. The other relays get a new card and a new edition.

    People who look at another relay of the desk get the card there. Who knows the lost relay alone has to be told: hand them the card.
    What was read of the record stays here and goes on, on the first relay left. Broken off, say it again.
    """
    from holdfire.cli.desk_making import hex_of  # noqa: PLC0415
    from holdfire.journeys import change_relays, run_desk  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk, root_of  # noqa: PLC0415

    root = root_of(lambda: [file.read_bytes() for file in given["root_files"]])
    with opened(given) as vault:
        own = change_relays.without_relay(own_desk(vault).value, given["origin"], root)
        if change_relays.begins_anew(own) and not given["grant"]:
            raise click.UsageError(
                f"The record stood there. Give --grant, from the host of {own.relays[0].origin}."
            )
        origins = [one.origin for one in own.relays]
        for place, ask in on_relays(vault, given, origins):
            if place == 0:
                change_relays.keep_left(vault, own, datetime.now(UTC))
                if change_relays.begins_anew(own):
                    change_relays.begin_record(vault, root, hex_of(given["grant"]), ask, datetime.now(UTC))
            origin = origins[place]
            change_relays.put_card(vault, origin, ask)
            with progress("Publishing") as told:
                for done, total in run_desk.publish(vault, origin, ask, datetime.now(UTC)):
                    told(done, total)
    click.echo(
        "It is left. The new card and a new edition are out; hand the card on, its eight words are the same."
    )
    click.echo("Other members of the desk: ask them for a new request, and add them again.")


MEMBERS = (request, add, join, members, remove, leave_relay)
