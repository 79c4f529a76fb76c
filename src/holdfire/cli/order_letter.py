"""`holdfire order letter`: a letter about a recorded order, made of what the vault knows and kept in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from holdfire.cli.assess import AnswersFile
from holdfire.cli.country import country_of, country_option, judge_country
from holdfire.cli.options import json_option, one_passphrase, passphrase_option, print_json, vault_option
from holdfire.errors import UserError
from holdfire.journeys.record_order import find_order
from holdfire.language import mark
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.journeys.write_letter import Draft
    from holdfire.letters.letter import Letter

_TOO_LONG = mark(
    "The order's words are longer than a letter can hold: copy the sentences that matter by hand."
)


@dataclass(frozen=True)
class _Made:
    """A letter about an order.

    Attributes:
        draft: What it is made of.
        letter: It.
        file: Its bytes, where a file is wanted.
        record: The id of its record in the vault; None where it was only shown.
        too_long: Whether the order's words are left out of it.
    """

    draft: Draft
    letter: Letter
    file: bytes | None
    record: str | None
    too_long: bool


@click.command("letter", short_help="Write a letter about an order; without --out, show it first.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option(
    "--kind", required=True, help="Which letter, such as written-order: see `holdfire letter list`."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write, ending in .pdf, .docx or .txt; refuses one that is there.")  # fmt: skip
@click.option("--language", default="en", help="One language, or two for side by side: en,ru.")
@country_option
@click.option("--answers", "file", type=AnswersFile("rb"),
              help="More answers, which count before those in the vault; - for standard input.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def write_letter(  # noqa: PLR0913 -- one for each option; click hands them over by name
    *,
    number: int,
    kind: str,
    out: Path | None,
    language: str,
    country: str | None,
    file: BinaryIO | None,
    vault_path: Path,
    passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Write a letter about a recorded order from what the vault knows, and keep it there; without --out, show it to read first.

    What the order's record says goes in, then what you answered in earlier letters, then the file. What is unknown
    becomes a blank line.
    """
    # The letters take 50 ms to import, and no other command about orders needs them.
    from holdfire.cli.letter import judge_out, letter_document, notes, read_answers, save_letter, show_letter  # noqa: PLC0415
    from holdfire.journeys.write_letter import Draft, load_shelf  # noqa: PLC0415
    from holdfire.letters.answers import Answers  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415
    from holdfire.letters.preview import preview  # noqa: PLC0415

    kind_called(kind)
    if out is not None:
        judge_out(out)
        if out.exists():
            raise UserError(mark("There is a file called {name} already."),
                            mark("Choose another name with --out."), name=out.name)  # fmt: skip
    country = judge_country(country)
    given = read_answers(file) if file else Answers()
    with Vault.open(vault_path, one_passphrase(passphrase_files)) as vault:
        draft = Draft(kind, tuple(language.split(",")), given, country_of(vault, country))
        made = _make(vault, number, draft, out)
    if out is not None and made.file is not None:
        save_letter(made.file, out)
    said = preview(made.letter)
    text = load_shelf().text(kind, made.draft.languages[0], made.draft.country)
    if made.too_long:
        click.echo(f"Note: {_TOO_LONG}", err=True)
    if file is not None and file.name != "<stdin>":
        click.echo("Note: the file of answers is plain and can be read by whoever finds it.", err=True)
    if as_json:
        print_json({**letter_document(made.letter, said, text), "order": number, "country": made.draft.country,
                    "letter": made.record, "written": str(out) if out else None})  # fmt: skip
    elif out is None:
        show_letter(said, text)
        click.echo("\nNothing was kept. With --out it is written to a file, and kept in your vault.")
    else:
        click.echo("\n".join(notes(said)), err=True)
        click.echo(
            f"\nKept in your vault, and written: {out}. That file is plain: whoever finds it can read it.",
            err=True,
        )


def _make(vault: Vault, number: int, given: Draft, out: Path | None) -> _Made:
    """Return the letter about an order; where a file is wanted, its bytes are made before it is kept."""
    from holdfire.cli.letter import make_letter  # noqa: PLC0415 -- as above
    from holdfire.journeys.keep_letter import answers_offered, keep_once, left_out  # noqa: PLC0415
    from holdfire.journeys.write_letter import compose_here  # noqa: PLC0415
    from holdfire.letters.answers import join_answers  # noqa: PLC0415

    kept = find_order(vault, number)
    order = kept.value.order
    answers = join_answers(answers_offered(vault, given.kind, (kept.id, order)), given.answers)
    draft = replace(given, answers=answers, order=kept.id)
    letter = compose_here(draft, date.today())  # noqa: DTZ011 -- the person's own day
    too_long = bool(left_out(order)) and not answers.knows("order_words")
    if out is None:
        return _Made(draft, letter, None, None, too_long)
    made = make_letter(letter, out)
    return _Made(draft, letter, made, keep_once(vault, draft, datetime.now(UTC)).id, too_long)
