"""What a relay's store promises; one class of tests holds every store to it (docs/protocols/relay.md)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Board:
    """A board as it stands.

    Args:
        entry_size: Bytes of each entry.
        size: How many entries were ever appended.
        first: The number of the first entry whose body may be left.
    """

    entry_size: int
    size: int
    first: int


@dataclass(frozen=True, repr=False)
class Kept:
    """A file of a sheet: its number, from 1, and its bytes."""

    number: int
    content: bytes


class Store(Protocol):
    """Keeps what a relay keeps; used by one thread at a time. Days are whole numbers; names are 32 bytes."""

    def group(self) -> AbstractContextManager[None]:
        """Make all that is written inside durable together when it ends, or nothing of it when it is left by an error."""

    def add_grant(self, hashed: bytes, uses: int) -> None:
        """Keep a grant's hash and how often it can be used."""

    def use_grant(self, hashed: bytes) -> bool:
        """Use a grant once; False if there is none left."""

    def add_board(self, board: bytes, entry_size: int) -> bool:
        """Make a board; False if there is one."""

    def board(self, board: bytes) -> Board | None:
        """Return a board as it stands."""

    def append(self, board: bytes, body: bytes, day: int) -> int:
        """Append an entry with the hash of its leaf and return its number; the board is there."""

    def bodies(self, board: bytes, start: int, end: int) -> list[tuple[int, bytes]]:
        """Return the numbers and bodies that are left of entries `start` to `end`, in order."""

    def hashes(self, board: bytes, level: int, start: int, count: int) -> list[bytes]:
        """Return hashes of a level of tiles, fewer if there are fewer."""

    def trim(self, board: bytes, first: int) -> None:
        """Remove the bodies of all entries before `first`; never goes back."""

    def close_board(self, board: bytes) -> None:
        """Remove a board with all that belongs to it."""

    def add_tickets(self, board: bytes, hashed: list[bytes], day: int) -> None:
        """Keep hashes of tickets; one that is there stays as it is."""

    def count_tickets(self, board: bytes) -> int:
        """Return how many tickets are good on a board."""

    def has_ticket(self, board: bytes, hashed: bytes) -> bool:
        """Say whether a ticket is good, and leave it so."""

    def use_ticket(self, board: bytes, hashed: bytes) -> bool:
        """Use a ticket up; False if there is none."""

    def use_once(self, hashed: bytes, window: int) -> bool:
        """Remember that a solution of the challenge numbered `window` was used; False if it was before."""

    def forget_used(self, before: int) -> None:
        """Forget the solutions of challenges before `before`."""

    def add_sheet(self, sheet: bytes) -> bool:
        """Make room for a desk's files; False if there is."""

    def has_sheet(self, sheet: bytes) -> bool:
        """Say whether there is room for this desk's files."""

    def read_file(self, sheet: bytes, name: str) -> Kept | None:
        """Return a file of a desk."""

    def write_file(self, sheet: bytes, name: str, edition: int, kept: Kept) -> None:
        """Write a file of a desk in place of the one that stands there; `edition` is 0 but for buckets."""

    def editions(self, sheet: bytes) -> list[int]:
        """Return the editions of which buckets are kept, the newest first."""

    def drop_edition(self, sheet: bytes, edition: int) -> None:
        """Remove the buckets of an edition."""

    def read_piece(self, board: bytes, piece: bytes) -> bytes | None:
        """Return a piece."""

    def add_piece(self, board: bytes, piece: bytes, content: bytes, day: int) -> None:
        """Keep a piece; there is none of that name."""

    def count_pieces(self, board: bytes) -> int:
        """Return how many pieces belong to a board."""

    def drop_piece(self, board: bytes, piece: bytes) -> bool:
        """Remove a piece; False if there is none."""

    def expire(self, before: int) -> None:
        """Remove bodies, tickets and pieces of days before `before`; hashes of leaves stay."""

    def close(self) -> None:
        """Close the store."""
