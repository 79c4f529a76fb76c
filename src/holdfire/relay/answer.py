"""The core of a relay: one request in, one answer out; it reads no clock and opens no file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from holdfire.relay.gate import Gate, Solved
from holdfire.relay.store import Board, Kept, Store
from holdfire.sealing.signature import SigningKey
from holdfire.wire import checkpoint, http
from holdfire.wire.boards import KEPT_DAYS, PAGE_ENTRIES, TILE_HASHES, fits, owns, reads
from holdfire.wire.http import Answer, Request, Route
from holdfire.wire.merkle import EMPTY, HASH_SIZE
from holdfire.wire.pieces import MOST_BY_PUZZLE, MOST_ON_BOARD, PIECE_SIZE
from holdfire.wire.puzzle import CHALLENGE_SECONDS
from holdfire.wire.sheets import KEPT_EDITIONS, SheetName, writes
from holdfire.wire.tickets import ticket_hash
from holdfire.wire.tiles import Tile, TiledTree

#: The one shape of errors: a status and a word.
WORDS: Final = {
    400: "malformed",
    403: "refused",
    404: "nothing",
    408: "slow",
    409: "changed",
    411: "length",
    413: "size",
    500: "broken",
    503: "full",
}
MOST_BODIES: Final = 1_000_000
MOST_TICKETS: Final = 256
MOST_TICKETS_KEPT: Final = 65_536
#: Buckets of an edition: 16,384 replies.
MOST_BUCKETS: Final = 64
_DAY: Final = 86_400


def error(status: int) -> Answer:
    """Return the answer that says no, and nothing of what was asked."""
    return Answer(status, {"content-type": "text/plain"}, f"{WORDS[status]}\n".encode("ascii"))


@dataclass(frozen=True)
class Sizes:
    """Which lengths a body can have: from `least` to `most` in steps of `step`."""

    least: int
    most: int
    step: int = 1

    def fit(self, length: int) -> bool:
        """Say whether a body can have this length."""
        return self.least <= length <= self.most and (length - self.least) % self.step == 0


_NOTHING: Final = Sizes(0, 0)
_BODIES: Final = {
    "make board": Sizes(HASH_SIZE + 4, HASH_SIZE + 4),
    "trim": Sizes(8, 8),
    "tickets": Sizes(HASH_SIZE, MOST_TICKETS * HASH_SIZE, HASH_SIZE),
    "make sheet": Sizes(HASH_SIZE, HASH_SIZE),
    "write piece": Sizes(PIECE_SIZE, PIECE_SIZE),
}


class Relay:
    """Answers requests over a store.

    Args:
        store: Where all is kept; every answer is given inside a group of it.
        origin: The relay's origin, which stands in the heads it signs.
        key: Signs heads.
        price: Bits of the puzzle's first step; None asks for no puzzle and no ticket.
    """

    def __init__(self, store: Store, origin: str, key: SigningKey, price: int | None = None) -> None:
        self._store = store
        self._origin = origin
        self._key = key
        self.gate = Gate(key, price)
        self._does: dict[str, Callable[[Route, Request, int], Answer]] = {
            "health": lambda _r, _q, _n: Answer(200),
            "make board": self._make_board,
            "close": self._close,
            "challenge": self._show_challenge,
            "head": self._head,
            "page": self._page,
            "tile": self._tile,
            "trim": self._trim,
            "tickets": self._tickets,
            "make sheet": self._make_sheet,
            "read sheet": self._read_file,
            "write sheet": self._write_file,
            "read bucket": self._read_file,
            "write bucket": self._write_file,
            "read piece": self._read_piece,
            "delete piece": self._delete_piece,
        }

    def sizes(self, route: Route) -> Sizes | None:
        """Return which length the body of a request must have, before it is read; None if there is no such thing."""
        if route.name == "post":
            board = self._store.board(route.board)
            return Sizes(board.entry_size, board.entry_size) if board else None
        if route.file is not None and route.name.startswith("write"):
            return Sizes(route.file.size, route.file.size) if self._store.has_sheet(route.sheet) else None
        if route.name == "write piece" and self._store.board(route.board) is None:
            return None
        return _BODIES.get(route.name, _NOTHING)

    def may_send(self, route: Route, request: Request) -> bool:
        """Say, before its body is read, whether a request shows the secret that it needs; tickets and puzzles are not looked at."""
        secret = http.secret_of(request.headers) or b""
        if route.name in {"trim", "close"}:
            return owns(route.board, secret)
        if route.name == "tickets":
            return reads(route.board, secret)
        if route.name in {"write sheet", "write bucket"}:
            return writes(route.sheet, secret)
        return True

    def has_ticket(self, route: Route, request: Request) -> bool:
        """Say whether a request shows a ticket that is good on its board."""
        ticket = http.secret_of(request.headers, http.TICKET)
        return ticket is not None and self._store.has_ticket(route.board, ticket_hash(ticket))

    def answer(self, request: Request, now: int, solved: Solved | None = None) -> Answer:
        """Return the answer to a request whose body has a length that fits.

        Args:
            request: What is asked, unjudged.
            now: Seconds since 1970; nothing finer than its day is kept.
            solved: The puzzle that was judged already; None judges what the request shows.
        """
        route = http.route(request.method, request.path)
        if route is None:
            return error(404)
        sizes = self.sizes(route)
        if sizes is None:
            return error(404)
        if not sizes.fit(len(request.body)):
            return error(413)
        if route.name in {"post", "write piece"}:
            let_in = _Admission(self._store, self.gate, route, request, now, solved)
            return (
                self._post(route, request, let_in)
                if route.name == "post"
                else self._write_piece(route, request, let_in)
            )
        return self._does[route.name](route, request, now)

    def expire(self, now: int) -> None:
        """Remove what has been kept for as long as it is kept."""
        with self._store.group():
            self._store.expire(now // _DAY - KEPT_DAYS)
            self._store.forget_used(now // CHALLENGE_SECONDS - 1)

    def _make_board(self, _route: Route, request: Request, _now: int) -> Answer:
        board, size = request.body[:HASH_SIZE], int.from_bytes(request.body[HASH_SIZE:], "big")
        if not fits(size):
            return error(400)
        if self._store.board(board) is not None:
            return error(409)
        if not self._granted(request):
            return error(403)
        self._store.add_board(board, size)
        return Answer(201)

    def _make_sheet(self, _route: Route, request: Request, _now: int) -> Answer:
        if self._store.has_sheet(request.body):
            return error(409)
        if not self._granted(request):
            return error(403)
        self._store.add_sheet(request.body)
        return Answer(201)

    def _granted(self, request: Request) -> bool:
        grant = http.secret_of(request.headers, http.GRANT)
        return grant is not None and self._store.use_grant(ticket_hash(grant))

    def _post(self, route: Route, request: Request, let_in: _Admission) -> Answer:
        board = self._store.board(route.board)
        assert board is not None  # noqa: S101 — its size was looked up
        if board.size - board.first >= MOST_BODIES:
            return error(503)
        if not let_in.use():
            return error(403)
        self._store.append(route.board, request.body, let_in.day)
        return Answer(201)

    def _show_challenge(self, route: Route, _request: Request, now: int) -> Answer:
        if self._store.board(route.board) is None:
            return error(404)
        window = now // CHALLENGE_SECONDS
        return _bytes(self.gate.challenge(route.board, window) + bytes([self.gate.price(window)]))

    def _close(self, route: Route, request: Request, _now: int) -> Answer:
        if self._owned(route, request) is None:
            return error(404)
        self._store.close_board(route.board)
        return Answer(204)

    def _trim(self, route: Route, request: Request, _now: int) -> Answer:
        board = self._owned(route, request)
        if board is None:
            return error(404)
        first = int.from_bytes(request.body, "big")
        if first > board.size:
            return error(400)
        self._store.trim(route.board, first)
        return Answer(204)

    def _tickets(self, route: Route, request: Request, now: int) -> Answer:
        if self._readable(route, request) is None:
            return error(404)
        hashes = [request.body[at : at + HASH_SIZE] for at in range(0, len(request.body), HASH_SIZE)]
        if hashes != sorted(set(hashes)):
            return error(400)
        if self._store.count_tickets(route.board) + len(hashes) > MOST_TICKETS_KEPT:
            return error(503)
        self._store.add_tickets(route.board, hashes, now // _DAY)
        return Answer(204)

    def _head(self, route: Route, request: Request, _now: int) -> Answer:
        board = self._readable(route, request)
        if board is None:
            return error(404)
        tree = TiledTree(board.size, lambda tile: self._hashes(route.board, tile))
        root = tree.root() if board.size else EMPTY
        line = checkpoint.origin_line(self._origin, route.board)
        return Answer(
            200,
            {"content-type": "text/plain; charset=utf-8"},
            checkpoint.write(checkpoint.Checkpoint(board.size, root), line, self._key),
        )

    def _page(self, route: Route, request: Request, _now: int) -> Answer:
        board = self._readable(route, request)
        start = route.index * PAGE_ENTRIES
        if board is None or start >= board.size:
            return error(404)
        found = self._store.bodies(route.board, start, start + PAGE_ENTRIES)
        first = found[0][0] if found else min(board.size, start + PAGE_ENTRIES)
        return _bytes(b"".join(body for _, body in found), {http.FIRST: str(first)})

    def _tile(self, route: Route, request: Request, _now: int) -> Answer:
        board = self._readable(route, request)
        if board is None or route.index * TILE_HASHES + route.width > board.size >> 8 * route.level:
            return error(404)
        return _bytes(self._hashes(route.board, Tile(route.level, route.index, route.width)))

    def _hashes(self, board: bytes, tile: Tile) -> bytes:
        return b"".join(self._store.hashes(board, tile.level, tile.index * TILE_HASHES, tile.width))

    def _read_file(self, route: Route, _request: Request, _now: int) -> Answer:
        kept = self._store.read_file(route.sheet, _name(route))
        return _bytes(kept.content, {http.PREVIOUS: str(kept.number)}) if kept else error(404)

    def _write_file(self, route: Route, request: Request, _now: int) -> Answer:
        secret, previous = http.secret_of(request.headers), http.previous_of(request.headers)
        if secret is None or not writes(route.sheet, secret):
            return error(404)
        if previous is None:
            return error(400)
        name, edition = _name(route), route.file.edition if route.file else 0
        kept = self._store.read_file(route.sheet, name)
        if previous != (kept.number if kept else 0):
            return error(409)
        if name.startswith("bucket"):
            if route.file and route.file.index >= MOST_BUCKETS:
                return error(503)
            # A bucket stands once: readers of one edition must all find the same bytes.
            editions = self._store.editions(route.sheet)
            if kept or (len(editions) >= KEPT_EDITIONS and edition < editions[KEPT_EDITIONS - 1]):
                return error(409)
        self._store.write_file(route.sheet, name, edition, Kept(previous + 1, request.body))
        for old in self._store.editions(route.sheet)[KEPT_EDITIONS:]:
            self._store.drop_edition(route.sheet, old)
        return Answer(204)

    def _read_piece(self, route: Route, request: Request, _now: int) -> Answer:
        if self._readable(route, request) is None:
            return error(404)
        content = self._store.read_piece(route.board, route.piece)
        return error(404) if content is None else _bytes(content)

    def _write_piece(self, route: Route, request: Request, let_in: _Admission) -> Answer:
        if not let_in.possible:
            return error(403)
        content = self._store.read_piece(route.board, route.piece)
        if content is not None:
            # Sent again after an answer that was lost: nothing is used up for it.
            return Answer(201) if content == request.body else error(409)
        most = MOST_ON_BOARD if let_in.ticket else MOST_BY_PUZZLE
        if self._store.count_pieces(route.board) >= most:
            return error(503)
        if not let_in.use():
            return error(403)
        self._store.add_piece(route.board, route.piece, request.body, let_in.day)
        return Answer(201)

    def _delete_piece(self, route: Route, request: Request, _now: int) -> Answer:
        if self._readable(route, request) is None or not self._store.drop_piece(route.board, route.piece):
            return error(404)
        return Answer(204)

    def _readable(self, route: Route, request: Request) -> Board | None:
        shown = http.secret_of(request.headers)
        return self._store.board(route.board) if shown and reads(route.board, shown) else None

    def _owned(self, route: Route, request: Request) -> Board | None:
        shown = http.secret_of(request.headers)
        return self._store.board(route.board) if shown and owns(route.board, shown) else None


class _Admission:
    """How one request may be let in: by a ticket, by a solved puzzle, or because nothing is asked."""

    def __init__(
        self, store: Store, gate: Gate, route: Route, request: Request, now: int, solved: Solved | None
    ) -> None:
        self.day = now // _DAY
        self._store, self._gate, self._board = store, gate, route.board
        shown = http.secret_of(request.headers, http.TICKET)
        hashed = ticket_hash(shown) if shown is not None else b""
        self.ticket = hashed if hashed and store.has_ticket(route.board, hashed) else b""
        self._solved = solved
        if not self.ticket and solved is None and not gate.is_open:
            self._solved = gate.judge(route, request, now)
        self.possible = bool(self.ticket or self._solved or (gate.is_open and shown is None))

    def use(self) -> bool:
        """Use up what was shown; False if it was used before, or nothing was shown."""
        if self.ticket:
            return self._store.use_ticket(self._board, self.ticket)
        if self._solved is None:
            return self.possible
        if not self._store.use_once(self._solved.bound, self._solved.window):
            return False
        self._gate.came(self._solved.window)
        return True


def _bytes(body: bytes, headers: dict[str, str] | None = None) -> Answer:
    return Answer(200, {"content-type": http.BYTES} | (headers or {}), body)


def _name(route: Route) -> str:
    file = route.file or SheetName("card")
    return f"bucket/{file.edition}/{file.index}" if file.kind == "bucket" else file.kind
