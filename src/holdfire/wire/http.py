"""Requests and answers of a relay as values: a client makes them, a relay reads them (docs/protocols/relay.md).

No request says who asks: no cursor, no size seen last, no account. What a reader or an owner shows stands in a header, never in a
path, because paths end up in logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from holdfire.wire.boards import MOST_ENTRY, PAGE_ENTRIES, TILE_HASHES
from holdfire.wire.checkpoint import MOST_CHECKPOINT
from holdfire.wire.names import HASH_SIZE
from holdfire.wire.pieces import PIECE_SIZE
from holdfire.wire.puzzle import Solution
from holdfire.wire.sheets import MOST_BITS, SheetName

#: Headers.
SECRET: Final = "holdfire-secret"  # noqa: S105 — the name of a header
PREVIOUS: Final = "holdfire-previous"
FIRST: Final = "holdfire-first"
TICKET: Final = "holdfire-ticket"
PUZZLE: Final = "holdfire-puzzle"
GRANT: Final = "holdfire-grant"
BYTES: Final = "application/octet-stream"
#: Room for a signed head, a challenge or an error, whichever the request.
_LEAST_ANSWER: Final = MOST_CHECKPOINT

_HEX: Final = "[0-9a-f]{64}"
_WHOLE: Final = "0|[1-9][0-9]{0,14}"
#: What can be asked for: its name, the method, and the path; the groups are what the path says.
ROUTES: Final = tuple(
    (name, method, re.compile(pattern + r"\Z"))
    for name, method, pattern in (
        ("health", "GET", r"/health"),
        ("make board", "POST", r"/boards"),
        ("post", "POST", rf"/boards/(?P<board>{_HEX})"),
        ("close", "DELETE", rf"/boards/(?P<board>{_HEX})"),
        ("challenge", "GET", rf"/boards/(?P<board>{_HEX})/challenge"),
        ("head", "GET", rf"/boards/(?P<board>{_HEX})/head"),
        ("page", "GET", rf"/boards/(?P<board>{_HEX})/pages/(?P<index>{_WHOLE})"),
        (
            "tile",
            "GET",
            rf"/boards/(?P<board>{_HEX})/tiles/(?P<level>[0-7])/(?P<index>{_WHOLE})/(?P<width>{_WHOLE})",
        ),
        ("trim", "POST", rf"/boards/(?P<board>{_HEX})/trim"),
        ("tickets", "POST", rf"/boards/(?P<board>{_HEX})/tickets"),
        ("make sheet", "POST", r"/sheets"),
        ("read sheet", "GET", rf"/sheets/(?P<sheet>{_HEX})/(?P<kind>card|notice)"),
        ("write sheet", "PUT", rf"/sheets/(?P<sheet>{_HEX})/(?P<kind>card|notice)"),
        (
            "read bucket",
            "GET",
            rf"/sheets/(?P<sheet>{_HEX})/buckets/(?P<edition>{_WHOLE})/(?P<index>{_WHOLE})",
        ),
        (
            "write bucket",
            "PUT",
            rf"/sheets/(?P<sheet>{_HEX})/buckets/(?P<edition>{_WHOLE})/(?P<index>{_WHOLE})",
        ),
        ("read piece", "GET", rf"/pieces/(?P<board>{_HEX})/(?P<piece>{_HEX})"),
        ("write piece", "PUT", rf"/pieces/(?P<board>{_HEX})/(?P<piece>{_HEX})"),
        ("delete piece", "DELETE", rf"/pieces/(?P<board>{_HEX})/(?P<piece>{_HEX})"),
    )
)


@dataclass(frozen=True, repr=False)
class Request:
    """What is asked of a relay; its path and headers may hold secrets, so it never shows itself.

    Args:
        method: `GET`, `POST`, `PUT` or `DELETE`.
        path: From the first slash.
        headers: Names in lower case.
        body: All bytes.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, repr=False)
class Answer:
    """What a relay answers: a status, headers in lower case, a body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


#: Something that can be asked: a relay over the network, or one in this process.
Ask = Callable[[Request], Answer]


@dataclass(frozen=True, repr=False)
class Route:
    """What a request is about.

    Args:
        name: The first column of `ROUTES`.
        board: `w` of a board, 32 bytes, or nothing.
        sheet: The id of a sheet, 32 bytes, or nothing.
        piece: The name of a piece, 32 bytes, or nothing.
        file: Which file of a sheet.
        index: Of a page, or of a tile in its level.
        level: Of a tile.
        width: Hashes of a tile.
    """

    name: str
    board: bytes = b""
    sheet: bytes = b""
    piece: bytes = b""
    file: SheetName | None = None
    index: int = 0
    level: int = 0
    width: int = 0


def route(method: str, untrusted_path: str) -> Route | None:
    """Return what a request is about, or None if there is no such thing."""
    for name, wanted, pattern in ROUTES:
        if wanted == method and (match := pattern.match(untrusted_path)):
            return _routed(name, match.groupdict())
    return None


def _routed(name: str, said: dict[str, str]) -> Route | None:
    file = None
    if "kind" in said:
        file = SheetName("card" if said["kind"] == "card" else "notice")
    elif "edition" in said:
        file = SheetName("bucket", int(said["edition"]), int(said["index"]))
        if file.index >= 1 << MOST_BITS:
            return None
    width = int(said.get("width", "0"))
    if "width" in said and not 1 <= width <= TILE_HASHES:
        return None
    return Route(
        name,
        bytes.fromhex(said.get("board", "")),
        bytes.fromhex(said.get("sheet", "")),
        bytes.fromhex(said.get("piece", "")),
        file,
        int(said.get("index", "0")),
        int(said.get("level", "0")),
        width,
    )


def most_answer(request: Request) -> int:
    """Return the most bytes that a right answer to a request can have; errors are shorter."""
    found = route(request.method, request.path)
    if found is None or request.method != "GET":
        return _LEAST_ANSWER
    if found.file is not None:
        return found.file.size
    return {"page": PAGE_ENTRIES * MOST_ENTRY, "tile": TILE_HASHES * HASH_SIZE, "read piece": PIECE_SIZE}.get(
        found.name, _LEAST_ANSWER
    )


def secret_of(headers: Mapping[str, str], name: str = SECRET) -> bytes | None:
    """Return the 32 bytes that a header of a request shows, or None if it shows none."""
    shown = headers.get(name, "")
    return bytes.fromhex(shown) if re.fullmatch(_HEX, shown) else None


def previous_of(headers: Mapping[str, str]) -> int | None:
    """Return the number that a writer of a sheet says stands there now, or None if it says none."""
    shown = headers.get(PREVIOUS, "")
    return int(shown) if re.fullmatch(_WHOLE, shown) else None


def solution_of(headers: Mapping[str, str]) -> Solution | None:
    """Return the solved puzzle that a request shows, or None."""
    try:
        return Solution.read(headers.get(PUZZLE, ""))
    except ValueError:
        return None


def make_board(grant: bytes, writer: bytes, entry_size: int) -> Request:
    """Ask for a board of this name and entry size, on a grant of the host's."""
    return Request("POST", "/boards", {GRANT: grant.hex()}, writer + entry_size.to_bytes(4, "big"))


def post_entry(writer: bytes, entry: bytes, ticket: bytes = b"", solution: Solution | None = None) -> Request:
    """Append an entry: with a ticket, with a solved puzzle, or with neither where the board asks for none."""
    return Request("POST", _board(writer), _let_in(ticket, solution), entry)


def close_board(writer: bytes, owner: bytes) -> Request:
    """Delete a board with all that stands on it."""
    return Request("DELETE", _board(writer), {SECRET: owner.hex()})


def get_challenge(writer: bytes) -> Request:
    """Ask for the puzzle of this board: 32 bytes of challenge, one byte of price."""
    return Request("GET", f"{_board(writer)}/challenge")


def get_head(writer: bytes, reader: bytes) -> Request:
    """Ask for the signed head."""
    return Request("GET", f"{_board(writer)}/head", {SECRET: reader.hex()})


def get_page(writer: bytes, reader: bytes, index: int) -> Request:
    """Ask for the entries of a page, 64 of them or what there is; `holdfire-first` says the number of the first that is left."""
    return Request("GET", f"{_board(writer)}/pages/{index}", {SECRET: reader.hex()})


def get_tile(writer: bytes, reader: bytes, level: int, index: int, width: int) -> Request:
    """Ask for the hashes of a tile, `width` of them."""
    return Request("GET", f"{_board(writer)}/tiles/{level}/{index}/{width}", {SECRET: reader.hex()})


def trim_board(writer: bytes, owner: bytes, first_kept: int) -> Request:
    """Ask that the bodies of all entries before `first_kept` go."""
    return Request("POST", f"{_board(writer)}/trim", {SECRET: owner.hex()}, first_kept.to_bytes(8, "big"))


def register_tickets(writer: bytes, reader: bytes, hashes: list[bytes]) -> Request:
    """Tell the relay which tickets are good here, by their hashes, in an order that tells nothing."""
    return Request("POST", f"{_board(writer)}/tickets", {SECRET: reader.hex()}, b"".join(sorted(hashes)))


def make_sheet(grant: bytes, sheet: bytes) -> Request:
    """Ask for room for the files of a desk."""
    return Request("POST", "/sheets", {GRANT: grant.hex()}, sheet)


def read_sheet(sheet: bytes, name: SheetName) -> Request:
    """Ask for a file of a desk, as anyone can."""
    return Request("GET", _file(sheet, name))


def write_sheet(sheet: bytes, name: SheetName, secret: bytes, previous: int, content: bytes) -> Request:
    """Write a file of a desk in place of number `previous`; 0 where there is none."""
    return Request("PUT", _file(sheet, name), {SECRET: secret.hex(), PREVIOUS: str(previous)}, content)


def write_piece(
    writer: bytes, name: bytes, content: bytes, ticket: bytes = b"", solution: Solution | None = None
) -> Request:
    """Put a piece under its name, let in as an entry is; the same bytes again change nothing, others are refused."""
    if len(content) != PIECE_SIZE:
        raise ValueError("a piece has 1 MiB")
    return Request("PUT", _piece(writer, name), _let_in(ticket, solution), content)


def read_piece(writer: bytes, name: bytes, reader: bytes) -> Request:
    """Ask for a piece of a message that was accepted."""
    return Request("GET", _piece(writer, name), {SECRET: reader.hex()})


def delete_piece(writer: bytes, name: bytes, reader: bytes) -> Request:
    """Ask that a piece goes."""
    return Request("DELETE", _piece(writer, name), {SECRET: reader.hex()})


def _let_in(ticket: bytes, solution: Solution | None) -> dict[str, str]:
    return {TICKET: ticket.hex()} if ticket else {PUZZLE: solution.write()} if solution else {}


def _board(writer: bytes) -> str:
    return f"/boards/{_sized(writer).hex()}"


def _piece(writer: bytes, name: bytes) -> str:
    return f"/pieces/{_sized(writer).hex()}/{_sized(name).hex()}"


def _file(sheet: bytes, name: SheetName) -> str:
    start = f"/sheets/{_sized(sheet).hex()}"
    return f"{start}/buckets/{name.edition}/{name.index}" if name.kind == "bucket" else f"{start}/{name.kind}"


def _sized(name: bytes) -> bytes:
    if len(name) != HASH_SIZE:
        raise ValueError("a name has 32 bytes")
    return name
