"""The puzzle for newcomers, in two steps: one that costs memory, one that is judged in a moment (docs/protocols/envelope.md §7).

The memory-hard function is handed in: this package holds no cryptography but hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from holdfire.wire.names import HASH_SIZE, begun_hash, named_hash

#: Leading zero bits of the second step: some 260,000 hashes to find, one to judge.
HASH_BITS: Final = 18
#: The most bits of the first step.
MOST_PRICE: Final = 15
#: Seconds for which a challenge stands; the one before it is taken too.
CHALLENGE_SECONDS: Final = 600
PART_SIZE: Final = 8
_TWO_ZEROS: Final = bytes(2)

#: Argon2id of (eight bytes, salt of 32 bytes), giving 32 bytes: `holdfire.sealing.gate.hard_hash`.
HardHash = Callable[[bytes, bytes], bytes]


@dataclass(frozen=True)
class Solution:
    """What a newcomer shows.

    Args:
        challenge: The relay's, 32 bytes.
        x: The first part, eight bytes.
        y: The second part, eight bytes.
    """

    challenge: bytes
    x: bytes
    y: bytes

    def write(self) -> str:
        """Return it as it stands in a header: 96 hexadecimal digits."""
        return (self.challenge + self.x + self.y).hex()

    @classmethod
    def read(cls, untrusted: str) -> Solution:
        """Return what a header says.

        Raises:
            ValueError: It is no solution.
        """
        if len(untrusted) != 2 * (HASH_SIZE + 2 * PART_SIZE) or untrusted != untrusted.lower():
            raise ValueError("no solution")
        found = bytes.fromhex(untrusted)
        if len(found) != HASH_SIZE + 2 * PART_SIZE:  # `fromhex` skips blanks
            raise ValueError("no solution")
        return cls(found[:HASH_SIZE], found[HASH_SIZE:-PART_SIZE], found[-PART_SIZE:])


def binding(challenge: bytes, board: bytes, about: bytes) -> bytes:
    """Return what both steps are bound to: the challenge, the board `w`, and SHA-256 of an entry or the name of a piece."""
    return named_hash("gate", challenge, board, about)


def second_holds(bound: bytes, solution: Solution) -> bool:
    """Say whether the second step is solved: asked first, because it costs one hash."""
    return _zero_bits(named_hash("puzzle", bound, solution.x, solution.y), HASH_BITS)


def first_holds(bound: bytes, solution: Solution, price: int, hard: HardHash) -> bool:
    """Say whether the first step is solved at `price` bits."""
    return _zero_bits(hard(solution.x, bound), price)


def solve(challenge: bytes, bound: bytes, price: int, hard: HardHash) -> Iterator[Solution | None]:
    """Yield None now and then, so that the caller can show that it goes on, and at last the solution.

    Raises:
        ValueError: No relay may ask that price.
    """
    if not 0 <= price <= MOST_PRICE:
        raise ValueError("no relay may ask that price")
    tried = 0
    while not _zero_bits(hard(x := tried.to_bytes(PART_SIZE, "big"), bound), price):
        tried += 1
        yield None
    begun = begun_hash("puzzle", bound, x, size=PART_SIZE)
    for tried in count():
        hashed = begun.copy()
        hashed.update(y := tried.to_bytes(PART_SIZE, "big"))
        # A piece of a film costs this loop 260,000 times: nothing in it that can be left out.
        if hashed.digest().startswith(_TWO_ZEROS) and _zero_bits(hashed.digest(), HASH_BITS):
            yield Solution(challenge, x, y)
            return
        if not tried & 0xFFF:
            yield None


def _zero_bits(digest: bytes, bits: int) -> bool:
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits) == 0
