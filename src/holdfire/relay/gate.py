"""Whom a relay lets in who has no ticket: who solved a puzzle for just this entry or piece (docs/protocols/relay.md, Grants, tickets, puzzle)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from holdfire.sealing.gate import hard_hash
from holdfire.sealing.signature import SigningKey
from holdfire.wire import http
from holdfire.wire.http import Request, Route
from holdfire.wire.names import named_hash, number
from holdfire.wire.puzzle import (
    CHALLENGE_SECONDS,
    MOST_PRICE,
    Solution,
    binding,
    first_holds,
    second_holds,
)

#: Newcomers of a day above which the price doubles with every challenge, until they are fewer.
MANY_NEWCOMERS: Final = 20_000
_DAY_WINDOWS: Final = 86_400 // CHALLENGE_SECONDS


@dataclass(frozen=True)
class Solved:
    """A puzzle that was solved: what it is bound to, which is good once, and the ten minutes of its challenge."""

    bound: bytes
    window: int


class Gate:
    """Sets puzzles and judges what is shown for them.

    Args:
        key: The relay's; nobody without it foresees a challenge.
        price: Bits of the first step while few come; None asks for nothing.
    """

    def __init__(self, key: SigningKey, price: int | None) -> None:
        self._seed = key.seed
        self._least = price
        self._prices: dict[int, int] = {}
        self._came: dict[int, int] = {}

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked for anything."""
        return self._least is None

    def challenge(self, board: bytes, window: int) -> bytes:
        """Return the challenge of a board for the ten minutes numbered `window`, 32 bytes."""
        return named_hash("gate", self._seed, board, number(window))

    def price(self, window: int) -> int:
        """Return the bits asked for in these ten minutes; they never change within them."""
        least = self._least or 0
        if window not in self._prices:
            last = max(self._prices, default=window)
            # A bit less for every ten minutes in which nobody asked.
            before = max(least, self._prices.get(last, least) - (window - last - 1))
            many = sum(self._came.values()) > MANY_NEWCOMERS
            self._prices[window] = min(MOST_PRICE, before + 1) if many else max(least, before - 1)
            self._prices = {one: bits for one, bits in self._prices.items() if one >= window - 1}
        return self._prices[window]

    def came(self, window: int) -> None:
        """Count one newcomer who was let in."""
        self._came[window] = self._came.get(window, 0) + 1
        self._came = {one: count for one, count in self._came.items() if one > window - _DAY_WINDOWS}

    def glance(self, route: Route, request: Request, now: int) -> tuple[Solved, Solution] | None:
        """Return what a request shows, if its challenge stands and its second step holds: one hash, before half a millisecond of memory."""
        solution = http.solution_of(request.headers)
        if solution is None:
            return None
        window = now // CHALLENGE_SECONDS
        for one in (window, window - 1):
            if self.challenge(route.board, one) == solution.challenge:
                # A piece is bound by its name, so that it can be judged before its million bytes are read.
                about = route.piece or sha256(request.body).digest()
                bound = binding(solution.challenge, route.board, about)
                return (Solved(bound, one), solution) if second_holds(bound, solution) else None
        return None

    def holds(self, solved: Solved, solution: Solution) -> bool:
        """Say whether the first, costly step holds too."""
        return first_holds(solved.bound, solution, self.price(solved.window), hard_hash)

    def judge(self, route: Route, request: Request, now: int) -> Solved | None:
        """Return the solved puzzle that a request shows, or None."""
        seen = self.glance(route, request, now)
        return seen[0] if seen and self.holds(*seen) else None
