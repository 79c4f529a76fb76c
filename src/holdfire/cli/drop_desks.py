"""`holdfire drop add-desk`, `desks`, `confirm`, `contact`, `forget`: whom a person knows; nothing is sent, and only `--code` fetches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.drop_options import MOST_CARD, opened, proxy_of, proxy_option, warn, yes_option
from holdfire.cli.options import json_option, passphrase_option, print_json, vault_option

if TYPE_CHECKING:
    from holdfire.drop.known import KnownDesk
    from holdfire.vault.vault import Vault


@click.command("add-desk", short_help="Take a desk's card in.")
@click.argument("card", type=click.File("rb"), required=False)
@click.option("--code", "code_text", metavar="TEXT", help="What the desk's QR code says; the card is fetched from where it lies.")  # fmt: skip
@proxy_option
@yes_option
@vault_option
@passphrase_option
@json_option
def add_desk(**given: Any) -> None:
    """Take the card of a desk in: from a file, and nothing is sent; or by the code in its QR picture, which asks a relay for it, and says so first.

    It is not confirmed until its eight words were typed.
    """
    from holdfire.journeys import keep_desk  # noqa: PLC0415

    if (given["card"] is None) == (given["code_text"] is None):
        raise click.UsageError("Give a card's file, or --code.")
    content = given["card"].read(MOST_CARD + 1) if given["card"] else b""
    with opened(given) as vault:
        content = content or _fetched(vault, given)
        _show_desks([keep_desk.add_desk(vault, content, datetime.now(UTC)).value], as_json=given["as_json"])


def _fetched(vault: Vault, given: dict[str, Any]) -> bytes:
    from holdfire.conversation.card_code import fetch_card, read_code  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import keep_proxy  # noqa: PLC0415
    from holdfire.reach.relay import RelayWay  # noqa: PLC0415

    code, proxy = read_code(given["code_text"]), proxy_of(vault, given)
    warn([code.origin], proxy, yes=given["yes"])
    keep_proxy(vault, proxy, datetime.now(UTC))
    with RelayWay(code.origin, proxy) as way:
        return fetch_card(code, way.ask)


@click.command("desks", short_help="List the desks you know.")
@vault_option
@passphrase_option
@json_option
def desks(**given: Any) -> None:
    """List the desks you know, whether their words were compared, and their relays."""
    from holdfire.journeys import keep_desk  # noqa: PLC0415

    with opened(given) as vault:
        _show_desks([one.value for one in keep_desk.all_desks(vault)], as_json=given["as_json"])


def _show_desks(found: Sequence[KnownDesk], *, as_json: bool) -> None:
    if as_json:
        print_json({"desks": [
            {"desk": one.number, "name": one.name, "confirmed": one.confirmed.isoformat() if one.confirmed else None,
             "relays": list(one.origins), "promises": one.card.promises, "contact": one.contact.status.value,
             "stopped": one.stopped}
            for one in found
        ]})  # fmt: skip
        return
    if not found:
        click.echo("No desk yet. `holdfire drop add-desk CARD` takes one in.")
    for one in found:
        said = f"confirmed on {one.confirmed}" if one.confirmed else "NOT CONFIRMED: compare its eight words"
        click.echo(f"{one.number}. {one.name}: {said}")
        if one.stopped:
            click.echo("   It contradicts itself. Ask it in person, then confirm its words again.")
        if one.card.promises:
            click.echo(f"   It promises: {one.card.promises}")
        for origin in one.origins:
            click.echo(f"   {origin}")
        click.echo(f"   {one.contact.said}")


@click.command("confirm", short_help="Compare a desk's eight words.")
@click.argument("desk", type=click.IntRange(min=1))
@click.argument("words", nargs=-1)
@vault_option
@passphrase_option
@json_option
def confirm(**given: Any) -> None:
    """Compare the eight words of a desk, as you heard them by another way than the card came. Asked where none are given."""
    from holdfire.journeys import keep_desk  # noqa: PLC0415

    with opened(given) as vault:
        typed = " ".join(given["words"]) or str(click.prompt("The eight words, as you heard them", err=True))
        made = keep_desk.confirm_desk(vault, given["desk"], typed, datetime.now(UTC)).value
        _show_desks([made], as_json=given["as_json"])


@click.command("contact", short_help="Note whether contact with a desk is forbidden.")
@click.argument("desk", type=click.IntRange(min=1))
@click.argument("status", type=click.Choice(["banned", "allowed", "unknown"]))
@click.option("--source", default="", help="Where it stands.")
@vault_option
@passphrase_option
@json_option
def contact(**given: Any) -> None:
    """Note whether contact with a desk is forbidden to you; it is said before the first message."""
    from holdfire.drop.known import Ban  # noqa: PLC0415
    from holdfire.journeys import keep_desk  # noqa: PLC0415

    now = datetime.now(UTC)
    with opened(given) as vault:
        made = keep_desk.said_of_ban(
            vault, given["desk"], Ban(given["status"]), now.date(), given["source"], now
        )
        _show_desks([made.value], as_json=given["as_json"])


@click.command("forget", short_help="Delete a desk and all that was said.")
@click.argument("desk", type=click.IntRange(min=1))
@click.option("--only-talk", is_flag=True, help="End and delete the conversation, and keep the desk.")
@yes_option
@vault_option
@passphrase_option
@json_option
def forget(**given: Any) -> None:
    """Delete a desk with every message, answer and key; what waits is never sent then. The desk is not told.

    The custody log of evidence that was sent keeps that it went to a desk, without saying to which.
    """
    from holdfire.journeys import keep_desk, write_message  # noqa: PLC0415

    with opened(given) as vault:
        keep_desk.find_desk(vault, given["desk"])
        if not given["yes"]:
            click.confirm("Delete all that was said?", abort=True, err=True)
        if given["only_talk"]:
            write_message.end_talk(vault, given["desk"])
        else:
            keep_desk.forget_desk(vault, given["desk"])
    if given["as_json"]:
        print_json({"forgotten": given["desk"]})
    else:
        click.echo("Deleted.")
