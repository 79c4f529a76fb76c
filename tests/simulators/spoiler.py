"""Spoils bytes as an attacker or a bad disk would: one byte changed, cut, doubled, filled with noise, or with a length that lies."""

from __future__ import annotations

import random
from collections.abc import Iterator

#: Starts of CBOR items that announce more than ever comes, nest without end, or ask for a type of the library's own.
_BOMBS = (
    b"\x9b" + b"\xff" * 8,
    b"\xbb" + b"\x7f" * 8,
    b"\x5b\x00\x00\x7f" + b"\xff" * 5,
    b"\x7a\xff\xff\xff\xff",
    b"\x81" * 2_000,
    b"\x9f" * 400,
    b"\xc2\x5a\xff\xff\xff\xff",
    b"\xd8\x1c\x81\xd8\x1d\x00",
    b"\xfb\x7f\xf8" + bytes(6),
    b"\x1b" + b"\xff" * 8,
    b"\x3b" + b"\xff" * 8,
    b"\x1b\x00\x1f" + b"\xff" * 6,
)


def spoilt(valid: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield `count` spoilt copies of `valid`, the same ones for the same seed; most differ in one byte."""
    dice = random.Random(seed)
    size = len(valid)
    # What is padded to a sheet has its content in front: most changes go there, the rest anywhere.
    content = max(1, len(valid.rstrip(b"\0")))
    for _ in range(count):
        at = dice.randrange(content if dice.random() < 0.9 else max(1, size))
        way = dice.random()
        if way < 0.6:
            yield valid[:at] + bytes([dice.randrange(256)]) + valid[at + 1 :]
        elif way < 0.7:
            yield valid[:at] + bytes([valid[at] ^ 1 << dice.randrange(8)]) + valid[at + 1 :] if size else b""
        elif way < 0.78:
            yield valid[:at]
        elif way < 0.84:
            yield valid[:at] + valid[at + dice.randrange(1, 9) :]
        elif way < 0.9:
            yield valid[:at] + dice.randbytes(dice.randrange(1, 9)) + valid[at:]
        elif way < 0.95:
            bomb = dice.choice(_BOMBS)
            yield (valid[:at] + bomb + valid[at + len(bomb) :])[: max(size, len(bomb))]
        else:
            yield dice.randbytes(dice.choice((0, 1, 9, 64, min(size, 4_096))))
