"""Whose law binds the person: chosen once, kept in the vault, offered wherever it counts; and what people call it."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark
from holdfire.web.opened import Opened

#: What people call the countries that have a pack of law here; another pack's country shows under its code.
COUNTRIES: Final = {"by": mark("Belarus"), "us": mark("United States")}


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return whose law can be looked at, codes and marked names, international standards alone first."""
    from holdfire.journeys.record_order import countries  # noqa: PLC0415 - the law loads when it is needed

    return (
        ("", mark("International standards only")),
        *((code, COUNTRIES.get(code, code.upper())) for code in countries()),
    )


async def country_of(opened: Opened) -> str:
    """Return whose law was chosen in this vault; "" for international standards alone, and as long as none was."""
    from holdfire.journeys.settings import read_settings  # noqa: PLC0415

    chosen = (await opened.run(read_settings)).country or ""
    return chosen if chosen in dict(country_choices()) else ""


async def choose_country(opened: Opened, country: str) -> None:
    """Keep whose law binds the person; what is no country that can be chosen changes nothing."""
    from holdfire.journeys.settings import change_settings  # noqa: PLC0415

    if country in dict(country_choices()):
        await opened.run(change_settings, opened.program.now(), country=country)
