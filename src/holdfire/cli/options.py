"""What every command shares: the vault it works on, the passphrase, `--json`, progress."""

from __future__ import annotations

import contextlib
import getpass
import json
import sys
import warnings
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


def named_vault_option(function: F) -> F:
    """Add a `--vault` that may be left out; HOLDFIRE_VAULT does not count, so that nothing asks for a passphrase unasked."""
    return click.option(
        "--vault",
        "vault_path",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Your vault file, to look into your imported texts too.",
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
        line = stream.read(MOST_PASSPHRASE + 1).split(b"\n", 1)[0].rstrip(b"\r")
    if len(line) > MOST_PASSPHRASE:
        # Cut silently, it would make a vault that the whole passphrase does not open.
        raise UserError(
            mark("The first line of the passphrase file is longer than {most} bytes."),
            mark("Put the passphrase alone on the first line."),
            most=MOST_PASSPHRASE,
        )
    try:
        # "sig": some editors put an invisible mark before the first letter, which nobody could type.
        passphrase = line.decode("utf-8-sig")
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
    return ask(prompt)


def new_passphrase(prompt: str) -> str:
    """Return a passphrase typed twice on the terminal."""
    return ask(prompt, confirmation_prompt=True)


def ask(prompt: str, *, confirmation_prompt: bool = False, default: str | None = None) -> str:
    """Return what is typed on the terminal, unseen; wrong use where there is no terminal that can hide it."""
    try:
        with warnings.catch_warnings():
            # Python warns and then shows what is typed; here it stops instead.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return str(
                click.prompt(
                    prompt,
                    hide_input=True,
                    err=True,
                    confirmation_prompt=confirmation_prompt,
                    default=default,
                    show_default=False,
                )
            )
    except getpass.GetPassWarning:
        raise click.UsageError(
            "There is no terminal to ask for the passphrase on. Give --passphrase-file."
        ) from None


def print_json(document: object) -> None:
    """Print one JSON document, in letters that the output has."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    click.echo(json.dumps(document, ensure_ascii=encoding.lower() != "utf-8", indent=2))


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
