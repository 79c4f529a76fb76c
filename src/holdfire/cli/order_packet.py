"""`holdfire order attach`, `detach`, `packet`: files beside an order, and all of it put together for a court or an office."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from holdfire.cli.country import country_of, country_option, judge_country
from holdfire.cli.options import (
    json_option,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)
from holdfire.cli.write_file import taken, write_file
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.journeys.keep_exhibit import KeptExhibit
    from holdfire.journeys.make_packet import Plan
    from holdfire.vault.records import Record

_PIECE: Final = 1 << 20


@click.command("attach", short_help="Keep a file with an order: a paper, a picture, a note.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", default="", help="What it is, in your words; without it, only “A file”.")
@vault_option
@passphrase_option
@json_option
def attach(
    *,
    number: int,
    file: Path,
    title: str,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Keep a file with an order, sealed in the vault. The file's own name is not kept; the file outside stays."""
    from holdfire.journeys.keep_exhibit import attach as keep  # noqa: PLC0415 -- its libraries take a tenth of a second
    from holdfire.journeys.keep_exhibit import exhibits_of  # noqa: PLC0415

    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault, file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        with progress("Keeping the file") as told:
            record = keep(
                vault,
                number,
                title,
                iter(lambda: stream.read(_PIECE), b""),
                datetime.now(UTC),
                size=size,
                progress=told,
            )
        place = len(exhibits_of(vault, number))
    if as_json:
        print_json(plain_exhibit(place, record))
        return
    click.echo(f"Kept as file {place} of order {number}. SHA-256 {record.value.sha256}")
    click.echo("The file outside the vault stays where it is.", err=True)


@click.command("detach", short_help="Destroy a file that is kept with an order.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.argument("place", metavar="FILE", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask.")
@vault_option
@passphrase_option
@json_option
def detach(
    *, number: int, place: int, yes: bool, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Destroy a file that is kept with an order, by its number in `order show`. It cannot be brought back."""
    from holdfire.journeys.keep_exhibit import detach as destroy  # noqa: PLC0415

    if not yes:
        click.confirm("Destroy this file in the vault?", abort=True, err=True)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        destroy(vault, number, place)
    if as_json:
        print_json({"id": number, "detached": place})
    else:
        click.echo("Destroyed in the vault.")


@click.command("packet", short_help="Put an order, its letters and files together as one PDF for a court.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="The PDF to write; refuses one that is there. Without it, the packet is shown as text.")  # fmt: skip
@click.option("--people", is_flag=True, help="Only list who is named, where, and what becomes of each name.")
@click.option(
    "--to", default="", help="To whom: a forum's id (`holdfire law list --what forums`) or your words."
)
@click.option("--by", default="", help="Who hands it in; without it, “name withheld”.")
@country_option
@click.option("--version", "versions", type=click.IntRange(min=1), multiple=True,
              help="A version of the order; may be given again. Without it the latest.")  # fmt: skip
@click.option("--letter", "letters", type=click.IntRange(min=1), multiple=True,
              help="A letter about it, 1 for the first; may be given again. Without it all.")  # fmt: skip
@click.option("--no-letters", is_flag=True, help="No letter at all.")
@click.option("--file", "files", type=click.IntRange(min=1), multiple=True,
              help="A file kept with it, by its number; may be given again. Without it all.")  # fmt: skip
@click.option("--no-files", is_flag=True, help="No file at all.")
@click.option("--take-out", "out_names", multiple=True, metavar="NAME",
              help="Take this name out; may be given again, also for a name the list does not have.")  # fmt: skip
@click.option(
    "--keep", "keep_names", multiple=True, metavar="NAME", help="Keep this name; may be given again."
)
@click.option("--keep-pages", is_flag=True, help="Keep pages of a PDF though they name somebody taken out.")
@click.option("--with-own-acts", is_flag=True, help="Put in what you did, after a lawyer said so.")
@click.option("--no-forums", is_flag=True, help="Leave out the table of where it can be sent.")
@click.option("--on", "said_on", type=click.DateTime(["%Y-%m-%d"]),
              help="Print this as the day of that table; without it today counts, and no day is printed.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def packet(**given: Any) -> None:
    """Put an order, its letters and files together as one PDF/A for a court or an office.

    Witnesses, colleagues and you are taken out unless you keep them; whoever gave the order stays. Read it first: without --out it is
    shown as text. The same packet gives the same bytes: no author, no time, no name of a program.
    """
    from holdfire.journeys.make_packet import letters_of, make_packet, plan_packet  # noqa: PLC0415
    from holdfire.journeys.record_order import find_order  # noqa: PLC0415
    from holdfire.packets.preview import as_text  # noqa: PLC0415

    out: Path | None = given["out"]
    _judge(given)
    with Vault.open(given["vault_path"], one_passphrase(given["passphrase_files"])) as vault:
        given["country"] = country_of(vault, given["country"])
        letters = letters_of(vault, find_order(vault, given["number"]).id)
        chosen = _letters([one[0].id for one in letters], given)
        plan = plan_packet(vault, given["number"], _wish(given, chosen), date.today())  # noqa: DTZ011 -- the person's own day
        written: dict[str, object] | None = None
        if out is not None and not given["people"]:
            with progress("Making the packet") as told:
                making = make_packet(plan, progress=told)
                size, digest = write_file(making.pieces(), out)
            written = {
                "file": str(out),
                "bytes": size,
                "pages": making.pages,
                "sha256": digest,
                "notes": making.notes,
            }
    if given["as_json"]:
        print_json({"id": given["number"], "people": _plain_people(plan), "unsearched": _plain_silent(plan),
                    "exhibits": [{"exhibit": at, "title": one.title, "form": one.form, "sha256": one.sha256}
                                 for at, one in enumerate(plan.packet.exhibits, 1)],
                    "written": written})  # fmt: skip
        return
    if written is None and not given["people"]:
        click.echo(as_text(plan.packet, plan.remover()))
    click.echo("\n".join(_people_lines(plan)), err=written is not None)
    if written is not None:
        for note in making.notes:
            click.echo(note, err=True)
        click.echo(
            f"\nWritten: {out}, {written['pages']} pages. It is plain: whoever finds it can read it.",
            err=True,
        )


def plain_exhibit(place: int, record: Record[KeptExhibit]) -> dict[str, object]:
    """Return what `--json` says of a kept file."""
    kept = record.value
    return {"file": place, "title": kept.title, "form": kept.form, "bytes": kept.size, "sha256": kept.sha256,
            "added": record.saved.isoformat()}  # fmt: skip


def exhibit_lines(records: Iterable[Record[KeptExhibit]]) -> Iterator[str]:
    """Yield what `order show` says of the files kept with an order."""
    from holdfire.packets.reading import FORM_WORDS  # noqa: PLC0415

    for place, record in enumerate(records, 1):
        kept = record.value
        if place == 1:
            yield "\nFiles kept with it"
        yield f"  {place}. {kept.title} ({FORM_WORDS[kept.form]}, {kept.size} bytes, {record.saved:%Y-%m-%d})"
        yield f"     SHA-256 {kept.sha256}"


def _judge(given: dict[str, Any]) -> None:
    """Refuse, before anything is opened, what cannot be written."""
    out: Path | None = given["out"]
    if out is not None and out.suffix.lower() != ".pdf":
        raise click.UsageError("--out ends in .pdf.")
    if out is not None and out.exists():
        raise taken(out)
    given["country"] = judge_country(given["country"])


def _letters(ids: list[str], given: dict[str, Any]) -> tuple[str, ...] | None:
    places: tuple[int, ...] = given["letters"]
    if given["no_letters"]:
        return ()
    if any(place > len(ids) for place in places):
        raise UserError(
            mark("There are {count} letters about this order."), mark("Count them from 1."), count=len(ids)
        )
    return tuple(ids[place - 1] for place in places) if places else None


def _wish(given: dict[str, Any], letters: tuple[str, ...] | None) -> Any:
    from holdfire.journeys.make_packet import Wish  # noqa: PLC0415

    return Wish(
        to=given["to"],
        by=given["by"],
        country=given["country"],
        versions=given["versions"],
        letters=letters,
        exhibits=() if given["no_files"] else given["files"] or None,
        own_acts=given["with_own_acts"],
        forums=not given["no_forums"],
        said_on=given["said_on"].date() if given["said_on"] else None,
        out=given["out_names"],
        keep=given["keep_names"],
        leave_pages=not given["keep_pages"],
    )


def _plain_people(plan: Plan) -> list[dict[str, object]]:
    return [
        {"name": one.person.name, "role": one.person.role, "choice": plan.choice(one),
         "mentions": [{"words": found.words, "where": found.where, "page": found.page} for found in one.mentions]}
        for one in plan.named
    ]  # fmt: skip


def _plain_silent(plan: Plan) -> list[dict[str, object]]:
    return [{"exhibit": at, "why": why} for at, why in plan.silent]


def _people_lines(plan: Plan) -> Iterator[str]:
    from holdfire.packets.people import ROLE_WORDS  # noqa: PLC0415
    from holdfire.packets.reading import page_list  # noqa: PLC0415

    yield "WHO IS NAMED, AND WHAT BECOMES OF IT"
    if not plan.named:
        yield "  Nobody was found. Names can stand where no program finds them: read it."
    for one in plan.named:
        choice = {"out": "TAKEN OUT", "keep": "kept"}[plan.choice(one)]
        yield f"  {one.person.name} ({ROLE_WORDS[one.person.role]}): {choice}"
        where: dict[tuple[str, str], list[int]] = {}
        for found in one.mentions:
            where.setdefault((found.words, found.where), []).extend([found.page] if found.page else [])
        for (words, place), pages in where.items():
            yield f"      “{words}” in {place}{f', page {page_list(pages)}' if pages else ''}"
    for at, why in plan.silent:
        yield f"  Exhibit {at}: {why}"
    if plan.wish.leave_pages and any(plan.choice(one) == "out" for one in plan.named):
        yield "  Pages of a PDF that name somebody taken out are left out. --keep-pages keeps them."
    yield "  Change it with --take-out NAME and --keep NAME, each as it stands above."
