"""`holdfire letter`: the letters there are, and one written from a file of answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from holdfire.cli.options import json_option, one_passphrase, passphrase_option, print_json
from holdfire.errors import ContentError, StorageError, UserError
from holdfire.language import mark
from holdfire.letters.answers import COPIES, FIELDS, MANY, PROVISIONS, WORDINGS, Answers, parse_answers
from holdfire.letters.kinds import KINDS, kind_called
from holdfire.letters.preview import Preview, preview
from holdfire.letters.script import BESIDE, Script, script
from holdfire.letters.write import FORMATS, write
from holdfire.pack.reader import MOST_BYTES, read

if TYPE_CHECKING:
    from holdfire.letters.letter import Letter
    from holdfire.letters.texts import LetterText

_EXTRA = {
    PROVISIONS: mark("Ids of provisions to cite, as `holdfire law list` shows them"),
    WORDINGS: mark("Official wording from your own copy, by the id of the provision"),
    COPIES: mark("What that copy is, as the letter names it, by the id of the provision"),
}


@click.group("letter")
def command() -> None:
    """List the letters, or write one from a file of answers. No vault is needed; nothing is kept."""


@command.command("list", short_help="List the letters and the languages each is written in.")
@json_option
def list_letters(*, as_json: bool) -> None:
    """List the letters and the languages each is written in."""
    from holdfire.journeys.write_letter import load_shelf  # noqa: PLC0415 -- the law takes 50 ms to import

    shelf = load_shelf()
    if as_json:
        print_json([
            {"id": kind.id, "title": kind.title, "about": kind.about, "before": list(kind.before),
             "languages": list(shelf.languages(kind.id))}
            for kind in KINDS
        ])  # fmt: skip
        return
    for kind in KINDS:
        click.echo(f"  {kind.id:<16} {kind.title} ({', '.join(shelf.languages(kind.id))})")
        click.echo(f"  {'':<16} {kind.about}")
    click.echo("\nNo lawyer and no native reader who served has checked these texts.")


@command.command("show", short_help="Show what a letter says, what it asks, and what can be said aloud.")
@click.argument("kind")
@click.option("--language", default="en", help="In which language.")
@click.option("--country", help="Whose form: by, us. Without it the international one.")
@json_option
def show(kind: str, language: str, country: str | None, *, as_json: bool) -> None:
    """Show the answers a letter takes, its text with blank lines, and what can be said aloud."""
    letter, text = _compose(kind, (language,), Answers(), country)
    said = preview(letter)
    names = [name for name in (*FIELDS, PROVISIONS, WORDINGS, COPIES) if name in _taken(text)]
    if as_json:
        print_json({**letter_document(letter, said, text), "answers": names})
        return
    click.echo("ANSWERS, ALL OF WHICH MAY BE LEFT OUT")
    for name in names:
        several = " (a list)" if name in MANY or name == PROVISIONS else ""
        click.echo(f"  {name:<17} {FIELDS.get(name) or _EXTRA[name]}{several}")
    click.echo("\nTHE LETTER\n")
    show_letter(said, text)


@command.command("new", short_help="Write a letter; without --out, show it first.")
@click.argument("kind")
@click.option(
    "--answers",
    "file",
    type=click.File("rb"),
    required=True,
    help="A file of answers, or - for standard input.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write, ending in .pdf, .docx or .txt; refuses one that is there.")  # fmt: skip
@click.option("--language", default="en", help="One language, or two for side by side: en,ru.")
@click.option("--country", help="Whose form and law: by, us. Without it the international form.")
@click.option("--wordings-from-vault", "vault_path", type=click.Path(dir_okay=False, path_type=Path),
              help="Take the official wording of what is cited from the texts you imported into this vault.")  # fmt: skip
@passphrase_option
@json_option
def new(
    kind: str,
    file: BinaryIO,
    out: Path | None,
    language: str,
    country: str | None,
    *,
    vault_path: Path | None,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Write a letter from a file of answers; without --out, show it to read first."""
    answers = read_answers(file)
    if vault_path is not None:
        answers = _with_copies(answers, vault_path, passphrase_files)
    letter, text = _compose(kind, tuple(language.split(",")), answers, country)
    said = preview(letter)
    if out is not None:
        save_letter(make_letter(letter, out), out)
    if as_json:
        print_json({**letter_document(letter, said, text), "written": str(out) if out else None})
        return
    if out is None:
        show_letter(said, text)
        return
    click.echo("\n".join(notes(said)), err=True)
    click.echo(
        f"\nWritten: {out}. It is plain, and so is the file of answers: whoever finds them can read them.",
        err=True,
    )


def read_answers(file: BinaryIO) -> Answers:
    """Return the answers in a file, or raise ContentError with its line."""
    name = Path(file.name).name if isinstance(file.name, str) and file.name != "<stdin>" else "standard input"
    try:
        return parse_answers(read(file.read(MOST_BYTES + 1), name))
    except ContentError as error:
        error.hint = mark("`holdfire letter show KIND` lists the answers a letter takes.")
        raise


def _with_copies(answers: Answers, vault_path: Path, passphrase_files: tuple[Path, ...]) -> Answers:
    """Return the answers with official wording from imported texts; say which is from where, and what is in none."""
    from holdfire.journeys.cite_copies import take_wordings  # noqa: PLC0415 -- as above
    from holdfire.vault.hardening import harden  # noqa: PLC0415
    from holdfire.vault.vault import Vault  # noqa: PLC0415

    harden()
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        filled, missing = take_wordings(vault, answers)
    for name in filled.wordings:
        if name not in answers.wordings:
            click.echo(f"{name}: from your copy, {filled.copies[name]}", err=True)
    if missing:
        click.echo(f"In none of your texts: {', '.join(missing)}", err=True)
    return filled


def _compose(
    kind: str, languages: tuple[str, ...], answers: Answers, country: str | None
) -> tuple[Letter, LetterText]:
    kind_called(kind)
    from holdfire.journeys.write_letter import Draft, compose_here, load_shelf  # noqa: PLC0415 -- as above

    today = date.today()  # noqa: DTZ011 -- the person's own day
    letter = compose_here(Draft(kind, languages, answers, country), today)
    return letter, load_shelf().text(kind, languages[0], country)


def judge_out(out: Path) -> str:
    """Return the format that the ending of a file names; wrong use where it names none."""
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise click.UsageError("--out ends in .pdf, .docx or .txt.")
    return form


def make_letter(letter: Letter, out: Path) -> bytes:
    """Return the letter in the format that the ending of a file names; nothing is written."""
    return write(letter, judge_out(out))


def save_letter(made: bytes, out: Path) -> None:
    """Write a letter to a new file; UserError where there is one of this name, StorageError where the disk refuses."""
    try:
        with out.open("xb") as stream:
            stream.write(made)
    except FileExistsError:
        raise UserError("There is a file called {name} already.", "Choose another name with --out.",
                        name=out.name) from None  # fmt: skip
    except OSError as error:
        raise StorageError("The file could not be written: {why}.", "Choose another place with --out.",
                           why=error.strerror or "the disk refused") from None  # fmt: skip


def _taken(text: LetterText) -> set[str]:
    """Return the answers a kind of letter takes."""
    found = {"to", "from", "date", "enclosures", "own_words", "refusal", "motive"}
    for part in text.parts:
        found |= {part.answer, *(name for name, _ in part.labels)}
        if part.kind == "provisions":
            found |= {PROVISIONS, WORDINGS, COPIES}
    return found


def show_letter(said: Preview, text: LetterText) -> None:
    """Print a letter to read, what can be said aloud, and what to know before it is handed in."""
    click.echo(said.text)
    click.echo("\n".join((*_script_lines(script(text)), *notes(said))))


def letter_document(letter: Letter, said: Preview, text: LetterText) -> dict[str, object]:
    """Return a letter for `--json`."""
    return {
        "kind": letter.kind,
        "languages": [side.language for side in letter.sides],
        "text": said.text,
        "states_refusal": letter.states_refusal,
        "states_motive": letter.states_motive,
        "cited": list(letter.cited),
        "blanks": list(letter.blanks),
        "states": [note.said() for note in said.states],
        "before": [note.said() for note in said.before],
        "checked_by": list(letter.checked_by),
        "script": _plain_script(script(text)),
    }


def _plain_script(aloud: Script) -> dict[str, object]:
    return {
        "language": aloud.language,
        "say": list(aloud.say),
        "on_refusal": list(aloud.on_refusal),
        "beside": list(BESIDE),
    }


def _script_lines(aloud: Script) -> list[str]:
    return [
        "SAID ALOUD INSTEAD, OR WITH IT",
        *(f"  “{sentence}”" for sentence in aloud.say),
        *(f"  If the answer is no: “{sentence}”" for sentence in aloud.on_refusal),
        *(f"  {sentence}" for sentence in BESIDE),
    ]


def notes(said: Preview) -> list[str]:
    """Return what to know before a letter is handed in, in lines."""
    lines = ["", "BEFORE YOU HAND IT IN", *(f"  {note.said()}" for note in (*said.states, *said.before))]
    if said.blanks:
        lines += ["  Left as blank lines:", *(f"    {blank}" for blank in said.blanks)]
    return lines
