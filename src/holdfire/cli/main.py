"""The command line: `holdfire` opens the app; every other command says what it does in one line.

The groups are imported only when called, so that `--help` costs next to nothing.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import time
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from holdfire.errors import HoldfireError

#: Each command: the module that holds it, and its one line in the help.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "open": ("open_app", "Open the app in a private window on this computer."),
    "vault": ("vault", "Make, check, back up or destroy a vault."),
    "guide": ("guide", "Read the 55 actions, or write the guide to one file."),
    "law": ("law", "Look up provisions, forums, oaths and deadlines, with dates and levels."),
    "assess": ("assess", "Order the actions for a file of answers, with reasons."),
    "order": ("order", "Record an order, and see what can be checked and asked."),
    "evidence": ("evidence", "Keep what you saw and recorded so that a court can rely on it."),
    "rules": ("rules", "Read a regulation clause by clause, make a checklist, note the steps."),
    "letter": ("letter", "Write a letter to hand in: a request, a report, a complaint."),
    "desk": ("desk", "Be a desk: read what members send, answer, publish."),
    "relay": ("relay", "Run a server that keeps sealed messages and can read none."),
    "drop": ("drop", "Write to a desk and read its answers, through a relay that reads neither."),
    "pack": ("pack", "List the packs of content, or check one you are writing."),
}


class Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, importing its module."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"holdfire.cli.{COMMANDS[cmd_name][0]}").command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the one-line summaries without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="holdfire", message="holdfire %(version)s")
@click.pass_context
def holdfire(ctx: click.Context) -> None:
    """A private, offline companion for members of security forces who do not want to harm their own people.

    Without a command it opens the app. Nothing is sent unless you say so in that moment. Having this program may be used
    against you, and your shell may keep what you type: see `history`.
    """
    # Before anything secret is read, whichever the command.
    import_module("holdfire.vault.hardening").harden()
    if ctx.invoked_subcommand is None:
        ctx.invoke(import_module("holdfire.cli.open_app").command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process: 0 done, 1 the answer is no, 2 wrong use."""
    _prepare_streams()
    _end_in_order()
    try:
        code: Any = holdfire.main(args=arguments, prog_name="holdfire", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        _refuse("Stopped.")
    except HoldfireError as error:
        _refuse(str(error), error.hint.format(**error.values) if error.values else error.hint)
    except BrokenPipeError:
        # Whoever read the output has gone, as after `| head -1`; there is nobody to tell.
        _drop_output()
        sys.exit(1)
    except OSError as error:
        _drop_output()
        what = f"{error.filename}: " if error.filename else ""
        _refuse(
            f"The system refused: {what}{error.strerror or 'no reason given'}.",
            "Check the file, its folder and the disk; then try again.",
        )
    except Exception as error:  # a traceback frightens, and its last line can show what was typed
        if sys.flags.dev_mode:
            raise
        _refuse(
            f"Holdfire itself made a mistake here ({type(error).__name__}).",
            "`python -X dev -m holdfire.cli.main …` shows where, for a report.",
        )
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(sentence: str, hint: str = "") -> NoReturn:
    """Say what happened and what to do on standard error, and end with 1."""
    click.echo(sentence, err=True)
    if hint:
        click.echo(hint, err=True)
    sys.exit(1)


def _prepare_streams() -> None:
    """Fill closed streams with nothing, and show "?" for a letter the output lacks instead of stopping half-way."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # Otherwise the vault would be opened as number 1 or 2, and a library's last words written into it.
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Point standard output at nothing, so that Python's own last flush does not fail again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


_ENDINGS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


#: Seconds in which a second, impatient Ctrl-C may not interrupt the removal of what is half made.
_PATIENCE: Final = 2.0


def _end_in_order() -> None:
    """Treat a closed terminal or a kill like Ctrl-C, so that what is half made is removed."""
    last = -_PATIENCE

    def stop(_number: int, _frame: object) -> None:
        # Not ignored for ever: Python swallows the first one if it comes just while a prompt is shown.
        nonlocal last
        if time.monotonic() - last >= _PATIENCE:
            last = time.monotonic()
            raise KeyboardInterrupt

    for number in _ENDINGS:
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, stop)


if __name__ == "__main__":
    main()
