"""One event of a custody log: an action, and fields that are committed to and can be opened one by one (docs/formats/custody.md §1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from holdfire.errors import UserError
from holdfire.evidence.canonical import Value, canonical, parse
from holdfire.evidence.custody.refusals import EditedError
from holdfire.language import mark
from holdfire.sealing.noise import random_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "holdfire custody event 1"
ACTIONS: Final = ("receive", "open", "copy", "redact", "transfer", "dispose")
TIMES: Final = ("day", "hour", "exact")
FIELDS: Final = (
    "role", "alias", "name", *TIMES, "offset", "clock", "where", "why", "authority", "custodian_from", "custodian_to",
    "hash_before", "hash_after", "parent", "steps", "change", "answerable",
)  # fmt: skip
UNKNOWN: Final = "unknown"
SALT_SIZE: Final = 16
MOST_EVENT: Final = 65_536
MOST_OPENING: Final = 16_384

FieldValue: TypeAlias = str | list[str]

_MEMBERS: Final = {"action", "fields", "format", "number", "salt"}
_DIGITS: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Event:
    """What was done with an item: `fields` maps each of `FIELDS` to its commitment, 64 hexadecimal digits."""

    number: int
    action: str
    fields: Mapping[str, str]


def when(now: datetime, clock: str = UNKNOWN) -> dict[str, FieldValue]:
    """Return the fields that say when, for `now` with its time zone and where that time came from.

    Raises:
        ValueError: `now` does not say its time zone.
    """
    offset = now.strftime("%z")
    if not offset:
        raise ValueError("now must say its time zone")
    exact = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "day": exact[:10],
        "hour": exact[:13],
        "exact": exact,
        "offset": f"{offset[:3]}:{offset[3:5]}",
        "clock": clock,
    }


def write(number: int, action: str, values: Mapping[str, FieldValue]) -> tuple[bytes, dict[str, bytes]]:
    """Return the event as it is hashed, and the opening of each field; what `values` lacks is unknown.

    Raises:
        UserError: An action or a field that the log does not have, or a value that is too long.
    """
    if action not in ACTIONS or not set(values) <= set(FIELDS):
        raise UserError(
            mark("The custody log has no such action or field."), mark("Choose one of those offered.")
        )
    salts = random_bytes(SALT_SIZE * (len(FIELDS) + 1)).hex()
    size = 2 * SALT_SIZE
    openings = {}
    for place, field in enumerate(FIELDS, 1):
        value = values.get(field) or UNKNOWN
        openings[field] = _canonical(
            [salts[place * size : (place + 1) * size], field, value if isinstance(value, str) else [*value]]
        )
        if len(openings[field]) > MOST_OPENING:
            raise UserError(
                mark("What stands under {field} is longer than the custody log takes."),
                mark("Shorten it, or keep it as a note."),
                field=field,
            )
    event = _canonical(
        {
            "action": action,
            "fields": {field: sha256(opening).hexdigest() for field, opening in openings.items()},
            "format": FORMAT,
            "number": number,
            "salt": salts[:size],
        }
    )
    return event, openings


def read(untrusted_text: bytes, place: int) -> Event:
    """Return the event that stands in `place`; its `number` may say another place.

    Raises:
        EditedError: It is no event of this format.
    """
    try:
        value = parse(untrusted_text, MOST_EVENT)
    except ValueError:
        raise EditedError(place) from None
    if not isinstance(value, dict) or set(value) != _MEMBERS or value["format"] != FORMAT:
        raise EditedError(place)
    number, action, fields, salt = value["number"], value["action"], value["fields"], value["salt"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 0 or not _is_hex(salt, SALT_SIZE):
        raise EditedError(place)
    if action not in ACTIONS or not isinstance(fields, dict) or set(fields) != set(FIELDS):
        raise EditedError(place)
    if not all(_is_hex(one, sha256().digest_size) for one in fields.values()):
        raise EditedError(place)
    return Event(number, str(action), {field: str(one) for field, one in fields.items()})


def opened(event: Event, place: int, untrusted_openings: list[bytes]) -> dict[str, FieldValue]:
    """Return the values that openings of `event` show, by field.

    Raises:
        EditedError: One does not match its commitment, is given twice, or the times contradict each other.
    """
    values: dict[str, FieldValue] = {}
    for opening in untrusted_openings:
        field, value = _read_opening(opening, place)
        if sha256(opening).hexdigest() != event.fields.get(field) or field in values:
            raise EditedError(place, field if field in FIELDS else "")
        values[field] = value
    times = [str(values[field]) for field in TIMES if field in values]
    for coarse, fine in pairwise(times):
        if not fine.startswith(coarse):
            raise EditedError(place, "exact")
    return values


def _read_opening(untrusted_text: bytes, place: int) -> tuple[str, FieldValue]:
    try:
        # Not spelt again, as events are: the commitment speaks for these very bytes, and a list of texts reads in one way.
        value: Value = (
            json.loads(untrusted_text.decode("utf-8")) if len(untrusted_text) <= MOST_OPENING else None
        )
    except (ValueError, RecursionError):
        raise EditedError(place) from None
    match value:
        case [str(salt), str(field), str(text)] if _is_hex(salt, SALT_SIZE):
            return field, text
        case [str(salt), str(field), [*texts]] if _is_hex(salt, SALT_SIZE):
            known = [text for text in texts if isinstance(text, str)]
            if len(known) == len(texts):
                return field, known
    raise EditedError(place)


def _canonical(value: Value) -> bytes:
    try:
        return canonical(value)
    except ValueError:
        raise UserError(
            mark("What you wrote holds a character that cannot be kept."), mark("Type it again.")
        ) from None


def _is_hex(value: object, size: int) -> bool:
    return isinstance(value, str) and len(value) == 2 * size and set(value) <= _DIGITS
