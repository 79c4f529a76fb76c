"""`holdfire rules`: regulations in the vault, what each clause binds to, and checklists made from them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from holdfire.cli.options import (
    json_option,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)
from holdfire.cli.rules_checklist import COMMANDS, WIDTH
from holdfire.journeys.keep_regulation import (
    Regulation,
    clauses_of,
    delete_regulation,
    find_regulation,
    import_regulation,
    list_regulations,
)
from holdfire.journeys.rules_here import load_grammars
from holdfire.rules.regulation import LABEL_WORDS, LABELS, Clause, cite
from holdfire.vault.hardening import harden
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
_PAGE = 100


@click.group("rules")
def command() -> None:
    """Read a regulation of your service clause by clause, and make a checklist from it.

    Labels come from words alone and can be wrong: the clause stands beside each, read it. Working slowly on purpose can
    be punished; see `holdfire guide show work-to-rule`.
    """
    harden()


for _one in COMMANDS:
    command.add_command(_one)


def _opened(function: F) -> F:
    return vault_option(passphrase_option(function))


@command.command("import", short_help="Read a regulation into the vault: PDF, DOCX, HTML or text.")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--title", default="", help="What it is called; else what the file says, or its first line.")
@click.option("--language", default="", help="Its language, as `en`; else it is found by its words.")
@_opened
@json_option
def import_file(
    *,
    file: Path,
    title: str,
    language: str,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Read a regulation into clauses and keep it in the vault. The file itself stays where it is, in clear."""
    with (
        file.open("rb") as stream,
        Vault.open(vault_path, one_passphrase(passphrase_files)) as vault,
        progress("Reading") as report,
    ):
        record = import_regulation(
            vault,
            stream,
            file.name,
            datetime.now(UTC),
            title=title,
            language=language.lower(),
            progress=report,
        )
    if as_json:
        print_json({**_plain(record), "notes": list(record.value.notes)})
        return
    click.echo("\n".join(_about(record.value)))
    for note in record.value.notes:
        click.echo(f"  Note: {note}")
    if record.value.language not in load_grammars():
        click.echo(
            f"  No words are known for this language: nothing is labelled. Known: {', '.join(load_grammars())}."
        )


@command.command("list", short_help="List the regulations in the vault.")
@_opened
@json_option
def list_all(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """List the regulations in the vault by number."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        records = list_regulations(vault)
    if as_json:
        print_json([_plain(record) for record in records])
        return
    for record in records:
        click.echo("\n".join(_about(record.value)))
    if not records:
        click.echo("None yet. Import one that you are allowed to read.")


@command.command("show", short_help="Show the clauses of a regulation with what each binds to.")
@click.argument("number", metavar="N", type=click.IntRange(min=1))
@click.option("--label", type=click.Choice(list(LABELS)), help="Only clauses with this label.")
@click.option("--first", type=click.IntRange(min=1), default=1, help="The first to show, counted from 1.")
@click.option(
    "--most", type=click.IntRange(1, 1_000), default=_PAGE, help=f"How many to show; {_PAGE} if not given."
)
@_opened
@json_option
def show(
    *,
    number: int,
    label: str | None,
    first: int,
    most: int,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Show the clauses of a regulation, each with its number, its words and what it binds to."""
    wanted = LABELS[label] if label else None
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = find_regulation(vault, number)
        clauses = clauses_of(vault, record.value, label=wanted, first=first - 1, most=most)
    if as_json:
        print_json({**_plain(record), "clauses": [_plain_clause(clause) for clause in clauses]})
        return
    click.echo("\n".join(_about(record.value)))
    for clause in clauses:
        click.echo("\n".join(_clause_lines(clause)))
    total = record.value.labelled[wanted] if wanted else record.value.clauses
    shown = first + len(clauses) - 1
    if shown < total:
        click.echo(f"\n{shown} of {total} shown; go on with --first {shown + 1}.")


@command.command("delete", short_help="Delete a regulation; checklists keep their steps.")
@click.argument("number", metavar="N", type=click.IntRange(min=1))
@_opened
@json_option
def delete(*, number: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Delete a regulation from the vault. Checklists made from it keep their steps."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        delete_regulation(vault, number)
    if as_json:
        print_json({"deleted": number})
    else:
        click.echo(f"Regulation {number} is deleted.")


def _plain(record: Record[Regulation]) -> dict[str, Any]:
    one = record.value
    return {
        "id": one.number,
        "title": one.title,
        "language": one.language,
        "clauses": one.clauses,
        "labels": one.labelled,
        "saved": record.saved.isoformat(),
    }


def _plain_clause(clause: Clause) -> dict[str, Any]:
    return {
        "clause": cite(clause),
        "page": clause.page,
        "heading": clause.heading,
        "stem": clause.stem,
        "text": clause.text,
        "labels": list(clause.labels),
        "sentences": [
            {
                "text": clause.said(one),
                "labels": list(one.labels),
                "words": [clause.text[sign.start : sign.end] for sign in one.signs if sign.labels],
            }
            for one in clause.sentences
        ],
    }


def _about(regulation: Regulation) -> Iterator[str]:
    counts = ", ".join(f"{LABEL_WORDS[label]} {count}" for label, count in regulation.labelled.items())
    yield f"{regulation.number:>3}  {regulation.title}"
    yield f"     {regulation.language or 'language not known'}, {regulation.clauses} clauses: {counts}"


def _clause_lines(clause: Clause) -> Iterator[str]:
    page = f" (p. {clause.page})" if clause.page is not None else ""
    yield f"\n{cite(clause)}{page}"
    for sentence in clause.sentences:
        labels = ", ".join(LABEL_WORDS[label].upper() for label in sentence.labels)
        yield textwrap.fill(
            f"{clause.said(sentence)}{f'  [{labels}]' if labels else ''}", WIDTH, initial_indent="    ",
            subsequent_indent="    ", break_on_hyphens=False,
        )  # fmt: skip
