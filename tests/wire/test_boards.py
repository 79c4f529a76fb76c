from __future__ import annotations

import pytest

from holdfire.errors import UserError
from holdfire.wire import boards, http, origin, sheets
from holdfire.wire.pieces import CONTENT_SIZE, PIECE_SIZE, count_of, padded_count
from holdfire.wire.sheets import SheetName

SECRETS = boards.BoardSecrets(b"o" * 32)
W, R, OWNER = SECRETS.writer, SECRETS.reader, SECRETS.owner


def test_each_secret_does_its_own_and_what_follows_from_it() -> None:
    assert boards.reads(W, R)
    assert boards.owns(W, OWNER)
    assert not boards.reads(W, OWNER)
    assert not boards.reads(W, W)
    assert not boards.owns(W, R)
    assert not boards.reads(W, R[:-1])
    assert SECRETS.owner.hex() not in repr(SECRETS)


def test_a_sheet_is_written_by_who_has_its_secret() -> None:
    sheet = sheets.sheet_of(b"s" * 32)
    assert sheets.writes(sheet, b"s" * 32)
    assert not sheets.writes(sheet, sheet)


REQUESTS = {
    "make board": http.make_board(b"g" * 32, W, 8_192),
    "post": http.post_entry(W, b"x" * 8_192),
    "close": http.close_board(W, OWNER),
    "challenge": http.get_challenge(W),
    "head": http.get_head(W, R),
    "page": http.get_page(W, R, 3),
    "tile": http.get_tile(W, R, 1, 2, 256),
    "trim": http.trim_board(W, OWNER, 9),
    "tickets": http.register_tickets(W, R, [b"t" * 32]),
    "make sheet": http.make_sheet(b"g" * 32, W),
    "read sheet": http.read_sheet(W, sheets.NOTICE),
    "write sheet": http.write_sheet(W, sheets.CARD, OWNER, 3, b""),
    "read bucket": http.read_sheet(W, SheetName("bucket", 7, 1)),
    "write bucket": http.write_sheet(W, SheetName("bucket", 7, 1), OWNER, 0, b""),
    "write piece": http.write_piece(W, R, bytes(PIECE_SIZE)),
    "read piece": http.read_piece(W, R, OWNER),
    "delete piece": http.delete_piece(W, R, OWNER),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_what_a_client_asks_a_relay_understands(name: str) -> None:
    request = REQUESTS[name]
    found = http.route(request.method, request.path)
    assert found is not None
    assert found.name == name


def test_every_route_is_asked_by_some_request() -> None:
    assert {name for name, _, _ in http.ROUTES} - {"health"} == set(REQUESTS)


@pytest.mark.parametrize("name", REQUESTS)
def test_no_path_holds_a_secret_that_reads_or_owns(name: str) -> None:
    if name.endswith("piece"):
        pytest.skip("here the reader's secret stands for a piece's name")
    assert R.hex() not in REQUESTS[name].path
    assert OWNER.hex() not in REQUESTS[name].path


@pytest.mark.parametrize(
    "path",
    [
        f"/boards/{W.hex().upper()}",
        f"/boards/{W.hex()}/",
        f"/boards/{W.hex()}\n",
        f"/boards/{W.hex()[:-1]}",
        f"/boards/{W.hex()}/pages/01",
        f"/boards/{W.hex()}/tiles/0/0/257",
        f"/boards/{W.hex()}/tiles/0/0/0",
        f"/sheets/{W.hex()}/buckets/1/65536",
        "/../health",
    ],
)
def test_what_is_no_path_is_none(path: str) -> None:
    assert http.route("GET", path) is None


def test_headers_are_read_strictly() -> None:
    assert http.secret_of({"holdfire-secret": R.hex()}) == R
    assert http.secret_of({"holdfire-secret": R.hex().upper()}) is None
    assert http.secret_of({}) is None
    assert http.previous_of({"holdfire-previous": "07"}) is None
    assert http.previous_of({"holdfire-previous": "7"}) == 7
    assert http.solution_of({"holdfire-puzzle": "00"}) is None


@pytest.mark.parametrize(
    "good", ["http://" + "a" * 56 + ".onion", "https://relay.example.org", "http://127.0.0.1:8080"]
)
def test_origins(good: str) -> None:
    assert origin.origin_of(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "http://relay.example.org",
        "https://relay.example.org/",
        "https://Relay.example.org",
        "https://a@b.org",
        "https://b.org\n",
        "",
    ],
)
def test_what_is_no_origin_is_refused(bad: str) -> None:
    with pytest.raises(UserError):
        origin.origin_of(bad)


def test_counts_of_pieces_grow_by_twelve_per_cent_at_most() -> None:
    for count in range(1, 5_000):
        padded = padded_count(count)
        assert count <= padded <= max(count + 1, count * 1.12)
        assert padded_count(padded) == padded
    assert len({padded_count(count) for count in range(1, 65_536)}) < 300
    assert count_of(0) == 1
    assert count_of(CONTENT_SIZE + 1) == 2
