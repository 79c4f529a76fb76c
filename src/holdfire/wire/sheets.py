"""Sheets: the constant-size files of a desk that anyone may read (docs/protocols/envelope.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from holdfire.wire.names import named_hash

SECRET_SIZE: Final = 32
CARD_SIZE: Final = 16 << 10
NOTICE_SIZE: Final = 64 << 10
#: Slots of a bucket, bytes of a slot, and what stands after the slots: the signature, padded.
BUCKET_SLOTS: Final = 256
SLOT_SIZE: Final = 4_096
BUCKET_TRAILER: Final = 4_096
BUCKET_SIZE: Final = BUCKET_SLOTS * SLOT_SIZE + BUCKET_TRAILER
#: The most bits of a bucket's number.
MOST_BITS: Final = 16
#: Editions whose buckets a relay keeps: the newest, and the one before for who has just fetched its notice.
KEPT_EDITIONS: Final = 2


@dataclass(frozen=True)
class SheetName:
    """Which file of a desk.

    Args:
        kind: What it is.
        edition: Of a bucket: the number of its edition.
        index: Of a bucket: its number in the edition.
    """

    kind: Literal["card", "notice", "bucket"]
    edition: int = 0
    index: int = 0

    @property
    def size(self) -> int:
        """How many bytes the file has, always."""
        return {"card": CARD_SIZE, "notice": NOTICE_SIZE, "bucket": BUCKET_SIZE}[self.kind]


CARD: Final = SheetName("card")
NOTICE: Final = SheetName("notice")


def sheet_of(secret: bytes) -> bytes:
    """Return the id, 32 bytes, under which anyone reads what only who has `secret` writes."""
    if len(secret) != SECRET_SIZE:
        raise ValueError("a secret of a sheet has 32 bytes")
    return named_hash("sheet", secret)


def writes(sheet: bytes, presented: bytes) -> bool:
    """Say whether `presented` is the secret of `sheet`."""
    return len(presented) == SECRET_SIZE and named_hash("sheet", presented) == sheet
