"""Small pictures of what is kept, in the vault and nowhere else: made when a list is first looked at, gone with the item.

One is found by the id of the item's record. Of a file that cannot be drawn it is noted that it cannot, so that a
hostile one is tried once.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from holdfire.documents.drawing import Drawing
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault


@dataclass(frozen=True)
class Small:
    """A small picture.

    Attributes:
        record: The id of the record whose file it shows.
        jpeg: The picture; empty where the file cannot be drawn.
        pages: How many pages the file has, as far as it could be drawn.
    """

    record: str
    jpeg: bytes
    pages: int


def _encode(small: Small) -> JSON:
    return {
        "record": small.record,
        "jpeg": base64.b64encode(small.jpeg).decode("ascii"),
        "pages": small.pages,
    }


def _decode(values: JSON) -> Small:
    kept = cast("dict[str, Any]", values)
    return Small(kept["record"], base64.b64decode(kept["jpeg"]), kept["pages"])


SMALL: Final = Kind("small picture", 1, _encode, _decode, words=lambda small: small.record)


def small_of(vault: Vault, record: str) -> Small | None:
    """Return the small picture of a record's file, or None where none was tried yet."""
    found = _find(vault, record)
    return found.value if found else None


def keep_small(vault: Vault, record: str, drawn: Drawing | None, now: datetime) -> Small:
    """Keep the small picture of a record's file, or that there can be none."""
    small = Small(record, drawn.jpeg if drawn else b"", drawn.pages if drawn else 0)
    if _find(vault, record) is None:
        vault.records.add(SMALL, small, now)
    return small


def forget_small(vault: Vault, record: str) -> None:
    """Delete the small picture of a record's file, if there is one."""
    while (found := _find(vault, record)) is not None:
        vault.records.delete(SMALL, found.id)


def _find(vault: Vault, record: str) -> Record[Small] | None:
    return next((one for one in vault.records.search(record, SMALL, 2) if one.value.record == record), None)
