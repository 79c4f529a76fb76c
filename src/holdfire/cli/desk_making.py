"""`holdfire desk init`, `card`, `renew`, `recover`: make a desk, hand out its card, and use its root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.desk_options import on_relays, way_options
from holdfire.cli.drop_options import opened, text_of
from holdfire.cli.options import json_option, passphrase_option, print_json, vault_option
from holdfire.cli.write_file import write_file
from holdfire.errors import UserError
from holdfire.language import mark

if TYPE_CHECKING:
    from holdfire.journeys.keep_own_desk import Room
    from holdfire.sealing.double_signature import DoubleKey


@click.command("init", short_help="Make a desk, its card, and its root.")
@click.argument("name")
@click.option(
    "--relay",
    "origins",
    multiple=True,
    metavar="URL",
    required=True,
    help="A relay, as its host gave it; may be given again.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="HEX",
    required=True,
    help="The relay's key; one for each --relay.",
)
@click.option(
    "--grant",
    "grants",
    multiple=True,
    metavar="HEX",
    required=True,
    help="The host's grant; one for each --relay.",
)
@click.option(
    "--promises",
    "promises_file",
    type=click.File("rb"),
    metavar="FILE",
    help="What the desk promises, in its own words.",
)
@click.option("--who", default="first", show_default=True, help="What the desk calls you; never a real name.")
@click.option(
    "--root",
    "root_file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Write the root here: a stick that lies somewhere safe, never on this computer.",
)
@click.option("--shares", metavar="K/N", help="Write the root as N files, of which any K bring it back.")
@way_options
@vault_option
@passphrase_option
@json_option
def init(**given: Any) -> None:  # fmt: skip
    """Make a desk: its root, its card, its keys, and its places on its relays.

    The root signs the card. Who has it is the desk, and a stolen one cannot be taken back: it is written to --root and nowhere else.
    If a relay is not reached, say the same again: the desk that was begun goes on, and its root is not written a second time.
    """
    from holdfire.journeys import keep_own_desk  # noqa: PLC0415

    rooms = _rooms(given["origins"], given["keys"], given["grants"])
    with opened(given) as vault:
        own = keep_own_desk.begun_desk(vault, given["name"], rooms)
        if own is None:
            own = keep_own_desk.new_desk(
                vault, given["name"], text_of(given["promises_file"]), rooms, given["who"], datetime.now(UTC),
                lambda root: _write_root(root, given["root_file"], given["shares"]),
            )[0].value  # fmt: skip
        for room, ask in on_relays(vault, given, [one.origin for one in rooms]):
            keep_own_desk.settle(own, rooms[room], ask)
    card = own.card
    if given["as_json"]:
        print_json({"desk": card.desk.hex(), "words": card.words, "root": str(given["root_file"])})
        return
    click.echo(f"The desk is made: {card.name}")
    click.echo(f"Its eight words: {card.words}")
    click.echo(
        "Say them to people by voice or on paper, never beside the card: they show that the card is yours."
    )
    click.echo("Next: `holdfire desk publish`, and `holdfire desk card --out FILE` to hand out.")


@click.command("card", short_help="Write the card to hand out, and show its eight words.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the card to this file.")
@click.option("--qr", "picture", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg|.png",
              help="Draw where the card lies, as a QR code.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def card_command(**given: Any) -> None:
    """Show the desk's eight words, and write its card to a file, or as a QR code. The card may go by any way; the words go by another."""
    from holdfire.conversation.card_code import code_of  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415

    draws = _picture_of(given["picture"])
    with opened(given) as vault:
        own = own_desk(vault).value
    if given["out"]:
        write_file([own.document], given["out"])
    code = str(code_of(own.card))
    if draws:
        write_file([draws(code)], given["picture"])
    if given["as_json"]:
        print_json({"desk": own.id.hex(), "words": own.card.words, "number": own.card.number, "code": code})
        return
    click.echo(own.card.words)


@click.command("renew", short_help="Certify this device for another 90 days, with the root.")
@click.option("--root", "root_files", type=click.Path(dir_okay=False, exists=True, path_type=Path), multiple=True, required=True,
              help="The root's file, or a share; may be given again.")  # fmt: skip
@vault_option
@passphrase_option
def renew(**given: Any) -> None:
    """Certify this device's publish keys for another 90 days. The root is read, used, and not kept."""
    from holdfire.journeys import keep_own_desk  # noqa: PLC0415

    root = keep_own_desk.root_of(lambda: [file.read_bytes() for file in given["root_files"]])
    with opened(given) as vault:
        own = keep_own_desk.renew(vault, root, datetime.now(UTC)).value
    click.echo(f"This device can publish until {own.until:%Y-%m-%d}.")


@click.command("recover", short_help="Bring the root back from its shares.")
@click.argument(
    "shares", nargs=-1, required=True, type=click.Path(dir_okay=False, exists=True, path_type=Path)
)
@click.option("--root", "root_file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Write the root here.")  # fmt: skip
def recover(shares: tuple[Path, ...], root_file: Path) -> None:
    """Join shares to the root again. No vault is needed."""
    from holdfire.journeys import keep_own_desk  # noqa: PLC0415

    root = keep_own_desk.root_of(lambda: [file.read_bytes() for file in shares])
    write_file([root.seed], root_file)
    click.echo("The root is back. Put it somewhere safe again.")


def _picture_of(file: Path | None) -> Callable[[str], bytes] | None:
    """Return how a text is drawn into a file of this name, told by its end."""
    from holdfire.typesetting.code import draw_code  # noqa: PLC0415

    if file is None:
        return None
    if file.suffix == ".svg":
        return lambda text: draw_code(text, "svg")
    if file.suffix == ".png":
        return lambda text: draw_code(text, "png")
    raise click.UsageError("--qr takes a name that ends with .svg or .png.")


def _rooms(origins: tuple[str, ...], keys: tuple[str, ...], grants: tuple[str, ...]) -> list[Room]:
    from holdfire.journeys.keep_own_desk import Room  # noqa: PLC0415

    if not len(origins) == len(keys) == len(grants):
        raise click.UsageError("Give --relay, --key and --grant once for each relay.")
    return [
        Room(origin, hex_of(key), hex_of(grant))
        for origin, key, grant in zip(origins, keys, grants, strict=True)
    ]


def hex_of(text: str) -> bytes:
    """Return the 32 bytes of a key or a grant; UserError if they are none."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:  # noqa: PLR2004
        raise UserError(mark("A key or a grant is 64 letters from 0 to f."), mark("Copy it whole from what the host gave you."))  # fmt: skip
    return found


def _write_root(root: DoubleKey, file: Path, shares: str | None) -> None:
    from holdfire.journeys.keep_own_desk import shares_of  # noqa: PLC0415

    if shares is None:
        write_file([root.seed], file)
        return
    needed, _, count = shares.partition("/")
    if not (needed.isdigit() and count.isdigit()):
        raise click.UsageError("--shares takes K/N, such as 2/3.")
    for number, share in enumerate(shares_of(root, int(needed), int(count)), 1):
        write_file([share], file.with_name(f"{file.name}.{number}"))


MAKING = (init, card_command, renew, recover)
