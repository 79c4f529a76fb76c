"""`holdfire drop words`: a conversation in twelve words, typed on the terminal and kept nowhere."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.drop_options import (
    MOST_CARD,
    STRAIGHT,
    answer_option,
    form_of,
    kind_of,
    kind_option,
    proxy_option,
    text_of,
    text_option,
    unconfirmed_option,
    warn,
    yes_option,
)
from holdfire.cli.options import json_option, print_json

if TYPE_CHECKING:
    from holdfire.reach.way import Proxy


@click.group("words")
def words() -> None:
    """Write with twelve words and no vault. Weaker: whoever finds the words reads every answer and can write as you."""


@words.command("new", short_help="Make twelve words.")
@json_option
def new_words(*, as_json: bool) -> None:
    """Make twelve random words, which are shown once and kept nowhere."""
    from holdfire.journeys.stateless import WEAKER  # noqa: PLC0415
    from holdfire.sealing.words import new_twelve  # noqa: PLC0415

    made = new_twelve()
    if as_json:
        print_json({"words": made})
        return
    click.echo(made)
    click.echo(WEAKER, err=True)


def _words_options(function: Any) -> Any:
    for option in (
        click.argument("card", type=click.File("rb")),
        click.option("--relay", default="", metavar="ORIGIN", help="Only this relay of the desk."),
        unconfirmed_option,
        proxy_option,
        yes_option,
        json_option,
    ):
        function = option(function)
    return function


def _typed(given: dict[str, Any]) -> tuple[Any, tuple[str, ...], Proxy | None]:
    from holdfire.cli.options import ask  # noqa: PLC0415
    from holdfire.journeys.stateless import open_words  # noqa: PLC0415
    from holdfire.reach.way import read_proxy  # noqa: PLC0415

    if not sys.stdin.isatty():
        raise click.UsageError("The twelve words are typed on a terminal, and there is none.")
    content = given["card"].read(MOST_CARD + 1)
    heard = (
        ""
        if given["unconfirmed"]
        else str(click.prompt("The desk's eight words, as you heard them", err=True))
    )
    kept = open_words(ask("Your twelve words"), content, heard, unconfirmed=given["unconfirmed"])
    text = given["proxy_text"]
    proxy = read_proxy(text) if text and text != STRAIGHT else None
    where = (given["relay"],) if given["relay"] else tuple(one.origin for one in kept.card.relays)
    warn(where, proxy, yes=given["yes"])
    return kept, where, proxy


@words.command("check", short_help="Read answers with twelve words.")
@_words_options
def check_words(**given: Any) -> None:
    """Check in with a desk with twelve words typed on the terminal, and read its answers. Nothing is kept."""
    from holdfire.journeys import stateless  # noqa: PLC0415
    from holdfire.reach.relay import RelayWay  # noqa: PLC0415

    kept, where, proxy = _typed(given)
    with RelayWay(where[0], proxy) as way:
        found = stateless.shown(stateless.look(kept, where[0], way.ask))
    for fault in found.faults:
        raise fault
    if given["as_json"]:
        print_json(
            {
                "top": found.receipt.top,
                "replies": [{"number": one, "text": text} for one, text in found.replies],
            }
        )
        return
    click.echo(f"The desk has your messages up to number {found.receipt.top}.")
    for number, text in found.replies:
        click.echo(f"\nAnswer {number}:\n{text}")


@words.command("send", short_help="Write with twelve words.")
@kind_option
@text_option
@answer_option
@click.option(
    "--number", type=click.IntRange(1, 1_000), help="Which message it is, if the last one has no receipt yet."
)
@_words_options
def send_words(**given: Any) -> None:
    """Write to a desk with twelve words typed on the terminal, through all its relays. Nothing is kept, nothing is sent again."""
    from holdfire.journeys import stateless  # noqa: PLC0415
    from holdfire.reach.relay import RelayWay  # noqa: PLC0415

    text, form = text_of(given["text_file"]), form_of(given["answers"])
    kept, where, proxy = _typed(given)
    number = given["number"] or 0
    for origin in where:
        with RelayWay(origin, proxy) as way:
            found = stateless.look(kept, origin, way.ask)
            number = stateless.send(
                kept, found, kind_of(given["kind"]), text, form, way.ask, datetime.now(UTC), number
            )
    if given["as_json"]:
        print_json({"number": number})
    else:
        click.echo(
            f"Sent as message {number}. Look for the receipt in some hours: nothing here sends it again."
        )
