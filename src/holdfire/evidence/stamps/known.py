"""Some who can be asked for stamps, as others name them: an offer to read, from which nobody is chosen and nobody is asked.

None was tried from here. An authority's root certificate is the person's to get and to compare; none comes with Holdfire.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holdfire.evidence.stamps.stamp import AskedKind


@dataclass(frozen=True)
class Known:
    """Somebody others use: what they are, where, and who says so, read when."""

    name: str
    kind: AskedKind
    address: str
    source: str
    date: str


_CLIENT: Final = "https://github.com/opentimestamps/opentimestamps-client"

KNOWN: Final = (
    Known(
        "Sectigo",
        "authority",
        "http://timestamp.sectigo.com",
        "https://sectigo.com/resource-library/time-stamping-server",
        "2026-11-23",
    ),
    Known(
        "FreeTSA",
        "authority",
        "https://freetsa.org/tsr",
        "https://seshat-docs.pages.dev/docs/rfc3161-timestamps/",
        "2026-11-23",
    ),
    Known("OpenTimestamps a", "calendar", "https://a.pool.opentimestamps.org", _CLIENT, "2026-11-23"),
    Known("OpenTimestamps b", "calendar", "https://b.pool.opentimestamps.org", _CLIENT, "2026-11-23"),
    Known("Eternity Wall", "calendar", "https://a.pool.eternitywall.com", _CLIENT, "2026-11-23"),
)
