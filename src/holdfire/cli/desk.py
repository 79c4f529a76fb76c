"""`holdfire desk`: read what came, publish; with the commands that make a desk (`desk_making`) and act on threads (`desk_acts`)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.desk_acts import ACTS
from holdfire.cli.desk_handing import HANDING
from holdfire.cli.desk_making import MAKING
from holdfire.cli.desk_members import MEMBERS
from holdfire.cli.desk_options import at_relay, way_options
from holdfire.cli.drop_options import KINDS, opened, text_of
from holdfire.cli.options import json_option, passphrase_option, print_json, progress, vault_option
from holdfire.cli.write_file import write_file

if TYPE_CHECKING:
    from holdfire.journeys.run_desk import News, Shown

_HOURS = 6


@click.group(short_help="Be a desk: read what members send, answer, publish.")
def command() -> None:
    """Be a desk: people whom members of the forces can trust, who read what they send and answer it.

    Every command that reaches a relay says so and asks first.
    """


@command.command("publish", short_help="Publish the next edition: receipts and answers for everybody.")
@click.option("--every-edition", is_flag=True, help="Go on: read and publish at 0, 6, 12 and 18 o'clock UTC, until Ctrl-C.")  # fmt: skip
@click.option("--restored", is_flag=True, help="This vault came from a backup: go on from the edition that stands on the relay.")  # fmt: skip
@way_options
@vault_option
@passphrase_option
def publish(**given: Any) -> None:
    """Read the inboxes, then publish an edition on every relay. A relay cannot tell whom it answers, or whether anybody.

    Publish at the same four hours every day, whether there is news or not: else the hours tell when there was.
    """
    from holdfire.journeys import run_desk  # noqa: PLC0415

    with opened(given) as vault:
        run_desk.check_publishes(vault)
        while True:
            for origin, ask in at_relay(vault, given):
                tell(run_desk.look(vault, origin, ask, datetime.now(UTC)))
                with progress("Publishing") as told:
                    for done, total in run_desk.publish(
                        vault, origin, ask, datetime.now(UTC), restored=given["restored"]
                    ):
                        told(done, total)
                click.echo(f"Published on {origin}.")
            if not given["every_edition"]:
                return
            given.update(yes=True, restored=False)
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
    from holdfire.conversation.kinds import answered  # noqa: PLC0415

    click.echo(_line(shown))
    for came in shown.messages:
        click.echo(
            f"\n{came.number}. {KINDS[came.kind]}, {came.time:%Y-%m-%d}"
            + (", TWO DIFFERENT ONES CAME" if came.verdict == "clash" else "")
        )
        for asked, answer in answered(came.kind, came.form):
            click.echo(f"   {asked} {answer}")
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
    return f"Thread {thread.number}: {thread.messages} messages, last {thread.last:%Y-%m-%d}" + (
        f" ({told})" if told else ""
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
    """Fetch the files of a thread into the vault as evidence. Before this nothing of them is fetched: junk costs nothing.

    That they are here is put on the desk's record.
    """
    from holdfire.journeys import accept_files, fetch_files, run_desk  # noqa: PLC0415

    number = given["number"]
    with opened(given) as vault:
        for origin, ask in at_relay(vault, given):
            with progress("Fetching") as told:
                for done, total in fetch_files.accept(vault, number, origin, ask, datetime.now(UTC)):
                    told(done, total)
        if accept_files.unrecorded(vault, number):
            given["yes"] = True
            for _, ask in at_relay(vault, given, first=True):
                accept_files.put_on_record(vault, number, ask, datetime.now(UTC))
        for came in run_desk.show(vault, number).messages:
            for file in came.files:
                if file.evidence:
                    click.echo(f"Message {came.number}: evidence {file.evidence}")
                    for said in fetch_files.judged(vault, file.evidence):
                        click.echo(f"  {said}")
                elif file.gone:
                    click.echo(f"Message {came.number}: a file is gone from the relay. Ask for it again.")


@command.command("record", short_help="Show what was done here, by whom.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all acts to this file, one to a line, as JSON. That is an act, too.",
)
@way_options
@vault_option
@passphrase_option
@json_option
def record(**given: Any) -> None:
    """Show the acts of this desk in their order: who labelled, assigned, answered, when. With --out they are written down for somebody else."""
    from holdfire.journeys import desk_record  # noqa: PLC0415

    with opened(given) as vault:
        acts = desk_record.told(vault)
        if given["out"]:
            for _, ask in at_relay(vault, given, first=True):
                acts = desk_record.export(vault, ask, datetime.now(UTC))
    plain = [
        {
            "time": one.time.isoformat(),
            "who": one.who,
            "act": one.act.name.lower(),
            "thread": one.thread,
            "detail": one.detail,
        }
        for one in acts
    ]
    if given["out"]:
        write_file([json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in plain], given["out"])
    if given["as_json"]:
        print_json(plain)
        return
    if not plain:
        click.echo("Nothing was done yet.")
    for one in acts:
        about = f", thread {one.thread}" if one.thread else ""
        click.echo(
            f"{one.time:%Y-%m-%d %H:%M} {one.who}: {one.act.name.lower()}{about}"
            + (f": {one.detail}" if one.detail else "")
        )


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


for _one in (*MAKING, *MEMBERS, *ACTS, *HANDING):
    command.add_command(_one)


def _wait_for_the_hour() -> None:
    import time  # noqa: PLC0415

    now = datetime.now(UTC)
    past = (now.hour % _HOURS) * 3_600 + now.minute * 60 + now.second
    time.sleep(_HOURS * 3_600 - past)
