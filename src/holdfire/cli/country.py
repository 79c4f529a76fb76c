"""Whose law counts in a command about an order: the country named, else the one set in the vault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from holdfire.errors import UserError
from holdfire.journeys.record_order import countries
from holdfire.journeys.settings import read_settings
from holdfire.language import mark
from holdfire.vault.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
#: What stands for no country at all: the short name of the international pack.
_INTERNATIONAL: Final = "int"


def country_option(function: F) -> F:
    """Add `--country`."""
    return click.option(
        "--country",
        help="Whose law binds you, as a pack calls it: see `holdfire pack list`. `int`: none. Without it, the one set in the vault.",
    )(function)


def judge_country(untrusted: str | None) -> str | None:
    """Return the country that was named, "" for none at all, None where nothing was named; UserError for an unknown one."""
    if untrusted == _INTERNATIONAL:
        return ""
    if untrusted and untrusted not in countries():
        raise UserError(
            mark("No pack here has the law of this country; there are: {known}."),
            mark(
                "Choose one of these. Without --country the one set in the vault counts, or international standards alone."
            ),
            known=", ".join(countries()),
        )
    return untrusted


def country_of(vault: Vault, named: str | None) -> str | None:
    """Return whose law counts: the country named, else the one set in the vault; None for international standards alone."""
    return (read_settings(vault).country if named is None else named) or None
