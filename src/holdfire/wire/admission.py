"""Being let in: an entry or a piece goes with a ticket, or with a puzzle solved for it (docs/protocols/relay.md, Grants, tickets, puzzle)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from holdfire.errors import PeerError
from holdfire.language import mark
from holdfire.sealing.gate import hard_hash
from holdfire.wire import http
from holdfire.wire.http import Answer, Ask, Request
from holdfire.wire.names import HASH_SIZE
from holdfire.wire.puzzle import MOST_PRICE, Solution, binding, solve
from holdfire.wire.refusals import done

_REFUSED: Final = 403
_MADE: Final = 201
#: A challenge that changes while a puzzle is solved costs one more try, and no more: a relay that goes on refusing means it.
_TRIES: Final = 2

#: Called now and then while a puzzle is solved.
Tell = Callable[[], None]


def post_entry(
    ask: Ask, writer: bytes, entry: bytes, *, ticket: bytes = b"", tell: Tell | None = None
) -> None:
    """Append an entry to a board, with the ticket if it is still good, otherwise with a puzzle solved for it.

    Raises:
        RefusedError: The relay did not take it.
        PeerError: It asks a price that no relay may ask.
    """
    _let_in(
        ask, writer, sha256(entry).digest(),
        lambda good, solved: http.post_entry(writer, entry, good, solved), ticket, tell,
    )  # fmt: skip


def put_piece(
    ask: Ask, writer: bytes, name: bytes, content: bytes, *, ticket: bytes = b"", tell: Tell | None = None
) -> None:
    """Put a piece under its name, likewise; where the same piece stands already, nothing changes.

    Raises:
        RefusedError: The relay did not take it.
        PeerError: It asks a price that no relay may ask.
    """
    _let_in(
        ask, writer, name,
        lambda good, solved: http.write_piece(writer, name, content, good, solved), ticket, tell,
    )  # fmt: skip


def _let_in(
    ask: Ask,
    writer: bytes,
    bound_to: bytes,
    request: Callable[[bytes, Solution | None], Request],
    ticket: bytes,
    tell: Tell | None,
) -> None:
    if ticket:
        answer = ask(request(ticket, None))
        if answer.status != _REFUSED:
            done(answer, _MADE)
            return
    answer = Answer(_REFUSED)
    for _ in range(_TRIES):
        answer = ask(request(b"", _solved(ask, writer, bound_to, tell)))
        if answer.status != _REFUSED:
            break
    done(answer, _MADE)


def _solved(ask: Ask, writer: bytes, bound_to: bytes, tell: Tell | None) -> Solution:
    said = done(ask(http.get_challenge(writer)), 200).body
    if len(said) != HASH_SIZE + 1 or said[-1] > MOST_PRICE:
        raise PeerError(
            mark("The relay asks for a puzzle that no relay may ask for."),
            mark("Try another relay of the desk."),
        )
    challenge, price = said[:-1], said[-1]
    for found in solve(challenge, binding(challenge, writer, bound_to), price, hard_hash):
        if found is not None:
            return found
        if tell is not None:
            tell()
    raise AssertionError("a puzzle ends with its solution")
