"""What a person sets for one compartment: how soon it locks. It lies in the vault, nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from holdfire.vault.records import JSON, Kind
from holdfire.vault.vault import Vault

#: Minutes without use after which a vault locks, unless the person sets another time.
USUAL_MINUTES: Final = 5
MOST_MINUTES: Final = 60


@dataclass(frozen=True)
class Settings:
    """The settings of one compartment."""

    minutes: int = USUAL_MINUTES


def _encode(settings: Settings) -> JSON:
    return {"minutes": settings.minutes}


def _decode(values: JSON) -> Settings:
    minutes = values.get("minutes") if isinstance(values, dict) else None
    return Settings(minutes if isinstance(minutes, int) and 0 < minutes <= MOST_MINUTES else USUAL_MINUTES)


SETTINGS: Final = Kind("settings", 1, _encode, _decode)


def read_settings(vault: Vault) -> Settings:
    """Return what was set in the open compartment, or the usual."""
    found = vault.records.all(SETTINGS, limit=1)
    return found[0].value if found else Settings()


def save_settings(vault: Vault, settings: Settings, now: datetime) -> None:
    """Keep the settings in the open compartment; there is one record of them."""
    found = vault.records.all(SETTINGS, limit=1)
    if found:
        vault.records.save(SETTINGS, found[0].id, settings, now)
    else:
        vault.records.add(SETTINGS, settings, now)
