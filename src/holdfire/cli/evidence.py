"""`holdfire evidence`: keep evidence sealed, with a custody log, and hand it over so that a court can check it."""

from __future__ import annotations

import click

from holdfire.cli.evidence_package import export, guide, verify
from holdfire.vault.hardening import harden


@click.group("evidence")
def command() -> None:
    """Keep evidence sealed, with a custody log, and hand it over so that a court can check it."""
    harden()


for one in (export, verify, guide):
    command.add_command(one)
