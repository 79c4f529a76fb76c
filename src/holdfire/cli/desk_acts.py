"""`holdfire desk reply`, `label`, `assign` and their like: acts on a thread, which stand in the desk's record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.desk_options import at_relay, way_options
from holdfire.cli.drop_options import opened, text_of
from holdfire.cli.options import passphrase_option, vault_option

if TYPE_CHECKING:
    from holdfire.conversation.desk_log import Act


def _do(given: dict[str, Any], name: str, detail: str) -> None:
    from holdfire.conversation.desk_log import Act  # noqa: PLC0415 — its package loads the crypto library
    from holdfire.journeys.run_desk import do  # noqa: PLC0415

    what: Act = Act[name]
    with opened(given) as vault:
        # The record stands on the desk's first relay.
        for _, ask in at_relay(vault, given, first=True):
            do(vault, what, given["number"], detail, ask, datetime.now(UTC))
    click.echo(f"Thread {given['number']}: it stands in the record.")


def _act(name: str, summary: str, help_: str, argument: str = "") -> click.Command:
    def run(**given: Any) -> None:
        _do(given, name, given.get("detail", ""))

    made: Any = run
    for option in (passphrase_option, vault_option, way_options):
        made = option(made)
    if argument:
        made = click.argument("detail", metavar=argument)(made)
    made = click.argument("number", type=click.IntRange(min=1))(made)
    return click.command(name.lower(), short_help=summary, help=help_)(made)


@click.command("reply", short_help="Answer a thread; it is read after the next edition.")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--text", "text_file", type=click.File("rb"), metavar="FILE", required=True, help="The text, from a file or “-”.")  # fmt: skip
@way_options
@vault_option
@passphrase_option
def reply(**given: Any) -> None:
    """Answer a thread, with at most 2,850 bytes. It goes out with the next edition; four answers wait at one time."""
    _do(given, "REPLY", text_of(given["text_file"]))


ACTS = (
    reply,
    _act("ASSIGN", "Say who takes care of a thread.", "Say who takes care of a thread, by the name that the desk uses; never a real one.", "WHO"),
    _act("LABEL", "Put a label on a thread.", "Put a label on a thread.", "LABEL"),
    _act("UNLABEL", "Take a label off.", "Take a label off a thread.", "LABEL"),
    _act("NOTE", "Note something that the desk alone sees.", "Note something on a thread, for the desk alone.", "TEXT"),
    _act("STATUS", "Say where a thread stands.", "Say where a thread stands: waiting, referred, closed, in a word of your own.", "STATUS"),
    _act("END", "End a conversation.", "End a conversation. Once the member has read that, both sides forget its keys."),
)  # fmt: skip
