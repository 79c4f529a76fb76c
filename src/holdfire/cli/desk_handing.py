"""`holdfire desk refer`: hand a thread on to a lawyer outside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from holdfire.cli.desk_options import at_relay, way_options
from holdfire.cli.drop_options import opened
from holdfire.cli.options import passphrase_option, vault_option
from holdfire.cli.write_file import taken, write_file


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


HANDING = (refer,)
