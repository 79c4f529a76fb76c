"""Reading a board: nothing is believed that its signed head and its tree do not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from holdfire.conversation.faults import AlteredError, TruncatedError, WithheldError
from holdfire.conversation.watch import advance, check_entries
from holdfire.desk.own import Board, Place
from holdfire.wire import checkpoint, http
from holdfire.wire.boards import INBOX_ENTRY, PAGE_ENTRIES, TILE_HASHES
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.encoding import FormatError
from holdfire.wire.http import Ask
from holdfire.wire.merkle import ProofError, leaf_hash, verify_inclusion
from holdfire.wire.refusals import done
from holdfire.wire.tiles import Tile, TiledTree, read_tile

#: Entries that are read at one time: 8 MiB; what follows is read next.
MOST_AT_ONCE: Final = 1_024
_OK: Final = 200


@dataclass(frozen=True, repr=False)
class Pulled:
    """What was read of a board.

    Args:
        place: How far it is read now.
        entries: What is new, with their numbers.
        gone: How many entries were too old to be there any more.
    """

    place: Place
    entries: tuple[tuple[int, bytes], ...]
    gone: int = 0

    @property
    def is_all(self) -> bool:
        """Whether nothing is left to be read."""
        return self.place.head is None or self.place.next >= self.place.head.size


def pull(ask: Ask, origin: str, head_key: bytes, board: Board, place: Place, *, may_be_gone: bool) -> Pulled:
    """Return what stands on a board from `place` on, at most 1,024 entries.

    Args:
        ask: The relay.
        origin: Its origin.
        head_key: With which it signs heads.
        board: The board's secrets.
        place: How far it was read.
        may_be_gone: Whether 30 days went by since it was read, so that entries can have gone.

    Raises:
        LieError: Of the kind that says what the relay did: an older head, another history, entries withheld or altered.
        FormatError: An answer is not what it must be.
        RefusedError: The relay does not know the board.
    """
    writer, reader = board.writer, board.reader

    def fetch(tile: Tile) -> bytes:
        return done(ask(http.get_tile(writer, reader, tile.level, tile.index, tile.width)), _OK).body

    line = checkpoint.origin_line(origin, writer)
    found = checkpoint.read(done(ask(http.get_head(writer, reader)), _OK).body, line, head_key)
    tree = TiledTree(found.size, fetch)
    head = advance(place.head, found, tree)
    entries: list[tuple[int, bytes]] = []
    at, gone = place.next, 0
    while at < head.size and len(entries) < MOST_AT_ONCE:
        first, page = _page(ask, board, head, at // PAGE_ENTRIES, tree, fetch)
        if first > at:
            if not may_be_gone:
                raise WithheldError
            gone += first - at
        entries += [(first + place_, one) for place_, one in enumerate(page) if first + place_ >= at]
        at = first + len(page)
    return Pulled(Place(head, at), tuple(entries), gone)


def _page(
    ask: Ask,
    board: Board,
    head: Checkpoint,
    index: int,
    tree: TiledTree,
    fetch: Callable[[Tile], bytes],
) -> tuple[int, list[bytes]]:
    """Return the number of the first entry that is left of a page, and the entries, each proved to stand in the tree."""
    answer = done(ask(http.get_page(board.writer, board.reader, index)), _OK)
    start, end = index * PAGE_ENTRIES, min(head.size, (index + 1) * PAGE_ENTRIES)
    first = _first(answer.headers.get(http.FIRST, ""), start, end)
    if len(answer.body) % INBOX_ENTRY:
        raise FormatError("page", "wrong length")
    # The board may have grown since its head was signed: what follows is read next time.
    entries = [answer.body[at : at + INBOX_ENTRY] for at in range(0, len(answer.body), INBOX_ENTRY)]
    entries = entries[: end - first]
    tile = Tile(0, start // TILE_HASHES, min(TILE_HASHES, head.size - start // TILE_HASHES * TILE_HASHES))
    leaves = read_tile(fetch(tile), tile)
    before = tile.index * TILE_HASHES
    check_entries(first - before, entries, leaves, end - first)
    for number, entry in enumerate(entries, first):
        try:
            verify_inclusion(leaf_hash(entry), number, head.size, tree.inclusion(number), head.root)
        except ProofError:
            raise AlteredError from None
    return first, entries


def _first(untrusted: str, start: int, end: int) -> int:
    if not untrusted.isascii() or not untrusted.isdigit() or len(untrusted) > 15:  # noqa: PLR2004
        raise FormatError("page.first", "no number")
    first = int(untrusted)
    if first < start:
        raise FormatError("page.first", "out of range")
    if first > end:
        raise TruncatedError
    return first
