"""Whether an imported wording and the wording our paraphrase was written from can be of different versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from holdfire.language import mark
from holdfire.law.provisions import Provision

Standing = Literal["same-time", "may-differ", "unknown"]

_UNREAD: Final = mark(
    "Nobody has read the present wording here: our sentence comes from what others say of it. Trust your copy more, and compare."
)
_NO_DATE: Final = mark(
    "It is not known of which day your copy is, so the versions may differ. Compare it with the official text."
)
_BEFORE: Final = mark(
    "The versions may differ: your copy is of {version}, and the wording we read surely stood only from {start} on."
)
_AFTER: Final = mark(
    "The versions may differ: your copy is of {version}, and the wording we read surely stood only until {end}."
)
_BEFORE_IT: Final = mark(
    "The versions differ or the date is wrong: your copy is of {version}, before this was in force or adopted."
)
_WITHIN: Final = mark(
    "Your copy is of {version}. The wording we read stood then, as far as we know: from {start} until {end}. Compare them all the same."
)
_SINCE: Final = mark(
    "It is not known whether the versions are the same: your copy is of {version}, and we do not know since when the wording we read"
    " has stood."
)


@dataclass(frozen=True)
class Comparison:
    """How two wordings stand in time: a word for it, and a sentence with places."""

    standing: Standing
    sentence: str
    values: dict[str, str] = field(default_factory=dict)


def compare(provision: Provision, version: date | None) -> Comparison:
    """Return what is known of the versions of our paraphrase and of a copy.

    Args:
        provision: Ours, with the dates of what was read.
        version: The day whose wording the copy gives; None unknown.
    """
    if version is None:
        return Comparison("unknown", _NO_DATE)
    if _not_yet(provision, version):
        return Comparison("may-differ", _BEFORE_IT, {"version": version.isoformat()})
    if provision.level not in {"text", "text-earlier-version"}:
        return Comparison("unknown", _UNREAD)
    return _compare_dates(provision, version)


def _compare_dates(provision: Provision, version: date) -> Comparison:
    dated = {"version": version.isoformat()}
    end = _read_until(provision)
    if end is not None and version > end:
        return Comparison("may-differ", _AFTER, {**dated, "end": end.isoformat()})
    start = provision.wording_from or provision.stood_on
    if start is None:
        return Comparison("unknown", _SINCE, dated)
    if version < start:
        return Comparison("may-differ", _BEFORE, {**dated, "start": start.isoformat()})
    return Comparison(
        "same-time",
        _WITHIN,
        {**dated, "start": start.isoformat(), "end": (end or provision.checked).isoformat()},
    )


def _read_until(provision: Provision) -> date | None:
    """Return the last day on which the wording that was read is known to have stood."""
    if provision.wording_until is not None:
        return provision.wording_until
    if provision.level == "text-earlier-version":
        return provision.stood_on or provision.wording_from
    return provision.checked


def _not_yet(provision: Provision, version: date) -> bool:
    begins = provision.in_force_from
    if begins is not None:
        return version < begins
    # A year or a month alone: only what lies wholly before it is surely too early.
    return provision.adopted is not None and version.isoformat()[: len(provision.adopted)] < provision.adopted
