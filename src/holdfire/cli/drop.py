"""`holdfire drop`: desks, messages to them, check-ins, and conversations in twelve words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.drop_desks import add_desk, confirm, contact, desks, forget
from holdfire.cli.drop_options import (
    KINDS,
    answer_option,
    form_of,
    kind_of,
    kind_option,
    opened,
    proxy_of,
    proxy_option,
    text_of,
    text_option,
    unconfirmed_option,
    warn,
    yes_option,
)
from holdfire.cli.drop_words import words
from holdfire.cli.options import (
    json_option,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)
from holdfire.errors import HoldfireError, NetworkError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.journeys.exchange import News


@click.group("drop")
def command() -> None:
    """Write to a desk and read its answers, through relays that read neither. Nothing goes out before you say so."""


@command.command("send", short_help="Write to a desk, and send what waits.")
@click.argument("desk", type=click.IntRange(min=1))
@kind_option
@text_option
@answer_option
@click.option("--attach", "attachments", type=click.IntRange(min=1), multiple=True, metavar="N",
              help="Evidence that goes with it; may be given again.")  # fmt: skip
@click.option("--language", default="", help="The language to answer in, such as be.")
@click.option("--queue", "only_write", is_flag=True, help="Only write it; nothing is sent.")
@click.option("--again", is_flag=True, help="Send again what has no receipt, without waiting 48 hours.")
@click.option("--relay", default="", metavar="ORIGIN", help="Through this relay of the desk.")
@click.option("--insist", is_flag=True, help="Although the newest notice is older than two days.")
@click.option("--drip", type=click.IntRange(0, 3_600), default=0, metavar="SECONDS",
              help="Wait so long between two pieces of a file, so that less shows at once.")  # fmt: skip
@unconfirmed_option
@proxy_option
@yes_option
@vault_option
@passphrase_option
@json_option
def send(**given: Any) -> None:
    """Write to a desk, keep the message in the vault, and send what waits, after checking in. Asks first.

    Without --text, --answer or --attach only what waits is sent. It stays in the outbox until the desk's own receipt is read.
    """
    from holdfire.journeys import write_message  # noqa: PLC0415
    from holdfire.journeys.exchange import waiting_at  # noqa: PLC0415

    number, now = given["desk"], datetime.now(UTC)
    text, form = text_of(given["text_file"]), form_of(given["answers"])
    sent = 0
    news: list[News] = []
    with opened(given) as vault:
        if text or form or given["attachments"] or given["kind"] == "check-in":
            made = write_message.write(
                vault, number, kind_of(given["kind"]), text, form, now, attachments=given["attachments"],
                language=given["language"], unconfirmed=given["unconfirmed"],
            )  # fmt: skip
            for said in made.said:
                click.echo(str(said), err=True)
        where = waiting_at(vault, number, now, again=given["again"], relay=given["relay"])
        if where and not given["only_write"]:
            sent, news = _send(vault, given, where)
        waiting = sum(one.desk == number for one in write_message.outbox(vault))
    if given["as_json"]:
        print_json({"sent": sent, "waiting": waiting})
    else:
        for one in news:
            tell(one)
        click.echo(f"Sent: {sent}. Waiting for a receipt or to be sent: {waiting}.")
        click.echo("It has arrived only when the desk's receipt is here: check in some hours from now.")


def _send(vault: Vault, given: dict[str, Any], where: Sequence[str]) -> tuple[int, list[News]]:
    from holdfire.journeys import exchange  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import keep_proxy  # noqa: PLC0415
    from holdfire.reach.relay import RelayWay  # noqa: PLC0415

    proxy = proxy_of(vault, given)
    warn(where, proxy, yes=given["yes"])
    keep_proxy(vault, proxy, datetime.now(UTC))
    sent = 0
    news: list[News] = []
    fault: HoldfireError | None = None
    for place, origin in enumerate(where):
        if place:
            time.sleep(given["drip"])
        errand = exchange.errand(vault, given["desk"], origin, unconfirmed=given["unconfirmed"])
        try:
            with RelayWay(origin, proxy) as way, progress("Sending") as told:
                found = exchange.look(errand, way.ask)
                news.append(exchange.take_in(vault, found, datetime.now(UTC)))
                sent += exchange.send(
                    vault, found, way.ask, lambda: datetime.now(UTC), again=given["again"], relay=given["relay"],
                    insist=given["insist"], pause=lambda: time.sleep(given["drip"]), progress=told,
                )  # fmt: skip
        except HoldfireError as one:
            fault = fault or one
            if isinstance(one, NetworkError):
                click.echo(
                    "It waits in the outbox. Another relay of the desk can be taken with --relay.", err=True
                )
    if fault and not sent:
        raise fault
    if fault:
        click.echo(f"{fault} {fault.hint}", err=True)
    return sent, news


@command.command("check", short_help="Check in: receipts and answers.")
@click.argument("desk", type=click.IntRange(min=1))
@click.option("--relay", default="", metavar="ORIGIN", help="With this relay of the desk.")
@unconfirmed_option
@proxy_option
@yes_option
@vault_option
@passphrase_option
@json_option
def check(**given: Any) -> None:
    """Check in with a desk: its notice and one bucket, the same whether you wrote or not. Asks first."""
    from holdfire.journeys import exchange  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import keep_proxy  # noqa: PLC0415
    from holdfire.reach.relay import RelayWay  # noqa: PLC0415

    with opened(given) as vault:
        proxy = proxy_of(vault, given)
        where = (given["relay"],) if given["relay"] else exchange.origins(vault, given["desk"])
        errands = [
            exchange.errand(vault, given["desk"], one, unconfirmed=given["unconfirmed"]) for one in where
        ]
        warn(where[:1], proxy, yes=given["yes"])
        keep_proxy(vault, proxy, datetime.now(UTC))
        news = None
        for place, errand in enumerate(errands):
            try:
                with RelayWay(errand.origin, proxy) as way:
                    found = exchange.look(errand, way.ask)
                news = exchange.take_in(vault, found, datetime.now(UTC))
                break
            except NetworkError as fault:
                if place == len(errands) - 1:
                    raise
                click.echo(f"{errand.origin}: {fault} Trying another relay of the desk.", err=True)
    if news is None:
        raise AssertionError("a desk has a relay")
    if given["as_json"] and not news.faults:
        print_json(plain_news(news))
    elif not news.faults:
        tell(news)
    else:
        if not given["as_json"]:
            tell(news)
        raise news.faults[0]


def plain_news(news: News) -> dict[str, object]:
    """Return what a check-in brought as JSON has it."""
    return {
        "relay": news.origin,
        "notice": news.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "stage": news.stage.value,
        "replies": [{"number": one.number, "text": one.text} for one in news.replies],
        "bulletins": [
            {"day": one.day.isoformat(), "title": one.title, "text": one.text} for one in news.bulletins
        ],
        "said": [str(one) for one in news.said],
    }


def tell(news: News) -> None:
    """Print what a check-in brought."""
    click.echo(f"{news.origin}: the desk's notice is of {news.time:%Y-%m-%d %H:%M} UTC. {news.stage.value}.")
    for said in news.said:
        click.echo(f"  {said}")
    for line in news.replies:
        click.echo(f"\nAnswer {line.number}:\n{line.text}")
    for bulletin in news.bulletins:
        click.echo(f"\n{bulletin.day} {bulletin.title}\n{bulletin.text}")


@command.command("replies", short_help="Read what was said.")
@click.argument("desk", type=click.IntRange(min=1))
@vault_option
@passphrase_option
@json_option
def replies(**given: Any) -> None:
    """Read a conversation as it is in the vault. Nothing is sent."""
    from holdfire.journeys import write_message  # noqa: PLC0415

    with opened(given) as vault:
        found = write_message.talk(vault, given["desk"])
    if given["as_json"]:
        print_json({"desk": found.desk, "stage": found.stage.value, "lines": [
            {"mine": one.mine, "number": one.number, "text": one.text, "day": one.day.isoformat(), "state": one.state}
            for one in found.lines
        ]})  # fmt: skip
        return
    click.echo(f"{found.name}: {found.stage.value}")
    for one in found.lines:
        who = f"You ({one.state})" if one.mine else "The desk"
        click.echo(f"\n{one.day} {who}, {one.number}:\n{one.text}")
        for title in one.files:
            click.echo(f"  with {title}")


@command.command("outbox", short_help="See what waits for a receipt.")
@click.option(
    "--discard", nargs=2, type=int, metavar="DESK NUMBER", help="Take one back that was never sent."
)
@vault_option
@passphrase_option
@json_option
def outbox(**given: Any) -> None:
    """List what waits to be sent, or for the desk's receipt."""
    from holdfire.journeys import write_message  # noqa: PLC0415

    with opened(given) as vault:
        if given["discard"]:
            write_message.discard(vault, *given["discard"])
        found = write_message.outbox(vault)
    if given["as_json"]:
        print_json({"waiting": [
            {"desk": one.desk, "number": one.number, "kind": KINDS[one.kind], "state": one.state, "files": list(one.files)}
            for one in found
        ]})  # fmt: skip
        return
    for one in found:
        click.echo(f"{one.name}, {one.number}, {KINDS[one.kind]}: {one.state}")
    if not found:
        click.echo("Nothing waits.")


for _command in (add_desk, desks, confirm, contact, forget, words):
    command.add_command(_command)
