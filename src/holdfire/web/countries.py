"""Whose law binds the person: the countries that can be chosen, and what people call them."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark

#: What people call the countries that have a pack of law here; another pack's country shows under its code.
COUNTRIES: Final = {"by": mark("Belarus"), "us": mark("United States")}


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return whose law can be looked at, codes and marked names, international standards alone first."""
    from holdfire.journeys.record_order import countries  # noqa: PLC0415 - the law loads when it is needed

    return (
        ("", mark("International standards only")),
        *((code, COUNTRIES.get(code, code.upper())) for code in countries()),
    )
