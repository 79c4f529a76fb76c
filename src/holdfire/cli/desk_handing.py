"""`holdfire desk refer` and `introduce`: hand a thread on to a lawyer outside, bring two members together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfire.cli.desk_options import at_relay, way_options
from holdfire.cli.drop_options import opened, text_of
from holdfire.cli.options import passphrase_option, vault_option
from holdfire.cli.write_file import taken, write_file

if TYPE_CHECKING:
    from holdfire.journeys.introduce import Asks


def _numbers(_context: click.Context, _option: click.Parameter, said: str) -> tuple[int, ...]:
    parts = [one.strip() for one in said.split(",")] if said.strip() else []
    if not all(one.isascii() and one.isdigit() and len(one) < 5 and int(one) for one in parts):  # noqa: PLR2004
        raise click.BadParameter("numbers with commas between them, such as 1,2.")
    return tuple(sorted({int(one) for one in parts}))


@click.command("refer", short_help="Write a thread down for a lawyer outside.")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.pdf|.txt",
              help="The file to write. Without it, it is shown as text, and nothing is sent.")  # fmt: skip
@click.option("--messages", callback=_numbers, default="", metavar="1,2", help="Only these messages; without it, all.")  # fmt: skip
@click.option("--answers", is_flag=True, help="With what the desk answered.")
@click.option("--agreed", is_flag=True, help="The member agreed to this. Needed for --out.")
@way_options
@vault_option
@passphrase_option
def refer(**given: Any) -> None:
    """Write chosen messages of a thread down for a lawyer outside: forms, days, evidence with hashes, and a cover that says what was left out.

    Without --out it is shown, to be read first. With --out that it is given out is put on the desk's record before the file is written.
    """
    from holdfire.journeys import refer_thread  # noqa: PLC0415

    out: Path | None = given["out"]
    if out is not None and out.suffix not in {".pdf", ".txt"}:
        raise click.UsageError("--out takes a name that ends with .pdf or .txt.")
    if out is not None and out.exists():
        raise taken(out)
    wish = refer_thread.Referral(given["number"], given["messages"], given["answers"], given["agreed"])
    with opened(given) as vault:
        packet = refer_thread.refer(vault, wish)
        if out is None:
            click.echo(refer_thread.made_of(packet, "txt").decode())
            return
        refer_thread.check_agreed(wish)
        made = refer_thread.made_of(packet, out.suffix[1:])
        for _, ask in at_relay(vault, given, first=True):
            refer_thread.put_on_record(vault, wish, ask, datetime.now(UTC))
    write_file([made], out)
    click.echo("It is written, and stands in the record. Whoever finds the file can read it.")


@click.command("introduce", short_help="Bring two members together who both asked for it.")
@click.argument("first", type=click.IntRange(min=1), required=False)
@click.argument("second", type=click.IntRange(min=1), required=False)
@click.option(
    "--text", "first_file", type=click.File("rb"), metavar="FILE", help="What the member of FIRST is told."
)
@click.option("--other-text", "second_file", type=click.File("rb"), metavar="FILE", help="What the member of SECOND is told.")  # fmt: skip
@click.option("--send", is_flag=True, help="Answer both. Without it, both letters are shown, and nothing is sent.")  # fmt: skip
@way_options
@vault_option
@passphrase_option
def introduce(**given: Any) -> None:
    """Bring the members of two threads together, who both asked to meet somebody. You decide, and write to each what they may know of the other.

    Without FIRST and SECOND the threads are listed whose members asked. Each letter says, in the member's language, by which two numbers they know each other, and that the desk does not know who the other is.
    """
    from holdfire.journeys import introduce as journey  # noqa: PLC0415

    with opened(given) as vault:
        if given["first"] is None:
            _list_asking(journey.asking(vault))
            return
        if given["second"] is None:
            raise click.UsageError("Two threads are needed: FIRST and SECOND.")
        one, other = (
            journey.Side(given[side], text_of(given[f"{side}_file"])) for side in ("first", "second")
        )
        made = journey.letters(vault, one, other)
        if not given["send"]:
            for side, text in zip((one, other), made, strict=True):
                click.echo(f"To the member of thread {side.number}:\n\n{text}\n")
            return
        for _, ask in at_relay(vault, given, first=True):
            journey.introduce(vault, one, other, ask, datetime.now(UTC))
    click.echo(
        "Both answers stand in the record. They go out with the next edition: `holdfire desk publish`."
    )


def _list_asking(found: Sequence[Asks]) -> None:
    if not found:
        click.echo("Nobody has asked to meet somebody.")
    for one in found:
        click.echo(f"Thread {one.number}: {'; '.join(one.meet)}")


HANDING = (refer, introduce)
