"""The command line: `holdfire` opens the app; every other command says what it does in one line.

The groups are imported only when called, so that `--help` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import click

from holdfire.errors import HoldfireError

#: Each command: the module that holds it, and its one line in the help.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "open": ("open_app", "Open the app in a private window on this computer."),
    "vault": ("vault", "Make, check, back up or destroy a vault."),
    "guide": ("guide", "Read the 55 actions, or write the guide to one file."),
    "assess": ("assess", "Order the actions for a file of answers, with reasons."),
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

    Without a command it opens the app. Nothing is sent anywhere. Having this program may be used
    against you, and your shell may keep what you type: see `history`.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(import_module("holdfire.cli.open_app").command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process: 0 done, 1 the answer is no, 2 wrong use."""
    try:
        code: Any = holdfire.main(args=arguments, prog_name="holdfire", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except HoldfireError as error:
        click.echo(str(error), err=True)
        if error.hint:
            click.echo(error.hint, err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
