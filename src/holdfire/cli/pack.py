"""`holdfire pack`: the packs that are here, and a check for one that is being written."""

from __future__ import annotations

from pathlib import Path

import click

from holdfire.cli.options import json_option, print_json
from holdfire.journeys.guide_here import guide_of
from holdfire.journeys.packs_here import BASE, load_packs
from holdfire.journeys.record_order import build_review
from holdfire.journeys.rules_here import build_grammars
from holdfire.law.law import build_law
from holdfire.letters.shelf import Shelf
from holdfire.pack.folder import read_pack


@click.group("pack")
def command() -> None:
    """List the packs of content, or check one you are writing."""


@command.command("list", short_help="List the packs: by whom, paid by what, reviewed when.")
@json_option
def list_packs(*, as_json: bool) -> None:
    """List the packs with who wrote them, what pays for them, and when they were reviewed."""
    found = [pack.manifest for pack in load_packs()]
    if as_json:
        print_json([{**vars(one), "reviewed": one.reviewed.isoformat()} for one in found])
        return
    for one in found:
        click.echo(f"{one.id}  {one.title}, version {one.version}, {one.language}, reviewed {one.reviewed}")
        click.echo(f"     By: {one.by}\n     Paid by: {one.pays}")


@command.command("check", short_help="Name the file and line of what breaks a rule in a pack.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
def check(folder: Path, *, as_json: bool) -> None:
    """Read every file of a pack as the program does; name the file and line of what breaks a rule."""
    pack = read_pack(folder)
    beside = [one for one in load_packs() if one.manifest.id != pack.manifest.id]
    packs = sorted([pack, *beside], key=lambda one: one.manifest.id != BASE)
    build_review(packs, build_law(packs))
    guide_of(packs)
    Shelf(tuple(packs)).check()
    for grammar in build_grammars(packs).values():
        grammar.check()
    if as_json:
        print_json({"id": pack.manifest.id, "files": len(pack.files), "ok": True})
    else:
        click.echo(f"{pack.manifest.title}: {len(pack.files)} files, no fault found.")
