"""`holdfire evidence`: what is kept as evidence, what is noted of it, and its history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfire.cli.evidence_add import add, noted, set_option
from holdfire.cli.evidence_copy import copy
from holdfire.cli.evidence_form import form
from holdfire.cli.evidence_log import history_lines, log, plain_event
from holdfire.cli.evidence_package import export, guide, verify
from holdfire.cli.evidence_stamp import authorities, timestamp
from holdfire.cli.options import (
    json_option,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)
from holdfire.cli.write_file import taken, write_file
from holdfire.evidence.copies.sayings import STEP_WORDS
from holdfire.evidence.item import FIELDS, UNKNOWN, Bytes, escape
from holdfire.evidence.item import record as exported
from holdfire.evidence.kinds import FORM_WORDS
from holdfire.journeys.delete_evidence import delete_evidence
from holdfire.journeys.keep_evidence import (
    EVIDENCE,
    Evidence,
    all_evidence,
    change_notes,
    custody_log,
    find_evidence,
)
from holdfire.journeys.kept_log import told
from holdfire.vault.hardening import harden
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from holdfire.vault.records import Record

_NUMBER = click.argument("number", metavar="ID", type=click.IntRange(min=1))


@click.group("evidence")
def command() -> None:
    """Keep what you saw and recorded so that a court can rely on it, and it harms nobody who trusted you.

    Recording can itself be punished. Keep only what is needed, what you may lawfully keep, and as little of it as will do:
    `holdfire guide show document-orders`. A file stays where it was, in clear, until you remove it.
    """
    harden()


for _one in (add, log, export, verify, guide, copy, timestamp, authorities, form):
    command.add_command(_one)


@command.command("list", short_help="List what is kept.")
@vault_option
@passphrase_option
@json_option
def list_all(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """List what is kept, by number."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        found = all_evidence(vault)
    if as_json:
        print_json([_plain(record) for record in found])
        return
    if not found:
        click.echo("Nothing is kept here yet.")
    for record in found:
        kept = record.value
        what = f"copy of {kept.copy_of}, " if kept.copy_of else ""
        click.echo(f"{kept.number}. {kept.title}  ({what}{FORM_WORDS[kept.form]}, {kept.size} bytes)")


@command.command("show", short_help="Show what is known of a piece of evidence, and its history.")
@_NUMBER
@vault_option
@passphrase_option
@json_option
def show(*, number: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Show what is known and noted of a piece of evidence, and its history, checked against its signatures."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = find_evidence(vault, number)
        versions = vault.records.versions(EVIDENCE, record.id)
        events = told(custody_log(vault, number))
        copies = [one.value.number for one in all_evidence(vault) if one.value.copy_of == number]
    if as_json:
        print_json(
            {
                **_plain(record),
                "versions": len(versions),
                "copies": copies,
                "record": _exported(record.value),
                "history": [plain_event(one) for one in events],
            }
        )
        return
    click.echo("\n".join(_lines(record, len(versions), copies)))
    click.echo("\nHISTORY, checked against its signatures")
    click.echo("\n".join(history_lines(events)))


@command.command("note", short_help="Change its title, or note who, when, where, and what must not be shown.")
@_NUMBER
@click.option("--title", help="What it is, in your words.")
@set_option
@vault_option
@passphrase_option
@json_option
def note(
    *,
    number: int,
    title: str | None,
    notes: tuple[str, ...],
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Change the title or notes as a new version; earlier versions stay. An empty note is "unknown" again."""
    said = noted(notes)
    if title is None and not said:
        raise click.UsageError("Give --title or --set.")
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = change_notes(vault, number, datetime.now(UTC), title=title, capture=said)
    if as_json:
        print_json({**_plain(record), "version": record.version, "record": _exported(record.value)})
    else:
        click.echo(f"Noted. This is version {record.version}.")


@command.command("save", short_help="Write the very bytes to a file outside the vault, in clear.")
@_NUMBER
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write; one that is there is refused.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def save(
    *, number: int, out: Path, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Write the very bytes to a file, in clear: whoever finds it can read it, with all that it says of itself.

    To hand something on, make a copy without that, or a sealed package.
    """
    if out.exists():
        raise taken(out)
    with (
        Vault.open(vault_path, one_passphrase(passphrase_files)) as vault,
        progress("Writing the file") as report,
    ):
        kept = find_evidence(vault, number).value

        def watched() -> Iterator[bytes]:
            done = 0
            for piece in vault.blobs.stream(kept.item):
                yield piece
                done += len(piece)
                report(done, kept.size)

        size, digest = write_file(watched(), out)
    if as_json:
        print_json({"id": number, "file": escape(str(out)), "bytes": size, "sha256": digest})
        return
    click.echo(f"Written: {escape(str(out))}, {size} bytes, SHA-256 {digest}")
    click.echo("It is plain: whoever finds it can read it, with all that it says of itself.", err=True)


@command.command("delete", short_help="Destroy a piece of evidence in the vault, with its notes and history.")
@_NUMBER
@click.option("--yes", is_flag=True, help="Do not ask.")
@vault_option
@passphrase_option
@json_option
def delete(
    *, number: int, yes: bool, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Destroy a piece of evidence in the vault: bytes, notes and history. It cannot be brought back.

    Destroying evidence can itself be punished, and can take from somebody the only proof of what was done to them.
    """
    if not yes:
        click.confirm("Destroy this for good?", abort=True, err=True)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        remains = delete_evidence(vault, number, datetime.now(UTC))
    if as_json:
        print_json(
            {
                "id": number,
                "deleted": True,
                "copies": [*remains.copies],
                "given_to": [*remains.given_to],
                "accounts": [*remains.accounts],
            }
        )
        return
    click.echo("Destroyed in the vault.")
    if remains.copies:
        click.echo(f"Copies made from it are still kept: {', '.join(map(str, remains.copies))}.")
    if remains.accounts:
        click.echo(
            f"What was written for it is still kept as account: {', '.join(map(str, remains.accounts))}."
        )
    for whom in remains.given_to:
        click.echo(f"A package with it was made for: {whom}")
    click.echo(
        "Not destroyed: the file it came from, what a device or a service made of that, backups of this vault.",
        err=True,
    )


def _plain(record: Record[Evidence]) -> dict[str, object]:
    kept = record.value
    return {
        "id": kept.number,
        "title": kept.title,
        "name": escape(kept.name),
        "kind": kept.kind,
        "form": kept.form,
        "bytes": kept.size,
        "sha256": kept.sha256,
        "copy_of": kept.copy_of or None,
        "steps": [*kept.steps],
        "made": kept.made or UNKNOWN,
        "saved": record.saved.isoformat(),
    }


def _exported(kept: Evidence) -> dict[str, object]:
    """Return the record with everything shown, as docs/formats/evidence.schema.json says it."""
    known = Bytes(kept.form, kept.size, kept.sha256, bool(kept.copy_of), kept.steps)
    own = {"title": kept.title, "name": escape(kept.name), "made": kept.made}
    return {**exported(known, f"item-{kept.number}", own, kept.capture)}


def _lines(record: Record[Evidence], versions: int, copies: list[int]) -> Iterator[str]:
    kept = record.value
    yield f"{kept.number}. {kept.title}"
    if kept.copy_of:
        done = "; ".join(STEP_WORDS.get(step, step) for step in kept.steps)
        yield f"   A working copy of {kept.copy_of}: {done or 'steps unknown'}"
    yield f"   {FORM_WORDS[kept.form]}, {kept.size} bytes"
    yield f"   SHA-256 {kept.sha256}"
    yield f"   The file's own name: {escape(kept.name) or UNKNOWN}"
    yield f"   The file's own date: {kept.made or UNKNOWN}"
    if copies:
        yield f"   Copies made from it: {', '.join(map(str, copies))}"
    yield f"\nNOTES, version {record.version} of {versions}"
    known = {name: text for name, text in kept.capture.items() if text != UNKNOWN}
    for name, text in known.items():
        yield f"   {name} ({FIELDS[name]}):"
        yield from (f"      {line}" for line in text.splitlines())
    yield f"   Unknown: {', '.join(name for name in FIELDS if name not in known)}"
