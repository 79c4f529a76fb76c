"""`holdfire evidence log`: the history of a piece of evidence, checked, and held against what was handed out earlier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from holdfire.cli.options import json_option, one_passphrase, passphrase_option, print_json, vault_option
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.evidence.custody.extract import Shown

#: What each action is to a person.
_ACTIONS: Final = {
    "receive": "came in",
    "open": "was looked at",
    "copy": "a copy was made",
    "redact": "a copy was made with parts covered",
    "transfer": "was handed on",
    "dispose": "was disposed of",
}
#: Fields that a line of its own names, in this order; the times and hashes are told otherwise.
_FIELDS: Final = {
    "role": "by", "alias": "alias", "name": "name", "clock": "clock", "where": "where", "why": "why",
    "authority": "on whose authority", "custodian_from": "from", "custodian_to": "to", "steps": "steps",
    "hash_before": "SHA-256 before", "hash_after": "SHA-256 after", "parent": "made from (salted hash)",
    "change": "change that could not be avoided", "answerable": "who answers for it",
}  # fmt: skip
#: Longest line of an extract, and the LF.
_MOST_LINE: Final = (1 << 20) + 1


@click.command("log", short_help="Check its history against what was handed out.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The custody extract of a package that you handed out earlier.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def log(
    *, number: int, against: Path | None, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Check every event, signature and opening of the history, and that it goes on from every state that left this vault.

    What is wrong is named, and the command ends with 1. Whoever had the open vault could have written a whole other past: only an extract in somebody
    else's hands, given with --against, or a stamp shows that they did not.
    """
    from holdfire.journeys.keep_evidence import custody_log, find_evidence  # noqa: PLC0415 -- a tenth of a second
    from holdfire.journeys.kept_log import check_against, told  # noqa: PLC0415

    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        found = custody_log(vault, number)
        events = told(found)
        given = vault.logs.given(find_evidence(vault, number).value.log)
        size = None
        if against is not None:
            with against.open("rb") as stream:
                size = check_against(found, _lines(stream)).size
    if as_json:
        print_json(
            {
                "id": number,
                "checked": True,
                "key": found.key.public.hex(),
                "events": [plain_event(one) for one in events],
                "given": [{"to": one.whom, "when": one.saved.isoformat()} for one in given],
                "against": None if size is None else {"events": size},
            }
        )
        return
    click.echo("\n".join(history_lines(events)))
    click.echo(f"\nChecked: {len(events)} events, each as it was signed.")
    for one in given:
        click.echo(f"It goes on from what was made for: {one.whom} ({one.saved:%Y-%m-%d})")
    if size is not None:
        click.echo(f"It goes on from the extract you gave, which knew {size} events.")
    elif not given:
        click.echo(
            "No state of it left this vault: a past written anew by whoever has the vault would not be noticed.",
            err=True,
        )


def history_lines(events: Iterable[Shown]) -> Iterator[str]:
    """Yield the events of a history in plain words."""
    for shown in events:
        values = shown.values
        when = _said(values["exact"]).replace("T", " ").replace("Z", " UTC")
        offset = "" if values["offset"] in {"+00:00", "unknown"} else f" ({values['offset']} there)"
        yield f"  {shown.event.number + 1}. {when}{offset}: {_ACTIONS[shown.event.action]}"
        for field, words in _FIELDS.items():
            if values[field] != "unknown":
                yield f"     {words}: {' '.join(_said(values[field]).split())}"


def plain_event(shown: Shown) -> dict[str, object]:
    """Return what `--json` says of an event: its values, those that nobody knows left out."""
    known = {field: words for field, words in shown.values.items() if words != "unknown"}
    return {"number": shown.event.number + 1, "action": shown.event.action, **known}


def _said(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.readline(_MOST_LINE), b"")
