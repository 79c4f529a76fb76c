"""docs/command-line.md says everything that `--help` says, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from holdfire.cli.main import holdfire

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "command-line.md").read_text("utf-8")


def commands(
    command: click.Command, words: tuple[str, ...] = ("holdfire",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command and all below it, with the words that call them."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*words, name))


LEAVES = [(words, one) for words, one in commands(holdfire) if not isinstance(one, click.Group)]


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words[1:]) for words, _ in LEAVES])
def test_every_command_has_a_part_with_its_arguments_and_options(
    words: tuple[str, ...], command: click.Command
) -> None:
    part = re.search(rf"^### `{' '.join(words)}[^\n]*\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert part, f"docs/command-line.md has no part `### `{' '.join(words)}``"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert f"`{parameter.opts[0]}" in part[0], parameter.opts[0]
        elif isinstance(parameter, click.Argument):
            assert str(parameter.metavar or parameter.name).upper() in part[0].split("\n")[0]


def test_no_command_and_no_option_is_described_that_is_not_there() -> None:
    known = {" ".join(words) for words, _ in commands(holdfire)}
    for found in re.finditer(r"^### `(holdfire[a-z -]*)", PAGE, re.MULTILINE):
        assert found[1].strip() in known
    options = {name for _, one in commands(holdfire) for parameter in one.params for name in parameter.opts}
    for option in re.findall(r"`(--[a-z-]+)", PAGE):
        assert option in options | {"--help", "--version"}, option


def test_the_page_gives_the_exit_codes_and_warns_of_traces() -> None:
    for said in (
        "| 0 |",
        "| 1 |",
        "| 2 |",
        "HOLDFIRE_VAULT",
        "history",
        "one JSON document",
        "standard error",
    ):
        assert said in PAGE
