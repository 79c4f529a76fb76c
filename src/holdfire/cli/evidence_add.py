"""`holdfire evidence add`: files and folders go into the vault, each with a custody log of its own; outside nothing changes."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
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
from holdfire.errors import FullError, HoldfireError, UserError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.journeys.keep_evidence import Evidence
    from holdfire.vault.records import Record

_PIECE: Final = 1 << 20
_NOT_A_FILE: Final = "It is no ordinary file."
_LINK: Final = "It is a link to another place; give that place itself."
_OUTSIDE: Final = (
    "Outside the vault nothing was changed or deleted. Still there, and able to give you away: the file itself, its small picture in\n"
    "the file manager, lists of recent files, the memory card or phone it came from, copies in a cloud or a messenger."
)
_NEXT: Final = "What next: `holdfire evidence note {number}` while you remember; `holdfire evidence copy {number}` before anybody else sees it."


@dataclass
class _Told:
    """What became of each path, and the evidence that is there, by the hash of its bytes."""

    known: dict[str, int]
    sizes: set[int]
    added: list[tuple[Path, Record[Evidence]]] = field(default_factory=list)
    already: list[tuple[Path, int]] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)


def noted(texts: tuple[str, ...]) -> dict[str, str]:
    """Return what `--set FIELD=WORDS` says, by field; wrong use when one has no `=`."""
    said = {}
    for text in texts:
        name, equals, words = text.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes FIELD=WORDS, not {text!r}.")
        said[name.strip()] = words.strip()
    return said


def set_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--set`."""
    return click.option(
        "--set", "notes", multiple=True, metavar="FIELD=WORDS",
        help="A note, as place=WORDS; may be given again. `evidence show` names the fields.",
    )(function)  # fmt: skip


def local(now: datetime, offset: str) -> datetime:
    """Return `now` with the offset that a person gives, as +03:00; wrong use when it is none."""
    if not offset:
        return now
    found = re.fullmatch(r"([+-])(\d{2}):([0-5]\d)", offset, re.ASCII)
    if not found or int(found[2]) > 14:  # noqa: PLR2004 - no clock is further from UTC
        raise click.UsageError("--offset is written as +03:00.")
    away = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return now.astimezone(timezone(-away if found[1] == "-" else away))


@click.command("add", short_help="Take files and folders into the vault as evidence.")
@click.argument(
    "paths", metavar="PATHS...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--title", default="", help="What it is, in your words; for one file. Without it, its name.")
@set_option
@click.option("--role", default="", help="Who you are in its history, as “a witness”; no name.")
@click.option("--clock", default="unknown", help="Which clock says the time now, and how wrong it may be.")
@click.option("--offset", default="", help="Your local time's distance from UTC, as +03:00; else UTC alone is kept.")  # fmt: skip
@click.option("--again", is_flag=True, help="Also take files whose bytes are there already.")
@vault_option
@passphrase_option
@json_option
def add(**given: Any) -> int:
    """Take files, and folders with all in them, into the vault as evidence; each gets a history that nobody can change unnoticed.

    A file outside is read once and never changed or deleted. Links in a folder are not followed. One that cannot be taken does not stop
    the others; the list at the end names it, and the command ends with 1.
    """
    from holdfire.evidence.item import check_notes  # noqa: PLC0415 -- its libraries take a tenth of a second
    from holdfire.journeys.keep_evidence import KEEPER, all_evidence  # noqa: PLC0415

    said = noted(given["notes"])
    check_notes(said)
    now = local(datetime.now(UTC), given["offset"])
    found = list(_files(given["paths"]))
    files = [path for path, why in found if not why]
    if given["title"] and len(files) != 1:
        raise click.UsageError("--title is for one file; give it alone.")
    more = {
        "title": given["title"],
        "capture": said,
        "role": given["role"] or KEEPER,
        "clock": given["clock"],
    }
    with Vault.open(given["vault_path"], one_passphrase(given["passphrase_files"])) as vault:
        kept = [record.value for record in reversed(all_evidence(vault))]
        told = _Told({one.sha256: one.number for one in kept}, {one.size for one in kept})
        told.refused += [(path, why) for path, why in found if why]
        with progress("Taking files in") as report:
            total, done = sum(_size(path) for path in files), 0
            for path in files:
                inside = partial(_report, report, done, total)
                _take(vault, path, now, more, told, inside, again=given["again"])
                done += _size(path)
                report(done, total)
    if given["as_json"]:
        print_json(_plain(told))
        return 1 if told.refused else 0
    _tell(told)
    return 1 if told.refused else 0


def _tell(told: _Told) -> None:
    from holdfire.evidence.item import escape  # noqa: PLC0415 -- its libraries take a tenth of a second

    for path, record in told.added:
        click.echo(f"{record.value.number}. {record.value.title}")
        click.echo(
            f"   from {escape(str(path))}, {record.value.size} bytes\n   SHA-256 {record.value.sha256}"
        )
    for path, number in told.already:
        click.echo(f"You have this already as number {number}: {escape(str(path))}")
    if told.already:
        click.echo("Nothing was added for these; --again adds them.", err=True)
    if told.refused:
        click.echo(f"\nNot taken: {len(told.refused)}", err=True)
    for path, why in told.refused:
        click.echo(f"  {escape(str(path))}: {why}", err=True)
    if told.added or told.already:
        click.echo(_OUTSIDE, err=True)
    if told.added:
        click.echo(_NEXT.format(number=told.added[0][1].value.number), err=True)


def _report(report: Callable[[int, int], None], before: int, total: int, inside: int, _: int) -> None:
    report(before + inside, total)


def _take(
    vault: Vault, path: Path, now: datetime, more: dict[str, Any], told: _Told, report: Callable[[int, int], None], *, again: bool
) -> None:  # fmt: skip
    """Keep one file, and note what became of it."""
    from holdfire.journeys.keep_evidence import add_evidence  # noqa: PLC0415

    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            if not again and found.st_size in told.sizes:
                # Only a file as long as one that is there is read twice.
                number = told.known.get(hashlib.file_digest(stream, "sha256").hexdigest())
                if number:
                    told.already.append((path, number))
                    return
                stream.seek(0)
            record = add_evidence(
                vault, iter(lambda: stream.read(_PIECE), b""), now, name=path.name, size=found.st_size, progress=report,
                made=f"{datetime.fromtimestamp(found.st_mtime, UTC):%Y-%m-%dT%H:%M:%SZ}", **more,
            )  # fmt: skip
    except OSError as error:
        told.refused.append((path, f"{error.strerror or 'It cannot be read'}."))
    except (UserError, FullError) as error:
        told.refused.append((path, _sentence(error)))
    else:
        told.added.append((path, record))
        told.known.setdefault(record.value.sha256, record.value.number)
        told.sizes.add(record.value.size)


def _sentence(error: HoldfireError) -> str:
    hint = error.hint.format(**error.values) if error.values else error.hint
    return f"{error} {hint}".strip()


def _files(paths: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    """Yield every file of `paths` in order with why it is not taken, or ""; what a folder links to is left outside."""
    for path in paths:
        if not path.is_dir():
            yield path, "" if path.is_file() else _NOT_A_FILE
            continue
        refused: list[OSError] = []
        for folder, folders, files in os.walk(path, onerror=refused.append):
            folders.sort()
            for name in sorted((*files, *folders)):
                inside = Path(folder, name)
                mode = inside.lstat().st_mode
                if stat.S_ISLNK(mode):
                    yield inside, _LINK
                elif not stat.S_ISDIR(mode):
                    yield inside, "" if stat.S_ISREG(mode) else _NOT_A_FILE
        for error in refused:
            yield Path(str(error.filename)), f"{error.strerror}."


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _plain(told: _Told) -> dict[str, object]:
    from holdfire.evidence.item import escape  # noqa: PLC0415

    return {
        "added": [
            {"id": one.value.number, "title": one.value.title, "name": escape(one.value.name), "form": one.value.form,
             "bytes": one.value.size, "sha256": one.value.sha256, "path": escape(str(path))}
            for path, one in told.added
        ],
        "already": [{"path": escape(str(path)), "id": number} for path, number in told.already],
        "refused": [{"path": escape(str(path)), "why": why} for path, why in told.refused],
    }  # fmt: skip
