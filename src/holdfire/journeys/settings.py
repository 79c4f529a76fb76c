"""What a person sets for one compartment: how soon it locks, whose law binds them. It lies in the vault, nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from holdfire.vault.records import JSON, Kind
from holdfire.vault.vault import Vault

#: Minutes without use after which a vault locks, unless the person sets another time.
USUAL_MINUTES: Final = 5
MOST_MINUTES: Final = 60
_COUNTRY: Final = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*)?\Z")


@dataclass(frozen=True)
class Settings:
    """The settings of one compartment.

    Attributes:
        minutes: After how many minutes without use it locks.
        country: Whose law binds the person, as a pack calls it; "" for international standards alone; None as
            long as nothing was chosen.
    """

    minutes: int = USUAL_MINUTES
    country: str | None = None


def _encode(settings: Settings) -> JSON:
    return {"minutes": settings.minutes, "country": settings.country}


def _decode(values: JSON) -> Settings:
    known = values if isinstance(values, dict) else {}
    minutes, country = known.get("minutes"), known.get("country")
    return Settings(
        minutes if isinstance(minutes, int) and 0 < minutes <= MOST_MINUTES else USUAL_MINUTES,
        country if isinstance(country, str) and _COUNTRY.match(country) else None,
    )


SETTINGS: Final = Kind("settings", 1, _encode, _decode)


def read_settings(vault: Vault) -> Settings:
    """Return what was set in the open compartment, or the usual."""
    found = vault.records.all(SETTINGS, limit=1)
    return found[0].value if found else Settings()


def change_settings(
    vault: Vault, now: datetime, *, minutes: int | None = None, country: str | None = None
) -> Settings:
    """Change what is named, keep the rest, and return what is set now; there is one record, without history.

    What was set before does not stay: which country it was can say who somebody is.
    """
    with vault.transaction():
        kept = vault.records.all(SETTINGS)
        before = kept[0].value if kept else Settings()
        changed = Settings(
            before.minutes if minutes is None else minutes, before.country if country is None else country
        )
        for record in kept:
            vault.records.delete(SETTINGS, record.id)
        vault.records.add(SETTINGS, changed, now)
    return changed
