"""`holdfire law`: what the law packs hold, with dates and how well each was read."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from holdfire.cli.law_texts import COMMANDS, beside
from holdfire.cli.law_told import plain_wording, wording_lines
from holdfire.cli.options import json_option, named_vault_option, passphrase_option, print_json
from holdfire.errors import UserError
from holdfire.journeys.law_here import load_instruments, load_law
from holdfire.language import mark
from holdfire.law.bonds import BOND_WORDS
from holdfire.law.deadlines import Deadline
from holdfire.law.forums import KIND_WORDS, STANDING_WORDS, Forum, closed_since, is_open, open_forums
from holdfire.law.instruments import Instrument
from holdfire.law.law import Law
from holdfire.law.oaths import Oath
from holdfire.law.provisions import BINDING_WORDS, Provision, in_force, wording_in_force
from holdfire.pack.levels import LEVEL_WORDS

Entry = Provision | Forum | Oath | Deadline
_IN_FORCE: Final = {
    True: mark("in force"),
    False: mark("not in force"),
    None: mark("not known to be in force"),
}
_UNCHECKED: Final = mark("No lawyer has checked this.")


@click.group("law")
def command() -> None:
    """Look up provisions, forums, oaths and deadlines, told in our own words; and official texts you have.

    No lawyer has checked our words. Texts you import lie in your vault, and nowhere else.
    """


for _one in COMMANDS:
    command.add_command(_one)


@command.command("list", short_help="List provisions, forums, oaths, deadlines or instruments.")
@click.option(
    "--what",
    type=click.Choice(["provisions", "forums", "oaths", "deadlines", "instruments"]),
    default="provisions",
    help="What to list; provisions unless told.",
)
@click.option("--country", help="Only what reaches this country: its pack's short name, such as by or us.")
@click.option("--tag", "tags", multiple=True, help="Only provisions with this tag; may be given again.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Leave out what did not stand, or was closed, on this day.",
)
@click.option(
    "--facts",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With forums and --on: the day it happened; explains those that were open then and have closed.",
)
@click.option(
    "--level", "levels", type=click.Choice(list(LEVEL_WORDS)), multiple=True, help="Only this level."
)
@json_option
def list_entries(
    *,
    what: str,
    country: str | None,
    tags: tuple[str, ...],
    on: datetime | None,
    facts: datetime | None,
    levels: tuple[str, ...],
    as_json: bool,
) -> None:
    """List what the packs hold. Other states' rules are for comparison only and are marked so."""
    law = load_law()
    day = on.date() if on else None
    _refuse_unknown(law, country, tags)
    if facts is not None and (what != "forums" or day is None):
        raise click.UsageError("--facts goes with --what forums and --on.")
    if what == "instruments":
        _list_instruments(law, country, as_json=as_json)
        return
    closed = _closed(law, country, facts.date(), day) if facts is not None and day is not None else ()
    found = [
        one
        for one in _kinds(law)[what].values()
        if (country is None or one.jurisdiction in law.reaching(country))
        and (not tags or (isinstance(one, Provision) and one.tags & set(tags)))
        and (not levels or one.level in levels)
        and (day is None or _stands(one, day, country))
    ]
    if as_json:
        print_json([_plain(one, day, country) for one in (*found, *closed)])
        return
    for one in found:
        click.echo("\n".join(_short(one)))
    if closed:
        click.echo(f"\nOPEN ON {facts:%Y-%m-%d}, CLOSED SINCE: NO LONGER TO BE ASKED")
    for forum in closed:
        click.echo("\n".join([*_short(forum), *_wrap(forum.closed or forum.status, "     ")]))
    if not found and not closed:
        click.echo("Nothing in the packs fits.", err=True)


@command.command("show", short_help="Show one entry: what it says, from when, how it was read.")
@click.argument("name", metavar="ID")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Say whether it stood on this day.")
@named_vault_option
@passphrase_option
@json_option
def show(
    name: str,
    *,
    on: datetime | None,
    vault_path: Path | None,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Show one provision, forum, oath or deadline; several where they share the id.

    With --vault, the official wording from your own copy stands beside our sentence.
    """
    found = [entries[name] for entries in _kinds(load_law()).values() if name in entries]
    if not found:
        raise UserError(mark("There is no entry {name}."), mark("`holdfire law list` shows the ids."),
                        name=ascii(name)[:60])  # fmt: skip
    day = on.date() if on else None
    held = beside(found, vault_path, passphrase_files)
    if as_json:
        print_json([
            _plain(one, day, None) | ({"wordings": [plain_wording(each) for each in held]}
                                      if vault_path and isinstance(one, Provision) else {})
            for one in found
        ])  # fmt: skip
        return
    for one in found:
        click.echo("\n".join(_long(one, day)))
        if vault_path and isinstance(one, Provision):
            click.echo("\n".join(wording_lines(one, held)))


def _list_instruments(law: Law, country: str | None, *, as_json: bool) -> None:
    """List what an imported text can be said to be."""
    found: Sequence[Instrument] = [
        one
        for one in load_instruments().values()
        if country is None or one.jurisdiction in law.reaching(country)
    ]
    if as_json:
        print_json([{"id": one.id, "name": one.name, "jurisdiction": one.jurisdiction,
                     "provisions": list(one.provisions)} for one in found])  # fmt: skip
        return
    for one in found:
        click.echo("\n".join((one.id, *_wrap(one.name, "     "))))


def _closed(law: Law, country: str | None, facts: date, on: date) -> tuple[Forum, ...]:
    """Return the forums that were open on the day of the facts and have closed by `on`."""
    return closed_since(law.forums.values(), _where(law, country), facts=facts, on=on)


def _where(law: Law, country: str | None) -> frozenset[str]:
    if country is not None:
        return law.reaching(country)
    return frozenset(one.jurisdiction for one in law.forums.values())


def _kinds(law: Law) -> dict[str, Mapping[str, Entry]]:
    return {
        "provisions": law.provisions,
        "forums": law.forums,
        "oaths": law.oaths,
        "deadlines": law.deadlines,
    }


def _refuse_unknown(law: Law, country: str | None, tags: tuple[str, ...]) -> None:
    if country is not None and country not in law.belongs:
        raise UserError(mark("There is no pack for {country}."), mark("`holdfire pack list` shows the packs."),
                        country=ascii(country)[:60])  # fmt: skip
    for tag in tags:
        if tag not in law.tags:
            raise UserError(mark("There is no tag {tag}."), "The tags are: {tags}.".format(tags=", ".join(sorted(law.tags))),
                            tag=ascii(tag)[:60])  # fmt: skip


def _stands(one: Entry, day: date, country: str | None) -> bool:
    if isinstance(one, Provision):
        return in_force(one, day, country) is not False
    return bool(open_forums([one], [one.jurisdiction], day)) if isinstance(one, Forum) else True


def _plain(one: Entry, day: date | None, country: str | None) -> dict[str, object]:
    """Return an entry as JSON holds it; `note` is for authors and stays out."""
    told: dict[str, object] = {
        field.name: _value(getattr(one, field.name)) for field in fields(one) if field.name != "note"
    }
    told["kind_of_entry"] = type(one).__name__.lower()
    if isinstance(one, Provision):
        told |= {"usable": one.usable, "citable": one.citable}
        if day:
            told |= {"in_force": in_force(one, day, country), "wording_in_force": wording_in_force(one, day)}
    if isinstance(one, Forum) and day:
        told["open"] = is_open(one, day)
    return told


def _value(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        if all(isinstance(one, str) for one in value):
            return list(value)
        return [{field.name: _value(getattr(one, field.name)) for field in fields(one)} for one in value]
    return value


def _title(one: Entry) -> str:
    if isinstance(one, Provision):
        return f"{one.instrument}, {one.article}"
    if isinstance(one, Forum):
        return f"{KIND_WORDS[one.kind]}: {one.what}"
    return f"Oath of {one.who}" if isinstance(one, Oath) else f"{one.who_must_act}: {one.time}"


def _short(one: Entry) -> list[str]:
    marks = [LEVEL_WORDS[one.level]]
    if isinstance(one, Provision) and one.comparator:
        marks.append("comparison only")
    if isinstance(one, Forum):
        marks.append(STANDING_WORDS[one.standing].lower())
    return [f"{one.id}  ({'; '.join(marks)})", *_wrap(_title(one), "     ")]


def _long(one: Entry, day: date | None) -> list[str]:
    lines = [*_wrap(_title(one).upper(), ""), ""]
    if isinstance(one, Provision):
        lines += _of_provision(one, day)
    elif isinstance(one, Forum):
        lines += _of_forum(one, day)
    elif isinstance(one, Oath):
        lines += [*_wrap(one.gist or one.exists or "", ""), "", *_row("Stands in", one.citation)]
        if one.binds_to:
            lines += _row("Binds to", "; ".join(BOND_WORDS[bond] for bond in one.binds_to))
    else:
        lines += _row("Law", one.law)
    if one.caveat:
        lines += _row("Mind", one.caveat)
    lines += _row("Level", f"{LEVEL_WORDS[one.level]}, {one.checked.isoformat()}: {one.how}")
    return [*lines, *_row("Read again", one.source_url), *_row("", _UNCHECKED), ""]


def _of_provision(one: Provision, day: date | None) -> list[str]:
    lines = [*_wrap(one.paraphrase, ""), ""]
    if one.comparator:
        lines += _row(
            "Only to compare", "another state's rule; it gives the reader no right and stands in no letter"
        )
    if not one.usable and not one.comparator:
        lines += _row("Not to be used", "nobody could confirm it")
    if one.binding:
        lines += _row("Kind", BINDING_WORDS[one.binding])
    dates = [
        f"{word} {value if isinstance(value, str) else value.isoformat()}"
        for word, value in (
            ("adopted", one.adopted),
            ("in force from", one.in_force_from),
            ("in force until", one.in_force_until),
            ("found in force on", one.stood_on),
            ("the wording read surely stood from", one.wording_from),
            ("and until", one.wording_until),
        )
        if value is not None
    ]
    lines += _row("Dates", "; ".join(dates) or "not known")
    if one.history:
        lines += _row("History", one.history)
    if day:
        lines += _row("On that day", f"{day.isoformat()}: {_IN_FORCE[in_force(one, day)]}")
    for left in one.left:
        lines += _row(f"Not for {left.country}", f"{f'since {left.since}: ' if left.since else ''}{left.why}")
    lines += _row("Tags", ", ".join(sorted(one.tags)))
    return lines + (_row("Identifier", one.frbr) if one.frbr else [])


def _of_forum(one: Forum, day: date | None) -> list[str]:
    as_of = f" (as of {one.status_as_of.isoformat()})" if one.status_as_of else " (no date)"
    lines = [
        *_row("Who", one.who_may_file),
        *_row("Within", one.deadline),
        *_row("Standing", f"{STANDING_WORDS[one.standing]}{as_of}: {one.status}"),
    ]
    if day:
        lines += _row("On that day", f"{day.isoformat()}: {'open' if is_open(one, day) else 'closed'}")
    return lines + (_row("What that means", one.closed) if one.closed else [])


def _row(name: str, text: str) -> list[str]:
    return _wrap(f"{name}: {text}" if name else text, "  ")


def _wrap(text: str, before: str) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent=before, subsequent_indent=f"{before}  " if before == "  " else before,
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip
