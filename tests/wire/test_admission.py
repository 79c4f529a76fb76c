"""Who has a ticket is let in with it, who has none with a puzzle, and a relay that goes on refusing is believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from holdfire.errors import PeerError
from holdfire.relay.answer import Relay
from holdfire.relay.sqlite import SqliteStore
from holdfire.sealing.signature import SigningKey
from holdfire.wire import http
from holdfire.wire.admission import post_entry, put_piece
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.http import Answer, Request
from holdfire.wire.pieces import PIECE_SIZE
from holdfire.wire.puzzle import MOST_PRICE
from holdfire.wire.refusals import RefusedError
from holdfire.wire.tickets import ticket_hash

ORIGIN = "https://relay.example.org"
NOW = 1_780_000_000
BOARD = BoardSecrets(b"o" * 32)
ENTRY = b"e" * INBOX_ENTRY
PIECE = b"p" * PIECE_SIZE
NAME = b"n" * 32
TICKET = b"t" * 32


class AskedRelay:
    """A relay in this process that keeps what it was asked."""

    def __init__(self, price: int | None = 0, clock: Callable[[], int] = lambda: NOW) -> None:
        self.store = SqliteStore(None)
        self.core = Relay(self.store, ORIGIN, SigningKey(b"k" * 32), price)
        self.asked: list[Request] = []
        self.clock = clock
        self.store.add_board(BOARD.writer, INBOX_ENTRY)

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        with self.store.group():
            return self.core.answer(request, self.clock())

    @property
    def methods(self) -> list[str]:
        return [one.method for one in self.asked]

    @property
    def size(self) -> int:
        board = self.store.board(BOARD.writer)
        assert board
        return board.size


def test_a_ticket_lets_in_at_once() -> None:
    relay = AskedRelay()
    relay.store.add_tickets(BOARD.writer, [ticket_hash(TICKET)], 0)
    post_entry(relay.ask, BOARD.writer, ENTRY, ticket=TICKET)
    assert relay.methods == ["POST"]
    assert relay.size == 1


@pytest.mark.parametrize("ticket", [b"", TICKET], ids=["none", "used up"])
def test_without_a_good_ticket_a_puzzle_does(ticket: bytes) -> None:
    relay = AskedRelay(price=2)
    post_entry(relay.ask, BOARD.writer, ENTRY, ticket=ticket)
    assert relay.methods[-2:] == ["GET", "POST"]
    assert http.TICKET not in relay.asked[-1].headers
    assert relay.size == 1


def test_a_piece_is_let_in_likewise_and_twice_changes_nothing() -> None:
    relay = AskedRelay()
    put_piece(relay.ask, BOARD.writer, NAME, PIECE)
    put_piece(relay.ask, BOARD.writer, NAME, PIECE)
    assert relay.store.count_pieces(BOARD.writer) == 1
    with pytest.raises(RefusedError) as refused:
        put_piece(relay.ask, BOARD.writer, NAME, PIECE[::-1].replace(b"p", b"q", 1))
    assert refused.value.status == 409


def test_a_challenge_that_changed_meanwhile_costs_one_more_try() -> None:
    moments = iter([NOW, NOW + 1_800, *[NOW + 1_800] * 5])
    relay = AskedRelay(clock=lambda: next(moments))
    post_entry(relay.ask, BOARD.writer, ENTRY)
    assert relay.methods == ["GET", "POST", "GET", "POST"]
    assert relay.size == 1


def test_a_relay_that_goes_on_refusing_is_asked_no_more() -> None:
    relay = AskedRelay()
    asked: list[str] = []

    def refuse(request: Request) -> Answer:
        asked.append(request.method)
        return relay.ask(request) if request.method == "GET" else Answer(403)

    with pytest.raises(RefusedError, match="did not let this in"):
        post_entry(refuse, BOARD.writer, ENTRY)
    assert asked == ["GET", "POST", "GET", "POST"]


@pytest.mark.parametrize("said", [b"", bytes(32) + bytes([MOST_PRICE + 1]), bytes(34)])
def test_a_price_that_no_relay_may_ask_is_not_paid(said: bytes) -> None:
    with pytest.raises(PeerError, match="no relay may"):
        post_entry(lambda _: Answer(200, {}, said), BOARD.writer, ENTRY)


@pytest.mark.parametrize(("status", "says"), [(404, "nothing there"), (503, "no room"), (418, "number 418")])
def test_a_refusal_says_what_to_do(status: int, says: str) -> None:
    with pytest.raises(RefusedError, match=says) as refused:
        post_entry(lambda _: Answer(status), BOARD.writer, ENTRY, ticket=TICKET)
    assert refused.value.hint


def test_solving_tells_that_it_goes_on() -> None:
    told: list[None] = []
    relay = AskedRelay(price=4)
    post_entry(relay.ask, BOARD.writer, ENTRY, tell=lambda: told.append(None))
    assert told
