"""The packs as they are here: those that came with the program, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdfire.pack.folder import Pack, read_pack, shipped_packs

#: The pack the guide's pages come from; the others add a country.
BASE = "int"


@cache
def load_packs(folder: Path | None = None) -> tuple[Pack, ...]:
    """Return the packs of a folder, the base pack first; by default those that were shipped."""
    where = folder or shipped_packs()
    found = [read_pack(one) for one in sorted(where.iterdir()) if (one / "pack.yaml").exists()]
    return tuple(sorted(found, key=lambda pack: pack.manifest.id != BASE))
