"""Days as documents spell them: `2026-03-01`, and no other way."""

from __future__ import annotations

from datetime import date

from holdfire.wire.encoding import FormatError


def read_day(untrusted: str, where: str) -> date:
    """Return the day; FormatError, naming `where`, if it is none or spelt otherwise."""
    try:
        found = date.fromisoformat(untrusted)
    except ValueError:
        raise FormatError(where, "no day") from None
    if found.isoformat() != untrusted:
        raise FormatError(where, "not in its one spelling")
    return found
