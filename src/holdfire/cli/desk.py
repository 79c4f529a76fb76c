"""`holdfire desk`: make a desk, hand out its card, read what came, answer, publish."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.desk_acts import ACTS
from holdfire.cli.desk_options import at_relay, on_relays, way_options
from holdfire.cli.drop_options import KINDS, opened, text_of
from holdfire.cli.options import json_option, passphrase_option, print_json, progress, vault_option
from holdfire.cli.write_file import write_file
from holdfire.errors import UserError
from holdfire.language import mark

if TYPE_CHECKING:
    from holdfire.journeys.keep_own_desk import Room
    from holdfire.journeys.run_desk import News, Shown
    from holdfire.sealing.double_signature import DoubleKey

_HOURS = 6


@click.group(short_help="Be a desk: read what members send, answer, publish.")
def command() -> None:
    """Be a desk: people whom members of the forces can trust, who read what they send and answer it.

    Every command that reaches a relay says so and asks first.
    """


@command.command("init", short_help="Make a desk, its card, and its root.")
@click.argument("name")
@click.option(
    "--relay",
    "origins",
    multiple=True,
    metavar="URL",
    required=True,
    help="A relay, as its host gave it; may be given again.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="HEX",
    required=True,
    help="The relay's key; one for each --relay.",
)
@click.option(
    "--grant",
    "grants",
    multiple=True,
    metavar="HEX",
    required=True,
    help="The host's grant; one for each --relay.",
)
@click.option(
    "--promises",
    "promises_file",
    type=click.File("rb"),
    metavar="FILE",
    help="What the desk promises, in its own words.",
)
@click.option("--who", default="first", show_default=True, help="What the desk calls you; never a real name.")
@click.option(
    "--root",
    "root_file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Write the root here: a stick that lies somewhere safe, never on this computer.",
)
@click.option("--shares", metavar="K/N", help="Write the root as N files, of which any K bring it back.")
@way_options
@vault_option
@passphrase_option
@json_option
def init(**given: Any) -> None:  # fmt: skip
    """Make a desk: its root, its card, its keys, and its places on its relays.

    The root signs the card. Who has it is the desk, and a stolen one cannot be taken back: it is written to --root and nowhere else.
    """
    from holdfire.journeys import keep_own_desk  # noqa: PLC0415

    rooms = _rooms(given["origins"], given["keys"], given["grants"])
    with opened(given) as vault:
        record, root = keep_own_desk.new_desk(
            vault, given["name"], text_of(given["promises_file"]), rooms, given["who"], datetime.now(UTC)
        )
        _write_root(root, given["root_file"], given["shares"])
        for room, ask in on_relays(vault, given, [one.origin for one in rooms]):
            keep_own_desk.settle(record.value, rooms[room], ask)
    card = record.value.card
    if given["as_json"]:
        print_json({"desk": card.desk.hex(), "words": card.words, "root": str(given["root_file"])})
        return
    click.echo(f"The desk is made: {card.name}")
    click.echo(f"Its eight words: {card.words}")
    click.echo(
        "Say them to people by voice or on paper, never beside the card: they show that the card is yours."
    )
    click.echo("Next: `holdfire desk publish`, and `holdfire desk card --out FILE` to hand out.")


@command.command("card", short_help="Write the card to hand out, and show its eight words.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the card to this file.")
@vault_option
@passphrase_option
@json_option
def card_command(**given: Any) -> None:
    """Show the desk's eight words, and write its card to a file. The card may go by any way; the words go by another."""
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415

    with opened(given) as vault:
        own = own_desk(vault).value
    if given["out"]:
        write_file([own.document], given["out"])
    if given["as_json"]:
        print_json({"desk": own.id.hex(), "words": own.card.words, "number": own.card.number})
        return
    click.echo(own.card.words)


@command.command("renew", short_help="Certify this device for another 90 days, with the root.")
@click.option("--root", "root_files", type=click.Path(dir_okay=False, exists=True, path_type=Path), multiple=True, required=True,
              help="The root's file, or a share; may be given again.")  # fmt: skip
@vault_option
@passphrase_option
def renew(**given: Any) -> None:
    """Certify this device's publish keys for another 90 days. The root is read, used, and not kept."""
    from holdfire.journeys import keep_own_desk  # noqa: PLC0415

    root = keep_own_desk.root_of(lambda: [file.read_bytes() for file in given["root_files"]])
    with opened(given) as vault:
        own = keep_own_desk.renew(vault, root, datetime.now(UTC)).value
    click.echo(f"This device can publish until {own.until:%Y-%m-%d}.")


@command.command("recover", short_help="Bring the root back from its shares.")
@click.argument(
    "shares", nargs=-1, required=True, type=click.Path(dir_okay=False, exists=True, path_type=Path)
)
@click.option("--root", "root_file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Write the root here.")  # fmt: skip
def recover(shares: tuple[Path, ...], root_file: Path) -> None:
    """Join shares to the root again. No vault is needed."""
    from holdfire.journeys import keep_own_desk  # noqa: PLC0415

    root = keep_own_desk.root_of(lambda: [file.read_bytes() for file in shares])
    write_file([root.seed], root_file)
    click.echo("The root is back. Put it somewhere safe again.")


@command.command("publish", short_help="Publish the next edition: receipts and answers for everybody.")
@click.option("--every-edition", is_flag=True, help="Go on: read and publish at 0, 6, 12 and 18 o'clock UTC, until Ctrl-C.")  # fmt: skip
@way_options
@vault_option
@passphrase_option
def publish(**given: Any) -> None:
    """Read the inboxes, then publish an edition on every relay. A relay cannot tell whom it answers, or whether anybody.

    Publish at the same four hours every day, whether there is news or not: else the hours tell when there was.
    """
    from holdfire.journeys import run_desk  # noqa: PLC0415

    with opened(given) as vault:
        while True:
            for origin, ask in at_relay(vault, given):
                tell(run_desk.look(vault, origin, ask, datetime.now(UTC)))
                with progress("Publishing") as told:
                    for done, total in run_desk.publish(vault, origin, ask, datetime.now(UTC)):
                        told(done, total)
                click.echo(f"Published on {origin}.")
            if not given["every_edition"]:
                return
            given["yes"] = True
            _wait_for_the_hour()


@command.command("pull", short_help="Read what came.")
@way_options
@vault_option
@passphrase_option
@json_option
def pull(**given: Any) -> None:
    """Read the inboxes and the record of this desk, on every relay. Nobody is answered by that: `desk publish` shows receipts."""
    from holdfire.journeys import run_desk  # noqa: PLC0415

    with opened(given) as vault:
        found = [
            run_desk.look(vault, origin, ask, datetime.now(UTC)) for origin, ask in at_relay(vault, given)
        ]
    if given["as_json"]:
        print_json([vars(one) for one in found])
        return
    for one in found:
        tell(one)


def tell(news: News) -> None:
    """Say what a look into an inbox brought."""
    click.echo(f"New messages: {news.messages}.")
    if news.junk:
        click.echo(f"Entries that no key of this desk opens: {news.junk}.")
    if news.forged:
        click.echo(
            f"Messages that do not continue the conversation they name: {news.forged}. Somebody else wrote them."
        )
    if news.gone:
        click.echo(
            f"Entries that went before they were read: {news.gone}. Their senders get no receipt, and send again."
        )


@command.command("inbox", short_help="List the threads, warnings first.")
@click.option("--search", "words", default="", help="Only threads in which these words stand.")
@vault_option
@passphrase_option
@json_option
def inbox(**given: Any) -> None:
    """List the threads: warnings first, then who is in need, then what has waited longest. What the desk itself must do stands above."""
    from holdfire.desk.due import due  # noqa: PLC0415
    from holdfire.journeys import run_desk  # noqa: PLC0415
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415

    with opened(given) as vault:
        found = run_desk.threads(vault, given["words"])
        waits = due(own_desk(vault).value, datetime.now(UTC))
    if given["as_json"]:
        print_json([_plain(one) for one in found])
        return
    for one in waits:
        click.echo(f"{one.said.format(day=one.day, relay=one.relay)} {one.hint}", err=True)
    if not found:
        click.echo(
            "No thread is here." if given["words"] else "Nothing has come yet. `holdfire desk pull` looks."
        )
    for shown in found:
        click.echo(_line(shown))


@command.command("read", short_help="Read a thread.")
@click.argument("number", type=click.IntRange(min=1))
@vault_option
@passphrase_option
@json_option
def read(**given: Any) -> None:
    """Read a thread: what came, what was answered, and what the record says of it."""
    from holdfire.journeys import run_desk  # noqa: PLC0415

    with opened(given) as vault:
        shown = run_desk.show(vault, given["number"])
    if given["as_json"]:
        print_json(_plain(shown))
        return
    tell_thread(shown)


def tell_thread(shown: Shown) -> None:
    """Say what stands in a thread."""
    click.echo(_line(shown))
    for came in shown.messages:
        click.echo(
            f"\n{came.number}. {KINDS[came.kind]}, {came.time:%Y-%m-%d}"
            + (", TWO DIFFERENT ONES CAME" if came.verdict == "clash" else "")
        )
        for name, answer in came.form.items():
            click.echo(f"   {name}: {answer}")
        if came.text:
            click.echo(f"   {came.text}")
        for file in came.files:
            where = (
                f"evidence {file.evidence}"
                if file.evidence
                else "gone from the relay"
                if file.gone
                else "not fetched: `desk accept`"
            )
            click.echo(f"   File, {file.attachment.length} bytes: {where}")
    for number, text in enumerate(shown.said.replies, 1):
        click.echo(f"\nAnswer {number}: {text}" + ("" if number > shown.thread.seen else " (read)"))
    for note in shown.said.notes:
        click.echo(f"Note: {note}")


def _line(shown: Shown) -> str:
    thread, said = shown.thread, shown.said
    words = [("WARNING", "in need", "")[thread.urgency], said.status, *sorted(said.labels)]
    words += [f"for {said.assigned}"] if said.assigned else []
    words += ["ended"] if said.ended else []
    words += [f"{thread.forged} FORGED"] if thread.forged else []
    words += ["answer waits to be read"] if len(said.replies) > thread.seen else []
    told = ", ".join(one for one in words if one)
    return (
        f"Thread {thread.number}: {len(thread.received.contents)} messages, last {thread.last:%Y-%m-%d}"
        + (f" ({told})" if told else "")
    )


def _plain(shown: Shown) -> dict[str, object]:
    thread, said = shown.thread, shown.said
    return {
        "number": thread.number, "urgency": thread.urgency, "last": thread.last.isoformat(), "language": thread.language,
        "forged": thread.forged, "assigned": said.assigned, "labels": sorted(said.labels), "status": said.status,
        "notes": list(said.notes), "replies": list(said.replies), "seen": thread.seen, "ended": said.ended,
        "messages": [
            {
                "number": one.number, "kind": KINDS[one.kind], "text": one.text, "form": dict(one.form),
                "verdict": one.verdict,
                "files": [{"length": file.attachment.length, "evidence": file.evidence, "gone": file.gone} for file in one.files],
            }
            for one in shown.messages
        ],
    }  # fmt: skip


@command.command("accept", short_help="Fetch the files of a thread, and judge packages.")
@click.argument("number", type=click.IntRange(min=1))
@way_options
@vault_option
@passphrase_option
def accept(**given: Any) -> None:
    """Fetch the files of a thread into the vault as evidence. Before this nothing of them is fetched: junk costs nothing."""
    from holdfire.journeys import run_desk  # noqa: PLC0415

    number = given["number"]
    with opened(given) as vault:
        for origin, ask in at_relay(vault, given):
            with progress("Fetching") as told:
                for done, total in run_desk.accept(vault, number, origin, ask, datetime.now(UTC)):
                    told(done, total)
        for came in run_desk.show(vault, number).messages:
            for file in came.files:
                if file.evidence:
                    click.echo(f"Message {came.number}: evidence {file.evidence}")
                    for said in run_desk.judged(vault, file.evidence):
                        click.echo(f"  {said}")
                elif file.gone:
                    click.echo(f"Message {came.number}: a file is gone from the relay. Ask for it again.")


@command.command("bulletin", short_help="Tell everyone something, with every edition.")
@click.argument("title")
@click.option(
    "--text", "text_file", type=click.File("rb"), metavar="FILE", help="The text, from a file or “-”."
)
@vault_option
@passphrase_option
def bulletin(**given: Any) -> None:
    """Keep a bulletin that everyone who checks in reads, from the next edition on. Of more than eight the oldest goes."""
    from holdfire.journeys.keep_own_desk import tell_everyone  # noqa: PLC0415

    with opened(given) as vault:
        tell_everyone(vault, given["title"], text_of(given["text_file"]), datetime.now(UTC))
    click.echo("It stands in the next edition: `holdfire desk publish`.")


for _act in ACTS:
    command.add_command(_act)


def _rooms(origins: tuple[str, ...], keys: tuple[str, ...], grants: tuple[str, ...]) -> list[Room]:
    from holdfire.journeys.keep_own_desk import Room  # noqa: PLC0415

    if not len(origins) == len(keys) == len(grants):
        raise click.UsageError("Give --relay, --key and --grant once for each relay.")
    return [
        Room(origin, _hex(key), _hex(grant)) for origin, key, grant in zip(origins, keys, grants, strict=True)
    ]


def _hex(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:  # noqa: PLR2004
        raise UserError(mark("A key or a grant is 64 letters from 0 to f."), mark("Copy it whole from what the host gave you."))  # fmt: skip
    return found


def _write_root(root: DoubleKey, file: Path, shares: str | None) -> None:
    from holdfire.journeys.keep_own_desk import shares_of  # noqa: PLC0415

    if shares is None:
        write_file([root.seed], file)
        return
    needed, _, count = shares.partition("/")
    if not (needed.isdigit() and count.isdigit()):
        raise click.UsageError("--shares takes K/N, such as 2/3.")
    for number, share in enumerate(shares_of(root, int(needed), int(count)), 1):
        write_file([share], file.with_name(f"{file.name}.{number}"))


def _wait_for_the_hour() -> None:
    import time  # noqa: PLC0415

    now = datetime.now(UTC)
    past = (now.hour % _HOURS) * 3_600 + now.minute * 60 + now.second
    time.sleep(_HOURS * 3_600 - past)
