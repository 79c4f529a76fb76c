"""Noise has the size asked for and never comes twice."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.sealing.noise import draw, new_id, new_key, noise, random_bytes


@settings(deadline=None)
@given(st.integers(0, 200_000), st.integers(1, 70_000))
def test_noise_is_as_long_as_asked(size: int, step: int) -> None:
    pieces = [len(piece) for piece in noise(size, step)]
    assert sum(pieces) == size
    assert all(length == step for length in pieces[:-1])


def test_noise_never_repeats_itself_or_another_run() -> None:
    blocks = [bytes(piece) for _ in range(2) for piece in noise(64_000, 16)]
    assert len(set(blocks)) == len(blocks)


def test_noise_is_even() -> None:
    counts = Counter(b"".join(bytes(piece) for piece in noise(1 << 20)))
    expected = (1 << 20) / 256
    # χ² with 255 degrees of freedom is above 400 once in 10^8 runs.
    assert sum((counts[value] - expected) ** 2 / expected for value in range(256)) < 400


def test_ids_and_keys_have_their_size_and_differ() -> None:
    assert len(new_id()) == 16
    assert len(new_key()) == 32
    assert len(random_bytes(5)) == 5
    assert len({new_id() for _ in range(1000)}) == 1000


def test_every_order_is_drawn() -> None:
    assert {tuple(draw(4, 2)) for _ in range(2000)} == {(a, b) for a in range(4) for b in range(4) if a != b}
