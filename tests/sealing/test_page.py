"""What is sealed opens again, in its own place and unchanged, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import TamperError
from holdfire.sealing.noise import new_id, new_key
from holdfire.sealing.page import OVERHEAD, ChunkSealer, Sealer

KEY = new_key()


@settings(deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=40))
def test_opening_returns_what_was_sealed(plaintext: bytes, associated: bytes) -> None:
    sealed = Sealer(KEY).seal(plaintext, associated)
    assert len(sealed) == len(plaintext) + OVERHEAD
    assert Sealer(KEY).open(sealed, associated) == plaintext


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=100), st.data())
def test_any_changed_bit_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    sealer = Sealer(KEY)
    sealed = bytearray(sealer.seal(plaintext, b"db"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(TamperError):
        sealer.open(sealed, b"db")


def test_another_place_another_key_or_a_part_does_not_open() -> None:
    sealed = bytes(Sealer(KEY).seal(b"page", b"db\0"))
    for sealer, bytes_, associated in (
        (Sealer(KEY), sealed, b"db\1"),
        (Sealer(new_key()), sealed, b"db\0"),
        (Sealer(KEY), sealed[:-1], b"db\0"),
        (Sealer(KEY), b"", b"db\0"),
        (Sealer(KEY), sealed[:5], b"db\0"),
    ):
        with pytest.raises(TamperError):
            sealer.open(bytes_, associated)


def test_sealing_twice_draws_two_nonces() -> None:
    sealer = Sealer(KEY)
    assert len({bytes(sealer.seal(b"page", b"db")[:12]) for _ in range(100)}) == 100


def test_sealing_into_a_buffer_is_the_same_sealing() -> None:
    sealer, buffer = Sealer(KEY), bytearray(4 + OVERHEAD)
    sealer.seal_into(buffer, b"page", b"db")
    assert sealer.open(buffer, b"db") == b"page"
    first = bytes(buffer)
    sealer.seal_into(buffer, b"page", b"db")
    assert bytes(buffer) != first


@settings(deadline=None)
@given(st.binary(max_size=100), st.integers(0, 2**32), st.booleans())
def test_a_chunk_opens_in_its_own_place_alone(plaintext: bytes, number: int, last: bool) -> None:  # noqa: FBT001
    item = new_id()
    chunks = ChunkSealer(KEY, item)
    sealed = chunks.seal(number, plaintext, last=last)
    assert chunks.open(number, sealed, last=last) == plaintext
    for opener, place, ends in (
        (chunks, number + 1, last),
        (chunks, number, not last),
        (ChunkSealer(KEY, new_id()), number, last),
        (ChunkSealer(new_key(), item), number, last),
    ):
        with pytest.raises(TamperError):
            opener.open(place, sealed, last=ends)
