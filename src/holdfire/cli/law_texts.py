"""`holdfire law import`, `texts`, `search`, `read`, `correct`, `pair`, `forget`: official texts the person has, in a vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from holdfire.cli.law_told import called, description, plain_hit, plain_passage, plain_text, wrap
from holdfire.cli.options import (
    json_option,
    one_passphrase,
    passphrase_option,
    print_json,
    progress,
    vault_option,
)

if TYPE_CHECKING:  # the vault's libraries load only where a vault is opened: `law list` stays quick
    from holdfire.journeys.keep_law import Wording
    from holdfire.law.corpus.imported import Stated
    from holdfire.vault.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
_DAY: Final = click.DateTime(["%Y-%m-%d"])
#: What the person says instead of an article's number.
_NO_ARTICLE: Final = "none"
_BY_NUMBER: Final = "number"


def opened(function: F) -> F:
    """Add what opens the vault."""
    return vault_option(passphrase_option(function))


def described(function: F) -> F:
    """Add what a person can say of a text."""
    for option in (
        click.option("--version", type=_DAY, help="The day whose wording this is."),
        click.option("--instrument", help="What it is: an id of `law list --what instruments`."),
        click.option("--language", help="Its language, such as be, ru, en, es."),
        click.option("--title", help="What you call it."),
    ):
        function = option(function)
    return function


@click.command("import", short_help="Import an official text you have into your vault.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@described
@opened
@json_option
def import_file(
    *,
    file: Path,
    title: str | None,
    language: str | None,
    instrument: str | None,
    version: datetime | None,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Import an official text: PDF, DOCX, HTML, Akoma Ntoso or plain text. It is split into its articles.

    The same file twice is not imported again. Whether your copy is the official wording, this program cannot know.
    """
    from holdfire.journeys.keep_law import import_text  # noqa: PLC0415

    stated = _stated(title, language, instrument, version)
    with _open(vault_path, passphrase_files) as vault, file.open("rb") as stream, progress("Reading") as told:
        record, there = import_text(vault, stream, file.name, stated, datetime.now(UTC), progress=told)
    text = record.value
    if as_json:
        print_json(plain_text(text) | {"already": there})
        return
    if there:
        click.echo(f"This file is there already, as text {text.number}. Nothing was changed.")
    else:
        click.echo(f"Imported as text {text.number}: {text.articles:,} pieces, most of them articles.")
    click.echo("\n".join(description(text)))
    if not text.instrument:
        click.echo(
            f"  To show it beside our words: holdfire law correct {text.number} --instrument ID", err=True
        )
    click.echo("  The file itself is not in the vault and stays where it is, readable.", err=True)


@click.command("texts", short_help="List the texts you imported.")
@opened
@json_option
def texts(*, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool) -> None:
    """List the texts you imported: what each is, of which day, how many articles."""
    from holdfire.journeys.keep_law import list_texts  # noqa: PLC0415

    with _open(vault_path, passphrase_files) as vault:
        found = [record.value for record in list_texts(vault)]
    if as_json:
        print_json([plain_text(one) for one in found])
        return
    for one in found:
        click.echo("\n".join((f"{one.number:>3}  {one.title}", *description(one))))
    if not found:
        click.echo("None yet. `holdfire law import FILE` imports one.")


@click.command("search", short_help="Find words in the texts you imported.")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="How many at most.")
@opened
@json_option
def search(
    *, words: tuple[str, ...], limit: int, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Find the articles that have every word, or words beginning so, in any language; accents do not matter.

    Words inside double quotes stand together exactly so.
    """
    from holdfire.journeys.keep_law import search_texts  # noqa: PLC0415

    with _open(vault_path, passphrase_files) as vault:
        hits, more = search_texts(vault, " ".join(words), limit)
    if as_json:
        print_json({"hits": [plain_hit(one) for one in hits], "more": more})
        return
    for one in hits:
        place = f"text {one.text.number}, piece {one.article + 1}"
        page = f", page {one.page}" if one.page else ""
        click.echo(f"{called(one.name, one.heading, one.article)}  ({place}{page}; {one.text.title})")
        marked = "".join(f"[{piece.text}]" if piece.match else piece.text for piece in one.snippet)
        click.echo("\n".join(wrap(marked, "     ")))
    if not hits:
        click.echo("No imported text has all these words.", err=True)
    elif more:
        click.echo("There are more. Add a word, or raise --limit.", err=True)


@click.command("read", short_help="Read an imported text, or one article of it.")
@click.argument("number", metavar="TEXT", type=click.IntRange(min=1))
@click.argument("article", metavar="[PIECE]", type=click.IntRange(min=1), required=False)
@opened
@json_option
def read(
    *,
    number: int,
    article: int | None,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Read one piece of an imported text; without PIECE, list them. Pieces are counted from 1 as they stand."""
    from holdfire.journeys.keep_law import find_text, list_articles, read_article  # noqa: PLC0415

    with _open(vault_path, passphrase_files) as vault:
        if article is None:
            text = find_text(vault, number).value
            those = list(enumerate(list_articles(vault, number), 1))
        else:
            record, passage = read_article(vault, number, article - 1)
            text, those = record.value, [(article, passage)]
    if as_json:
        print_json(
            plain_text(text)
            | {"pieces": [plain_passage(at, one, whole=article is not None) for at, one in those]}
        )
        return
    click.echo("\n".join((text.title, *description(text), "")))
    for at, one in those:
        if article is None:
            click.echo(f"{at:>5}  {called(one.name, one.heading, at - 1)}")
        else:
            click.echo(one.text)


@click.command("correct", short_help="Say what an imported text is, or of which day.")
@click.argument("number", metavar="TEXT", type=click.IntRange(min=1))
@described
@opened
@json_option
def correct(
    *,
    number: int,
    title: str | None,
    language: str | None,
    instrument: str | None,
    version: datetime | None,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say what an imported text is; what you leave out stays. `--instrument ""` says that it is none of the packs'."""
    from holdfire.journeys.keep_law import correct_text  # noqa: PLC0415

    stated = _stated(title, language, instrument, version)
    with _open(vault_path, passphrase_files) as vault:
        text = correct_text(vault, number, stated, datetime.now(UTC)).value
    if as_json:
        print_json(plain_text(text))
        return
    click.echo("\n".join((f"{text.number:>3}  {text.title}", *description(text))))


@click.command("pair", short_help="Say which article of your text a provision's wording is.")
@click.argument("number", metavar="TEXT", type=click.IntRange(min=1))
@click.argument("provision")
@click.argument("article", metavar="PIECE")
@opened
@json_option
def pair(
    *,
    number: int,
    provision: str,
    article: str,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say which article of your text is the wording of a provision.

    PIECE is counted from 1 as `law read TEXT` lists them. `none`: no article is. `number`: go by the number again.
    """
    from holdfire.journeys.keep_law import say_pair  # noqa: PLC0415
    from holdfire.law.corpus.imported import NONE  # noqa: PLC0415

    if article == _NO_ARTICLE:
        chosen: int | None = NONE
    elif article == _BY_NUMBER:
        chosen = None
    elif article.isascii() and article.isdigit() and int(article[:9]) > 0:
        chosen = int(article[:9]) - 1
    else:
        raise click.UsageError("PIECE is a number from 1, `none`, or `number`.")
    with _open(vault_path, passphrase_files) as vault:
        text = say_pair(vault, number, provision, chosen, datetime.now(UTC)).value
    if as_json:
        print_json(plain_text(text))
        return
    click.echo(f"Kept for text {text.number}. `holdfire law show {provision} --vault …` shows it.")


@click.command("forget", short_help="Delete an imported text whole.")
@click.argument("number", metavar="TEXT", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask.")
@opened
@json_option
def forget(
    *, number: int, yes: bool, vault_path: Path, passphrase_files: tuple[Path, ...], as_json: bool
) -> None:
    """Delete an imported text: its articles, its words in the index, what you said of it. It cannot be brought back."""
    from holdfire.journeys.keep_law import find_text, forget_text  # noqa: PLC0415

    with _open(vault_path, passphrase_files) as vault:
        title = find_text(vault, number).value.title
        if not yes:
            click.confirm(f"Delete “{title}” for good?", abort=True, err=True)
        with progress("Deleting") as told:
            forget_text(vault, number, progress=told)
    if as_json:
        print_json({"forgotten": number})
        return
    click.echo(f"Text {number} is deleted.")


COMMANDS: Final = (import_file, texts, search, read, correct, pair, forget)


def beside(
    found: Iterable[object], vault_path: Path | None, passphrase_files: tuple[Path, ...]
) -> tuple[Wording, ...]:
    """Return what the person's own copies hold for the provision among these; nothing without a vault."""
    from holdfire.law.provisions import Provision  # noqa: PLC0415

    provision = next((one for one in found if isinstance(one, Provision)), None)
    if vault_path is None or provision is None:
        return ()
    from holdfire.journeys.keep_law import wordings_of  # noqa: PLC0415

    with _open(vault_path, passphrase_files) as vault:
        return wordings_of(vault, provision)


def _stated(
    title: str | None, language: str | None, instrument: str | None, version: datetime | None
) -> Stated:
    from holdfire.law.corpus.imported import Stated  # noqa: PLC0415

    return Stated(title, language, instrument, version.date() if version else None)


def _open(path: Path, passphrase_files: tuple[Path, ...]) -> Vault:
    from holdfire.vault.hardening import harden  # noqa: PLC0415
    from holdfire.vault.vault import Vault  # noqa: PLC0415

    harden()
    return Vault.open(path, one_passphrase(passphrase_files))
