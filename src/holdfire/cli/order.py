"""`holdfire order`: record an order from a file, complete it, list, show every version, review."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from holdfire.cli.assess import AnswersFile
from holdfire.cli.country import country_of, country_option, judge_country
from holdfire.cli.options import json_option, one_passphrase, passphrase_option, print_json, vault_option
from holdfire.cli.order_letter import write_letter
from holdfire.cli.order_packet import attach, detach, exhibit_lines, packet, plain_exhibit
from holdfire.errors import UserError
from holdfire.journeys.law_here import load_law
from holdfire.journeys.record_order import (
    KeptOrder,
    add_order,
    complete_order,
    find_order,
    list_orders,
    review_order,
    versions_of,
)
from holdfire.language import mark
from holdfire.law.finding import Cited, Finding
from holdfire.orders.captions import ACT_WORDS, CHANNEL_WORDS, FIELDS, MEASURE_WORDS, UNKNOWN
from holdfire.orders.intake import encode_order, read_order
from holdfire.orders.moment import Moment
from holdfire.orders.order import Order, Person
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.pack.reader import MOST_BYTES
from holdfire.vault.hardening import harden
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
_WIDTH = 100
_CHOICE_WORDS = {"act": ACT_WORDS, "channel": CHANNEL_WORDS, "measure": MEASURE_WORDS}
_STOOD = {
    True: mark("stood on that day"),
    None: mark("whether it stood on that day is not known"),
}


@click.group("order")
def command() -> None:
    """Record an order as you received it, and see what can be checked.

    Nothing is overwritten: each change is a new version. An order may lack anything; what is missing is "unknown".
    """
    harden()


for one in (write_letter, attach, detach, packet):
    command.add_command(one)


def opened(function: F) -> F:
    """Add what opens the vault."""
    return vault_option(passphrase_option(function))


def file_argument(function: F) -> F:
    """Add the file of an order, and the leave to record what the person did."""
    own = click.option(
        "--with-own-acts", is_flag=True, help="Record own_acts too, after you thought of a lawyer first."
    )
    return click.argument("file", type=AnswersFile("rb"))(own(function))


@command.command("add", short_help="Record an order from a file, or - for standard input.")
@file_argument
@opened
@json_option
def add(
    *,
    file: BinaryIO,
    with_own_acts: bool,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Record an order from a file, or - for standard input; print its number.

    The file has one line for each thing you know, as `words: …`, `heard: 2020-08-11 14:30`, `channel: spoken`.
    """
    order = _judge(file, Order(), with_own_acts=with_own_acts)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = add_order(vault, order, datetime.now(UTC))
    _say_recorded(record, as_json=as_json)


@command.command("complete", short_help="Add to an order what a file says; earlier versions stay.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@file_argument
@opened
@json_option
def complete(
    *,
    number: int,
    file: BinaryIO,
    with_own_acts: bool,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Make a new version of an order: what the file says is taken, what it leaves out stays as it was."""
    untrusted = file.read(MOST_BYTES + 1)
    name = _name(file)
    given = read_order(untrusted, name)
    _warn(file, given, with_own_acts=with_own_acts)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        before = find_order(vault, number)
        after = read_order(untrusted, name, before.value.order)
        record = complete_order(vault, number, after, datetime.now(UTC), expected=before.version)
    _say_recorded(record, as_json=as_json)


@command.command("list", short_help="List the orders by number.")
@opened
@json_option
def list_all(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """List the orders by number, with the day, the beginning of the words, and how much is unknown."""
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        records = list_orders(vault)
    if as_json:
        print_json([
            {**_named(record), "heard": _moment(record.value.order.heard), "words": record.value.order.words,
             "gist": record.value.order.gist, "unknown": list(record.value.order.unknown())}
            for record in records
        ])  # fmt: skip
        return
    for record in records:
        order = record.value.order
        begins = textwrap.shorten(order.words or order.gist or UNKNOWN, 60, placeholder=" …")
        click.echo(f"{record.value.number:>3}  {_moment(order.heard) or UNKNOWN:<16}  {begins}")
    if not records:
        click.echo("None yet. Exact words matter most.")


@command.command("show", short_help="Show an order, in its latest version or an earlier one.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--version", type=click.IntRange(min=1), help="An earlier version, counted from 1.")
@opened
@json_option
def show(
    *, number: int, version: int | None, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Show an order, in its latest version or the one asked for, and what is unknown of it."""
    from holdfire.journeys.keep_exhibit import exhibits_of  # noqa: PLC0415 -- typst and the like load with it

    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = find_order(vault, number, version)
        versions = versions_of(vault, number)
        files = exhibits_of(vault, number)
    if as_json:
        print_json({**_named(record), "order": encode_order(record.value.order),
                    "unknown": list(record.value.order.unknown()),
                    "versions": [{"version": one.version, "saved": one.saved.isoformat()} for one in versions],
                    "files": [plain_exhibit(place, one) for place, one in enumerate(files, 1)]})  # fmt: skip
    else:
        click.echo("\n".join((*_order_lines(record, len(versions)), *exhibit_lines(files))))


@command.command("review", short_help="Say what can be checked of an order, and what to ask.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--version", type=click.IntRange(min=1), help="An earlier version, counted from 1.")
@country_option
@opened
@json_option
def review(
    *,
    number: int,
    version: int | None,
    country: str | None,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say what can be checked of an order: from which words, what speaks for and against, what to ask, what it risks.

    The day of the order chooses the law. This is no verdict and no legal advice.
    """
    country = judge_country(country)
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        record = find_order(vault, number, version)
        country = country_of(vault, country)
    findings = review_order(record.value.order, country)
    if as_json:
        print_json({**_named(record), "country": country, "heard": _moment(record.value.order.heard),
                    "findings": [_plain(one) for one in findings]})  # fmt: skip
    else:
        click.echo("\n".join(_review_lines(record, findings)))


def _judge(file: BinaryIO, onto: Order, *, with_own_acts: bool) -> Order:
    order = read_order(file.read(MOST_BYTES + 1), _name(file), onto)
    _warn(file, order, with_own_acts=with_own_acts)
    return order


def _name(file: BinaryIO) -> str:
    return "standard input" if file.name == "<stdin>" else Path(file.name).name


def _warn(file: BinaryIO, order: Order, *, with_own_acts: bool) -> None:
    if order.own_acts and not with_own_acts:
        raise UserError(
            mark("This file says what you yourself did. That can be used against you. Nothing was recorded."),
            mark("Speak with a lawyer first. Then take own_acts out, or add --with-own-acts."),
        )
    if file.name != "<stdin>":
        click.echo(
            "Note: this file is plain and can be read by whoever finds it. Delete it afterwards.", err=True
        )


def _named(record: Record[KeptOrder]) -> dict[str, object]:
    return {"id": record.value.number, "version": record.version, "saved": record.saved.isoformat()}


def _moment(moment: Moment | None) -> str | None:
    return moment.written() if moment else None


def _say_recorded(record: Record[KeptOrder], *, as_json: bool) -> None:
    unknown = record.value.order.unknown()
    if as_json:
        print_json({**_named(record), "unknown": list(unknown)})
        return
    click.echo(f"Recorded as order {record.value.number}, version {record.version}.")
    if unknown:
        click.echo(_folded(f"Still unknown: {', '.join(FIELDS[name] for name in unknown)}."))


def _order_lines(record: Record[KeptOrder], versions: int) -> Iterator[str]:
    order = record.value.order
    yield f"Order {record.value.number}, version {record.version} of {versions}, saved {record.saved:%Y-%m-%d %H:%M} UTC"
    unknown = order.unknown()
    for one in fields(order):
        if one.name not in unknown:
            yield f"\n{FIELDS[one.name]}"
            yield _folded(_said(one.name, getattr(order, one.name)), "  ")
    if unknown:
        yield "\n" + _folded(f"Unknown: {', '.join(FIELDS[name] for name in unknown)}.")


def _said(name: str, value: object) -> str:
    if isinstance(value, Moment):
        return value.written()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Person):
        return ", ".join(part for part in asdict(value).values() if part)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return _CHOICE_WORDS.get(name, {}).get(str(value), str(value))


def _plain(finding: Finding) -> dict[str, object]:
    law = load_law().provisions

    def cited(one: Cited) -> dict[str, object]:
        provision = law[one.provision_id]
        return {"provision": one.provision_id, "instrument": provision.instrument, "article": provision.article,
                "says": provision.paraphrase, "level": one.level, "in_force": one.in_force, "caveat": provision.caveat,
                "source": provision.source_url}  # fmt: skip

    return {
        "check": finding.check,
        "title": finding.title,
        "found": finding.found,
        "words": finding.words,
        "for": [cited(one) for one in finding.speaks_for],
        "against": [cited(one) for one in finding.speaks_against],
        "unknown": list(finding.unknown),
        "ask": list(finding.ask),
        "risk": [cited(one) if isinstance(one, Cited) else one for one in finding.risk],
        "see_lawyer": finding.see_lawyer,
    }


def _review_lines(record: Record[KeptOrder], findings: Sequence[Finding]) -> Iterator[str]:
    yield f"Order {record.value.number}, version {record.version}, of {_moment(record.value.order.heard) or 'an unknown day'}"
    yield "This is no verdict and no legal advice. No lawyer has checked it."
    for one in findings:
        yield f"\n{one.title.upper()}"
        yield _folded(one.found, "  ")
        if one.words:
            yield _folded(f"From the words: “{one.words}”", "  ")
        yield from _listed("Speaks for it", map(_named_with_level, one.speaks_for))
        yield from _listed("Speaks against it", map(_named_with_level, one.speaks_against))
        yield from _listed("Unknown", one.unknown)
        yield from _listed("Ask", one.ask)
        yield from _listed(
            "Risk", (_named_with_level(risk) if isinstance(risk, Cited) else risk for risk in one.risk)
        )
        yield from _listed("See a lawyer first", (one.see_lawyer,))
    yield from _provision_lines(findings)


def _named_with_level(cited: Cited) -> str:
    provision = load_law().provisions[cited.provision_id]
    stood = _STOOD[True] if cited.in_force else _STOOD[None]
    return f"{provision.instrument}, {provision.article} ({LEVEL_WORDS[cited.level]}; {stood})"


def _provision_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Say once, after all findings, what each provision says that they name."""
    named = dict.fromkeys(
        cited.provision_id
        for one in findings
        for cited in (*one.speaks_for, *one.speaks_against, *one.risk)
        if isinstance(cited, Cited)
    )
    if named:
        yield "\nWHAT THESE PROVISIONS SAY, IN OUR OWN WORDS"
    for name in named:
        provision = load_law().provisions[name]
        yield _folded(f"{provision.instrument}, {provision.article}", "  ")
        yield _folded(provision.paraphrase, "    ")
        if provision.caveat:
            yield _folded(f"Note: {provision.caveat}", "    ")


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    entries = list(lines)
    if entries:
        yield f"  {title}:"
        for entry in entries:
            yield _folded(entry, "    - ", "      ")


def _folded(text: str, first: str = "", later: str | None = None) -> str:
    """Return a text in lines of `_WIDTH`; the person's own line breaks stay."""
    after = " " * len(first) if later is None else later
    lines = text.split("\n")
    return "\n".join(
        textwrap.fill(line, _WIDTH, initial_indent=first if number == 0 else after, subsequent_indent=after,
                      break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate(lines)
    )  # fmt: skip
