"""`holdfire evidence timestamp` and `authorities`: stamps on the logs of items, asked for here, sent only when told to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from holdfire.cli.options import (
    json_option,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)
from holdfire.cli.write_file import write_file
from holdfire.errors import HoldfireError
from holdfire.language import mark
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfire.journeys.stamp_evidence import Errand, Judged
    from holdfire.reach.way import Proxy

_STRAIGHT: Final = "none"
#: The most of a file with an answer that is read.
_MOST: Final = 1 << 20

WHAT_THEY_LEARN: Final = mark(
    "Each of them learns an address and a time, and a hash that says nothing. Whoever carries the connection sees that you asked."
)


@click.command("timestamp", short_help="Have an item's log stamped by others, or see what stamps say.")
@click.argument("numbers", metavar="ID...", type=click.IntRange(min=1), nargs=-1, required=True)
@click.option("--authority", "authorities", multiple=True, metavar="NAME",
              help="Ask this authority of your list; may be given again.")  # fmt: skip
@click.option("--ots", is_flag=True, help="Ask every calendar of your list (OpenTimestamps).")
@click.option(
    "--queue",
    "everybody",
    is_flag=True,
    help="Only write the requests; without --authority or --ots, for everybody on your list.",
)
@click.option("--send", "sending", is_flag=True, help="Send what waits, now. Asks first.")
@click.option("--proxy", "proxy_text", metavar="HOST:PORT",
              help="Send through this SOCKS5 proxy, such as Tor's 127.0.0.1:9050; “none” goes straight. Without it, as last time.")  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              help="Write the waiting requests into this folder, to be carried to another computer.")  # fmt: skip
@click.option("--in", "answers", type=click.Path(dir_okay=False, exists=True, path_type=Path), multiple=True,
              help="Take this answer in; may be given again.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@vault_option
@passphrase_option
@json_option
def timestamp(**given: Any) -> None:
    """Have the custody log of an item stamped, so that others say when it stood as it stands.

    What is stamped is a salted hash of the log's head, never a file or its hash. Requests are written without a network and wait;
    --send sends them, --out writes them as files for another computer, --in takes the answers in. Without any of these it says what
    the stamps prove.
    """
    from holdfire.journeys.stamp_evidence import judge  # noqa: PLC0415 -- its libraries take a tenth of a second

    numbers: tuple[int, ...] = tuple(dict.fromkeys(given["numbers"]))
    with Vault.open(given["vault_path"], one_passphrase(given["passphrase_files"])) as vault:
        _queue(vault, numbers, given)
        _take_in(vault, numbers, given["answers"])
        written = _write(vault, numbers, given["out"]) if given["out"] else []
        fault = _send(vault, numbers, given) if given["sending"] else None
        judged = [(number, judge(vault, number, datetime.now(UTC))) for number in numbers]
    if fault is not None and given["as_json"]:
        raise fault
    if given["as_json"]:
        print_json(
            {
                "items": [
                    {"id": number, "stamps": [plain_stamp(one) for one in found]} for number, found in judged
                ],
                "written": written,
            }
        )
    else:
        for name in written:
            click.echo(f"Written: {name}")
        for number, found in judged:
            _tell(number, found)
    if fault is not None:
        raise fault


def plain_stamp(one: Judged) -> dict[str, object]:
    """Return a stamp and its verdict as JSON has them."""
    verdict = one.verdict
    return {
        "number": one.place,
        "kind": one.stamp.kind,
        "name": one.stamp.name,
        "state": verdict.state,
        "time": verdict.time.strftime("%Y-%m-%dT%H:%M:%SZ") if verdict.time else None,
        "says": verdict.sentence.format(**verdict.values),
        "values": dict(verdict.values),
        "covers": one.covers,
        "events": one.events,
        "statement": one.stamp.statement.decode("ascii"),
        "sha256": one.stamp.digest.hex(),
    }


def _tell(number: int, found: Sequence[Judged]) -> None:
    click.echo(f"Item {number}")
    if not found:
        click.echo("  No stamp was asked for.")
    for one in found:
        click.echo(f"  {one.place}. {one.stamp.name}: {one.verdict.sentence.format(**one.verdict.values)}")
        if one.covers < one.events:
            click.echo(f"     It speaks of the first {one.covers} of {one.events} events of the log.")


def _queue(vault: Vault, numbers: Sequence[int], given: dict[str, Any]) -> None:
    from holdfire.journeys.kept_stamps import all_authorities  # noqa: PLC0415
    from holdfire.journeys.stamp_evidence import queue  # noqa: PLC0415

    named: list[str] = list(given["authorities"])
    everybody = given["everybody"] and not named and not given["ots"]
    if not (named or given["ots"] or everybody):
        return
    named += [
        one.value.name
        for one in all_authorities(vault)
        if everybody or (given["ots"] and one.value.kind == "calendar")
    ]
    for number in numbers:
        queue(vault, number, named, datetime.now(UTC))
    if len(set(named)) == 1:
        click.echo("One stamp alone hangs on one authority's word; two are better.", err=True)


def _take_in(vault: Vault, numbers: Sequence[int], answers: Sequence[Path]) -> None:
    from holdfire.journeys.stamp_evidence import take_in_file  # noqa: PLC0415

    for file in answers:
        with file.open("rb") as stream:
            take_in_file(vault, numbers, stream.read(_MOST), file.name, datetime.now(UTC))


def _write(vault: Vault, numbers: Sequence[int], folder: Path) -> list[str]:
    from holdfire.journeys.stamp_evidence import stamps_of  # noqa: PLC0415

    folder.mkdir(mode=0o700, exist_ok=True)
    written = []
    for number in numbers:
        waiting = (one.value.stamp for one in stamps_of(vault, number) if not one.value.stamp.answer)
        for stamp in waiting:
            write_file([stamp.request], folder / stamp.request_name)
            written.append(stamp.request_name)
    return written


def _send(vault: Vault, numbers: Sequence[int], given: dict[str, Any]) -> HoldfireError | None:
    """Send what waits after saying what it tells whom, and return what went wrong."""
    from holdfire.journeys.kept_stamps import keep_proxy, last_proxy  # noqa: PLC0415
    from holdfire.journeys.stamp_evidence import errands, send  # noqa: PLC0415
    from holdfire.reach.way import read_proxy  # noqa: PLC0415

    text = given["proxy_text"]
    proxy = last_proxy(vault) if text is None else None if text == _STRAIGHT else read_proxy(text)
    waiting = [one for number in numbers for one in errands(vault, number)]
    if not waiting:
        click.echo("Nothing waits to be sent.", err=True)
        return None
    _warn(waiting, proxy)
    if not given["yes"]:
        click.confirm("Send now?", abort=True, err=True)
    keep_proxy(vault, proxy, datetime.now(UTC))
    fault: HoldfireError | None = None
    with progress("Sending") as told:
        for number in numbers:
            try:
                send(vault, number, proxy, datetime.now(UTC), progress=told)
            except HoldfireError as one:
                fault = fault or one
    return fault


def _warn(waiting: Sequence[Errand], proxy: Proxy | None) -> None:
    for host, name in dict.fromkeys((one.host, one.name) for one in waiting):
        click.echo(f"To {name} at {host}", err=True)
    if proxy is None:
        click.echo(
            "Straight from this computer: they see its address, and your provider sees whom you ask.",
            err=True,
        )
    else:
        click.echo(
            f"Through the proxy {proxy}: they see its address, not yours. That you use it can be seen.",
            err=True,
        )
    click.echo(WHAT_THEY_LEARN, err=True)


@click.group("authorities", short_help="Your own list of who can be asked for stamps.")
def authorities() -> None:
    """Keep your own list of authorities and calendars that can be asked for stamps. Nobody is on it from the start."""


@authorities.command("list", short_help="List whom you can ask; --known names some that others use.")
@click.option(
    "--known", is_flag=True, help="Name some that others use, with the source; none was tried from here."
)
@vault_option
@passphrase_option
@json_option
def list_authorities(
    *, known: bool, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """List whom you can ask for stamps."""
    from holdfire.evidence.stamps.known import KNOWN  # noqa: PLC0415
    from holdfire.journeys.kept_stamps import all_authorities  # noqa: PLC0415

    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        found = [one.value for one in all_authorities(vault)]
    if as_json:
        document: dict[str, object] = {
            "authorities": [{"name": one.name, "kind": one.kind, "address": one.address} for one in found]
        }
        if known:
            document["known"] = [dict(vars(one)) for one in KNOWN]
        print_json(document)
        return
    for one in found:
        click.echo(f"{one.name} ({one.kind}): {one.address}")
    if not found:
        click.echo("Nobody yet. `holdfire evidence authorities add` puts somebody on the list.")
    if known:
        click.echo("\nOthers use these. None is chosen, and none was tried from here:")
        for each in KNOWN:
            click.echo(f"{each.name} ({each.kind}): {each.address}\n  from {each.source}, {each.date}")


@authorities.command("add", short_help="Put an authority or a calendar on your list; nobody is asked.")
@click.argument("name")
@click.argument("address", metavar="URL")
@click.option("--root", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The authority's root certificate, PEM or DER, or its whole chain.")  # fmt: skip
@click.option("--calendar", is_flag=True, help="A calendar of OpenTimestamps, which has no certificate.")
@vault_option
@passphrase_option
@json_option
def add(
    *, name: str, address: str, root: Path | None, calendar: bool, vault_path: Path, passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Put an authority or a calendar on your list. Nothing is sent.

    Compare the root's SHA-256, which is printed, with what the authority says of it by another way.
    """
    from holdfire.journeys.kept_stamps import add_authority  # noqa: PLC0415
    from holdfire.sealing.certificate import read_file  # noqa: PLC0415

    if calendar == (root is not None):
        raise click.UsageError("An authority needs --root; a calendar needs --calendar and no --root.")
    content = b""
    if root is not None:
        with root.open("rb") as stream:
            content = stream.read(_MOST)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        made = add_authority(
            vault, name, "calendar" if calendar else "authority", address, content, datetime.now(UTC)
        ).value
    roots = [one for one in read_file(made.roots.encode("ascii")) if one.is_root] if made.roots else []
    if as_json:
        print_json(
            {
                "name": made.name,
                "kind": made.kind,
                "address": made.address,
                "roots": [one.fingerprint for one in roots],
            }
        )
        return
    click.echo(f"{made.name} is on your list.")
    for one in roots:
        click.echo(f"Root: {one.subject}, until {one.ends:%Y-%m-%d}, SHA-256 {one.fingerprint}")
    if address.startswith("http://"):
        click.echo(
            "Its address begins with http: whoever carries the connection can read that you ask for a stamp.",
            err=True,
        )


@authorities.command("remove", short_help="Take somebody off your list; their stamps stay.")
@click.argument("name")
@vault_option
@passphrase_option
@json_option
def remove(*, name: str, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """Take somebody off your list. The stamps they gave stay whole, with their certificates."""
    from holdfire.journeys.kept_stamps import remove_authority  # noqa: PLC0415

    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        remove_authority(vault, name)
    if as_json:
        print_json({"removed": name})
    else:
        click.echo("Taken off your list. The stamps they gave stay.")
