"""A relay's store as the documents describe it, in plain dicts: nothing of the program but the values it hands out.

It keeps what was ever appended, and works out each hash from it when asked: level `n` is the root over 256**n leaves, by
RFC 6962's own recursion.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from holdfire.relay.store import Board, Kept


@lru_cache(maxsize=4_096)
def _root(leaves: tuple[bytes, ...]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + _root(leaves[:half]) + _root(leaves[half:])).digest()


@dataclass
class _Board:
    entry_size: int
    leaves: list[bytes] = field(default_factory=list)
    first: int = 0
    left: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    pieces: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)


@dataclass
class _All:
    grants: dict[bytes, int] = field(default_factory=dict)
    boards: dict[bytes, _Board] = field(default_factory=dict)
    tickets: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    used: dict[bytes, int] = field(default_factory=dict)
    sheets: set[bytes] = field(default_factory=set)
    files: dict[bytes, dict[str, tuple[int, Kept]]] = field(default_factory=dict)


class SimulatedStore:
    """Behaves as every store must."""

    def __init__(self) -> None:
        self._all = _All()

    @contextmanager
    def group(self) -> Iterator[None]:
        before = copy.deepcopy(self._all)
        try:
            yield
        except BaseException:
            self._all = before
            raise

    def add_grant(self, hashed: bytes, uses: int) -> None:
        self._all.grants[hashed] = uses

    def use_grant(self, hashed: bytes) -> bool:
        left = self._all.grants.get(hashed, 0)
        if left > 0:
            self._all.grants[hashed] = left - 1
        return left > 0

    def add_board(self, board: bytes, entry_size: int) -> bool:
        if board in self._all.boards:
            return False
        self._all.boards[board] = _Board(entry_size)
        return True

    def board(self, board: bytes) -> Board | None:
        found = self._all.boards.get(board)
        return Board(found.entry_size, len(found.leaves), found.first) if found else None

    def append(self, board: bytes, body: bytes, day: int) -> int:
        found = self._all.boards[board]
        found.left[len(found.leaves)] = (body, day)
        found.leaves.append(sha256(b"\0" + body).digest())
        return len(found.leaves) - 1

    def bodies(self, board: bytes, start: int, end: int) -> list[tuple[int, bytes]]:
        found = self._all.boards.get(board)
        return (
            [(one, body) for one, (body, _) in sorted(found.left.items()) if start <= one < end]
            if found
            else []
        )

    def hashes(self, board: bytes, level: int, start: int, count: int) -> list[bytes]:
        found, width = self._all.boards.get(board), 256**level
        if found is None:
            return []
        whole = range(start, min(start + count, len(found.leaves) // width))
        return [_root(tuple(found.leaves[place * width : (place + 1) * width])) for place in whole]

    def trim(self, board: bytes, first: int) -> None:
        found = self._all.boards.get(board)
        if found:
            found.first = max(found.first, min(first, len(found.leaves)))
            found.left = {one: entry for one, entry in found.left.items() if one >= found.first}

    def close_board(self, board: bytes) -> None:
        self._all.boards.pop(board, None)
        self._all.tickets = {key: day for key, day in self._all.tickets.items() if key[0] != board}

    def add_tickets(self, board: bytes, hashed: list[bytes], day: int) -> None:
        for one in hashed:
            self._all.tickets.setdefault((board, one), day)

    def count_tickets(self, board: bytes) -> int:
        return sum(key[0] == board for key in self._all.tickets)

    def has_ticket(self, board: bytes, hashed: bytes) -> bool:
        return (board, hashed) in self._all.tickets

    def use_ticket(self, board: bytes, hashed: bytes) -> bool:
        return self._all.tickets.pop((board, hashed), None) is not None

    def use_once(self, hashed: bytes, window: int) -> bool:
        if hashed in self._all.used:
            return False
        self._all.used[hashed] = window
        return True

    def forget_used(self, before: int) -> None:
        self._all.used = {hashed: window for hashed, window in self._all.used.items() if window >= before}

    def add_sheet(self, sheet: bytes) -> bool:
        new = sheet not in self._all.sheets
        self._all.sheets.add(sheet)
        return new

    def has_sheet(self, sheet: bytes) -> bool:
        return sheet in self._all.sheets

    def read_file(self, sheet: bytes, name: str) -> Kept | None:
        found = self._all.files.get(sheet, {}).get(name)
        return found[1] if found else None

    def write_file(self, sheet: bytes, name: str, edition: int, kept: Kept) -> None:
        self._all.files.setdefault(sheet, {})[name] = (edition, kept)

    def editions(self, sheet: bytes) -> list[int]:
        files = self._all.files.get(sheet, {}).items()
        return sorted({edition for name, (edition, _) in files if name.startswith("bucket")}, reverse=True)

    def drop_edition(self, sheet: bytes, edition: int) -> None:
        files = self._all.files.get(sheet, {})
        for name in [one for one, (of, _) in files.items() if of == edition and one.startswith("bucket")]:
            del files[name]

    def read_piece(self, board: bytes, piece: bytes) -> bytes | None:
        found = self._all.boards.get(board)
        return found.pieces.get(piece, (None, 0))[0] if found else None

    def add_piece(self, board: bytes, piece: bytes, content: bytes, day: int) -> None:
        self._all.boards[board].pieces[piece] = (content, day)

    def count_pieces(self, board: bytes) -> int:
        found = self._all.boards.get(board)
        return len(found.pieces) if found else 0

    def drop_piece(self, board: bytes, piece: bytes) -> bool:
        found = self._all.boards.get(board)
        return found is not None and found.pieces.pop(piece, None) is not None

    def expire(self, before: int) -> None:
        self._all.tickets = {key: day for key, day in self._all.tickets.items() if day >= before}
        for board in self._all.boards.values():
            board.left = {one: entry for one, entry in board.left.items() if entry[1] >= before}
            board.pieces = {name: piece for name, piece in board.pieces.items() if piece[1] >= before}
            board.first = min(board.left, default=len(board.leaves))

    def close(self) -> None:
        """Nothing is open."""
