"""`holdfire vault`: make, check, compact, back up, change a passphrase, destroy."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click

from holdfire.cli.options import (
    ask,
    json_option,
    new_passphrase,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    read_passphrase,
    vault_option,
)
from holdfire.errors import FullError
from holdfire.language import mark
from holdfire.vault.backup import backup as back_up
from holdfire.vault.check import check as check_vault
from holdfire.vault.passwd import change_passphrase
from holdfire.vault.shred import compact as compact_vault
from holdfire.vault.shred import shred as shred_compartment
from holdfire.vault.shred import shred_all
from holdfire.vault.surroundings import warnings_for
from holdfire.vault.vault import Vault

MOST_COMPARTMENTS = 4
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


class Size(click.ParamType[int]):
    """A size such as 64M or 4G, in units of 1,024."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return bytes."""
        found = re.fullmatch(r"([0-9]{1,9})([KMGT]?)(i?B)?", str(value).upper().replace("IB", "iB"))
        if not found:
            self.fail("write a size such as 64M or 4G", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


@click.group("vault")
def command() -> None:
    """Make, check, back up or destroy a vault.

    A vault is one file with four equal parts. Each passphrase opens one part, a compartment.
    Nobody, you included, can prove how many are in use.
    """


@command.command("create", short_help="Make a vault.")
@vault_option
@passphrase_option
@click.option("--size", type=Size(), default="4G", show_default=True, help="Of the file; at least 64M.")
@click.option(
    "--compartments", type=click.IntRange(1, MOST_COMPARTMENTS), help="How many, when asking on the terminal."
)
@json_option
def create(
    *,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    size: int,
    compartments: int | None,
    as_json: bool,
) -> None:
    """Make a vault. Repeat --passphrase-file for further compartments, four at most."""
    if len(passphrase_files) > MOST_COMPARTMENTS:
        raise click.UsageError("A vault has four compartments at most.")
    for warning in warnings_for(vault_path):
        click.echo(f"Note: {warning}", err=True)
    _refuse_without_room(vault_path, size)
    if passphrase_files:
        passphrases = [read_passphrase(file) for file in passphrase_files]
    else:
        number = compartments or click.prompt(
            "How many compartments, 1 to 4", type=click.IntRange(1, MOST_COMPARTMENTS), err=True
        )
        click.echo("Choose a long phrase nobody would guess. There is no reset.", err=True)
        passphrases = [
            new_passphrase(f"Passphrase {n}" if number > 1 else "Passphrase") for n in range(1, number + 1)
        ]
    with progress("Writing noise") as tell:
        Vault.create(vault_path, passphrases, size, progress=tell)
    if as_json:
        print_json({"bytes": vault_path.stat().st_size})
    else:
        click.echo("The vault is made. Others will see a large file, not its contents.")


@command.command("check", short_help="Read every page and say whether anything was altered.")
@vault_option
@passphrase_option
@json_option
def check(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Read every page of a compartment and say whether anything was damaged or altered."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        with progress("Reading") as tell:
            report = check_vault(vault, tell)
        used, room = vault.used()
    if as_json:
        print_json({"pages": report.pages, "free": report.free, "items": report.items,
                    "slots_ok": report.slots_ok, "used": used, "room": room})  # fmt: skip
        return
    click.echo(
        f"{report.pages} pages read, every one as it was written. {used // 1024:,} KiB used of {room // 1024:,}."
    )
    if not report.slots_ok:
        click.echo("One of the two copies of the slot was damaged and was written anew. Check the disk.")


@command.command("compact", short_help="Overwrite what was deleted with noise.")
@vault_option
@passphrase_option
@json_option
def compact(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Overwrite what was deleted with noise."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault, progress("Overwriting") as tell:
        pages = compact_vault(vault, tell)
    if as_json:
        print_json({"overwritten": pages})
    else:
        click.echo(
            f"{pages} unused pages are noise now. An SSD may keep old blocks that no program can reach."
        )


@command.command("passwd", short_help="Change the passphrase of a compartment.")
@vault_option
@passphrase_option
@click.option("--new-passphrase-file", type=click.Path(dir_okay=False, exists=True, path_type=Path),
              help="Read the new passphrase from this file.")  # fmt: skip
@json_option
def passwd(
    *, vault_path: Path, passphrase_files: tuple[Path, ...], new_passphrase_file: Path | None, as_json: bool
) -> None:
    """Change the passphrase of a compartment. After a leak, make a new vault instead: see `vault backup`."""
    old = one_passphrase(passphrase_files, "Passphrase now")
    new = read_passphrase(new_passphrase_file) if new_passphrase_file else new_passphrase("New passphrase")
    change_passphrase(vault_path, old, new)
    if as_json:
        print_json({"changed": True})
    else:
        click.echo(
            "The new passphrase opens the compartment. An old copy of the file still opens with the old one."
        )


@command.command("shred", short_help="Destroy the key of a compartment, or of all.")
@vault_option
@passphrase_option
@click.option("--all", "everything", is_flag=True, help="Every compartment, without a passphrase.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def shred(
    *, vault_path: Path, passphrase_files: tuple[Path, ...], everything: bool, yes: bool, as_json: bool
) -> None:
    """Destroy the key of a compartment, or of all. It cannot be undone.

    An image of the disk made before still opens. The file stays, as noise.
    """
    passphrase = None if everything else one_passphrase(passphrase_files)
    if not yes:
        what = "every compartment in this file" if everything else "this compartment"
        click.confirm(f"Destroy {what}? It cannot be undone", abort=True, err=True)
    if passphrase is None:
        shred_all(vault_path)
    else:
        shred_compartment(vault_path, passphrase)
    if as_json:
        print_json({"shredded": True})
    else:
        click.echo(
            "Destroyed. An earlier copy or image of the file still opens; old blocks may stay on an SSD."
        )


@command.command("backup", short_help="Make a new vault with the compartments you open.")
@vault_option
@passphrase_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The new vault.")
@click.option("--size", type=Size(), help="Of the new file; the same if not given.")
@json_option
def backup(
    *, vault_path: Path, passphrase_files: tuple[Path, ...], out: Path, size: int | None, as_json: bool
) -> None:
    """Make a new vault with the compartments whose passphrases you give, and only those.

    This is also how a vault grows, shrinks and moves. The two files have nothing to compare.
    """
    for warning in warnings_for(out):
        click.echo(f"Note: {warning}", err=True)
    if vault_path.exists():
        _refuse_without_room(out, size or vault_path.stat().st_size)
    passphrases = [read_passphrase(file) for file in passphrase_files] or _ask_several()
    with progress("Writing the new vault") as tell:
        back_up(vault_path, passphrases, out, size, progress=tell)
    if as_json:
        print_json({"compartments": len(passphrases), "bytes": out.stat().st_size})
    else:
        click.echo(f"Done. The new file carries the {len(passphrases)} you opened, and nothing else.")


def _refuse_without_room(path: Path, size: int) -> None:
    """Refuse before the first question, instead of filling the disk for an hour and then saying so."""
    folder = path.absolute().parent
    if folder.is_dir() and shutil.disk_usage(folder).free < size:
        raise FullError(
            mark("There is too little room on this disk for a vault of {size} MiB: {free} MiB are free."),
            mark("Choose a smaller --size, or another disk."),
            size=size >> 20,
            free=shutil.disk_usage(folder).free >> 20,
        )


def _ask_several() -> list[str]:
    """Ask for passphrases on the terminal until an empty line."""
    found: list[str] = []
    while len(found) < MOST_COMPARTMENTS:
        prompt = "Passphrase" if not found else "Another passphrase, or Enter"
        typed = ask(prompt, default="")
        if not typed:
            break
        found.append(typed)
    if not found:
        raise click.UsageError("Give at least one passphrase.")
    return found
