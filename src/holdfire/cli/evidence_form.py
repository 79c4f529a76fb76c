"""`holdfire evidence form`: small forms about harm, an incident, a claim or official conduct, which become evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from holdfire.cli.assess import AnswersFile
from holdfire.cli.options import json_option, one_passphrase, passphrase_option, print_json, vault_option
from holdfire.cli.write_file import taken, write_file
from holdfire.errors import ContentError
from holdfire.evidence.accounts.account import Account, plain
from holdfire.evidence.accounts.form import Field
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.intake import read_account
from holdfire.evidence.accounts.obstacles import Obstacle
from holdfire.evidence.accounts.written import draft_text
from holdfire.journeys.keep_account import (
    KeptAccount,
    add_account,
    all_accounts,
    complete_account,
    delete_account,
    exported_account,
    find_account,
    keep_account,
    review_account,
    stands_in_way,
)
from holdfire.language import mark
from holdfire.pack.reader import MOST_BYTES
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.vault.records import Record

_NUMBER = click.argument("number", metavar="ID", type=click.IntRange(min=1))


@click.group("form", short_help="Write down harm, an incident, a claim, or conduct.")
def form() -> None:
    """Write down harm to a person, an incident, a checked claim, or alleged official conduct.

    Only what is needed, and as little of it as will do. Each form says its limits first: run it without --answers.
    """


def _new(kind: str) -> click.Command:
    """Return the command that writes an account of a kind."""

    @click.option("--answers", type=AnswersFile("rb"), help="A file of answers, or - for standard input.")
    @click.option(
        "--complete",
        type=click.IntRange(min=1),
        help="Add the answers to this account; earlier versions stay.",
    )
    @click.option("--vault", "vault_path", type=click.Path(dir_okay=False, path_type=Path), envvar="HOLDFIRE_VAULT",
                  help="The vault file; or set HOLDFIRE_VAULT.")  # fmt: skip
    @passphrase_option
    @json_option
    def write(
        *,
        answers: BinaryIO | None,
        complete: int | None,
        vault_path: Path | None,
        passphrase_files: tuple[Path, ...],
        as_json: bool,
    ) -> None:
        if answers is None:
            _show_form(kind, as_json=as_json)
            return
        if vault_path is None:
            raise click.UsageError("Give --vault FILE, or set HOLDFIRE_VAULT.")
        plain_file = answers.name != "<stdin>"
        untrusted = answers.read(MOST_BYTES + 1)
        name = Path(answers.name).name if plain_file else "standard input"
        account = _read(untrusted, name, kind, None)
        with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
            now = datetime.now(UTC)
            if complete is None:
                record = add_account(vault, account, now)
            else:
                before = find_account(vault, complete)
                if before.value.account.kind != kind:
                    raise click.UsageError(f"Account {complete} is of the kind {before.value.account.kind}.")
                account = _read(untrusted, name, kind, before.value.account)
                record = complete_account(vault, complete, account, now, expected=before.version)
            found = stands_in_way(vault, record.value.account)
        if plain_file:
            click.echo(
                "Note: this file is plain and can be read by whoever finds it. Delete it afterwards.",
                err=True,
            )
        if as_json:
            print_json(_plain(record, found))
        else:
            click.echo(f"Written as account {record.value.number}, version {record.version}.")
            click.echo("\n".join(_way_lines(found)))

    write.__doc__ = f"{FORMS[kind].about}\n\nWithout --answers it shows what to know first, and the fields."
    return click.command(kind, short_help=FORMS[kind].about)(write)


for _kind in FORMS:
    form.add_command(_new(_kind))


@form.command("list", short_help="List the accounts by number.")
@vault_option
@passphrase_option
@json_option
def list_all(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """List the accounts by number: kind, day, and what they became. No list says whom one is about."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        found = [(record, stands_in_way(vault, record.value.account)) for record in all_accounts(vault)]
    if as_json:
        print_json([_named(record, missing) for record, missing in found])
        return
    if not found:
        click.echo("Nothing is written yet.")
    for record, missing in found:
        click.echo(
            f"{record.value.number}. {FORMS[record.value.account.kind].title}, "
            f"{record.saved:%Y-%m-%d}: {_standing(record.value, missing)}"
        )


@form.command("show", short_help="Show an account as it reads, and what is missing.")
@_NUMBER
@vault_option
@passphrase_option
@json_option
def show(*, number: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Show an account as it reads, what it became, and what stands in its way."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = find_account(vault, number)
        found = stands_in_way(vault, record.value.account)
    if as_json:
        print_json(_plain(record, found))
        return
    click.echo(f"Account {number}, version {record.version}, saved {record.saved:%Y-%m-%d %H:%M} UTC\n")
    click.echo(draft_text(record.value.account))
    click.echo("\n".join(_way_lines(found)))


@form.command("review", short_help="Note what a second person checked of a record of official conduct.")
@_NUMBER
@click.option("--reviewer", required=True, help="The second person: a name or alias; never who wrote it.")
@click.option("--role", required=True, help="What they are, as “lawyer”.")
@click.option("--checked", required=True, help="What they checked, in their words.")
@vault_option
@passphrase_option
@json_option
def review(
    *,
    number: int,
    reviewer: str,
    role: str,
    checked: str,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Note what a second person checked. It holds for the record as it stands: a change makes it void.

    Your shell may keep what you type: see `history`. The page keeps it in the vault alone.
    """
    said = {"reviewer": reviewer, "role": role, "checked": checked}
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        before = find_account(vault, number)
        record = review_account(vault, number, said, datetime.now(UTC), expected=before.version)
        found = stands_in_way(vault, record.value.account)
    if as_json:
        print_json(_plain(record, found))
    else:
        click.echo(f"Noted. Account {number} is reviewed as it stands.")


@form.command("keep", short_help="Keep an account as evidence, with a history of its own.")
@_NUMBER
@vault_option
@passphrase_option
@json_option
def keep(*, number: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Keep an account as evidence. Changed and kept again, it becomes new evidence that names the one it corrects."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        kept = keep_account(vault, number, datetime.now(UTC)).value
    if as_json:
        print_json({"id": number, "evidence": kept.number, "sha256": kept.sha256})
    else:
        click.echo(f"Kept as evidence {kept.number}. SHA-256 {kept.sha256}")


@form.command("export", short_help="Write a kept account to a file outside the vault, in clear.")
@_NUMBER
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write, ending in .txt or .json; one that is there is refused.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def export(
    *, number: int, out: Path, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Write a kept account to a file, in clear: as text, or as the very bytes that were kept. Its history notes that it left.

    To hand it on sealed, make a package of the evidence it became.
    """
    if out.suffix not in {".txt", ".json"}:
        raise click.UsageError("--out ends in .txt or .json.")
    if out.exists():
        raise taken(out)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        content = exported_account(vault, number, datetime.now(UTC), readable=out.suffix == ".txt")
    size, digest = write_file([content], out)
    if as_json:
        print_json({"id": number, "file": str(out), "bytes": size, "sha256": digest})
    else:
        click.echo(f"Written: {out}. It is plain: whoever finds it can read it.", err=True)


@form.command("delete", short_help="Delete a draft in every version.")
@_NUMBER
@click.option("--yes", is_flag=True, help="Do not ask.")
@vault_option
@passphrase_option
@json_option
def delete(
    *, number: int, yes: bool, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Delete an account in every version. Evidence that it became stays, with its history, until you delete that."""
    if not yes:
        click.confirm(f"Delete account {number} in every version?", abort=True, err=True)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        kept = delete_account(vault, number)
    if as_json:
        print_json({"id": number, "deleted": True, "evidence": list(kept)})
    elif kept:
        click.echo(f"Deleted. What it became stays: evidence {', '.join(map(str, kept))}.")
    else:
        click.echo("Deleted.")


def _read(untrusted: bytes, name: str, kind: str, onto: Account | None) -> Account:
    try:
        return read_account(untrusted, name, kind, onto)
    except ContentError as error:
        error.hint = mark("Run the form without --answers to see its fields. Nothing was written.")
        raise


def _show_form(kind: str, *, as_json: bool) -> None:
    asked = FORMS[kind]
    if as_json:
        print_json({"kind": kind, "title": asked.title, "limits": list(asked.limits),
                    "fields": [_plain_field(one) for one in asked.fields()]})  # fmt: skip
        return
    click.echo(f"{asked.title.upper()}\n\nFIRST")
    for sentence in asked.limits:
        click.echo(f"  - {sentence}")
    click.echo("\nFIELDS, all of which may be left out of a draft")
    for one in asked.fields():
        click.echo("\n".join(_field_lines(one, "  ")))


def _field_lines(one: Field, before: str, sign: str = "") -> Iterator[str]:
    yield f"{before}{sign}{one.id}: {one.label}"
    if one.hint:
        yield f"{before}    {one.hint}"
    elif one.shape == "moment":
        yield f"{before}    As 2020-08-11 14:30, or only 2020-08-11; “about” before it where you are not sure."
    for word, label in one.choices.items():
        yield f"{before}    {word}: {label}"
    for column in one.columns:
        yield from _field_lines(column, f"{before}    ", "- ")


def _plain_field(one: Field) -> dict[str, object]:
    return {"id": one.id, "label": one.label, "shape": one.shape, "choices": list(one.choices),
            "columns": [_plain_field(column) for column in one.columns]}  # fmt: skip


def _named(record: Record[KeptAccount], found: tuple[Obstacle, ...]) -> dict[str, object]:
    kept = record.value
    return {"id": kept.number, "kind": kept.account.kind, "version": record.version, "saved": record.saved.isoformat(),
            "evidence": list(kept.kept), "changed": kept.changed, "ready": not found}  # fmt: skip


def _plain(record: Record[KeptAccount], found: tuple[Obstacle, ...]) -> dict[str, object]:
    account = record.value.account
    review = (
        {name: text for name, text in vars(account.review).items() if name != "of"}
        if account.review
        else None
    )
    return {
        **_named(record, found),
        "fields": plain(account.values),
        "unknown": list(account.unknown()),
        "review": review,
        "reviewed": account.reviewed(),
        "missing": [{"field": one.field, "row": one.row, "why": one.sentence} for one in found],
    }


def _standing(kept: KeptAccount, found: tuple[Obstacle, ...]) -> str:
    if kept.kept and not kept.changed:
        return f"kept as evidence {kept.kept[-1]}"
    if kept.kept:
        return f"changed since it was kept as evidence {kept.kept[-1]}"
    return "a draft, with something missing" if found else "a draft, ready to be kept as evidence"


def _way_lines(found: tuple[Obstacle, ...]) -> Iterator[str]:
    if not found:
        yield "Nothing stands in its way: it can be kept as evidence."
        return
    yield "Before it can become evidence or leave:"
    for one in found:
        where = f"{one.field}, {one.row}: " if one.row else f"{one.field}: " if one.field else ""
        yield f"  - {where}{one.sentence}"
