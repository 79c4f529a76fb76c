"""What every command shares: the vault it works on, the passphrase, `--json`, progress."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from holdfire.errors import UserError
from holdfire.language import mark

if TYPE_CHECKING:
    from rich.progress import TaskID

MOST_PASSPHRASE = 4_096
F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """Add `--json`: one document instead of text for people."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def vault_option(function: F) -> F:
    """Add `--vault`, or HOLDFIRE_VAULT."""
    return click.option(
        "--vault",
        "vault_path",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="HOLDFIRE_VAULT",
        required=True,
        help="The vault file; or set HOLDFIRE_VAULT.",
    )(function)


def passphrase_option(function: F) -> F:
    """Add `--passphrase-file`; without it the passphrase is asked on the terminal."""
    return click.option(
        "--passphrase-file",
        "passphrase_files",
        type=click.Path(dir_okay=False, exists=True, path_type=Path),
        multiple=True,
        help="Read the passphrase from this file instead of the terminal.",
    )(function)


def read_passphrase(file: Path) -> str:
    """Return the first line of a file, without its end; UserError when there is none."""
    with file.open("rb") as stream:
        line = stream.read(MOST_PASSPHRASE).split(b"\n", 1)[0].rstrip(b"\r")
    try:
        passphrase = line.decode("utf-8")
    except UnicodeDecodeError:
        raise UserError(
            mark("The passphrase file is not readable text."), mark("Write it as UTF-8.")
        ) from None
    if not passphrase:
        raise UserError(mark("The passphrase file is empty."), mark("Put the passphrase on its first line."))
    return passphrase


def one_passphrase(files: tuple[Path, ...], prompt: str = "Passphrase") -> str:
    """Return the passphrase of one compartment, from a file or the terminal."""
    if len(files) > 1:
        raise click.UsageError("--passphrase-file can be given once here.")
    if files:
        return read_passphrase(files[0])
    return str(click.prompt(prompt, hide_input=True, err=True))


def new_passphrase(prompt: str) -> str:
    """Return a passphrase typed twice on the terminal."""
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True))


def print_json(document: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@contextlib.contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far long work is, on a terminal; yield the function that is told.

    The library for it is imported only here, and only for a terminal: it costs a tenth of a second.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True)) as bar:
        task: TaskID = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
