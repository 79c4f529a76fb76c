"""`holdfire evidence copy`: a copy for others, without metadata, with parts covered where the person says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from holdfire.cli.write_file import taken, write_file
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.evidence.apart.asking import Wish
    from holdfire.evidence.copies.spec import Colour, Spec
    from holdfire.evidence.copies.working_copy import Copy

_MOST_SPEC: Final = 1 << 20


@click.command("copy", short_help="Make a clean copy for others; cover faces, names, voices.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--scrub", is_flag=True, help="Only clean it; this is what happens without --redact.")
@click.option("--redact", "wishes", multiple=True, metavar="SPEC|FILE",
              help="Cover this: “page 2: 100,200,300,400”, “10%,20%,30%,5%”, “time 0:05-0:10: …”, “sound 0:10-0:15”; or a file of such lines.")  # fmt: skip
@click.option(
    "--colour", type=click.Choice(["black", "white", "grey"]), default="black", help="Of the boxes."
)
@click.option(
    "--as", "form", type=click.Choice(["jpg", "png"]), help="Write a picture as this, whatever it was."
)
@click.option(
    "--keep-text", is_flag=True, help="Keep the text of a PDF as text; only where nothing is covered."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="Also write the copy to this file; refuses one that is there.")  # fmt: skip
@vault_option
@passphrase_option
@json_option
def copy(**given: Any) -> None:
    """Make a copy for others: rebuilt without metadata, and covered where you say. The original stays as it is.

    The copy is kept in the vault as an item of its own; both custody logs say so. It says what the file told, what was
    done, and what the copy can still tell: read that before you give it away. A type that is not understood gives no copy.
    """
    from holdfire.journeys.make_copy import make_copy  # noqa: PLC0415 -- its libraries take a tenth of a second

    out: Path | None = given["out"]
    if out is not None and out.exists():
        raise taken(out)
    wish = _wish(given)
    with (
        Vault.open(given["vault_path"], one_passphrase(given["passphrase_files"])) as vault,
        progress("Making the copy") as told,
    ):
        record, made = make_copy(vault, given["number"], wish, datetime.now(UTC), told)
    if out is not None:
        write_file((made.data,), out)
    if given["as_json"]:
        print_json({"id": record.value.number, "copy_of": given["number"], "form": made.form, "bytes": len(made.data),
                    "sha256": record.value.sha256, "found": [*made.found],
                    "steps": [{"step": step.name, "said": step.said()} for step in made.steps],
                    "left": [*made.left], "file": str(out) if out else None})  # fmt: skip
        return
    click.echo("\n".join(_lines(made)))
    click.echo(f"\nKept as item {record.value.number}. SHA-256 {record.value.sha256}")
    if out is not None:
        click.echo(f"Written: {out}. It is plain: whoever finds it can open it.", err=True)


def _wish(given: dict[str, Any]) -> Wish:
    from holdfire.evidence.apart.asking import Wish  # noqa: PLC0415
    from holdfire.evidence.copies.form import Form  # noqa: PLC0415

    if given["wishes"] and (given["scrub"] or given["keep_text"]):
        raise click.UsageError("--redact covers; --scrub and --keep-text leave everything to be seen.")
    form = Form(given["form"]) if given["form"] else None
    return Wish(_spec(given["wishes"], given["colour"]), form, keep_text=given["keep_text"])


def _spec(wishes: Iterable[str], colour: Colour) -> Spec | None:
    from holdfire.evidence.copies.spec import parse_spec  # noqa: PLC0415

    lines = "\n".join(_read(wish) for wish in wishes)
    return parse_spec(lines, colour) if lines else None


def _read(wish: str) -> str:
    """Return a wish itself, or the lines of the file it names."""
    path = Path(wish)
    try:
        if not path.is_file():
            return wish
        with path.open("rb") as stream:
            return stream.read(_MOST_SPEC).decode("utf-8-sig")
    except (OSError, ValueError):
        raise UserError(
            mark("What is to be covered cannot be read from this file."), mark("Write it as UTF-8 text.")
        ) from None


def _lines(made: Copy) -> Iterator[str]:
    yield "The file told:"
    yield from (f"  - {one}" for one in made.found) if made.found else ("  nothing that we know of",)
    yield "\nWhat was done:"
    yield from (f"  - {step.said()}" for step in made.steps)
    yield "\nWhat the copy can still tell:"
    yield from (f"  - {one}" for one in made.left)
