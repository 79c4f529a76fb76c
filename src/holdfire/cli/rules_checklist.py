"""The commands of `holdfire rules` that make a checklist, keep its log, and print it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from holdfire.cli.options import json_option, one_passphrase, passphrase_option, print_json, vault_option
from holdfire.errors import StorageError, UserError
from holdfire.guide.actions import RISK_WORDS
from holdfire.journeys.guide_here import load_guide
from holdfire.journeys.keep_regulation import list_regulations
from holdfire.journeys.work_to_rule import (
    Checklist,
    choose,
    delete_checklist,
    find_checklist,
    keep_checklist,
    list_checklists,
    log_of,
    note_step,
    risks_here,
    sheet_here,
    take_back,
)
from holdfire.language import mark
from holdfire.rules.checklist import Step, topics_in
from holdfire.rules.log import RESULTS, Entry, called, standing
from holdfire.rules.regulation import LABEL_WORDS
from holdfire.rules.sheet import sheet_pdf, sheet_text
from holdfire.vault.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
WIDTH: Final = 100
_MOMENT: Final = "%Y-%m-%d %H:%M"


def _opened(function: F) -> F:
    return vault_option(passphrase_option(function))


def _numbered(function: F) -> F:
    return click.argument("number", metavar="N", type=click.IntRange(min=1))(function)


def _step_of(function: F) -> F:
    return _numbered(click.argument("step", metavar="STEP", type=click.IntRange(min=1))(function))


@click.command("checklist", short_help="Make a checklist about some words; --keep keeps it.")
@click.option(
    "--topic", "topics", multiple=True, required=True, help="Words to look for; may be given again."
)
@click.option("--regulation", type=click.IntRange(min=1), help="Which; not needed where there is one alone.")
@click.option("--order", type=click.IntRange(min=1), help="The order it is for; noted in the vault alone.")
@click.option("--keep", is_flag=True, help="Keep it in the vault, to note what was done.")
@_opened
@json_option
def make(
    *,
    topics: tuple[str, ...],
    regulation: int | None,
    order: int | None,
    keep: bool,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Make a checklist from what a regulation rules about some words, each step with its clause.

    What must and must not be done comes first, then conditions. Words are found by their beginnings. With --order it is
    kept for that order, and the order is not printed with it.
    """
    wanted = topics_in(",".join(topics))
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        number = regulation or _only_regulation(vault)
        if keep or order is not None:
            record = keep_checklist(vault, number, wanted, datetime.now(UTC), order=order)
            made = record.value
        else:
            found, chosen = choose(vault, number, wanted)
            made = Checklist(
                0, number, found.title, found.language, wanted, None, chosen.steps, chosen.left_out
            )
    risks = risks_here(load_guide())
    if as_json:
        plain_risks = [{"word": word, "text": text} for word, text in risks]
        print_json({**_plain(made, {}), "id": made.number or None, "risks": plain_risks})
        return
    click.echo("\n".join(_lines(made, {})))
    click.echo("\nBEFORE YOU START")
    for word, text in risks:
        click.echo(_folded(f"{RISK_WORDS[word]}: {text}", "  "))
    click.echo("  Someone who is hurt, held or in danger comes before any list.")
    if made.number:
        click.echo(f"\nKept as checklist {made.number}: `holdfire rules tick {made.number} STEP`.")


@click.command("checklists", short_help="List the checklists in the vault.")
@_opened
@json_option
def list_all(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """List the checklists in the vault by number, with how many steps have an entry."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        found = [(record.value, len(standing(log_of(vault, record)))) for record in list_checklists(vault)]
    if as_json:
        print_json([
            {"id": one.number, "regulation": one.regulation, "title": one.title, "topics": list(one.topics),
             "order": one.order, "steps": len(one.steps), "noted": noted}
            for one, noted in found
        ])  # fmt: skip
        return
    for one, noted in found:
        click.echo(
            f"{one.number:>3}  {one.title}: {', '.join(one.topics)} ({noted} of {len(one.steps)} steps noted)"
        )
    if not found:
        click.echo("None yet.")


@click.command("steps", short_help="Show the steps of a checklist and what was noted.")
@_numbered
@_opened
@json_option
def steps(*, number: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Show the steps of a kept checklist with what was noted of each."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = find_checklist(vault, number)
        log = log_of(vault, record)
    held = standing(log)
    if as_json:
        print_json(
            {**_plain(record.value, held), "id": number, "log": [_plain_entry(entry) for entry in log]}
        )
    else:
        click.echo("\n".join(_lines(record.value, held)))


@click.command("tick", short_help="Note that a step was done, did not apply, or could not be done.")
@_step_of
@click.option(
    "--result",
    type=click.Choice(list(RESULTS)),
    default="done",
    help="What came of it; done if not given, which means kept to for a rule that forbids.",
)
@click.option(
    "--at",
    type=click.DateTime([_MOMENT]),
    help="When, as 2030-05-01 14:30 on this computer's clock; else now.",
)
@click.option("--words", default="", help="A few words of your own; they are printed.")
@_opened
@json_option
def tick(
    *,
    number: int,
    step: int,
    result: str,
    at: datetime | None,
    words: str,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Note what came of a step, with the time. Note only what is true: one false line spoils the rest."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        entry = note_step(
            vault,
            number,
            step,
            RESULTS[result],
            datetime.now(UTC),
            at=at.astimezone() if at else None,
            words=words,
        )
    _say(entry, as_json=as_json)


@click.command("untick", short_help="Take the last entry for a step back.")
@_step_of
@_opened
@json_option
def untick(
    *, number: int, step: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Take the last entry for a step back. It stays in the log of the vault and is not printed."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        entry = take_back(vault, number, step, datetime.now(UTC))
    _say(entry, as_json=as_json)


@click.command("print", short_help="Print the log of a checklist: “Steps followed”.")
@_numbered
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write, .pdf or .txt."
)
@_opened
@json_option
def print_log(
    *, number: int, out: Path | None, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Print the steps that have an entry, with time, clause and result, in the language of the regulation.

    It says no order, no topic and no reason. Without --out it shows the text.
    """
    form = out.suffix.lower() if out else ".txt"
    if form not in {".pdf", ".txt"}:
        raise click.UsageError("--out ends in .pdf or .txt.")
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        sheet = sheet_here(vault, number)
    made = sheet_pdf(sheet) if form == ".pdf" else sheet_text(sheet)
    if out:
        _write(made, out)
    if as_json:
        print_json({"id": number, "text": sheet_text(sheet).decode(), "written": out.name if out else None})
    elif out:
        click.echo(f"Written to {out.name}. It lies there in clear.")
    else:
        click.echo(made.decode(), nl=False)


@click.command("discard", short_help="Delete a checklist with its log.")
@_numbered
@_opened
@json_option
def discard(*, number: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Delete a checklist with its log from the vault. What was printed stays where it is."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        delete_checklist(vault, number)
    if as_json:
        print_json({"deleted": number})
    else:
        click.echo(f"Checklist {number} is deleted.")


COMMANDS: Final = (make, list_all, steps, tick, untick, print_log, discard)


def _only_regulation(vault: Vault) -> int:
    found = list_regulations(vault)
    if len(found) != 1:
        raise UserError(
            mark("There are {count} regulations in this vault; which one is meant?"),
            mark("Give --regulation with its number; `holdfire rules list` shows them."),
            count=len(found),
        )
    return found[0].value.number


def _write(made: bytes, out: Path) -> None:
    try:
        with out.open("xb") as stream:
            stream.write(made)
    except FileExistsError:
        raise UserError(mark("There is a file called {name} already."), mark("Choose another name with --out."),
                        name=out.name) from None  # fmt: skip
    except OSError as error:
        raise StorageError(mark("The file could not be written: {why}."), mark("Choose another place with --out."),
                           why=error.strerror or "the disk refused") from None  # fmt: skip


def _say(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        print_json(_plain_entry(entry))
    elif entry.result is None:
        click.echo(f"Step {entry.step}: taken back.")
    else:
        click.echo(f"Step {entry.step}: noted, {_time(entry)}.")


def _time(entry: Entry) -> str:
    return f"{entry.at.astimezone():{_MOMENT}}"


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry.number,
        "step": entry.step,
        "result": entry.result,
        "at": entry.at.isoformat(),
        "words": entry.words,
    }


def _plain(checklist: Checklist, held: Mapping[int, Entry]) -> dict[str, Any]:
    return {
        "regulation": checklist.regulation,
        "title": checklist.title,
        "language": checklist.language,
        "topics": list(checklist.topics),
        "order": checklist.order,
        "left_out": checklist.left_out,
        "steps": [
            {"step": step.number, "clause": step.clause, "page": step.page, "labels": list(step.labels), "text": step.text,
             "noted": _plain_entry(held[step.number]) if step.number in held else None}
            for step in checklist.steps
        ],
    }  # fmt: skip


def _lines(checklist: Checklist, held: Mapping[int, Entry]) -> Iterator[str]:
    yield f"{checklist.title}: {', '.join(checklist.topics)}"
    asked = [step for step in checklist.steps if not step.is_condition]
    yield from _group("WHAT MUST AND MUST NOT BE DONE", asked, held)
    conditions = [step for step in checklist.steps if step.is_condition]
    yield from _group("CONDITIONS", conditions, held)
    if checklist.left_out:
        yield f"\n{checklist.left_out} more were left out. Choose narrower words."


def _group(title: str, found: Sequence[Step], held: Mapping[int, Entry]) -> Iterator[str]:
    if not found:
        return
    yield f"\n{title}"
    for step in found:
        labels = ", ".join(LABEL_WORDS[label] for label in step.labels)
        page = f", p. {step.page}" if step.page is not None else ""
        yield _folded(f"{step.number:>3}. {step.text}", "  ", "       ")
        yield f"       [{step.clause}{page}: {labels}]"
        entry = held.get(step.number)
        if entry and entry.result:
            yield _folded(
                f"{called(entry.result, is_act=step.is_act)}, {_time(entry)}{f': {entry.words}' if entry.words else ''}",
                "       > ",
            )


def _folded(text: str, first: str, later: str | None = None) -> str:
    after = " " * len(first) if later is None else later
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=after, break_on_hyphens=False)
