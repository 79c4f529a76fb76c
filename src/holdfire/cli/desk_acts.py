"""`holdfire desk reply`, `label`, `assign` and their like: acts on a thread, which stand in the desk's record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.desk_options import at_relay, way_options
from holdfire.cli.drop_options import opened, text_of
from holdfire.cli.options import json_option, passphrase_option, print_json, vault_option

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
@click.option(
    "--text", "text_file", type=click.File("rb"), metavar="FILE", help="The text, from a file or “-”."
)
@click.option(
    "--template", metavar="NAME", help="Begin with one of `desk answers`, in the member's language."
)
@way_options
@vault_option
@passphrase_option
def reply(**given: Any) -> None:
    """Answer a thread, with at most 2,850 bytes. It goes out with the next edition; four answers wait at one time."""
    from holdfire.desk.answering import template  # noqa: PLC0415
    from holdfire.journeys.run_desk import find_thread  # noqa: PLC0415

    said = text_of(given["text_file"])
    if given["template"]:
        with opened(given) as vault:
            language = find_thread(vault, given["number"]).language
        said = "\n\n".join(one for one in (template(given["template"], language).text, said.strip()) if one)
    _do(given, "REPLY", said)


@click.command("answers", short_help="List answers to begin from.")
@click.option("--language", default="en", show_default=True, help="en, ru or be.")
@json_option
def answers(language: str, *, as_json: bool) -> None:
    """List answers to begin from, in English, Russian and Belarusian. They stand in Holdfire itself; no vault is opened."""
    from holdfire.desk.answering import templates  # noqa: PLC0415

    if as_json:
        print_json([vars(one) for one in templates(language)])
        return
    for one in templates(language):
        click.echo(f"{one.name}: {one.title}\n{one.text}\n")


ACTS = (
    reply,
    answers,
    _act("ASSIGN", "Say who takes care of a thread.", "Say who takes care of a thread, by the name that the desk uses; never a real one.", "WHO"),
    _act("LABEL", "Put a label on a thread.", "Put a label on a thread.", "LABEL"),
    _act("UNLABEL", "Take a label off.", "Take a label off a thread.", "LABEL"),
    _act("NOTE", "Note something that the desk alone sees.", "Note something on a thread, for the desk alone.", "TEXT"),
    _act("STATUS", "Say where a thread stands.", "Say where a thread stands: waiting, referred, closed, in a word of your own.", "STATUS"),
    _act("END", "End a conversation.", "End a conversation. Once the member has read that, both sides forget its keys."),
)  # fmt: skip
