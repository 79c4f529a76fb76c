"""Pieces: blobs of one size under a name that the sender chose, written once (docs/protocols/envelope.md §6)."""

from __future__ import annotations

from typing import Final

#: Bytes of a piece as the relay keeps it.
PIECE_SIZE: Final = 1 << 20
#: What sealing adds to a piece.
OVERHEAD: Final = 16
#: Bytes of a file in one piece.
CONTENT_SIZE: Final = PIECE_SIZE - OVERHEAD
NAME_SIZE: Final = 32
#: The most pieces of a file: 64 GiB.
MOST_PIECES: Final = 1 << 16
#: Pieces that a board holds, 8 GiB. Those who solve puzzles fill at most half; the rest is for ticket holders.
MOST_ON_BOARD: Final = 8_192
MOST_BY_PUZZLE: Final = MOST_ON_BOARD // 2


def padded_count(pieces: int) -> int:
    """Return how many pieces are sent for `pieces`: the next number that keeps only its leading bits (Padmé), ≤ 12 % more."""
    if pieces <= 1:
        return 1
    exponent = pieces.bit_length() - 1
    spare = exponent - exponent.bit_length()
    mask = (1 << max(spare, 0)) - 1
    return (pieces + mask) & ~mask


def count_of(length: int) -> int:
    """Return how many pieces are sent for a file of `length` bytes, padding included.

    Raises:
        ValueError: It is below zero or longer than can be sent.
    """
    if not 0 <= length <= MOST_PIECES * CONTENT_SIZE:
        raise ValueError("no such length can be sent")
    return padded_count(max(1, -(-length // CONTENT_SIZE)))
