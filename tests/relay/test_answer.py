"""The core of the relay answers as docs/protocols/relay.md says."""

from __future__ import annotations

from hashlib import sha256

import pytest

from holdfire.relay.answer import Relay, error
from holdfire.relay.sqlite import SqliteStore
from holdfire.sealing.gate import hard_hash
from holdfire.sealing.signature import SigningKey
from holdfire.wire import checkpoint, http
from holdfire.wire.boards import BoardSecrets
from holdfire.wire.merkle import EMPTY, Tree
from holdfire.wire.puzzle import binding, solve
from holdfire.wire.sheets import CARD, CARD_SIZE, SheetName, sheet_of
from holdfire.wire.tickets import ticket_hash

ORIGIN = "http://127.0.0.1:8008"
KEY = SigningKey(b"k" * 32)
GRANT = b"g" * 32
BOARD = BoardSecrets(b"o" * 32)
SHEET = b"s" * 32
ENTRY = b"e" * 8_192
NOW = 1_800_000_000


def relay(price: int | None = None) -> Relay:
    store = SqliteStore(None)
    store.add_grant(ticket_hash(GRANT), 2)
    made = Relay(store, ORIGIN, KEY, price)
    assert made.answer(http.make_board(GRANT, BOARD.writer, 8_192), NOW).status == 201
    assert made.answer(http.make_sheet(GRANT, sheet_of(SHEET)), NOW).status == 201
    return made


@pytest.fixture
def made() -> Relay:
    return relay()


def test_a_used_up_grant_makes_nothing(made: Relay) -> None:
    assert made.answer(http.make_board(GRANT, b"x" * 32, 8_192), NOW) == error(403)
    assert made.answer(http.make_board(GRANT, BOARD.writer, 8_192), NOW) == error(409)
    assert made.answer(http.make_board(GRANT, b"x" * 32, 5_000), NOW) == error(400)


def test_what_is_posted_is_read_under_a_signed_head(made: Relay) -> None:
    line = checkpoint.origin_line(ORIGIN, BOARD.writer)
    head = made.answer(http.get_head(BOARD.writer, BOARD.reader), NOW)
    assert checkpoint.read(head.body, line, KEY.public) == checkpoint.Checkpoint(0, EMPTY)
    bodies = [bytes([number]) * 8_192 for number in range(70)]
    for body in bodies:
        answer = made.answer(http.post_entry(BOARD.writer, body), NOW)
        assert (answer.status, answer.headers, answer.body) == (201, {}, b"")
    head = made.answer(http.get_head(BOARD.writer, BOARD.reader), NOW)
    assert checkpoint.read(head.body, line, KEY.public) == checkpoint.Checkpoint(70, Tree(bodies).root())
    page = made.answer(http.get_page(BOARD.writer, BOARD.reader, 1), NOW)
    assert (page.body, page.headers[http.FIRST]) == (b"".join(bodies[64:]), "64")
    assert len(made.answer(http.get_tile(BOARD.writer, BOARD.reader, 0, 0, 70), NOW).body) == 70 * 32
    assert made.answer(http.get_tile(BOARD.writer, BOARD.reader, 0, 0, 71), NOW) == error(404)


def test_a_wrong_secret_is_answered_as_if_nothing_were_there(made: Relay) -> None:
    for request in (
        http.get_head(BOARD.writer, BOARD.writer),
        http.get_page(BOARD.writer, BOARD.owner, 0),
        http.trim_board(BOARD.writer, BOARD.reader, 0),
        http.close_board(BOARD.writer, BOARD.reader),
        http.write_sheet(sheet_of(SHEET), CARD, b"x" * 32, 0, bytes(CARD_SIZE)),
        http.get_head(b"n" * 32, BOARD.reader),
        http.post_entry(b"n" * 32, ENTRY),
        http.Request("GET", "/boards/.."),
    ):
        assert made.answer(request, NOW) == error(404)


def test_bodies_go_after_thirty_days_or_when_trimmed_and_the_root_stays(made: Relay) -> None:
    for _ in range(3):
        made.answer(http.post_entry(BOARD.writer, ENTRY), NOW)
    before = made.answer(http.get_head(BOARD.writer, BOARD.reader), NOW)
    assert made.answer(http.trim_board(BOARD.writer, BOARD.owner, 1), NOW).status == 204
    assert made.answer(http.get_page(BOARD.writer, BOARD.reader, 0), NOW).headers[http.FIRST] == "1"
    assert made.answer(http.trim_board(BOARD.writer, BOARD.owner, 4), NOW) == error(400)
    made.expire(NOW + 31 * 86_400)
    page = made.answer(http.get_page(BOARD.writer, BOARD.reader, 0), NOW)
    assert (page.body, page.headers[http.FIRST]) == (b"", "3")
    assert made.answer(http.get_head(BOARD.writer, BOARD.reader), NOW) == before


def test_a_newcomer_solves_the_puzzle_and_a_ticket_needs_none() -> None:
    made = relay(price=2)
    assert made.answer(http.post_entry(BOARD.writer, ENTRY), NOW) == error(403)
    challenge = made.answer(http.get_challenge(BOARD.writer), NOW).body
    bound = binding(challenge[:32], BOARD.writer, sha256(ENTRY).digest())
    solution = next(one for one in solve(challenge[:32], bound, challenge[32], hard_hash) if one)
    post = http.post_entry(BOARD.writer, ENTRY, solution=solution)
    assert made.answer(post, NOW + 1_200) == error(403)
    assert made.answer(http.post_entry(BOARD.writer, b"f" * 8_192, solution=solution), NOW) == error(403)
    assert [made.answer(post, NOW + 600).status for _ in range(2)] == [201, 403]
    ticket = b"t" * 32
    asked = http.register_tickets(BOARD.writer, BOARD.reader, [ticket_hash(ticket)])
    assert made.answer(asked, NOW).status == 204
    assert [made.answer(http.post_entry(BOARD.writer, ENTRY, ticket), NOW).status for _ in range(2)] == [
        201,
        403,
    ]


def test_a_sheet_is_written_in_place_of_the_number_that_stands_there(made: Relay) -> None:
    sheet = sheet_of(SHEET)
    assert made.answer(http.read_sheet(sheet, CARD), NOW) == error(404)
    write = http.write_sheet(sheet, CARD, SHEET, 0, bytes(CARD_SIZE))
    assert [made.answer(write, NOW).status for _ in range(2)] == [204, 409]
    assert made.answer(http.read_sheet(sheet, CARD), NOW).headers[http.PREVIOUS] == "1"
    for edition in (1, 2, 3):
        bucket = SheetName("bucket", edition, 0)
        write = http.write_sheet(sheet, bucket, SHEET, 0, bytes(bucket.size))
        assert made.answer(write, NOW).status == 204
    assert made.answer(http.read_sheet(sheet, SheetName("bucket", 1, 0)), NOW) == error(404)
    late = http.write_sheet(sheet, SheetName("bucket", 1, 1), SHEET, 0, bytes(bucket.size))
    again = http.write_sheet(sheet, bucket, SHEET, 1, bytes(bucket.size))
    assert [made.answer(one, NOW).status for one in (late, again)] == [409, 409]


def test_a_piece_is_written_once_and_a_closed_board_leaves_nothing(made: Relay) -> None:
    name, piece = b"p" * 32, bytes(1 << 20)
    put = http.write_piece(BOARD.writer, name, piece)
    assert [made.answer(put, NOW).status for _ in range(2)] == [201, 201]
    assert made.answer(http.write_piece(BOARD.writer, name, b"x" * (1 << 20)), NOW) == error(409)
    assert made.answer(http.read_piece(BOARD.writer, name, BOARD.reader), NOW).body == piece
    assert made.answer(http.delete_piece(BOARD.writer, name, BOARD.reader), NOW).status == 204
    assert made.answer(http.close_board(BOARD.writer, BOARD.owner), NOW).status == 204
    assert made.answer(http.get_head(BOARD.writer, BOARD.reader), NOW) == error(404)


@pytest.mark.parametrize("length", [0, 8_191, 8_193, 131_072])
def test_another_length_is_refused(made: Relay, length: int) -> None:
    assert made.answer(http.post_entry(BOARD.writer, bytes(length)), NOW) == error(413)
