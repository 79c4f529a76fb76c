"""`holdfire evidence export`, `verify`, `guide`: hand evidence over, and check what was handed over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from holdfire.cli.options import (
    json_option,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)
from holdfire.cli.package_files import refuse_taken, write_folder, write_sealed
from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.evidence.package.verify import Whole
    from holdfire.journeys.export_evidence import KeptPackage, Preview, Wish
    from holdfire.vault.records import Record

_MOST_KEYS: Final = 1 << 20
_TIMES: Final = ("none", "day", "hour", "exact")


@click.command("export", short_help="Make a package for a court or a lawyer, sealed to their key.")
@click.argument("numbers", metavar="ID...", type=click.IntRange(min=1), nargs=-1)
@click.option("--out", type=click.Path(path_type=Path),
              help="The file or folder to write; refuses one that is there. Without it, what would leave is shown.")  # fmt: skip
@click.option("--to", "keys", multiple=True, metavar="KEY",
              help="The recipient's age key (age1…), or a file with keys; may be given again.")  # fmt: skip
@click.option(
    "--for", "whom", default="", help="Who it is for; stands in the custody logs and in the report."
)
@click.option(
    "--folder", is_flag=True, help="Write an open folder that anybody can read, instead of a sealed file."
)
@click.option("--post-quantum", is_flag=True, help="Refuse keys that a future quantum computer could break.")
@click.option("--time", type=click.Choice(_TIMES), default="day", show_default=True,
              help="How exactly the custody logs say when.")  # fmt: skip
@click.option("--with-names", is_flag=True, help="Files' own names and dates, and aliases, go along.")
@click.option("--field", "notes", multiple=True, metavar="NAME",
              help="A note that goes along too, such as place; may be given again.")  # fmt: skip
@click.option("--show-events", type=click.Choice(("all", "chosen")), default="all", show_default=True,
              help="All events, or only that it was received and is handed over now.")  # fmt: skip
@click.option(
    "--with-stamps", is_flag=True, help="Time stamps go along: they say to the second when each was made."
)
@click.option(
    "--resume", type=click.IntRange(min=1), metavar="PACKAGE", help="Go on writing a package that broke off."
)
@click.option(
    "--forget", type=click.IntRange(min=1), metavar="PACKAGE", help="Give up a package that broke off."
)
@vault_option
@passphrase_option
@json_option
def export(**given: Any) -> None:
    """Make a package that a clerk can check without Holdfire: the items, their custody logs, a report, signed.

    Names, places, exact times and the files' own dates stay here unless you choose them. An original carries what its camera wrote
    into it. Give the fingerprint that is printed to the recipient by another way than the package.
    """
    from holdfire.journeys.export_evidence import find_package, forget_package, make_package, preview  # noqa: PLC0415

    _judge(given)
    out: Path | None = given["out"]
    with Vault.open(given["vault_path"], one_passphrase(given["passphrase_files"])) as vault:
        if given["forget"]:
            forget_package(vault, given["forget"])
            _say(
                given,
                {"forgotten": given["forget"]},
                "Forgotten in the vault. What was written stays where it is.",
            )
            return
        if out is None:
            _show(given, preview(vault, _wish(given)))
            return
        if given["resume"]:
            record = find_package(vault, given["resume"])
        else:
            record = make_package(vault, _wish(given), datetime.now(UTC))
        size = _write(vault, record, out)
        forget_package(vault, record.value.number)
    _tell(given, record.value, out, size)


def _judge(given: dict[str, Any]) -> None:
    """Refuse, before the vault is opened, what cannot be meant."""
    out: Path | None = given["out"]
    again = given["resume"] or given["forget"]
    if bool(given["numbers"]) == bool(again):
        raise click.UsageError("Name the items by their numbers, or a package with --resume or --forget.")
    if given["resume"] and out is None:
        raise click.UsageError("--resume needs --out.")
    if not again and out is not None and bool(given["keys"]) == given["folder"]:
        raise click.UsageError("Give --to KEY for a sealed file, or --folder for one that anybody can read.")
    if out is not None and not given["folder"] and not given["resume"]:
        refuse_taken(out)
    given["recipients"] = _recipients(given["keys"])
    if given["post_quantum"] and not all(one.startswith("age1pq1") for one in given["recipients"]):
        raise UserError(
            mark("One of these keys is not post-quantum."),
            mark("Ask for a key that begins with age1pq1, or leave out --post-quantum."),
        )


def _recipients(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys themselves: of a file, one a line, as `age -R` reads it."""
    found: list[str] = []
    for key in keys:
        if key.startswith("age1"):
            found.append(key)
            continue
        with Path(key).open("rb") as stream:
            lines = stream.read(_MOST_KEYS).decode("utf-8", "replace").splitlines()
        found += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(found)


def _wish(given: dict[str, Any]) -> Wish:
    from holdfire.journeys.export_evidence import USUAL_NOTES, Wish  # noqa: PLC0415

    return Wish(
        numbers=given["numbers"],
        to=given["whom"],
        recipients=given["recipients"],
        time=given["time"],
        names=given["with_names"],
        notes=tuple(dict.fromkeys((*USUAL_NOTES, *given["notes"]))),
        events=given["show_events"],
        stamps=given["with_stamps"],
    )


def _write(vault: Vault, record: Record[KeptPackage], out: Path) -> int:
    kept = record.value
    try:
        with progress("Writing the package") as told:
            return (
                write_sealed(vault, kept, out, told) if kept.sealing else write_folder(vault, kept, out, told)
            )
    except (HoldfireError, KeyboardInterrupt):
        click.echo(f"Package {kept.number} is not whole yet, and waits in the vault.", err=True)
        click.echo(f"Go on: holdfire evidence export --resume {kept.number} --out {out}", err=True)
        raise


def _show(given: dict[str, Any], shown: Preview) -> None:
    if given["as_json"]:
        print_json(
            {"report": shown.report, "files": shown.files, "bytes": shown.size, "originals": shown.originals}
        )
        return
    click.echo(shown.report)
    for number in shown.originals:
        click.echo(
            f"Item {number} goes out as it is: it can say when, where, with which device and by whom it was made.",
            err=True,
        )
    click.echo("Nothing has left. With --out and --to it is made.", err=True)


def _tell(given: dict[str, Any], kept: KeptPackage, out: Path, size: int) -> None:
    from holdfire.evidence.package.layout import grouped  # noqa: PLC0415

    if given["as_json"]:
        print_json({
            "file": str(out), "bytes": size, "fingerprint": kept.fingerprint, "sealed": bool(kept.sealing),
            "items": [{"name": name, "bytes": length, "sha256": digest} for name, length, digest, _ in kept.items],
        })  # fmt: skip
        return
    click.echo(f"Written: {out}, {size} bytes, {len(kept.items)} items.")
    click.echo(f"Fingerprint of its key: {grouped(kept.fingerprint)}")
    click.echo(
        "Give this fingerprint to the recipient by another way: by telephone, on paper, in person.", err=True
    )
    if not kept.sealing:
        click.echo("It is open: whoever finds it can read it.", err=True)
    click.echo(
        "All of it stays in your vault, too; the history of each item says that it was handed over.", err=True
    )


def _say(given: dict[str, Any], document: dict[str, object], sentence: str) -> None:
    if given["as_json"]:
        print_json(document)
    else:
        click.echo(sentence)


@click.command("verify", short_help="Check a package: a folder, a tar file, or a sealed file and your key.")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--identity",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The file with your age key.",
)
@click.option(
    "--fingerprint", default="", metavar="DIGITS", help="The fingerprint that you were given by another way."
)
@click.option("--against", type=click.Path(exists=True, path_type=Path),
              help="An earlier package, or the custody extract of one, that this one must go on from.")  # fmt: skip
@json_option
def verify(
    *, path: Path, identity: Path | None, fingerprint: str, against: Path | None, as_json: bool
) -> None:
    """Check a package, byte for byte: every file, signature and custody log. It unpacks nothing and needs no vault.

    Ends with 1 when something is wrong, and names everything that is.
    """
    from holdfire.evidence.package.refusals import NotWholeError  # noqa: PLC0415
    from holdfire.evidence.package.verify import verify as check  # noqa: PLC0415
    from holdfire.journeys.check_package import held_in, keys_in, received  # noqa: PLC0415

    held = held_in(against) if against else ()
    try:
        with received(path, keys_in(identity) if identity else ()) as opened, progress("Checking") as told:
            whole = check(opened, held=held, announced=fingerprint, progress=told)
    except NotWholeError as error:
        # An error gives no document; the faults are its detail.
        for fault in error.faults:
            click.echo(str(fault), err=True)
        raise
    if as_json:
        print_json(_plain(whole))
        return
    _report(whole, announced=bool(fingerprint), held=len(held))


@click.command("guide", short_help="Write the guide for clerks and judges, one page.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="The PDF to write; refuses one that is there. Without it, the guide is shown as text.")  # fmt: skip
def guide(*, out: Path | None) -> None:
    """Say on one page how a package is checked, for people who have never heard of this. It needs no vault."""
    from holdfire.evidence.package.words import guide_pdf, guide_text  # noqa: PLC0415

    if out is None:
        click.echo(guide_text(), nl=False)
        return
    refuse_taken(out)
    with out.open("xb") as stream:
        stream.write(guide_pdf())
    click.echo(f"Written: {out}")


def _plain(whole: Whole) -> dict[str, object]:
    from holdfire.evidence.package.verify import NOT_SHOWN  # noqa: PLC0415

    return {
        "whole": True,
        "files": whole.files,
        "fingerprint": whole.fingerprint,
        "items": [
            {"name": one.name, "bytes": one.size, "sha256": one.sha256, "events": one.custody.head.size,
             "shown": len(one.custody.shown), "log": one.custody.head.key.hex(), "stamps": [*map(str, one.stamps)]}
            for one in whole.items
        ],
        "not_shown": list(NOT_SHOWN),
    }  # fmt: skip


def _report(whole: Whole, *, announced: bool, held: int) -> None:
    from holdfire.evidence.package.layout import grouped  # noqa: PLC0415
    from holdfire.evidence.package.report import history  # noqa: PLC0415
    from holdfire.evidence.package.verify import NOT_SHOWN  # noqa: PLC0415

    click.echo(
        f"Nothing was changed since this package was made: {whole.files} files, {len(whole.items)} items."
    )
    click.echo(f"Fingerprint of its key: {grouped(whole.fingerprint)}")
    click.echo(
        "It is the one you were given." if announced else "Compare it with one that came by another way."
    )
    if held:
        click.echo(f"It goes on from the custody heads you hold: {held}.")
    for one in whole.items:
        click.echo(f"\n{one.name}, {one.size} bytes\n  SHA-256 {one.sha256}")
        click.echo(f"  Its custody log has {one.custody.head.size} events; shown: {len(one.custody.shown)}.")
        for line in (*history(one.custody.shown), *map(str, one.stamps)):
            click.echo(f"    {line}")
    click.echo("\nWhat this does not show")
    for sentence in NOT_SHOWN:
        click.echo(f"  {sentence}")
